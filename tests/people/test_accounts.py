"""Accounts of staff: made, signed into, locked, given a new password."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.people import accounts
from bot.people.accounts import LoginTakenError, Role, WeakPasswordError, create_staff
from bot.people.tables import JournalEntry, Staff
from bot.storage.engine import reading, transaction

PASSWORD = "ข้าวมันไก่ป้าแดงอร่อย"


def made(
    engine: sa.Engine, now: datetime, login: str = "somchai", password: str = PASSWORD, role: Role = "officer"
) -> int:
    with transaction(engine) as session:
        staff = create_staff(session, login=login, name="สมชาย ใจดี", role=role, password=password, offices=[], now=now)
        return staff.id


def tries(engine: sa.Engine, now: datetime, password: str, login: str = "somchai") -> bool:
    with reading(engine) as session:
        credentials = accounts.find(session, login)
    right = accounts.fits(credentials, password)
    with transaction(engine) as session:
        return accounts.note_sign_in(session, credentials, right=right, now=now) is not None


def test_a_password_is_kept_as_argon2id_only(engine: sa.Engine, now: datetime) -> None:
    staff_id = made(engine, now)
    with reading(engine) as session:
        assert session.get_one(Staff, staff_id).password_hash.startswith("$argon2id$")


def test_a_login_is_one_however_it_is_written(engine: sa.Engine, now: datetime) -> None:
    made(engine, now)
    with pytest.raises(LoginTakenError):
        made(engine, now, login=" SOMCHAI ")
    assert tries(engine, now, PASSWORD, login="ＳomChai")


def test_thai_typed_in_another_order_is_the_same_password(engine: sa.Engine, now: datetime) -> None:
    made(engine, now, password="ปู่ย่าตายายอยู่ที่นี่")
    swapped = "ป่ ู".replace(" ", "") + "ย่าตายายอยู่ที่นี่"  # the tone mark before the vowel below
    assert swapped != "ปู่ย่าตายายอยู่ที่นี่"
    assert tries(engine, now, swapped)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("กินข้าว", "short"),
        ("ปู่ปู่ปู่ปู่", "short"),
        ("ก" * 12, "repetitive"),
        ("ab" * 101, "long"),
        ("my-somchai-2569", "login"),
    ],
)
def test_a_weak_password_is_refused(engine: sa.Engine, now: datetime, password: str, fault: str) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        made(engine, now, password=password)
    assert refused.value.fault == fault


def test_an_unknown_role_is_refused(engine: sa.Engine, now: datetime) -> None:
    with pytest.raises(ValueError, match="role"):
        made(engine, now, role="boss")  # type: ignore[arg-type]


def test_the_lock_doubles_up_to_an_hour_and_refused_tries_do_not_lengthen_it(engine: sa.Engine, now: datetime) -> None:
    staff_id = made(engine, now)
    waits = []
    for _ in range(13):
        assert not tries(engine, now, "ผิด")
        with reading(engine) as session:
            until = session.get_one(Staff, staff_id).locked_until
        if until is not None and until > now:
            waits.append((until - now) // timedelta(minutes=1))
            assert not tries(engine, now, PASSWORD), "locked for the right password too"
            now = until
    assert waits[:6] == [1, 2, 4, 8, 16, 32]
    assert set(waits[6:]) == {60}
    assert tries(engine, now, PASSWORD)


def test_a_password_changed_meanwhile_lets_the_old_one_in_no_more(engine: sa.Engine, now: datetime) -> None:
    staff_id = made(engine, now)
    with reading(engine) as session:
        credentials = accounts.find(session, "somchai")
    right = accounts.fits(credentials, PASSWORD)
    hashed = accounts.hash_password("แกงเขียวหวานใส่มะเขือ")
    with transaction(engine) as session:
        before = session.get_one(Staff, staff_id).session_key
        assert (
            accounts.set_password(session, staff_id=staff_id, password_hash=hashed, by_id=staff_id, now=now).session_key
            != before
        )
    with transaction(engine) as session:
        assert right
        assert accounts.note_sign_in(session, credentials, right=right, now=now) is None


def test_the_journal_tells_of_a_lock(engine: sa.Engine, now: datetime) -> None:
    staff_id = made(engine, now)
    for _ in range(5):
        tries(engine, now, "ผิด")
    with reading(engine) as session:
        rows = session.scalars(sa.select(JournalEntry).where(JournalEntry.subject == f"staff:{staff_id}")).all()
    assert [(row.act, row.details) for row in rows] == [
        ("staff.create", {"role": "officer"}),
        ("staff.locked", {"failures": 5}),
    ]
