"""The knowledge pages as a clerk uses them: find, edit, see faults, meet a second editor, publish, look back."""

from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from bot.catalogue.live import LiveCatalogue
from bot.catalogue.publishing import run_next_job
from bot.catalogue.tables import Draft
from bot.messages.tables import Worker
from bot.people.accounts import hash_password
from bot.settings import Settings
from bot.storage.engine import reading, transaction
from bot.web.app import create_app
from bot.web.sign_in import limiter
from tests.catalogue.conftest import NOW, fill
from tests.web.conftest import PASSWORD, Browser, text_of

CARD = "/knowledge/articles/id_card_lost"


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def site(engine: sa.Engine, settings: Settings, shared: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The site over a small published catalogue."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
    fill(engine, password_hash())
    app = create_app(settings, engine)
    limiter.reset()
    return app


def browser(site: Flask, login: str = "admin1") -> Browser:
    found = Browser(site.test_client())
    assert found.signs_in(login).status_code == 303
    return found


def form_of(page: TestResponse, selector: str = ".k-form") -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    form = BeautifulSoup(page.text, "html.parser").select_one(selector)
    assert form is not None
    fields: dict[str, str] = {}
    for tag in form.select("input[name], textarea[name]"):
        if tag.get("type") == "checkbox" and not tag.has_attr("checked"):
            continue
        value = tag.get_text().removeprefix("\n") if tag.name == "textarea" else tag.get("value", "")
        fields[str(tag["name"])] = str(value)
    return fields


def saves(who: Browser, page: TestResponse, **changed: str) -> TestResponse:
    return who.client.post(f"{CARD}/draft", data={**form_of(page), **changed})


def publishes(who: Browser, key: str = "id_card_lost") -> TestResponse:
    fields = form_of(who.get(f"/knowledge/publish?key={key}"), "form[method=post]:has([name^=mark_])")
    return who.client.post("/knowledge/publish", data=fields)


def field(page: TestResponse, name: str) -> Tag:
    found = BeautifulSoup(page.text, "html.parser").find(id=f"f-{name}")
    assert isinstance(found, Tag)
    return found


def told(engine: sa.Engine, live: LiveCatalogue) -> str:
    """The fee the bot tells with its next answer."""
    with reading(engine) as session:
        intent = live.matcher(session).pack.intent("id_card_lost")
    assert intent is not None
    assert intent.article is not None
    return intent.article.facets["fee"][0]


def drafts(engine: sa.Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(sa.select(Draft.key)))


def test_the_list_tells_state_and_review_day(site: Flask) -> None:
    words = browser(site).sees("/knowledge/")
    assert "ทั้งหมด 4 เรื่อง" in words
    assert "เกินวันทบทวน" in words
    assert "10 ก.ค. 2569" in words


def test_searching_shows_where_it_was_found(site: Flask) -> None:
    page = browser(site).get("/knowledge/?q=แจ้งความ")
    assert "พบ 1 จาก 4 เรื่อง" in text_of(page)
    mark = BeautifulSoup(page.text, "html.parser").mark
    assert mark is not None
    assert mark.text == "แจ้งความ"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("agency=DLT", ["ต่อใบขับขี่"]),
        ("agency=elsewhere", ["กู้ยืมเรียน กยศ."]),
        ("state=overdue", ["ต่อใบขับขี่"]),
        ("q=ใบขับขี่&agency=DOPA", ["บัตรประชาชนหาย"]),
        ("q=%3Cscript%3E", []),
    ],
)
def test_the_list_is_narrowed(site: Flask, query: str, names: list[str]) -> None:
    page = BeautifulSoup(browser(site).get(f"/knowledge/?{query}").text, "html.parser")
    assert [link.text for link in page.select(".k-line-title a")] == names


def test_a_changed_fee_is_what_the_bot_says_next(site: Flask, engine: sa.Engine) -> None:
    live, who = LiveCatalogue(), browser(site)
    assert told(engine, live) == "100 บาท"
    saved = saves(who, who.get(CARD), facet_fee="120 บาท", then="publish")
    assert saved.location == "/knowledge/publish?key=id_card_lost"
    assert told(engine, live) == "100 บาท"
    words = who.sees(saved.location)
    assert "ค่าธรรมเนียม เปลี่ยนจาก “100 บาท” เป็น “120 บาท”" in words
    assert "มีผลทันที" in words
    done = who.sees(publishes(who).location)
    assert "เผยแพร่แล้ว เป็นฉบับที่ 2" in done
    assert told(engine, live) == "120 บาท"
    assert "ฉบับที่ 2 ใช้อยู่" in who.sees("/knowledge/versions")


def test_a_new_phrase_goes_through_the_job(site: Flask, engine: sa.Engine) -> None:
    who = browser(site)
    saves(who, who.get(CARD), phrases_short="กระเป๋าตกน้ำ")
    assert "เพิ่มประโยคที่คนถาม 1 ประโยค “กระเป๋าตกน้ำ”" in who.sees("/knowledge/publish")
    job = publishes(who).location
    assert "กำลังเผยแพร่" in who.sees(job)
    assert who.changes(f"{job}/state") == {"state": "waiting", "progress": 0}
    assert "กำลังเผยแพร่อยู่ ยังแก้ไม่ได้" in who.sees(CARD)
    assert saves(who, who.get(CARD), facet_fee="9 บาท").status_code == 409
    with transaction(engine) as session:
        worker = Worker(started_at=NOW, host="here")
        session.add(worker)
        session.flush()
    run_next_job(engine, worker.id, frozenset({worker.id}), lambda: NOW, lambda percent: None)
    assert "เผยแพร่แล้ว เป็นฉบับที่ 2" in who.sees(job)
    assert who.changes(f"{job}/state") == {"state": "done", "progress": 100}


def test_faults_are_told_at_their_fields_and_what_was_typed_stays(site: Flask, engine: sa.Engine) -> None:
    who = browser(site)
    page = saves(who, who.get(CARD), answer="", review_by="ปีหน้า", hotline="<b>1548</b>", note="หมายเหตุที่พิมพ์")
    assert page.status_code == 422
    assert "อ่านวันที่ “ปีหน้า” ไม่ออกค่ะ พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 22/5/2570" in text_of(page)
    for name in ("answer", "review_by", "hotline"):
        box = field(page, name)
        assert box["aria-invalid"] == "true"
        said = BeautifulSoup(page.text, "html.parser").find(id=str(box["aria-describedby"]).split()[-1])
        assert said is not None
        assert "เช่น" in said.text
    assert field(page, "hotline")["value"] == "<b>1548</b>"
    assert field(page, "note").text.strip() == "หมายเหตุที่พิมพ์"
    assert drafts(engine) == []


def test_two_editors_at_once_both_keep_their_words(site: Flask, engine: sa.Engine) -> None:
    one, two = browser(site, "admin1"), browser(site, "admin2")
    page_one, page_two = one.get(CARD), two.get(CARD)
    assert saves(one, page_one, facet_fee="120 บาท", phrases_short="กระเป๋าตกน้ำ").status_code == 303
    warned = saves(two, page_two, facet_fee="150 บาท", phrases_short="บัตรหล่น")
    assert warned.status_code == 409
    assert "ประโยคที่คนถาม ซึ่งอีกฝั่งไม่มี ในระบบตอนนี้ กระเป๋าตกน้ำ ที่คุณพิมพ์ บัตรหล่น" in text_of(warned)
    assert "สมหญิง เปลี่ยนฉบับร่างนี้หลังจากคุณเปิดหน้า" in text_of(warned)
    assert "ค่าธรรมเนียม ในระบบตอนนี้ 120 บาท ที่คุณพิมพ์ 150 บาท" in text_of(warned)
    assert field(warned, "facet_fee").text.strip() == "150 บาท"
    assert field(one.get(CARD), "facet_fee").text.strip() == "120 บาท"
    assert saves(two, warned).status_code == 303  # having seen both, the second one chooses
    assert field(one.get(CARD), "facet_fee").text.strip() == "150 บาท"


def test_an_editor_who_began_before_a_publish_is_told(site: Flask, engine: sa.Engine) -> None:
    one, two = browser(site, "admin1"), browser(site, "admin2")
    page_two = two.get(CARD)
    saves(one, one.get(CARD), facet_fee="120 บาท")
    publishes(one)
    warned = saves(two, page_two, note="โทรถามก่อน")
    assert "เรื่องนี้เพิ่งถูกเผยแพร่ไป" in text_of(warned)
    assert "ค่าธรรมเนียม ในระบบตอนนี้ 120 บาท ที่คุณพิมพ์ 100 บาท" in text_of(warned)
    assert saves(two, warned, facet_fee="120 บาท").status_code == 303
    assert drafts(engine) == ["id_card_lost"]


def test_what_was_saved_after_the_publisher_read_it_is_shown_again_first(site: Flask, engine: sa.Engine) -> None:
    one, two = browser(site, "admin1"), browser(site, "admin2")
    saves(one, one.get(CARD), facet_fee="120 บาท")
    read = form_of(one.get("/knowledge/publish?key=id_card_lost"), "form[method=post]:has([name^=mark_])")
    saves(two, two.get(CARD), facet_fee="999 บาท")
    refused = one.client.post("/knowledge/publish", data=read)
    assert refused.status_code == 409
    assert "ข้อความเพิ่งเปลี่ยน อ่านอีกครั้งค่ะ" in text_of(refused)
    assert told(engine, LiveCatalogue()) == "100 บาท"


def test_a_sentence_of_another_article_is_named_and_stops_the_publish(site: Flask) -> None:
    who = browser(site)
    saves(who, who.get(CARD), phrases_short="ใบขับขี่หมดละ")
    assert "ประโยคนี้อยู่ในเรื่อง ต่อใบขับขี่ แล้ว" in who.sees("/knowledge/publish")
    refused = publishes(who)
    assert refused.status_code == 409
    assert "ยังเผยแพร่ไม่ได้ค่ะ" in text_of(refused)


def test_a_draft_thrown_away_can_be_taken_back(site: Flask, engine: sa.Engine) -> None:
    who = browser(site)
    saves(who, who.get(CARD), facet_fee="120 บาท")
    thrown = who.client.post(f"{CARD}/discard", data=form_of(who.get(CARD), "#discard"))
    assert "ทิ้งฉบับร่างแล้วค่ะ" in text_of(thrown)
    assert drafts(engine) == []
    who.client.post(f"{CARD}/draft", data=form_of(thrown, "form.flash-success"))
    assert field(who.get(CARD), "facet_fee").text.strip() == "120 บาท"


def test_the_preview_draws_what_is_typed_and_saves_nothing(site: Flask, engine: sa.Engine) -> None:
    who = browser(site)
    typed = {**form_of(who.get(CARD)), "facet_fee": "<b>120</b> บาท", "answer": ""}
    page = who.client.post(f"{CARD}/preview", data=typed)
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert "<b>120</b> บาท" in text_of(page)
    assert drafts(engine) == []
    assert who.client.post("/knowledge/articles/greeting/preview", data=typed | {"answer": ""}).status_code == 200


def test_a_topic_of_another_office_is_edited_too(site: Flask) -> None:
    who = browser(site)
    address = "/knowledge/articles/elsewhere:student_loan"
    saved = who.client.post(f"{address}/draft", data={**form_of(who.get(address)), "hotline": "0 2016 4889"})
    assert saved.status_code == 303
    assert "เบอร์โทร เปลี่ยนจาก “0 2016 4888” เป็น “0 2016 4889”" in who.sees("/knowledge/publish")


def test_supervisors_read_officers_do_not_and_neither_writes(site: Flask, engine: sa.Engine) -> None:
    reader, officer = browser(site, "supervisor3"), browser(site, "officer4")
    page = reader.get(CARD)
    assert field(page, "answer").has_attr("readonly")
    assert "บันทึก" not in text_of(page)
    assert saves(reader, page, facet_fee="1 บาท").status_code == 403
    assert reader.client.post("/knowledge/publish", data={"csrf_token": reader.token()}).status_code == 403
    assert officer.get("/knowledge/").status_code == 403
    assert drafts(engine) == []


def test_unknown_articles_and_jobs_are_not_found(site: Flask) -> None:
    who = browser(site)
    for address in ("/knowledge/articles/none", "/knowledge/articles/elsewhere:none", "/knowledge/publish/77"):
        assert who.get(address).status_code == 404


def test_pages_hold_no_inline_script_or_style(site: Flask) -> None:
    who = browser(site)
    saves(who, who.get(CARD), facet_fee="120 บาท")
    for address in ("/knowledge/", "/knowledge/?q=บัตร", CARD, "/knowledge/publish", "/knowledge/versions"):
        page = BeautifulSoup(who.get(address).text, "html.parser")
        assert not page.select("[style], style, script:not([src]), [onclick], [onchange], [onsubmit]"), address
        boxes = page.select("main input:not([type=hidden]):not([type=checkbox]), main textarea, main select")
        assert all(page.find("label", attrs={"for": box["id"]}) for box in boxes), address
