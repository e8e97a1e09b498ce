"""The chat page: its JSON, its safety, and once in a real browser."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.stand_in import acts
from bot.stand_in.server import create_app, serve
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OURS = {"X-Stand-In": "1"}


@pytest.fixture
def page(line: StandIn, sender: WebhookSender) -> FlaskClient:
    return create_app(line, sender).test_client()


def test_a_new_citizen_follows_and_speaks(page: FlaskClient, bot: Any) -> None:
    citizen = page.post("/citizens", json={"name": " นก "}, headers=OURS).get_json()
    page.post(f"/citizens/{citizen['user_id']}/say", json={"text": "บัตรหาย"}, headers=OURS)
    assert sorted(event["type"] for event in bot.wait_for(2)) == ["follow", "message"]
    state = page.get("/state?since=0").get_json()
    assert [entry["message"].get("text") for entry in state["entries"]] == ["เพิ่มเพื่อน", "บัตรหาย"]
    newest = page.get(f"/state?since={state['revision']}").get_json()
    assert [entry for entry in newest["entries"] if entry["state"] == "sending"] == []


@pytest.mark.parametrize("path", ["citizens", "faults", "quota", "citizens/U1/say"])
def test_another_site_changes_nothing(page: FlaskClient, line: StandIn, path: str) -> None:
    answer = page.post(f"/{path}", json={"name": "นก", "is_failing": True, "monthly_limit": 0})
    assert answer.status_code == 403
    assert (line.citizens(), line.faults.settings.fail_all, line.monthly_limit) == ([], False, 3)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("citizens", {"name": " "}, 400),
        ("citizens/U1/say", {"text": "ก"}, 404),
        ("citizens/{nok}/say", {}, 400),
        ("citizens/{nok}/fly", {}, 404),
        ("citizens/{nok}/redeliver", {}, 409),
        ("citizens/{nok}/location", {"latitude": "ก", "longitude": 1}, 400),
        ("citizens/{nok}/location", {"latitude": 91, "longitude": 1}, 400),
        ("faults", {"delay_seconds": "ช้า"}, 400),
        ("quota", {"monthly_limit": "มาก"}, 400),
    ],
)
def test_what_cannot_be_done_is_said(
    page: FlaskClient, line: StandIn, path: str, body: dict[str, Any], status: int
) -> None:
    nok = line.add_citizen("นก").user_id
    answer = page.post(path.format(nok=nok), json=body, headers=OURS)
    assert answer.status_code == status
    assert answer.get_json()["message"]


def test_an_uploaded_page_is_never_shown_as_a_page(
    page: FlaskClient, line: StandIn, sender: WebhookSender, bot: Any
) -> None:
    nok = line.add_citizen("นก").user_id
    evil = (io.BytesIO(b"<script>alert(1)</script>"), "a.html", "text/html")
    page.post(f"/citizens/{nok}/file", data={"file": evil}, headers=OURS)
    (entry,) = line.chats.of(nok)
    answer = page.get(f"/content/{entry.message_id}")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert bot.wait_for(1)[0]["message"]["fileName"] == "a.html"


def test_nothing_on_the_page_needs_its_place_at_the_root(line: StandIn, sender: WebhookSender) -> None:
    app = create_app(line, sender)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/line": app.wsgi_app})  # type: ignore[method-assign]
    html = app.test_client().get("/line/").get_data(as_text=True)
    assert 'data-base="/line/"' in html
    assert "/line/stand-in-static/chat.js" in html
    assert app.test_client().get("/line/stand-in-static/chat.js").status_code == 200


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")
def test_in_a_browser_words_stay_words_and_taps_reach_the_bot(line: StandIn, sender: WebhookSender, bot: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect, sync_playwright

    nasty = "<img src=x onerror=\"document.title='bad'\"> ไปที่ javascript:alert(1)"
    button = {"type": "button", "style": "primary", "action": {"type": "postback", "label": "จองคิว", "data": "book"}}
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": nasty, "wrap": True}, button]}
    messages = [
        {"type": "text", "text": nasty, "sender": {"name": "จนท. สมชาย"}},
        {
            "type": "flex",
            "altText": "การ์ด",
            "contents": {"type": "bubble", "body": body},
            "quickReply": {
                "items": [
                    {"type": "action", "action": {"type": "message", "label": "เอกสาร", "text": "ขอดูเอกสาร"}},
                ]
            },
        },
    ]
    with serve(create_app(line, sender)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server.url}/")
        page.get_by_label("ชื่อประชาชนคนใหม่").fill("นก")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="นก")).to_be_visible()
        (follow,) = bot.wait_for(1)
        line.accept_reply({"replyToken": follow["replyToken"], "messages": messages}, {}, "id")
        page.get_by_role("button", name="เอกสาร").click()
        assert bot.wait_for(2)[1]["message"]["text"] == "ขอดูเอกสาร"
        page.get_by_role("button", name="จองคิว").click()
        assert bot.wait_for(3)[2]["postback"] == {"data": "book"}
        expect(page.get_by_text("จนท. สมชาย")).to_be_visible()
        expect(page.get_by_role("button", name="เอกสาร")).to_have_count(0)
        assert page.locator(".words").first.text_content() == nasty
        assert page.title().startswith("LINE จำลอง")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert faults == []
        browser.close()


def test_deliveries_are_listed_for_benches(page: FlaskClient, line: StandIn, sender: WebhookSender, bot: Any) -> None:
    nok = line.add_citizen("นก").user_id
    token = acts.say(sender, nok, "หนึ่ง").event["replyToken"]
    line.accept_reply({"replyToken": token, "messages": [{"type": "text", "text": "ค่ะ"}]}, {}, "r1")
    (listed,) = page.get("/deliveries").get_json()["deliveries"]
    assert (listed["kind"], listed["reply_token"], listed["request_id"]) == ("reply", token, "r1")
    assert page.get("/deliveries?since=1").get_json()["deliveries"] == []
