"""What a citizen unsends disappears from every table, whenever the unsending comes."""

import pytest
import sqlalchemy as sa

from bot.cases.tables import Case
from bot.stand_in import acts
from bot.storage.engine import reading
from tests.door.look import Json, events_of, messages_of, other_event, places_that_hold, taken, text_event
from tests.town import Citizen, Town


def unsend_event(town: Town, who: Citizen, message_id: str, seconds_later: float = 1) -> Json:
    return other_event(town, who, "unsend", {"unsend": {"messageId": message_id}}, seconds_later=seconds_later)


def gone(town: Town, words: str) -> None:
    town.quiet()
    assert places_that_hold(town, words) == []


def test_words_that_are_unsent_leave_no_trace(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ความลับของนก บัตรประชาชนหายทำไง")
    nok.hears("บัตรหายทำใหม่ได้")
    assert places_that_hold(town, "ความลับของนก")  # the search would find them
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ความลับของนก")
    assert messages_of(town, nok.user_id)[0].withdrawn_at is not None
    nok.hears_nothing_more()


def test_words_unsent_before_they_come_leave_no_trace(town: Town) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, "ยังไม่ทันมา บัตรหาย")
    assert town.sender.post([unsend_event(town, nok, event["message"]["id"])]).ok
    town.quiet()
    assert town.sender.post([event]).ok
    gone(town, "ยังไม่ทันมา")
    nok.hears_nothing_more()


def test_words_unsent_in_the_same_body_leave_no_trace(town: Town) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, "มาพร้อมกัน บัตรหาย")
    assert town.sender.post([unsend_event(town, nok, event["message"]["id"]), event]).ok
    gone(town, "มาพร้อมกัน")


def test_unsent_words_stay_away_when_their_event_is_redelivered(town: Town) -> None:
    nok = town.citizen("นก")
    sent = nok.says("ส่งซ้ำทีหลัง บัตรหาย")
    town.quiet()
    taken(acts.unsend(town.sender, nok.user_id))
    town.quiet()
    taken(town.sender.redeliver(sent.event))
    gone(town, "ส่งซ้ำทีหลัง")


def test_unsent_words_stay_away_when_another_event_brings_them(town: Town) -> None:
    """LINE keeps the event's id on redelivery; should it not, the message's id still tells."""
    nok = town.citizen("นก")
    sent = nok.says("ส่งซ้ำเลขใหม่ บัตรหาย")
    taken(acts.unsend(town.sender, nok.user_id))
    town.quiet()
    before = len(nok.messages)
    assert town.sender.post([{**sent.event, "webhookEventId": "another-id"}]).ok
    gone(town, "ส่งซ้ำเลขใหม่")
    assert len(nok.messages) == before


def test_unsent_twice_is_unsent(town: Town) -> None:
    nok = town.citizen("นก")
    sent = nok.says("ถอนสองครั้ง บัตรหาย")
    for _ in range(2):
        assert town.sender.post([unsend_event(town, nok, sent.message_id)]).ok
    gone(town, "ถอนสองครั้ง")


def test_somebody_elses_words_stay(town: Town) -> None:
    nok, dao = town.citizen("นก"), town.citizen("ดาว")
    sent = nok.says("คำของนกเอง บัตรหาย")
    assert town.sender.post([unsend_event(town, dao, sent.message_id)]).ok
    town.quiet()
    assert messages_of(town, nok.user_id)[0].text == "คำของนกเอง บัตรหาย"


def test_unsent_words_leave_the_case_they_began(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ขอคุยกับคน เรื่องมรดกของตาแดง")
    nok.hears("เลขเรื่อง")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ตาแดง")


def test_unsent_words_leave_the_report_they_told_a_place_for(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ไฟทางดับมืดมาก")
    nok.hears("บอกจุดที่เกิดเหตุ")
    nok.says("หน้าวัดดอนลับ ซอย 3")
    nok.hears("เลขเรื่อง")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ดอนลับ")


def test_an_unsent_place_leaves_the_report_it_was_shared_for(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ไฟทางดับมืดมาก")
    nok.hears("บอกจุดที่เกิดเหตุ")
    taken(acts.send_location(town.sender, nok.user_id, "บ้านลับ", "99/9 ซอยลับสุด", 13.755521, 100.492213))
    nok.hears("เลขเรื่อง")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ซอยลับสุด")
    gone(town, "13.755521")


def test_an_unsent_picture_is_gone(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.send_file(town.sender, nok.user_id, b"\x89PNG secret bytes", "image/png", "a.png"))
    town.eventually(lambda: places_that_hold(town, "secret bytes"), "the picture")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "secret bytes")


def test_an_unsent_file_takes_its_name_along(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.send_file(town.sender, nok.user_id, b"x", "application/pdf", "ใบรับรองแพทย์ลับ.pdf"))
    town.quiet()
    assert places_that_hold(town, "ใบรับรองแพทย์ลับ")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ใบรับรองแพทย์ลับ")


@pytest.mark.parametrize("edited_first", [True, False])
def test_an_edited_text_goes_with_the_message_that_is_unsent(town: Town, edited_first: bool) -> None:
    nok = town.citizen("นก")
    sent = nok.says("ก่อนแก้ไข บัตรหาย")
    edited = {"message": {**sent.event["message"], "text": f"ลับหลังแก้ {edited_first}"}}
    later = [
        other_event(town, nok, "messageEdited", edited, seconds_later=1),
        unsend_event(town, nok, sent.message_id, 2),
    ]
    for event in later if edited_first else reversed(later):
        assert town.sender.post([event]).ok
        town.quiet()
    gone(town, f"ลับหลังแก้ {edited_first}")


def test_a_group_message_that_is_unsent_leaves_no_trace(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.say(town.sender, nok.user_id, "ในกลุ่มลับ ๆ บัตรหายทำไง", in_group=True))
    town.quiet()
    assert places_that_hold(town, "ในกลุ่มลับ")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "ในกลุ่มลับ")


def test_the_case_itself_stays_for_the_officer(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ขอคุยกับคน เรื่องเก็บไว้ก่อน")
    nok.hears("เลขเรื่อง")
    taken(acts.unsend(town.sender, nok.user_id))
    gone(town, "เรื่องเก็บไว้ก่อน")
    with reading(town.engine) as session:
        ours = events_of(town, nok.user_id)[0].conversation_id
        assert session.scalars(sa.select(Case.state).where(Case.conversation_id == ours)).all() == ["waiting"]
