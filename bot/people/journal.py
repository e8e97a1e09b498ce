"""The journal: every act of an officer or admin, written in the act's own transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.people.tables import JournalEntry


def record(
    session: Session, *, act: str, subject: str, staff_id: int | None, now: datetime, **details: str | int | bool | None
) -> None:
    """Add one line. `subject` is a kind and an id (`case:12`); `details` are ids and codes, never a citizen's words."""
    session.add(JournalEntry(at=now, staff_id=staff_id, act=act, subject=subject, details=details or None))
