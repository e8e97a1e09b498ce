"""Booking by chat, as conversations. It is Sunday 22 November 2026, 10:00 in Bangkok."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.bookings.tables import OfficeService
from bot.people.tables import Holiday, Office, OfficeHours
from bot.storage.engine import transaction
from tests.bookings.centre import MONDAY
from tests.conftest import Databases
from tests.conversation.booking_chat import Chat, fill, fresh_chat

RENEW, PASSPORT, SURVEY = "driving_licence_renew", "passport_new", "land_survey"
FRIDAY_0930 = f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 9:30 น."


@pytest.fixture
def nok(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Chat]:
    """A citizen; on SQLite unless a test asks for both databases."""
    with fresh_chat(databases, getattr(request, "param", "sqlite")) as chat:
        yield chat


# --- straight on ---


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_everything_in_one_message_needs_one_confirmation(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").hears("ศ. 27 พ.ย. 2569 เวลา 9:30 น.", "สำนักงานขนส่งเมืองตัวอย่าง", "ใบขับขี่เดิม").has()
    assert nok.card.lead == "ศ. 27 พ.ย. 2569 เวลา 9:30 น."
    nok.say("ยืนยัน").hears("จองคิวแล้วค่ะ", "Q-", "สำนักงานขนส่งเมืองตัวอย่าง", "ใบรับรองแพทย์").has(FRIDAY_0930)
    assert nok.card.lead == "ศ. 27 พ.ย. 2569 เวลา 9:30 น."
    assert nok.labels == ["เลื่อนคิว", "ยกเลิกคิว"]
    assert [link.label for link in nok.card.links] == ["แผนที่"]


def test_a_passport_tomorrow_at_two(nok: Chat) -> None:
    nok.say("จองคิวทำพาสปอร์ตพรุ่งนี้บ่ายสอง").hears("จ. 23 พ.ย. 2569", "หนังสือเดินทาง").tap("ยืนยัน").hears("จองคิวแล้วค่ะ")
    assert len(nok.visits) == 1


@pytest.mark.parametrize(
    "yes",
    [
        "ยืนยัน",
        "ยืนยันค่ะ",
        "ใช่",
        "ใช่ครับ",
        "ตกลง",
        "โอเค",
        "โอเคค่ะ",
        "ok",
        "OK",
        "Okay",
        "ได้ค่ะ",
        "เอาเลย",
        "เอาเลยครับ",
        "จองเลย",
        "ตามนั้นเลย",
        "ถูกต้องแล้วค่ะ",
        "ค่ะ",
        "ครับ",
        "ยืนยันศุกร์นี้เก้าโมงครึ่ง",
    ],
)
def test_every_yes_confirms(nok: Chat, yes: str) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say(yes).hears("จองคิวแล้วค่ะ").has(FRIDAY_0930)


@pytest.mark.parametrize("no", ["ไม่", "ไม่ใช่ค่ะ", "ยังไม่ยืนยัน", "ใช่ไหม", "ได้ไหม", "ถ้าไม่ไปล่ะ", "ใช้", "จองให้แม่ได้ไหม"])
def test_what_is_no_yes_books_nothing(nok: Chat, no: str) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say(no).has()


def test_step_by_step_by_taps(nok: Chat) -> None:
    nok.say("จองคิวหน่อย").hears("เรื่องไหน")
    nok.tap("ต่อใบขับขี่" if "ต่อใบขับขี่" in nok.labels else next(b for b in nok.labels if "ใบขับขี่" in b and "ต่อ" in b))
    nok.hears("วันไหน", "จ. 23 พ.ย.", "ศ. 27 พ.ย.").tap("ศ. 27 พ.ย.").hears("กี่โมง").tap("ช่วงเช้า").tap("9:30 น.").hears(
        "9:30 น."
    ).has()
    nok.tap("ยืนยัน").has(FRIDAY_0930)


def test_step_by_step_by_words(nok: Chat) -> None:
    nok.say("จองคิวค่ะ").say("ต่อใบขับขี่").hears("วันไหน").say("วันศุกร์").hears("กี่โมง").say("เก้าโมงครึ่ง").say("โอเคค่ะ").has(
        FRIDAY_0930
    )


def test_the_hour_first_then_service_then_day(nok: Chat) -> None:
    nok.say("ขอคิวเก้าโมงครึ่ง").hears("เรื่องไหน").say("ต่อใบขับขี่").hears("วันไหน").say("ศุกร์นี้").hears("9:30 น.").say("ใช่").has(
        FRIDAY_0930
    )


def test_bare_numbers_answer_what_was_asked(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่").say("27").hears("ศ. 27 พ.ย.", "กี่โมง").say("2").hears("14:00 น.").say("ใช่")
    nok.has(f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 14:00 น.")


def test_a_day_from_the_calendar(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่").tap("เลือกจากปฏิทิน", picked="2026-12-04").hears("ศ. 4 ธ.ค.", "กี่โมง")


def test_the_soonest(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ เอาเร็วที่สุด").hears("จ. 23 พ.ย. 2569 เวลา 8:30 น.").has()


def test_any_hour_of_a_day(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ศุกร์นี้").say("กี่โมงก็ได้").hears("ศ. 27 พ.ย. 2569 เวลา 8:30 น.")


def test_the_button_of_an_article_begins(nok: Chat) -> None:
    nok.say("ต่อใบขับขี่").tap("จองคิว").hears("วันไหน", "ขนส่ง")


def test_after_an_article_the_service_is_known(nok: Chat) -> None:
    nok.say("ต่อใบขับขี่").say("จองคิวเลย").hears("วันไหน", "ขนส่ง")
    assert "เรื่องอื่น" in nok.labels


def test_an_unsure_service_is_asked_back(nok: Chat) -> None:
    nok.say("จองคิว").say("ใบขับขี่").hears("ใช่เรื่องไหน")
    assert len(nok.labels) == 4  # two licences, something else, give up


# --- ranges and parts of the day ---


def test_a_range_narrows_the_days(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ต้นเดือนหน้า").hears("วันไหน", "อ. 1 ธ.ค.").hears_no("พ.ย.,", "7 ธ.ค.")


def test_a_part_of_the_day_narrows_the_hours(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ศุกร์บ่าย").hears("กี่โมง", "13:00").hears_no("9:30", "11:")


def test_before_an_hour(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ก่อนเที่ยงวันศุกร์").hears("8:30").hears_no("13:00", "14:00")


def test_within_this_week(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ภายในวันพุธ").hears("จ. 23 พ.ย., อ. 24 พ.ย., พ. 25 พ.ย.").hears_no("26 พ.ย.")


# --- wishes that cannot be met ---


def test_a_full_hour_is_said_and_the_nearest_are_offered(nok: Chat) -> None:
    fill(nok.engine, RENEW, 9, 30)
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").hears("9:30 น. เต็มแล้ว", "9:10", "9:50").has()
    nok.tap("9:50 น.").hears("9:50 น.").say("ยืนยัน").has(f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 9:50 น.")


def test_a_full_day_is_said(nok: Chat) -> None:
    with transaction(nok.engine) as session:
        session.add(Holiday(on_date=MONDAY, office_id="demo_transport", name="ซ่อมไฟ"))
    nok.say("จองต่อใบขับขี่พรุ่งนี้เก้าโมง").hears("จ. 23 พ.ย. 2569 หยุด", "ซ่อมไฟ", "อ. 24 พ.ย.").has()


def test_a_holiday_is_named_and_the_next_days_are_offered(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันที่ 10 ธันวา เก้าโมงครึ่ง").hears("วันรัฐธรรมนูญ", "ศ. 11 ธ.ค.").tap("ศ. 11 ธ.ค.")
    nok.hears("ศ. 11 ธ.ค. 2569 เวลา 9:30 น.").say("ใช่").has(f"{RENEW}, ศ. 11 ธ.ค. 2569 เวลา 9:30 น.")


def test_a_weekend_is_closed(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันเสาร์").hears("ส. 28 พ.ย. 2569 ปิด", "จ. 30 พ.ย.").has()


def test_lunch_is_closed(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันศุกร์เที่ยงครึ่ง").hears("12:30 น. ไม่มีคิว", "8:30-12:00", "13:00").has()


def test_the_evening_is_closed(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันศุกร์หนึ่งทุ่ม").hears("19:00 น. ไม่มีคิว", "16:00").has()


def test_a_past_day_is_said_and_asked_again(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันที่ 20 พ.ย.").hears("ผ่านไปแล้ว", "วันไหน").has()


def test_too_far_ahead(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันที่ 5 มีนา").hears("จองได้ถึง", "21 ม.ค. 2570").has()


@pytest.mark.parametrize(("text", "said"), [("วันที่ 30 กุมภา", "ไม่มีในปฏิทิน"), ("วันศุกร์ที่ 26 พ.ย.", "ไม่ตรงกัน")])
def test_a_date_that_cannot_be_is_asked_again(nok: Chat, text: str, said: str) -> None:
    nok.say(f"จองคิวต่อใบขับขี่{text}").hears(said, "วันไหน").say("ศุกร์นี้").hears("กี่โมง")


def test_an_hour_between_two_starts_is_told_before_it_is_confirmed(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันศุกร์สิบโมง").hears("ไม่มีรอบ 10:00 น.", "10:10 น.").say("ยืนยัน").has(
        f"{RENEW}, ศ. 27 พ.ย. 2569 เวลา 10:10 น."
    )


def test_a_service_nobody_offers(nok: Chat) -> None:
    with transaction(nok.engine) as session:
        session.execute(sa.delete(OfficeService).where(OfficeService.intent_id == PASSPORT))
    nok.say("จองคิวทำพาสปอร์ต").hears("ยังไม่เปิดให้จอง", "เรื่องไหน")


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_someone_was_faster(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง")
    fill(nok.engine, RENEW, 9, 30)
    nok.say("ยืนยัน").hears("เพิ่งมีคนจองไป", "9:50").has()
    nok.tap("9:50 น.").tap("ยืนยัน").hears("จองคิวแล้วค่ะ")


def test_three_bookings_are_the_most(nok: Chat) -> None:
    for hour in ("เก้าโมงครึ่ง", "สิบเอ็ดโมงครึ่ง", "บ่ายสอง"):
        nok.say(f"จองต่อใบขับขี่ศุกร์นี้{hour}").say("ใช่").hears("จองคิวแล้ว")
    nok.say("จองคิวทำพาสปอร์ต").hears("3 คิวแล้ว")
    assert nok.labels == ["ดูคิวที่จองไว้", "เลื่อนคิว", "ยกเลิกคิว"]


def test_two_services_at_one_hour(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("ใช่").say("จองรังวัดที่ดินศุกร์นี้เก้าโมงครึ่ง").hears("ชนกับคิว")
    assert len(nok.visits) == 1


def test_a_weekday_after_later_days_were_offered_is_one_of_those(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่วันที่ 10 ธันวา").hears("วันรัฐธรรมนูญ").say("งั้นวันจันทร์").hears("จ. 14 ธ.ค.")
    nok.say("วันอื่น").say("จันทร์นี้").hears("จ. 23 พ.ย.")


def test_asking_what_is_free_is_no_misunderstanding(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่").say("วันไหนว่างบ้าง").hears("จ. 23 พ.ย.").hears_no("ไม่เข้าใจ")


# --- several offices ---


@pytest.fixture
def second_office(nok: Chat) -> None:
    with transaction(nok.engine) as session:
        office = Office(
            id="north", agency_id="DLT", name="สำนักงานขนส่งสาขาเหนือ", short="ขนส่งสาขาเหนือ", address="1", phone="0", travel="",
            latitude=15.0, longitude=100.0, front_desk=False,
        )  # fmt: skip
        first = session.get_one(Office, "demo_transport")
        office.hours = [OfficeHours(weekday=h.weekday, opens_at=h.opens_at, closes_at=h.closes_at) for h in first.hours]
        session.add(office)
        session.flush()
        session.add(
            OfficeService(
                office_id="north", intent_id=RENEW, capacity=1, visit_minutes=30, days_ahead=30, identity_level="none"
            )
        )


def test_the_office_is_asked_when_there_are_several(nok: Chat, second_office: None) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").hears("ไปที่ไหน").tap("ขนส่งสาขาเหนือ").hears("สาขาเหนือ", "9:30").say("ใช่").has(
        FRIDAY_0930
    )
    assert nok.visits[0].office.id == "north"


def test_the_office_by_word_and_changed(nok: Chat, second_office: None) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("ไปสาขาเหนื่อค่ะ").hears("สาขาเหนือ")
    nok.say("เปลี่ยนสถานที่").hears("ไปที่ไหน").say("เมืองตัวอย่าง").hears("ขนส่งเมืองตัวอย่าง", "9:30")


# --- changing one's mind ---


def test_another_hour_day_and_service_replace_only_that_part(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("เปลี่ยนเป็นบ่ายสองดีกว่า").hears("ศ. 27 พ.ย. 2569 เวลา 14:00 น.")
    nok.say("เอาวันพฤหัสแทน").hears("พฤ. 26 พ.ย. 2569 เวลา 14:00 น.", "ขนส่ง")
    nok.say("ไม่ใช่ หมายถึงรังวัดที่ดิน").hears("พฤ. 26 พ.ย. 2569 เวลา 14:00 น.", "ที่ดิน").say("ใช่").has(
        f"{SURVEY}, พฤ. 26 พ.ย. 2569 เวลา 14:00 น."
    )


def test_no_asks_what_is_wrong(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("ไม่ใช่").hears("เปลี่ยนตรงไหน").say("ใช่").has()
    nok.say("เวลา").hears("กี่โมง").say("บ่ายสอง").hears("14:00").say("ใช่").hears("จองคิวแล้ว")


def test_the_day_does_not_suit(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("วันศุกร์ไม่ว่างแล้ว").hears("วันไหน").tap("พฤ. 26 พ.ย.").hears(
        "พฤ. 26 พ.ย. 2569 เวลา 9:30 น."
    )


def test_other_day_and_other_hour_by_button(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").tap("เวลาอื่น").hears("กี่โมง").tap("ช่วงบ่าย").hears("13:00").tap("14:00 น.").hears(
        "14:00"
    )
    nok.tap("วันอื่น").hears("วันไหน").tap("จ. 23 พ.ย.").hears("จ. 23 พ.ย. 2569 เวลา 14:00 น.").has()


# --- in the middle ---


@pytest.mark.parametrize(
    ("question", "answer"),
    [("ใช้เอกสารอะไรบ้าง", "เอกสาร"), ("ทำพาสปอร์ตใช้เอกสารอะไร", "พาสปอร์ต"), ("พรุ่งนี้เปิดไหม", "เปิด"), ("ขอบคุณค่ะ", "ยินดี")],
)
def test_a_question_in_the_middle_is_answered_and_the_booking_stays_open(nok: Chat, question: str, answer: str) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say(question).hears(answer, "ค้างไว้")
    assert nok.labels[0] == "จองต่อ"
    nok.tap("จองต่อ").hears("ศ. 27 พ.ย. 2569 เวลา 9:30 น.").say("ใช่").has(FRIDAY_0930)


def test_the_way_back_keeps_the_answers_buttons(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้").say("ใช้เอกสารอะไรบ้าง")
    assert "คุยกับเจ้าหน้าที่" in nok.labels
    assert nok.screen[0].buttons == ()


def test_coming_back_by_word(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้").say("ขอบคุณค่ะ").say("จองต่อ").hears("ศ. 27 พ.ย.", "กี่โมง")


def test_looking_at_ones_bookings_keeps_the_new_one_open(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say("ใช่").say("จองคิวทำพาสปอร์ตศุกร์นี้").say("ขอดูคิวของฉัน").hears("9:30", "ค้างไว้")
    nok.say("บ่ายสาม").hears("ศ. 27 พ.ย. 2569", "หนังสือเดินทาง")


@pytest.mark.parametrize("words", ["ยกเลิก", "ไม่จองแล้ว", "ไม่จองแล้วค่ะ ขอบคุณ", "ไว้ก่อนค่ะ", "ยกเลิกคิว"])
def test_giving_up(nok: Chat, words: str) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").say(words).has().say("ใช่").has()


def test_giving_up_by_button(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").tap("ไม่จองแล้ว").hears("ไม่จองแล้ว").has()


def test_two_misunderstandings_offer_an_officer(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้").say("กขฃคฅ").hears("ยังไม่เข้าใจ", "กี่โมง").say("ฆงจฉช").hears("เจ้าหน้าที่ช่วย")
    assert nok.labels[:2] == ["ให้เจ้าหน้าที่ช่วย", "จองต่อ"]
    nok.tap("จองต่อ").hears("กี่โมง").say("เก้าโมงครึ่ง").hears("9:30 น.").say("ใช่").has(FRIDAY_0930)


def test_the_offered_officer_is_taken(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้").say("กขฃคฅ").say("ฆงจฉช").say("ได้ค่ะ").hears("เลขเรื่อง")


def test_yes_the_next_day_confirms_nothing(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง")
    nok.now += timedelta(hours=20)
    nok.say("ใช่").has()


def test_several_people_are_told_of(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง 2 คน").hears("1 คิวใช้ได้ 1 คน", "9:30")


# --- old buttons ---


def test_an_old_hour_starts_from_what_it_says(nok: Chat) -> None:
    nok.say("จองคิวต่อใบขับขี่ศุกร์นี้เช้า")
    old = nok.button("9:30 น.").data
    nok.say("ไม่จองแล้ว").tap_old(old).hears("ศ. 27 พ.ย. 2569 เวลา 9:30 น.", "ขนส่ง").has().say("ใช่").has(FRIDAY_0930)


@pytest.mark.parametrize("nok", ["sqlite", "postgresql"], indirect=True)
def test_a_confirmation_tapped_twice_books_once(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง")
    yes = nok.button("ยืนยัน").data
    nok.tap_old(yes).tap_old(yes).hears("จองไว้แล้ว").has(FRIDAY_0930)


def test_an_old_confirmation_asks_again(nok: Chat) -> None:
    nok.say("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง")
    yes = nok.button("ยืนยัน").data
    nok.say("บ่ายสอง").tap_old(yes).hears("9:30 น.", "ใช่ไหม").has().tap("ยืนยัน").has(FRIDAY_0930)


@pytest.mark.parametrize(
    "data",
    [
        "act=book_day&day=tomorrow",
        "act=book_time&time=99",
        "act=book_yes",
        "act=book&intent=nothing",
        "act=book_move&booking=x",
        "act=book_cancel&booking=999",
        "act=bookish",
        "act=book_more",
        "act=book_edit&part=nose",
        "act=book_resume",
        "act=book_stop",
        "act=book_yes&wish=cancel&booking=5",
    ],
)
def test_odd_buttons_harm_nothing(nok: Chat, data: str) -> None:
    nok.tap_old(data).has()
    assert nok.screen


def test_nothing_open_means_no_way_back(nok: Chat) -> None:
    nok.say("ต่อใบขับขี่").hears_no("ค้างไว้")
