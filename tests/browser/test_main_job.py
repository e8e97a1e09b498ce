"""The main job as a newcomer does it: `bot run`, then the chat page, the desk and the knowledge pages in a real browser."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from knowledge.files import load_holidays

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(os.environ.get("SHOTS", ".shots"))


@dataclass
class Running:
    """A demo that was started as a newcomer starts it."""

    address: str
    passwords: dict[str, str]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`bot run` in an empty folder, as its own process."""
    folder = tmp_path_factory.mktemp("run")
    said = folder / "said"
    port = 8300 + os.getpid() % 600
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli import main; main()", "run", "--port", str(port)],
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    end = time.monotonic() + 300
    while "Ctrl+C" not in said.read_text() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.2)  # another process: its output is all there is to wait for
    text = said.read_text()
    assert "Ctrl+C" in text, text
    yield Running(f"http://127.0.0.1:{port}", dict(re.findall(r"^ +(officer|supervisor|admin) +(\S+)$", text, re.M)))
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def page_of(browser: Browser, width: int = 1280, height: int = 900) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, locale="th-TH").new_page()
    page.set_default_timeout(20_000)
    return page


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def says(pane: Locator, text: str) -> None:
    box = pane.get_by_placeholder("พิมพ์ข้อความ")
    box.fill(text)
    box.press("Enter")


def hears(pane: Locator, words: str) -> None:
    expect(pane.get_by_text(words).last).to_be_visible(timeout=20_000)


def sign_in(page: Page, running: Running, login: str, path: str) -> None:
    page.goto(f"{running.address}{path}")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(running.passwords[login])
    page.get_by_role("button", name="เข้าใช้งาน").click()


def a_working_day() -> str:
    """A day two weeks ahead on which the passport office is open, as people write it."""
    closed = {holiday.on_date for holiday in load_holidays()}
    day = datetime.now(UTC).date() + timedelta(days=10)
    while day.weekday() > 4 or day in closed:
        day += timedelta(days=1)
    return f"{day.day}/{day.month}/{day.year + 543}"


def test_the_whole_walk(running: Running, browser: Browser) -> None:
    chat = page_of(browser)
    chat.goto(f"{running.address}/line/")
    nok = chat.get_by_role("region", name="นก").or_(chat.locator(".pane").first).first

    says(nok, "บัตรประชาชนหายทำไง")
    hears(nok, "100 บาท")
    hears(nok, "เอกสารราชการที่มีรูปถ่าย")
    shot(chat, "chat-answer")

    says(nok, f"จองคิวทำพาสปอร์ตวันที่ {a_working_day()} บ่ายสอง")
    hears(nok, "14:00 น.")
    says(nok, "ยืนยัน")
    hears(nok, "Q-")
    shot(chat, "chat-booking")

    says(nok, "ขอคุยกับคน")
    hears(nok, "เลขเรื่อง")

    desk = page_of(browser)
    sign_in(desk, running, "officer", "/desk")
    shot(desk, "desk-queue")
    desk.get_by_role("link", name=re.compile("นก")).first.click()
    desk.get_by_role("button", name="รับเรื่องนี้").click()
    desk.locator("#answer").fill("สวัสดีค่ะ มีอะไรให้ช่วยคะ")
    desk.get_by_role("button", name="ส่ง", exact=True).click()
    hears(nok, "มีอะไรให้ช่วยคะ")
    hears(nok, "สมชาย")
    shot(desk, "desk-case")
    shot(chat, "chat-officer")
    desk.get_by_text("คืนให้บอท").first.click()
    desk.get_by_role("button", name="คืนเรื่องนี้ให้บอท").click()
    hears(nok, "ส่งกลับให้บอทแล้ว")

    clerk = page_of(browser)
    sign_in(clerk, running, "admin", "/knowledge")
    shot(clerk, "knowledge-list")
    clerk.goto(f"{running.address}/knowledge/articles/id_card_lost")
    clerk.locator("[name=facet_fee]").fill("123 บาท")
    shot(clerk, "knowledge-edit")
    clerk.get_by_role("button", name="บันทึกแล้วดูก่อนเผยแพร่").click()
    shot(clerk, "knowledge-publish")
    clerk.get_by_role("button", name="เผยแพร่เรื่องที่เลือก").click()
    expect(clerk.get_by_text("เผยแพร่แล้ว").first).to_be_visible()
    says(nok, "บัตรประชาชนหายต้องทำยังไง")
    hears(nok, "123 บาท")
    shot(chat, "chat-new-fee")
