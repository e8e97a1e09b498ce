"""Conversations of strangers with the real understanding, each once went wrong. It is Monday 23 November 2026, 10:00."""

import pytest

from tests.conversation.phone import Phone

# --- yes and no at odd moments ---


@pytest.mark.parametrize("word", ["ใช่", "ไม่", "ok", "โอเคค่ะ", "ค่ะ", "ไม่ใช่"])
def test_a_yes_or_no_to_nothing_is_no_misunderstanding(nok: Phone, word: str) -> None:
    for _ in range(3):
        nok.says(word).hears("มีอะไรให้ช่วยอีก").hears_no("ยังไม่เข้าใจ", "หมายถึง")
    assert not nok.cases


@pytest.mark.parametrize("word", ["ไม่ต้องแล้ว", "ไม่เป็นไรแล้วค่ะ", "ไม่เอาแล้ว", "บ่เอาแล้ว"])
def test_never_mind_is_no_emergency(nok: Phone, word: str) -> None:
    nok.says("ขอคุยกับเจ้าหน้าที่").says(word).hears_no("1669")
    assert not nok.cases[0].urgent


def test_never_mind_ends_a_booking(nok: Phone) -> None:
    nok.says("จองคิวทำพาสปอร์ต").says("ไม่ต้องแล้ว").hears("ยกเลิกที่ทำค้างไว้แล้ว")


def test_the_second_of_the_choices(nok: Phone) -> None:
    second = nok.says("ใบขับขี่").hears("หมายถึงเรื่องไหน").buttons[1]
    nok.says("อันที่สอง").hears_no("ยังไม่เข้าใจ", "หมายถึง")
    assert nok.screen[0][0].split("\n")[0] in second


def test_a_yes_to_several_choices_asks_again(nok: Phone) -> None:
    choices = nok.says("ใบขับขี่").buttons
    nok.says("ใช่").hears("หมายถึงเรื่องไหน")
    assert nok.buttons == choices
    assert not nok.cases


def test_not_this_by_words(nok: Phone) -> None:
    nok.says("บัตรประชาชนหาย").says("ไม่ใช่เรื่องนี้").hears("ลองบอกอีกนิด")
    assert not nok.cases


# --- asked back ---


def test_choices_are_sensible(nok: Phone) -> None:
    """No danger, small talk or a second officer among them."""
    for text in ("จะตอบเมื่อไหร่", "ไม่มีใครตอบเลย", "แล้วหนูไปแทนได้มั้ย", "ไม่ทราบค่ะ"):
        nok.says(text)
        assert len(set(nok.buttons)) == len(nok.buttons)
        assert not {"เหตุฉุกเฉิน", "ลาก่อน", "ขอบคุณ"} & set(nok.buttons)


def test_somebody_angry_is_told_sorry(nok: Phone) -> None:
    nok.says("ทำไมช้าแบบนี้ รอมา 3 ชั่วโมงแล้ว ห่วยแตก").hears("ขอโทษ", "ส่งให้หัวหน้างานแล้ว")


def test_a_bare_question_without_a_topic(nok: Phone) -> None:
    nok.says("แล้วค่าธรรมเนียมล่ะ").hears("ถามเรื่องไหนคะ")
    nok.says("บัตรประชาชนหาย").says("แล้วค่าธรรมเนียมล่ะ").hears("100 บาท")
    nok.says("อยู่ที่ไหน").hears("ทำที่ไหน").hears_no("หมายถึง")


def test_what_is_not_known_is_said(nok: Phone) -> None:
    nok.says("ไฟดับ").hears("ไฟดับ").says("ค่าธรรมเนียมเท่าไหร่").hears("ยังไม่มีข้อมูลตรงนี้")


def test_a_number_alone_is_looked_up(nok: Phone) -> None:
    number = nok.says("ขอคุยกับเจ้าหน้าที่").cases[0].number
    nok.says(number).hears(f"เรื่อง {number}", "รอเจ้าหน้าที่")
    nok.says("2569-99999").hears("ไม่พบเรื่อง 2569-99999")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("วันเสาร์เปิดไหม", "ส. 28 พ.ย. 2569 เปิด 9:00-12:00 น."),
        ("5 ธันวาเปิดมั้ย", "ส. 5 ธ.ค. 2569 หยุดค่ะ"),
        ("เปิดกี่โมง", "ตอนนี้เปิดอยู่ ถึง 12:00 น."),
    ],
)
def test_opening_hours_of_the_day_that_was_named(nok: Phone, text: str, told: str) -> None:
    nok.says(text).hears(told)


def test_the_office_that_was_named(nok: Phone) -> None:
    nok.says("สำนักงานขนส่งอยู่ที่ไหน").hears("สำนักงานขนส่งเมืองตัวอย่าง").hears_no("เทศบาล", "ที่ว่าการอำเภอ")


# --- bookings ---


def test_a_wish_to_book_after_an_article(nok: Phone) -> None:
    nok.says("ต่อใบขับขี่ เอกสาร?").says("จองพรุ่งนี้ 10 โมง").hears("จองคิวนี้ใช่ไหมคะ", "อ. 24 พ.ย. 2569 เวลา 10:00 น.")
    nok.says("ok").hears("จองคิวแล้วค่ะ")


def test_what_takes_no_bookings_says_so(nok: Phone) -> None:
    nok.says("จองคิวต่อภาษีรถ").hears("ต่อภาษีรถ ยังไม่เปิดให้จองคิวที่นี่ค่ะ").sees("คุยกับเจ้าหน้าที่")

    nok.says("จองได้ไหม").hears("ต่อภาษีรถ ยังไม่เปิดให้จองคิวที่นี่ค่ะ", "อยากจองคิวเรื่องไหนคะ")


def test_another_time_before_anything_is_booked(nok: Phone) -> None:
    nok.says("จองต่อใบขับขี่ศุกร์นี้เก้าโมงครึ่ง").says("เลื่อนคิว").hears("อยากเปลี่ยนตรงไหนคะ").says("พุธนี้").says("ไช่")
    nok.hears("จองคิวแล้วค่ะ", "พ. 25 พ.ย. 2569 เวลา 9:30 น.")
    nok.says("ยกเลิกคิว").says("จองเลย").hears_no("ยกเลิกคิว Q-").says("ใช่").hears("ยกเลิกคิว Q-")


def test_stickers_and_pictures_inside_a_booking(nok: Phone) -> None:
    nok.says("จองคิวทำพาสปอร์ต").sends_sticker().hears("สะดวกวันไหนคะ")
    nok.sends_photo().hears("ได้รับแล้ว", "ค้างไว้").sees("จองต่อ")


# --- reports ---


def test_a_street_lamp_tells_no_place(nok: Phone) -> None:
    nok.says("ไฟถนนดับ").hears("ใช่ไหมคะ", "บอกจุดที่เกิดเหตุ").sends_photo().hears("รับเรื่องแล้ว").sees("ส่งตำแหน่ง")
    nok.says("หน้าบ้านเลขที่ 5 ซอยวัด").hears("เพิ่มในเรื่อง").hears_no("ขอเลขที่บ้าน")
    report = nok.cases[0].report or {}
    assert report["place"] == "หน้าบ้านเลขที่ 5 ซอยวัด"
    assert len(report["photos"]) == 1


def test_picture_and_place_before_the_words(nok: Phone) -> None:
    nok.sends_photo().sends_photo().sends_place().says("ไฟทางดับ").hears("รับเรื่องแล้ว").hears_no("เพิ่มได้เลย")
    report = nok.cases[0].report or {}
    assert len(report["photos"]) == 2
    assert report["latitude"] == 13.7


def test_pictures_of_one_report_do_not_go_into_the_next(nok: Phone) -> None:
    nok.says("ขยะล้นถังหน้าตลาด").sends_photo().says("ไฟทางดับ ซอยวัดใหม่")
    first, second = nok.cases
    assert len((first.report or {})["photos"]) == 1
    assert "photos" not in (second.report or {})


def test_no_to_a_report_opens_none(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บ").says("ไม่ใช่").hears("ลองบอกอีกนิด")
    nok.says("น้ำท่วมบ้าน").says("ใช่").hears("บอกจุดที่เกิดเหตุ")
    assert not nok.cases


def test_a_question_in_the_middle_of_a_report(nok: Phone) -> None:
    nok.says("ข้างบ้านเปิดเพลงเสียงดัง").says("บัตรประชาชนหายทำไง").hears("บัตรประชาชนหาย", "ยังค้างอยู่").sees("ส่งตำแหน่ง")
    nok.says("ขอบคุณค่ะ").hears("ยินดีค่ะ", "ยังค้างอยู่").sends_sticker().hears("บอกจุดที่เกิดเหตุ")
    assert not nok.cases
    nok.says("หมู่ 3 บ้านหนองบัว").hears("รับเรื่องแล้ว")
    assert (nok.cases[0].report or {})["place"] == "หมู่ 3 บ้านหนองบัว"


# --- danger, officers, privacy ---


@pytest.mark.parametrize(
    ("text", "number"), [("ไฟไหม้บ้านช่วยด้วย", "199"), ("อยากตาย", "1323"), ("พ่อหมดสติ หายใจไม่ออก", "1669")]
)
def test_the_hotline_that_fits_comes_first(nok: Phone, text: str, number: str) -> None:
    nok.says(text).sees("ส่งตำแหน่ง")
    assert nok.words.split("\n")[2].startswith(number)
    nok.sends_place().hears("ส่งให้เจ้าหน้าที่แล้ว").says("ขอบคุณ").hears("เจ้าหน้าที่จะตอบ", "1323")


def test_the_hotline_line_keeps_the_buttons(nok: Phone) -> None:
    nok.says("เสาไฟล้มขวางถนน").hears("ถนนชำรุดหรือไฟทาง", "1669").sees("คุยกับเจ้าหน้าที่")


def test_a_yes_to_an_officer_is_not_the_question(nok: Phone) -> None:
    nok.says("asdf").says("qwer").hears("ให้เจ้าหน้าที่ช่วยตอบไหมคะ").says("ได้ค่ะ").hears("เลขเรื่อง")
    assert nok.cases[0].question == "qwer"


def test_chatting_on_while_waiting(nok: Phone) -> None:
    nok.says("ขอคุยกับคน").says("อยู่ไหมคะ").hears("ส่งข้อความนี้ให้เจ้าหน้าที่แล้ว").says("ขอบคุณ").hears("เจ้าหน้าที่จะตอบในแชทนี้")


def test_the_same_privacy_request_is_one_case(nok: Phone) -> None:
    nok.says("ข้อมูลของฉันเก็บอะไรไว้บ้าง").taps("ขอลบข้อมูลของฉัน").hears("รับคำขอแล้ว")
    nok.says("ลบข้อมูลให้หมดเลย").hears("คำขอนี้รับไว้แล้ว")
    nok.says("ขอสำเนาข้อมูล").hears("รับคำขอแล้ว")
    assert len(nok.cases) == 2
