"""What a message is about when its words alone do not say: after an answer, as a correction, as two questions at once."""

import pytest

from tests.conversation.phone import Phone

# --- one more question about the same thing ---


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("แล้วค่าธรรมเนียมล่ะ", "ค่าธรรมเนียม: แบบ 5 ปี 1,000 บาท"),
        ("ไปแทนได้มั้ย", "ให้คนอื่นไปแทน: ต้องไปเอง"),
        ("ยายเดินไม่ค่อยไหว ให้หลานไปแทนได้ไหมจ๊ะ", "ให้คนอื่นไปแทน: ต้องไปเอง"),
        ("แล้วกะเสียจั๊กบาท", "ค่าธรรมเนียม: แบบ 5 ปี"),
        ("เมินก่อเจ้า", "ใช้เวลา: ส่งทางไปรษณีย์"),
        ("เอาหยังไปแน่", "เอกสาร: ผู้ใหญ่ใช้บัตรประชาชน"),
        ("ต้องใช้สำเนาทะเบียนบ้านไหม", "เอกสาร: ผู้ใหญ่ใช้บัตรประชาชน"),
        ("ไปบ่อนใด๋", "ทำที่ไหน:"),
        ("ขอบคุณค่ะ แล้วนานมั้ยกว่าจะได้", "ใช้เวลา: ส่งทางไปรษณีย์"),
    ],
)
def test_the_rest_is_one_question_away(nok: Phone, text: str, told: str) -> None:
    lines = nok.says("ทำพาสปอร์ต").says(text).hears("ทำหนังสือเดินทาง").words.split("\n")
    assert lines[2].startswith(told), lines


def test_a_topic_of_its_own_is_not_about_the_last_article(nok: Phone) -> None:
    nok.says("ทำพาสปอร์ต").says("หย่าเสียกี่บาท").hears("จดทะเบียนหย่า").hears_no("พาสปอร์ต")


def test_the_same_is_asked_of_another_thing(nok: Phone) -> None:
    nok.says("ต่อใบขับขี่ใช้อะไรบ้าง").says("แล้วพาสปอร์ตล่ะ").hears("ทำหนังสือเดินทาง")
    assert nok.words.split("\n")[2].startswith("เอกสาร:")


def test_the_office_of_the_article_is_meant(nok: Phone) -> None:
    nok.says("ต่อใบขับขี่กี่บาท").says("เปิดกี่โมง").hears("สำนักงานขนส่งเมืองตัวอย่าง", "ตอนนี้เปิดอยู่")
    nok.says("วันเสาร์เปิดไหม").hears("ส. 28 พ.ย. 2569 ปิดค่ะ").says("แล้ววันอังคารล่ะ").hears("อ. 24 พ.ย. 2569 เปิด 8:30")
    nok.says("วันอาทิตย์ทำได้ไหม").hears("ต่อใบขับขี่", "เวลาเปิด: อา. 29 พ.ย. 2569 ปิดค่ะ")
    nok.says("ใกล้บ้านมีไหม").hears("ทำที่ไหน: สำนักงานขนส่งเมืองตัวอย่าง").hears_no("ยังไม่มีข้อมูล")


def test_another_agency_s_hours_are_not_passed_off_as_ours(nok: Phone) -> None:
    nok.says("ย้ายบัตรทองยังไง").says("เปิดกี่โมง").hears("สปสช.", "ยังไม่มีในระบบ", "1330")
    nok.says("กู้ กยศ. ต้องทำยังไง").says("แล้วค่าธรรมเนียมล่ะ").hears("กยศ.").hears_no("บัตรทอง")


def test_two_facets_of_one_service_are_both_told(nok: Phone) -> None:
    lines = nok.says("ทำพาสปอร์ตใช้เอกสารอะไร แล้วค่าเท่าไหร่").words.split("\n")
    assert {lines[2].split(":")[0], lines[3].split(":")[0]} == {"เอกสาร", "ค่าธรรมเนียม"}
    lines = nok.says("ต้องใช้กี่วัน แล้วให้คนอื่นไปรับแทนได้ไหม").hears("ทำหนังสือเดินทาง").words.split("\n")
    assert {lines[2].split(":")[0], lines[3].split(":")[0]} == {"ใช้เวลา", "ให้คนอื่นไปแทน"}


def test_the_facet_is_kept_while_it_is_asked_which_service(nok: Phone) -> None:
    nok.says("ค่าใบขี่เท่าไหร่").hears("หมายถึงเรื่องไหน").taps("ต่อใบขับขี่")
    assert nok.words.split("\n")[2].startswith("ค่าธรรมเนียม:")


def test_the_facet_is_kept_while_a_number_chooses_the_service(nok: Phone) -> None:
    nok.says("ค่าใบขี่เท่าไหร่").hears("หมายถึงเรื่องไหน").says("อันที่สอง").hears("ใบขับขี่")
    assert nok.words.split("\n")[2].startswith("ค่าธรรมเนียม:")


# --- corrections ---


@pytest.mark.parametrize(
    "text",
    [
        "ไม่ใช่ หมายถึงใบขับขี่หาย",
        "ไม่ใช่ค่ะ ใบขับขี่หาย",
        "บ่แม่น ข่อยหมายถึงใบขับขี่หาย",
        "บ่ใจ้เจ้า จะถามเรื่องใบขับขี่หาย",
        "โทษที พิมพ์ผิด ใบขับขี่หาย",
        "ไม่ใช่พาสปอร์ต ใบขับขี่หาย",
        "ใบขับขี่หายต่างหาก",
        "*ใบขับขี่หาย",
    ],
)
def test_another_service_was_meant(nok: Phone, text: str) -> None:
    nok.says("ทำพาสปอร์ตใช้เอกสารอะไร").says(text).hears("ใบขับขี่หาย").hears_no("หนังสือเดินทาง", "หมายถึงเรื่องไหน")
    assert nok.words.split("\n")[2].startswith("เอกสาร:")
    assert not nok.cases


def test_the_fee_of_the_service_that_was_meant(nok: Phone) -> None:
    nok.says("ค่าทำพาสปอร์ตเท่าไหร่").says("ไม่ใช่ หมายถึงใบขับขี่")
    if "หมายถึงเรื่องไหน" in nok.words:
        nok.taps("ต่อใบขับขี่")
    nok.hears("ต่อใบขับขี่")
    assert nok.words.split("\n")[2].startswith("ค่าธรรมเนียม:")


def test_a_word_of_the_last_question_is_mended(nok: Phone) -> None:
    nok.says("บัตรปชชหาน").says("*หาย").hears("บัตรประชาชนหาย", "100 บาท")


def test_who_is_not_thai_corrects_nothing(nok: Phone) -> None:
    nok.says("ทำพาสปอร์ต").says("ไม่ใช่คนไทย ทำบัตรคนพิการได้ไหม").hears("บัตรคนพิการ")


def test_corrections_inside_a_booking(nok: Phone) -> None:
    nok.says("จองคิวต่อใบขับขี่วันศุกร์ 10 โมง").hears("ศ. 27 พ.ย. 2569 เวลา 10:00 น.")
    nok.says("*พรุ่งนี้").hears("อ. 24 พ.ย. 2569 เวลา 10:00 น.")
    nok.says("ไม่ใช่ เก้าโมง").hears("อ. 24 พ.ย. 2569 เวลา 9:00 น.")
    nok.says("ไม่ใช่ หมายถึงทำพาสปอร์ต").hears("ทำหนังสือเดินทาง", "จองคิวนี้ใช่ไหม")
    nok.says("*ต่อใบขับขี่").hears("เรื่อง: ต่อใบขับขี่", "อ. 24 พ.ย. 2569 เวลา 9:00 น.")
    nok.says("ใช่").hears("จองคิวแล้วค่ะ")


def test_the_place_of_a_report_is_mended(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("หมู่ 3 ซอย 5").hears("รับเรื่องแล้ว").says("*ซอย 8").hears("เพิ่มในเรื่อง")
    assert "ซอย 8" in (nok.cases[0].report or {})["place"]


# --- two things at once ---


def test_two_questions_get_two_answers(nok: Phone) -> None:
    nok.says("บัตรประชาชนหาย แล้วก็อยากต่อใบขับขี่ด้วย").hears("บัตรประชาชนหาย", "ต่อใบขับขี่")
    assert len(nok.screen) == 2
    nok.taps("บัตรประชาชนหาย").hears("บัตรประชาชนหาย").hears_no("ใบขับขี่\n")
    nok.says("แล้วเสียกี่บาท").hears("100 บาท")


def test_what_is_asked_of_both_is_told_of_both(nok: Phone) -> None:
    nok.says("ทำบัตรคนพิการกับขอเบี้ยคนพิการใช้เอกสารอะไรบ้าง")
    assert [text.split("\n")[2].split(":")[0] for text, _ in nok.screen] == ["เอกสาร", "เอกสาร"]


def test_a_long_story_is_one_wish(nok: Phone) -> None:
    nok.says(
        "สวัสดีค่ะ ดิฉันอายุ 72 ปีแล้ว ย้ายทะเบียนบ้านมาอยู่กับลูกสาวเมื่อเดือนก่อน บัตรประชาชนก็ยังเป็นที่อยู่เก่า ลูกสาวเขาทำงานทุกวันไม่มีเวลาพาไปไหน "
        "ทีนี้เดือนนี้เบี้ยผู้สูงอายุไม่เข้าบัญชีเลย ไม่รู้ว่าเป็นเพราะย้ายบ้านหรือเปล่า ต้องไปลงทะเบียนเบี้ยผู้สูงอายุใหม่ที่เทศบาลไหมคะ"
    )
    assert len(nok.screen) == 1


def test_an_answer_and_a_person(nok: Phone) -> None:
    nok.says("บัตรประชาชนหายทำไง แล้วก็ขอคุยกับเจ้าหน้าที่").hears("100 บาท", "เลขเรื่อง")
    assert [case.reason for case in nok.cases] == ["asked"]


def test_danger_beside_a_question_comes_first(nok: Phone) -> None:
    nok.says("บัตรประชาชนหายทำไง แล้วก็พ่อหมดสติหายใจไม่ออก").hears("1669").hears_no("บัตรประชาชน")
    assert nok.cases[0].urgent


def test_two_bookings_one_after_the_other(nok: Phone) -> None:
    nok.says("จองทำพาสปอร์ตกับต่อใบขับขี่พรุ่งนี้ 9 โมง").hears("จองทีละเรื่อง", "เริ่มจากทำหนังสือเดินทาง", "จองต่อใบขับขี่ต่อ")
    nok.says("ยืนยัน").hears("จองคิวแล้วค่ะ", "ต่อไปคิวต่อใบขับขี่").says("11 โมง").hears("จองคิวนี้ใช่ไหม", "ต่อใบขับขี่")
    nok.says("ยืนยัน").hears("จองคิวแล้วค่ะ").hears_no("ต่อไปคิว")


def test_the_second_booking_outlives_the_first(nok: Phone) -> None:
    nok.says("อยากจองคิวต่อใบขับขี่ แล้วก็จองทำบัตรประชาชนหายด้วย").taps("ไม่จองแล้ว")
    nok.hears("ไม่จองแล้ว", "ต่อไปคิวบัตรประชาชนหาย", "สะดวกวันไหนคะ").taps("ไม่จองแล้ว").hears_no("ต่อไปคิว")


def test_two_reports_one_after_the_other(nok: Phone) -> None:
    nok.says("หมาจรจัดเยอะมาก แล้วก็ไฟทางดับด้วย").hears("สัตว์จรจัดใช่ไหม", "ไฟทาง", "ต่อหลังจากนี้")
    nok.says("หน้าตลาด").hears("รับเรื่องแล้ว", "ต่อไปเรื่อง").says("ซอย 5 หน้าวัด").hears("รับเรื่องแล้ว")
    assert [(c.intent_id, (c.report or {})["place"]) for c in nok.cases] == [
        ("stray_animal", "หน้าตลาด"),
        ("road_light", "ซอย 5 หน้าวัด"),
    ]


def test_a_booking_and_a_question(nok: Phone) -> None:
    nok.says("จองคิวทำบัตรหาย พรุ่งนี้ แล้วก็ต่อภาษีรถใช้อะไรบ้าง").hears("ต่อภาษีรถ", "จองคิวบัตรประชาชนหาย", "อ. 24 พ.ย.")
    nok.says("10 โมง").hears("จองคิวนี้ใช่ไหม").says("ใช่").hears("จองคิวแล้วค่ะ")


# --- thanks ---


@pytest.mark.parametrize(
    "text",
    [
        "ขอบคุณที่ช่วยเรื่องบัตรประชาชนหายนะคะ",
        "ขอบคุณสำหรับข้อมูลต่อใบขับขี่ค่ะ",
        "ได้เรื่องพาสปอร์ตแล้วค่ะ ขอบคุณมาก",
        "ขอบคุณเด้อที่บอกเรื่องบัตรทอง",
        "โอเคค่ะ ขอบคุณค่ะ ไว้จะไปต่อภาษีรถ",
    ],
)
def test_a_thank_you_gets_no_article(nok: Phone, text: str) -> None:
    nok.says(text).hears("ยินดีค่ะ")
    assert len(nok.screen) == 1


@pytest.mark.parametrize(
    "text", ["ขอบคุณค่ะ แล้วบัตรทองทำที่ไหน", "ขอบคุณล่วงหน้าค่ะ บัตรทองย้ายยังไง", "อยากรู้ว่าย้ายบัตรทองยังไง ขอบคุณค่ะ"]
)
def test_a_question_beside_thanks_is_answered(nok: Phone, text: str) -> None:
    nok.says(text).hears("บัตรทอง").hears_no("ยินดีค่ะ", "หมายถึงเรื่องไหน")


# --- anger ---


@pytest.mark.parametrize("text", ["ถามกี่รอบแล้ว ไม่ได้เรื่อง", "asdf!!!!"])
def test_somebody_angry_is_offered_a_person_at_once(nok: Phone, text: str) -> None:
    nok.says(text).hears("ขอโทษ", "ให้เจ้าหน้าที่ช่วยตอบไหม").says("ใช่").hears("เลขเรื่อง")


def test_anger_beside_a_question_is_remembered(nok: Phone) -> None:
    nok.says("บัตรประชาชนหายทำไง ถามกี่รอบแล้ว!!!").hears("100 บาท").says("asdf").hears("ให้เจ้าหน้าที่ช่วยตอบไหม")


def test_a_complaint_goes_to_the_supervisors_at_once(nok: Phone) -> None:
    nok.says("ร้องเรียนเจ้าหน้าที่พูดจาไม่ดี").hears("ส่งให้หัวหน้างานแล้ว")
    assert nok.cases[0].supervisors_only


# --- nothing is forgotten ---


def test_a_report_is_taken_up_after_a_booking(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("จองคิวต่อใบขับขี่พรุ่งนี้เก้าโมง").hears("จองคิวนี้ใช่ไหม").hears_no("ค้างอยู่")
    nok.says("ยืนยัน").hears("จองคิวแล้วค่ะ", "ยังค้างอยู่ (ขยะ)").sees("ส่งตำแหน่ง").says("หน้าตลาด").hears("รับเรื่องแล้ว")
    assert (nok.cases[0].question, (nok.cases[0].report or {})["place"]) == ("ขยะไม่มาเก็บเลย", "หน้าตลาด")


def test_a_report_is_taken_up_when_the_booking_is_given_up(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("จองคิวต่อใบขับขี่").says("ไม่เอาแล้ว").hears("ยังค้างอยู่ (ขยะ)")
    nok.says("ไม่เอาแล้ว").hears("ยกเลิกที่ทำค้างไว้แล้ว").hears_no("ค้างอยู่ (")
    nok.says("บัตรประชาชนหาย").hears_no("ค้างอยู่")
    assert not nok.cases


def test_a_report_goes_to_the_officer_with_the_citizen(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("ขอคุยกับเจ้าหน้าที่").hears("เลขเรื่อง", "โดยยังไม่มีจุดที่เกิดเหตุ")
    assert [(c.reason, c.question) for c in nok.cases] == [("asked", "ขอคุยกับเจ้าหน้าที่"), ("report", "ขยะไม่มาเก็บเลย")]
    nok.sends_place().hears("เพิ่มในเรื่อง")
    assert (nok.cases[1].report or {})["latitude"] == 13.7


def test_a_place_after_a_cry_for_help_is_where_the_danger_is(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("พ่อหมดสติ หายใจไม่ออก").hears("1669").sees("ส่งตำแหน่ง").hears_no("ขยะ")
    nok.sends_place().hears("ส่งให้เจ้าหน้าที่แล้ว")
    assert [case.reason for case in nok.cases] == ["emergency"]


def test_another_report_is_no_place(nok: Phone) -> None:
    nok.says("ขยะไม่มาเก็บเลย").says("ไฟทางดับ หน้าวัดใหม่").hears("รับเรื่องแล้ว", "ยังค้างอยู่ (ขยะ)")
    nok.says("หมาจรจัดเยอะมาก").hears("สัตว์จรจัดใช่ไหม").says("หมู่ 5 ซอยวัด").hears("รับเรื่องแล้ว", "ต่อไปเรื่องขยะ")
    nok.says("หน้าตลาด").hears("รับเรื่องแล้ว")
    assert [(case.intent_id, (case.report or {})["place"]) for case in nok.cases] == [
        ("road_light", "ไฟทางดับ หน้าวัดใหม่"),
        ("stray_animal", "หมู่ 5 ซอยวัด"),
        ("garbage", "หน้าตลาด"),
    ]
