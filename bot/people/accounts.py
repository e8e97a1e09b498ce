"""Who is a member of staff, and is this their password?

Hashing takes long on purpose, so it stands outside transactions: `find` in one, `fits` between, `note_sign_in` in the
next.
"""

import secrets
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.orm import Session

from bot.line.limits import signs
from bot.people.journal import record
from bot.people.tables import Office, Staff

Role = Literal["officer", "supervisor", "admin", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
PASSWORD_MIN_SIGNS = 12
PASSWORD_MAX_SIGNS = 200
PASSWORD_MIN_DIFFERENT = 5
FREE_FAILURES = 5
LOCK_FIRST = timedelta(minutes=1)  # then doubled with every further failure
LOCK_MOST = timedelta(hours=1)

# OWASP Password Storage Cheat Sheet (2025): argon2id with 19 MiB, 2 passes, 1 lane; two at once keep the process small.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(2)
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe())


class WeakPasswordError(ValueError):
    """The password cannot be used; `fault` says why: short, long, repetitive or login."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class LoginTakenError(ValueError):
    """Somebody has this login already."""


@dataclass(frozen=True)
class Credentials:
    """What a password is held against; for an unknown login the hash of a password that nobody has."""

    staff_id: int | None
    password_hash: str


def tidy_login(login: str) -> str:
    """A login as it is compared: no spaces around, small letters.

    >>> tidy_login(" Somchai ")
    'somchai'
    """
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_password(password: str, login: str) -> None:
    """Raise WeakPasswordError when it may not be used.

    >>> check_password("ข้าวมันไก่ร้านป้าแดง", "somchai")
    """
    length = signs(password)
    if length < PASSWORD_MIN_SIGNS:
        raise WeakPasswordError("short")
    if length > PASSWORD_MAX_SIGNS:
        raise WeakPasswordError("long")
    if len(set(password)) < PASSWORD_MIN_DIFFERENT:
        raise WeakPasswordError("repetitive")
    if len(login) > 2 and login in tidy_login(password):
        raise WeakPasswordError("login")


def hash_password(password: str) -> str:
    """The argon2id hash of a password, about 20 ms of work."""
    with _at_once:
        return _hasher.hash(_same(password))


def create_staff(
    session: Session,
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    offices: Sequence[Office],
    now: datetime,
) -> Staff:
    """A new member of staff; raises WeakPasswordError, LoginTakenError, and ValueError for an unknown role."""
    login = tidy_login(login)
    if role not in ROLES:
        raise ValueError(f"role: {role!r} is none of {ROLES}")
    check_password(password, login)
    if session.scalar(sa.select(Staff.id).where(Staff.login == login)) is not None:
        raise LoginTakenError(login)
    staff = Staff(
        login=login,
        name=name.strip(),
        role=role,
        password_hash=hash_password(password),
        session_key=secrets.token_urlsafe(32),
        created_at=now,
        offices=list(offices),
    )
    session.add(staff)
    session.flush()
    record(session, act="staff.create", subject=f"staff:{staff.id}", staff_id=None, now=now, role=role)
    return staff


def find(session: Session, login: str) -> Credentials:
    """What the password of `login` is held against; somebody unknown or no longer active looks like anybody."""
    found = session.execute(
        sa.select(Staff.id, Staff.password_hash).where(Staff.login == tidy_login(login), Staff.active)
    ).one_or_none()
    return Credentials(*found) if found is not None else Credentials(None, _NOBODYS_HASH)


def fits(credentials: Credentials, password: str) -> bool:
    """Whether it is the right password; takes the same time for an unknown login. No transaction may be open here."""
    with _at_once:
        try:
            return _hasher.verify(credentials.password_hash, _same(password)) and credentials.staff_id is not None
        except (Argon2Error, InvalidHashError):
            return False


def note_sign_in(session: Session, credentials: Credentials, *, right: bool, now: datetime) -> Staff | None:
    """Count a try and return who has signed in; None when the password was wrong or tries are locked for a while.

    The first five failures are free; then tries are refused for 1, 2, 4 … minutes, at most an hour, the right password
    too. Tries that are refused are not counted, so that nobody is locked out for ever.
    """
    if credentials.staff_id is None:
        return None
    staff = session.get_one(Staff, credentials.staff_id, with_for_update=True)  # before the failures are counted
    if not staff.active or staff.password_hash != credentials.password_hash:
        return None  # changed while the password was being checked
    if staff.locked_until is not None and staff.locked_until > now:
        return None
    if right:
        staff.failed_sign_ins, staff.locked_until = 0, None
        record(session, act="staff.sign_in", subject=f"staff:{staff.id}", staff_id=staff.id, now=now)
        return staff
    staff.failed_sign_ins += 1
    if staff.failed_sign_ins >= FREE_FAILURES:
        doublings = min(staff.failed_sign_ins - FREE_FAILURES, 10)
        staff.locked_until = now + min(LOCK_FIRST * 2**doublings, LOCK_MOST)
        record(
            session,
            act="staff.locked",
            subject=f"staff:{staff.id}",
            staff_id=None,
            now=now,
            failures=staff.failed_sign_ins,
        )
    return None


def sign_out(session: Session, *, staff_id: int, now: datetime) -> None:
    """Write down that somebody left; the cookie is dropped by the page."""
    record(session, act="staff.sign_out", subject=f"staff:{staff_id}", staff_id=staff_id, now=now)


def set_password(session: Session, *, staff_id: int, password_hash: str, by_id: int | None, now: datetime) -> Staff:
    """Give somebody a new password (hashed before the transaction) and end all their sessions."""
    staff = session.get_one(Staff, staff_id, with_for_update=True)
    staff.password_hash = password_hash
    staff.session_key = secrets.token_urlsafe(32)
    staff.failed_sign_ins, staff.locked_until = 0, None
    record(session, act="staff.password", subject=f"staff:{staff_id}", staff_id=by_id, now=now)
    return staff


def by_session_key(session: Session, session_key: str) -> Staff | None:
    """Who holds a session; None once it has ended."""
    return session.scalar(sa.select(Staff).where(Staff.session_key == session_key, Staff.active))


def _same(password: str) -> str:
    """A password as every keyboard would write it: Thai vowels and tone marks in one order (RFC 8265: NFC)."""
    return unicodedata.normalize("NFC", password)
