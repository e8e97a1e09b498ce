"""The main job, end to end: an answer, a person, a report, on both databases."""

from tests.town import Town


def test_a_question_is_answered_with_fee_and_documents(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("บัตรประชาชนหายทำไง")
    nok.hears("ไม่ต้องแจ้งความ", "100 บาท", "เอกสาร")
    nok.hears_nothing_more()


def test_the_same_event_delivered_three_times_is_answered_once(town: Town) -> None:
    nok = town.citizen("นก")
    sent = nok.says("บัตรประชาชนหาย")
    town.sender.redeliver(sent.event).wait()
    town.sender.redeliver(sent.event).wait()
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()
    assert len(town.line.deliveries) == 1


def test_a_citizen_who_asks_for_a_person_gets_a_number(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ขอคุยกับคน")
    nok.hears("เลขเรื่อง 2569-00001")
    nok.says("อยู่ไหมคะ asdfgh")
    nok.hears("ส่งข้อความนี้ให้เจ้าหน้าที่แล้ว")


def test_a_report_asks_for_the_place_once(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ไฟทางดับมืดมาก")
    nok.hears("บอกจุดที่เกิดเหตุ")
    nok.says("หน้าวัดใหม่ ซอย 3")
    nok.hears("เลขเรื่อง 2569-00001")
