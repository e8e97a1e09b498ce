"""Staff come in with their password and nobody else does."""

import pytest
import sqlalchemy as sa

from bot.people.tables import JournalEntry
from bot.storage.engine import reading, transaction
from tests.web.conftest import PASSWORD, Centre, staff_named, text_of


def test_the_right_password_leads_to_the_page_that_was_asked_for(centre: Centre) -> None:
    browser = centre.stranger()
    asked = browser.get("/desk/?tab=team")
    assert asked.location == "/sign-in?next=/desk/?tab%3Dteam"
    response = browser.signs_in("Somchai ", onward="?next=/desk/?tab%3Dteam")
    assert response.location == "/desk/?tab=team"
    assert "สมชาย ใจดี" in browser.sees("/desk/")


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"]
)
def test_nobody_is_led_to_another_site(centre: Centre, elsewhere: str) -> None:
    assert centre.stranger().signs_in("somchai", onward=f"?next={elsewhere}").location == "/desk/"


def test_wrong_unknown_and_locked_look_the_same(centre: Centre) -> None:
    wrong = centre.stranger().signs_in("somchai", "ไม่ใช่รหัสผ่านนี้แน่นอน")
    unknown = centre.stranger().signs_in("nobody1", "ไม่ใช่รหัสผ่านนี้แน่นอน")
    for _ in range(5):
        centre.stranger().signs_in("somchai", "ไม่ใช่รหัสผ่านนี้แน่นอน")
    locked = centre.stranger().signs_in("somchai", PASSWORD)
    assert wrong.status_code == unknown.status_code == locked.status_code == 422
    assert text_of(wrong) == text_of(unknown) == text_of(locked)
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ตรง" in text_of(wrong)
    assert 'value="somchai"' in wrong.text  # what was typed stays


def test_five_failures_lock_for_a_minute_then_longer(centre: Centre) -> None:
    for _ in range(5):
        assert centre.stranger().signs_in("nida", "ผิดผิดผิดผิดผิดผิด").status_code == 422
    centre.clock.passes(seconds=59)
    assert centre.stranger().signs_in("nida").status_code == 422
    centre.clock.passes(seconds=2)
    assert centre.stranger().signs_in("nida", "ผิดผิดผิดผิดผิดผิด").status_code == 422
    centre.clock.passes(seconds=61)
    assert centre.stranger().signs_in("nida").status_code == 422, "the sixth failure locks for two minutes"
    centre.clock.passes(seconds=61)
    assert centre.stranger().signs_in("nida").status_code == 303
    assert centre.stranger().signs_in("nida", "ผิดผิดผิดผิดผิดผิด").status_code == 422
    assert centre.stranger().signs_in("nida").status_code == 303, "the right password had cleared the count"


def test_too_many_failures_are_slowed_down_and_successes_are_not(centre: Centre) -> None:
    for _ in range(25):
        assert centre.stranger().signs_in("mali").status_code == 303
    for _ in range(20):
        assert centre.stranger().signs_in("nobody1", "ผิด").status_code == 422
    slowed = centre.stranger().signs_in("nobody1", "ผิด")
    assert slowed.status_code == 429
    assert "รอ 5 นาที" in text_of(slowed)


def test_signing_out_ends_the_session(centre: Centre) -> None:
    browser = centre.browser("somchai")
    left = browser.presses("/sign-out", on="/account")
    assert "ออกจากระบบแล้ว" in text_of(left)
    assert browser.get("/desk/").status_code == 303


def test_a_session_lasts_one_working_day(centre: Centre) -> None:
    browser = centre.browser("somchai")
    centre.clock.passes(hours=11, minutes=59)
    assert browser.get("/desk/").status_code == 200
    centre.clock.passes(minutes=2)
    assert browser.get("/desk/").status_code == 303


def test_somebody_who_left_the_office_is_out_at_once(centre: Centre) -> None:
    browser = centre.browser("somchai")
    with transaction(centre.engine) as session:
        staff_named(session, "somchai").active = False
    assert browser.get("/desk/").status_code == 303
    assert centre.stranger().signs_in("somchai").status_code == 422


def test_a_new_password_ends_the_other_sessions(centre: Centre) -> None:
    here, there = centre.browser("somchai"), centre.browser("somchai")
    changed = here.presses(
        "/account/password", on="/account", old=PASSWORD, new="แกงเขียวหวานใส่มะเขือ", again="แกงเขียวหวานใส่มะเขือ"
    )
    assert "เปลี่ยนรหัสผ่านแล้ว" in text_of(changed)
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 303
    assert centre.stranger().signs_in("somchai").status_code == 422
    assert centre.stranger().signs_in("somchai", "แกงเขียวหวานใส่มะเขือ").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        (PASSWORD, "สั้นไป", "สั้นไป", "12 ตัวขึ้นไป"),
        (PASSWORD, "กกกกกกกกกกกกกกก", "กกกกกกกกกกกกกกก", "ตัวซ้ำ"),
        (PASSWORD, "somchai-somchai-1", "somchai-somchai-1", "ชื่อผู้ใช้"),
        (PASSWORD, "แกงเขียวหวานใส่มะเขือ", "แกงเขียวหวานใส่มะเขืo", "ไม่เหมือนกัน"),
        ("ไม่ใช่รหัสเดิม", "แกงเขียวหวานใส่มะเขือ", "แกงเขียวหวานใส่มะเขือ", "รหัสผ่านเดิมไม่ตรง"),
    ],
)
def test_a_password_that_will_not_do_is_explained(centre: Centre, old: str, new: str, again: str, told: str) -> None:
    browser = centre.browser("somchai")
    refused = browser.presses("/account/password", on="/account", old=old, new=new, again=again)
    assert refused.status_code == 422
    assert told in text_of(refused)
    assert centre.stranger().signs_in("somchai").status_code == 303


def test_the_journal_knows_who_came_and_left(centre: Centre) -> None:
    centre.browser("somchai").presses("/sign-out", on="/account")
    with reading(centre.engine) as session:
        acts = session.scalars(
            sa.select(JournalEntry.act)
            .where(JournalEntry.staff_id == centre.staff["somchai"])
            .order_by(JournalEntry.id)
        ).all()
    assert acts == ["staff.sign_in", "staff.sign_out"]
