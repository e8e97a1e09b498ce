"""An officer at the desk: sees the queue, takes a case, answers, ends it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from bot.bookings.tables import Booking, OfficeService, Slot
from bot.cases import acts
from bot.cases.tables import Case
from bot.messages.tables import Conversation
from bot.people.tables import JournalEntry
from bot.storage.engine import reading, transaction
from tests.web.conftest import Browser, Centre, staff_named, text_of


def lines(browser: Browser, tab: str = "waiting") -> list[str]:
    """The lines of a queue, as an officer reads them."""
    page = BeautifulSoup(browser.get(f"/desk/?tab={tab}").text, "html.parser")
    return [" ".join(line.get_text(" ").split()) for line in page.select("#queue .line")]


def test_the_queue_shows_the_urgent_case_first_then_the_one_whose_time_runs_out(centre: Centre) -> None:
    centre.opens("นก", question="ต่อใบขับขี่", intent_id="licence")
    slow = centre.opens("ต้น", question="โอนรถ")
    centre.opens("ฝน", "emergency", question="มีคนถูกรถชน")
    with transaction(centre.engine) as session:
        session.get_one(Case, slow).due_at -= timedelta(minutes=70)
    centre.clock.passes(minutes=3)
    first, second, third = lines(centre.browser("somchai"))
    assert first.startswith("ด่วน 2569-00003")
    assert "มีคนถูกรถชน" in first
    assert second.startswith("เกินเวลา 2569-00002 เกินมา")
    assert third.startswith("รอรับ 2569-00001")
    assert "ต่อใบขับขี่ “ต่อใบขับขี่” นก · รอมา 3 นาที" in third


def test_a_case_moves_from_waiting_to_mine_to_closed(centre: Centre) -> None:
    case_id = centre.opens("นก")
    officer, colleague = centre.browser("somchai"), centre.browser("nida")
    officer.presses(f"/desk/cases/{case_id}/claim", on=f"/desk/cases/{case_id}")
    assert (lines(officer), len(lines(officer, "mine")), lines(officer, "team")) == ([], 1, [])
    assert "คุณสมชาย ใจดี ดูแลอยู่" in lines(colleague, "team")[0]
    assert lines(colleague, "mine") == []
    officer.presses(f"/desk/cases/{case_id}/resolve", on=f"/desk/cases/{case_id}", outcome="answered")
    assert lines(officer, "mine") == []
    assert lines(officer, "closed")[0].startswith("เสร็จแล้ว 2569-00001")


def test_every_kind_of_message_shows_as_something(centre: Centre) -> None:
    centre.says(
        "นก",
        "สวัสดี <script>alert(1)</script>",
        understanding={"decision": "clarify", "intent": "licence", "score": 0.62},
    )
    quick = {"items": [{"type": "action", "action": {"type": "postback", "label": "จองคิว", "data": "act=book"}}]}
    centre.bot_says("นก", "หมายถึงเรื่องไหนคะ", payload={"type": "text", "text": "x", "quickReply": quick})
    centre.says("นก", "", "postback", payload={"data": "act=book", "picked": None})
    centre.says("นก", "ขอบคุณ", "sticker", payload={"package": "1", "sticker": "2", "keywords": ["ขอบคุณ"]})
    centre.says("นก", "บ้าน ซอย 5", "location", payload={"latitude": 13.81, "longitude": 100.56})
    picture = centre.sends("นก", b"\x89PNG", "image/png")
    centre.sends("นก", b"....", "video/mp4", "video")
    centre.sends("นก", b"....", "audio/x-m4a", "audio")
    centre.sends("นก", b"%PDF", "application/pdf", "file", "สำเนา.pdf")
    centre.says("นก", "คำที่ถอนแล้ว", withdrawn_at=centre.clock.at)
    centre.says("นก", "message:future", "other")
    case_id = centre.opens("นก")
    browser = centre.browser("somchai")
    page, words = browser.get(f"/desk/cases/{case_id}").text, browser.sees(f"/desk/cases/{case_id}")
    assert "<script>alert" not in page
    assert "สวัสดี <script>alert(1)</script>" in words
    assert "บอทเข้าใจว่า “ต่อใบขับขี่” มั่นใจ 62 % · ถามกลับว่าเรื่องไหน" in words
    assert "กดปุ่ม: จองคิว" in words
    assert "สติกเกอร์: ขอบคุณ" in words
    assert "บ้าน ซอย 5" in words
    assert "query=13.81,100.56" in page
    assert f'<img class="photo" src="/desk/cases/{case_id}/media/{picture}"' in page
    assert "<video" in page
    assert "<audio" in page
    assert "สำเนา.pdf · ดาวน์โหลด" in words
    assert "ผู้ส่งยกเลิกข้อความนี้" in words
    assert "คำที่ถอนแล้ว" not in words
    assert "ข้อความชนิดนี้เปิดดูที่นี่ไม่ได้" in words


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        ("sent", None, "ส่งฟรี"),
        ("pending", None, "กำลังส่ง"),
        ("sending", None, "กำลังส่ง"),
        ("pending", "monthly_limit", "โควตาเดือนนี้หมด"),
        ("failed", "blocked", "ส่งไม่สำเร็จ: ประชาชนบล็อกบัญชีของศูนย์"),
        ("failed", "refused_400", "ส่งไม่สำเร็จ: LINE ไม่รับข้อความนี้"),
        ("unknown", "timeout", "ไม่แน่ใจว่าถึงหรือไม่"),
    ],
)
def test_every_answer_says_how_it_went(centre: Centre, state: str, reason: str | None, told: str) -> None:
    centre.bot_says("นก", "ต่อได้ค่ะ", state=state, reason=reason)
    assert told in centre.browser("somchai").sees(f"/desk/cases/{centre.opens('นก')}")


def test_a_picture_opens_and_anything_else_is_only_downloaded(centre: Centre) -> None:
    picture = centre.sends("นก", b"\x89PNG-content", "image/png")
    trap = centre.sends("นก", b"<script>alert(1)</script>", "text/html", "file", "page.html")
    disguised = centre.sends("นก", b"<svg onload=alert(1)>", "image/svg+xml", "image")
    case_id = centre.opens("นก")
    browser = centre.browser("somchai")
    shown = browser.get(f"/desk/cases/{case_id}/media/{picture}")
    assert (shown.data, shown.mimetype) == (b"\x89PNG-content", "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    for message in (trap, disguised):
        kept = browser.get(f"/desk/cases/{case_id}/media/{message}")
        assert kept.mimetype == "application/octet-stream"
        assert kept.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in kept.headers["Content-Security-Policy"]


def test_a_file_of_another_conversation_or_a_withdrawn_one_is_not_found(centre: Centre) -> None:
    case_id = centre.opens("นก")
    strange = centre.sends("ต้น", b"\x89PNG", "image/png")
    browser = centre.browser("somchai")
    assert browser.get(f"/desk/cases/{case_id}/media/{strange}").status_code == 404


def test_the_second_to_claim_sees_who_has_it(centre: Centre) -> None:
    case_id = centre.opens("นก")
    first, second = centre.browser("somchai"), centre.browser("nida")
    where = f"/desk/cases/{case_id}"
    token = second.token()  # both pages were open before anybody pressed
    assert "รับเรื่อง 2569-00001 แล้ว" in text_of(first.presses(f"{where}/claim", on=where))
    lost = second.client.post(f"{where}/claim", data={"csrf_token": token}, follow_redirects=True)
    assert "คุณสมชาย ใจดี รับเรื่องนี้ไปก่อนแล้ว" in text_of(lost)
    assert 'name="text"' not in lost.text


def test_an_answer_leaves_under_the_officers_name(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "nida")
    where = f"/desk/cases/{case_id}"
    sent = centre.browser("nida").presses(f"{where}/answer", on=where, text="ต่อได้เลยค่ะ\r\nพรุ่งนี้เปิด 8:30 น.")
    assert "กำลังส่ง" in text_of(sent)
    (message,) = centre.outgoing("นก")
    assert message.text == "ต่อได้เลยค่ะ\nพรุ่งนี้เปิด 8:30 น."
    assert message.payload is not None
    assert message.payload["sender"] == {"name": "จนท. นิดา"}
    assert (message.author, message.author_name, message.state) == ("officer", "นางสาวนิดา แสงทอง", "pending")


def test_the_same_form_sent_twice_is_one_answer(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "somchai")
    officer, where = centre.browser("somchai"), f"/desk/cases/{case_id}"
    form = {"csrf_token": officer.token(), "last_said": "0", "text": "ได้ค่ะ"}
    for _ in range(2):
        assert officer.client.post(f"{where}/answer", data=form).status_code == 303
    assert [message.text for message in centre.outgoing("นก")] == ["ได้ค่ะ"]
    officer.presses(f"{where}/answer", on=where, text="ได้ค่ะ")  # the page opened anew: meant again
    assert [message.text for message in centre.outgoing("นก")] == ["ได้ค่ะ", "ได้ค่ะ"]


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [("   ", 422, "ยังไม่ได้พิมพ์ข้อความ"), ("ก" * 5001, 422, "ไม่เกิน 5,000"), ("😀" * 2501, 422, "ไม่เกิน 5,000")],
)
def test_what_cannot_be_sent_is_explained_and_stays(centre: Centre, text: str, status: int, told: str) -> None:
    case_id = centre.claimed(centre.opens("นก"), "somchai")
    where = f"/desk/cases/{case_id}"
    refused = centre.browser("somchai").presses(f"{where}/answer", on=where, text=text)
    assert refused.status_code == status
    assert told in text_of(refused)
    assert text.strip() in refused.text
    assert centre.outgoing("นก") == []


def test_words_typed_while_the_case_was_taken_away_are_kept(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "nida")
    officer = centre.browser("somchai")
    form = {"csrf_token": officer.token(), "text": "คำตอบยาว ๆ ที่พิมพ์มานาน"}
    refused = officer.client.post(f"/desk/cases/{case_id}/answer", data=form)
    assert refused.status_code == 409
    assert "คุณนิดา แสงทอง กำลังถือเรื่องนี้อยู่" in text_of(refused)
    assert "คำตอบยาว ๆ ที่พิมพ์มานาน" in refused.text
    assert centre.outgoing("นก") == []


def test_resolving_needs_an_outcome_and_tells_the_citizen(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "somchai")
    officer, where = centre.browser("somchai"), f"/desk/cases/{case_id}"
    unchosen = officer.presses(f"{where}/resolve", on=where)
    assert unchosen.status_code == 422
    assert "เลือกผลของเรื่องก่อน" in text_of(unchosen)
    assert "ปิดเรื่อง 2569-00001 แล้ว" in text_of(officer.presses(f"{where}/resolve", on=where, outcome="answered"))
    assert (centre.case(case_id).state, centre.case(case_id).outcome) == ("resolved", "answered")
    assert "เรื่อง 2569-00001 เสร็จแล้ว" in str(centre.outgoing("นก")[0].text)
    late = officer.client.post(f"{where}/claim", data={"csrf_token": officer.token()}, follow_redirects=True)
    assert "เรื่องนี้ปิดไปแล้ว" in text_of(late)
    again = officer.client.post(f"{where}/answer", data={"csrf_token": officer.token(), "text": "ลืมบอกค่ะ"})
    assert again.status_code == 409
    assert "ลืมบอกค่ะ" in again.text


def test_a_returned_case_gives_the_citizen_back_to_the_bot(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "somchai")
    where = f"/desk/cases/{case_id}"
    centre.browser("somchai").presses(f"{where}/return", on=where)
    assert centre.case(case_id).state == "returned"
    with reading(centre.engine) as session:
        assert session.get_one(Conversation, centre.citizens["นก"]).state == "bot"
        recorded = session.scalars(sa.select(JournalEntry.act).where(JournalEntry.subject == f"case:{case_id}")).all()
    assert list(recorded) == ["case.open", "case.claim", "case.returned"]
    assert "ส่งกลับให้บอทแล้ว" in (centre.outgoing("นก")[0].text or "")


def test_an_open_page_learns_what_is_new(centre: Centre) -> None:
    case_id = centre.opens("นก", question="ใบขับขี่หาย")
    officer = centre.browser("somchai")
    first = officer.changes(f"/desk/changes?case={case_id}&tab=waiting&queue=x")
    assert [one["html"].count("ใบขับขี่หาย") for one in first["bubbles"]] == [1]
    ask = f"/desk/changes?case={case_id}&talk={first['talk']}&tab=waiting&queue=x"
    quiet = officer.changes(ask)
    assert "bubbles" not in quiet
    assert quiet["queue"] == first["queue"]
    new = centre.says("นก", "อยู่ไหมคะ")
    centre.opens("ต้น")
    changed = officer.changes(ask)
    assert [one["id"] for one in changed["bubbles"]][-1] == new
    assert changed["counts"] == {"waiting": 2, "mine": 0, "team": 0}
    assert changed["queue"] != first["queue"]
    centre.claimed(case_id, "nida")
    assert officer.changes(ask)["case"] != changed["case"]


def test_an_officer_does_not_read_what_was_said_to_a_supervisor(centre: Centre) -> None:
    centre.says("นก", "สวัสดีค่ะ")
    centre.clock.passes(minutes=1)
    complaint = centre.opens("นก", "complaint", question="คุณสมชายพูดไม่ดี")
    picture = centre.sends("นก", b"\x89PNG", "image/png")
    centre.claimed(complaint, "mali")
    centre.clock.passes(minutes=1)
    centre.says("นก", "เขาตะคอกใส่")
    with transaction(centre.engine) as session:
        supervisor = staff_named(session, "mali")
        acts.end(
            session,
            case_id=complaint,
            staff=supervisor,
            state="resolved",
            outcome="done",
            told=(),
            now=centre.clock.at,
        )
    centre.clock.passes(minutes=1)
    case_id = centre.opens("นก", question="ต่อใบขับขี่ยังไง")
    officer = centre.browser("somchai")
    words = officer.sees(f"/desk/cases/{case_id}")
    assert "สวัสดีค่ะ" in words
    assert "ต่อใบขับขี่ยังไง" in words
    assert "สมชายพูดไม่ดี" not in words
    assert "ตะคอก" not in words
    assert "เห็นได้เฉพาะหัวหน้างาน" in words
    assert officer.get(f"/desk/cases/{case_id}/media/{picture}").status_code == 404
    assert "ตะคอก" not in str(officer.changes(f"/desk/changes?case={case_id}"))
    assert "ตะคอก" in centre.browser("mali").sees(f"/desk/cases/{case_id}")


def test_a_report_shows_its_place_and_photo(centre: Centre) -> None:
    photo = centre.sends("นก", b"\x89PNG", "image/png")
    details = {"place": "หน้าตลาดสด", "latitude": 13.7, "longitude": 100.4, "photos": [photo]}
    case_id = centre.opens("นก", "report", question="ถนนเป็นหลุม", report=details)
    browser = centre.browser("somchai")
    page = browser.get(f"/desk/cases/{case_id}").text
    assert "หน้าตลาดสด" in page
    assert "query=13.7,100.4" in page
    assert f'class="photo-small" src="/desk/cases/{case_id}/media/{photo}"' in page


def test_the_citizens_bookings_stand_beside_the_talk(centre: Centre) -> None:
    case_id = centre.opens("นก")
    starts_at = centre.clock.at + timedelta(days=1)
    with transaction(centre.engine) as session:
        service = OfficeService(
            office_id="dlt5", intent_id="licence", capacity=1, visit_minutes=20, days_ahead=30, identity_level="none"
        )
        session.add(service)
        session.flush()
        slot = Slot(
            office_service_id=service.id, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20), capacity=1
        )
        session.add(slot)
        session.flush()
        session.add(
            Booking(
                reference="Q-7K3MW",
                slot_id=slot.id,
                slot_capacity=1,
                place_no=1,
                conversation_id=centre.citizens["นก"],
                state="booked",
                created_at=centre.clock.at,
            )
        )
    words = centre.browser("somchai").sees(f"/desk/cases/{case_id}")
    assert "จ. 23 พ.ย. 2569 เวลา 10:00 น. ต่อใบขับขี่ · ขนส่งพื้นที่ 5 · Q-7K3MW" in words


def test_a_long_conversation_is_read_in_parts(centre: Centre) -> None:
    for number in range(70):
        centre.says("นก", f"ข้อความที่ {number:02}")
    case_id = centre.opens("นก")
    browser = centre.browser("somchai")
    newest = browser.get(f"/desk/cases/{case_id}")
    assert "ข้อความที่ 69" in newest.text
    assert "ข้อความที่ 05" not in newest.text
    earlier = BeautifulSoup(newest.text, "html.parser").select_one(".talk-earlier a")
    assert earlier is not None
    assert "ข้อความที่ 05" in browser.sees(str(earlier["href"]))
