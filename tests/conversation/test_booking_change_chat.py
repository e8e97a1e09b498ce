"""Bookings that exist are seen, moved and cancelled by chat. It is Sunday 22 November 2026, 10:00 in Bangkok."""

from collections.abc import Iterator

import pytest

from bot.bookings.acts import bookings_of, cancel
from bot.storage.engine import transaction
from tests.bookings.centre import NOW
from tests.conftest import Databases
from tests.conversation.booking_chat import Chat, fill, fresh_chat

RENEW, SURVEY = "driving_licence_renew", "land_survey"
FRIDAY_0930 = f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 9:30 น."


@pytest.fixture
def nok(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Chat]:
    """A citizen; on SQLite unless a test asks for both databases."""
    with fresh_chat(databases, getattr(request, "param", "sqlite")) as chat:
        yield chat


@pytest.fixture
def booked(nok: Chat) -> Chat:
    return nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("ยืนยัน").hears("จองคิวแล้ว")


@pytest.fixture
def booked_twice(booked: Chat) -> Chat:
    return booked.say("จองรังวัดที่ดินวันพุธบ่ายสอง").say("ยืนยัน").hears("จองคิวแล้ว")


def test_seeing_bookings(booked_twice: Chat) -> None:
    booked_twice.say("ขอดูคิวของฉัน").hears("พ. 25 พ.ย. 2569 เวลา 14:00 น.", "ศ. 27 พ.ย. 2569 เวลา 9:30 น.", "Q-")
    assert len(booked_twice.screen) == 2


def test_seeing_none(nok: Chat) -> None:
    nok.say("ขอดูคิวของฉัน").hears("ยังไม่มีคิว")


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_moving_the_only_booking(booked: Chat) -> None:
    old = booked.visits[0].booking.reference
    booked.say("ขอเลื่อนคิวเป็นวันพฤหัสบ่ายสอง").hears(
        "เลื่อนคิวไปเวลานี้ใช่ไหม", "พฤ. 26 พ.ย. 2569 เวลา 14:00 น.", "ศ. 27 พ.ย. 2569 เวลา 9:30 น."
    )
    booked.has(FRIDAY_0930).say("ยืนยัน").hears("เลื่อนคิวแล้วค่ะ", "Q-").has(f"{RENEW}, พฤ. 26 พ.ย. 2569 เวลา 14:00 น.")
    assert booked.visits[0].booking.reference != old


def test_moving_from_one_day_to_another(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิวจากวันที่ 27 เป็นวันที่ 30").hears("จ. 30 พ.ย. 2569 เวลา 9:30 น.", "เวลาเดิม").say("ใช่").has(
        f"{RENEW}, จ. 30 พ.ย. 2569 เวลา 9:30 น."
    )


def test_moving_only_the_hour(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิวเป็นบ่ายสอง").hears("ศ. 27 พ.ย. 2569 เวลา 14:00 น.").say("ใช่").has(
        f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 14:00 น."
    )


def test_moving_step_by_step(booked: Chat) -> None:
    booked.tap("เลื่อนคิว").hears("วันไหน", "จาก ศ. 27 พ.ย.").tap("จ. 23 พ.ย.").hears("จ. 23 พ.ย. 2569 เวลา 9:30 น.").tap(
        "เวลาอื่น"
    ).hears("กี่โมง")
    booked.say("บ่ายสอง").hears("14:00 น.").tap("ยืนยัน").has(f"{RENEW}, จ. 23 พ.ย. 2569 เวลา 14:00 น.")


def test_the_day_said_is_the_booking_that_is_meant(booked_twice: Chat) -> None:
    booked_twice.say("ขอเลื่อนคิววันศุกร์ค่ะ").hears("เลื่อนคิว", "จาก ศ. 27 พ.ย. 2569", "วันไหน").say("วันพฤหัส").hears(
        "พฤ. 26 พ.ย. 2569 เวลา 9:30 น."
    )


def test_which_of_several_is_asked(booked_twice: Chat) -> None:
    booked_twice.say("ขอเลื่อนคิวเป็นวันพฤหัสบ่ายสาม").hears("คิวไหน", "1. พ. 25 พ.ย.", "2. ศ. 27 พ.ย.").say("คิวที่สอง").hears(
        "พฤ. 26 พ.ย. 2569", "ใบขับขี่"
    )


def test_which_by_reference_and_by_button(booked_twice: Chat) -> None:
    survey = booked_twice.visits[0].booking.reference
    booked_twice.say(f"ขอเลื่อนคิว {survey} เป็นวันพฤหัสบ่ายสาม").hears("พฤ. 26 พ.ย. 2569 เวลา 15:00 น.", "ที่ดิน")
    booked_twice.tap("ไม่เลื่อนแล้ว").hears("เหมือนเดิม")
    booked_twice.say("ยกเลิกคิว").hears("คิวไหน").tap("ศ. 27 พ.ย. 9:30 น.").hears("ยกเลิกคิวนี้ใช่ไหม", "ใบขับขี่").tap(
        "ยกเลิกคิวนี้"
    ).hears("แล้วค่ะ")
    assert [visit.service.intent_id for visit in booked_twice.visits] == [SURVEY]


def test_a_reference_of_nobody(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิว Q-22222 เป็นวันพฤหัส").hears("ไม่พบคิว Q-22222").has(FRIDAY_0930)


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_cancelling(booked: Chat) -> None:
    booked.say("ขอยกเลิกคิวค่ะ").hears("ยกเลิกคิวนี้ใช่ไหม", "ศ. 27 พ.ย.").has(FRIDAY_0930).say("ใช่").hears(
        "ยกเลิกคิว Q-", "แล้วค่ะ"
    ).has()


@pytest.mark.parametrize("yes", ["ยืนยัน", "ยกเลิกเลย", "ยกเลิกคิวเลยค่ะ", "ได้ค่ะ", "ยกเลิก"])
def test_saying_cancel_again_cancels(booked: Chat, yes: str) -> None:
    booked.say("ขอยกเลิกคิวค่ะ").say(yes).has()


@pytest.mark.parametrize("no", ["ไม่", "ไม่ยกเลิกแล้ว", "เก็บไว้ก่อน"])
def test_keeping_it_after_all(booked: Chat, no: str) -> None:
    booked.say("ขอยกเลิกคิวค่ะ").say(no).hears("เหมือนเดิม").has(FRIDAY_0930)


def test_moving_instead_of_cancelling(booked: Chat) -> None:
    booked.say("ขอยกเลิกคิวค่ะ").say("ไม่ยกเลิกแล้ว ขอเลื่อนเป็นวันพฤหัสแทน").hears("เลื่อนคิวไปเวลานี้ใช่ไหม", "พฤ. 26 พ.ย. 2569")


def test_cancelling_instead_of_moving(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิวค่ะ").say("ยกเลิกคิวเลยดีกว่า").hears("ยกเลิกคิวนี้ใช่ไหม").say("ใช่").has()


def test_cannot_come_asks_what_to_do(booked: Chat) -> None:
    booked.say("ไปไม่ได้แล้วค่ะ").hears("เลื่อนหรือยกเลิก").say("เลื่อนเป็นวันพฤหัสบ่ายสอง").hears("พฤ. 26 พ.ย. 2569 เวลา 14:00 น.")


def test_cancelling_a_day_without_a_booking(booked: Chat) -> None:
    booked.say("ขอยกเลิกคิวพรุ่งนี้").hears("ไม่มีคิวของคุณใน จ. 23 พ.ย.", "ศ. 27 พ.ย.").has(FRIDAY_0930)


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_moving_to_a_full_hour_keeps_the_old_place(booked: Chat) -> None:
    fill(booked.engine, RENEW, 14, 0)
    booked.say("ขอเลื่อนคิวเป็นศุกร์นี้บ่ายสอง").hears("14:00 น. เต็มแล้ว", "13:40").has(FRIDAY_0930)


def test_moving_to_where_it_is(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิวเป็นศุกร์นี้เก้าโมงครึ่ง").hears("อยู่เวลานี้แล้ว").has(FRIDAY_0930)


def test_nothing_to_move(nok: Chat) -> None:
    nok.say("ขอเลื่อนคิว").hears("ยังไม่มีคิว")


def test_old_buttons_of_a_moved_booking_follow_it(booked: Chat) -> None:
    cancel_it, move_it = booked.button("ยกเลิกคิว").data, booked.button("เลื่อนคิว").data
    booked.say("ขอเลื่อนคิวเป็นวันพฤหัสบ่ายสอง").say("ใช่").tap_old(move_it).hears("จาก พฤ. 26 พ.ย. 2569")
    booked.tap_old(cancel_it).hears("ยกเลิกคิวนี้ใช่ไหม", "พฤ. 26 พ.ย. 2569 เวลา 14:00 น.").tap("ยกเลิกคิวนี้").has()
    booked.tap_old(cancel_it).hears("ยกเลิกไปแล้ว")


def test_the_desk_may_cancel_meanwhile(booked: Chat) -> None:
    booked.say("ขอเลื่อนคิวเป็นวันพฤหัสบ่ายสอง")
    with transaction(booked.engine) as session:
        (visit,) = bookings_of(session, booked.citizen, NOW)
        cancel(session, booking_id=visit.booking.id, conversation_id=booked.citizen, now=NOW)
    booked.say("ใช่").hears("ยกเลิกไปแล้ว").has()
