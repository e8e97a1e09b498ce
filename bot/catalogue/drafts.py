"""Drafts: saved and thrown away so that no editor's work overwrites another's unseen."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.catalogue.entries import Entry, as_json, key_of, mark_of, open_jobs, published_entry
from bot.catalogue.store import current_version
from bot.catalogue.tables import Draft
from bot.people.journal import record

NO_DRAFT = ""  # the mark of an entry without a draft


class Conflict(Exception):
    """Somebody else was faster; nothing was written."""


class PublishedMeanwhile(Conflict):
    """The entry was published after this editor began; `version` is since when."""

    def __init__(self, key: str, version: int) -> None:
        super().__init__(key)
        self.version = version


class DraftChanged(Conflict):
    """The draft is not the one this editor began from: saved, or thrown away, in between."""


class BeingPublished(Conflict):
    """The draft is on its way to the citizens and may not change until that has ended; `job_id` does it."""

    def __init__(self, key: str, job_id: int) -> None:
        super().__init__(key)
        self.job_id = job_id


def begin_version(session: Session, key: str) -> int:
    """The version an editor who opens `key` now begins from: the draft's own, or the current one."""
    base = session.scalar(sa.select(Draft.base_version).where(Draft.key == key))
    return base if base is not None else current_version(session)


def save_draft(
    session: Session, entry: Entry, *, base_version: int, seen: str, staff_id: int, now: datetime
) -> Draft | None:
    """Keep `entry` as the draft of its key; None when it says what is published, which leaves no draft.

    `base_version` and `seen` (the mark of the draft, NO_DRAFT for none) are what the editor's form was opened with.
    Saving the same text again is no conflict. Raises PublishedMeanwhile, DraftChanged, BeingPublished, NoSuchEntry.
    """
    key, content = key_of(entry), as_json(entry)
    # The draft's row is locked first: a publish locks it too, so neither sees the other half done.
    row = session.get(Draft, key, with_for_update=True)
    published, version = published_entry(session, key)
    _refuse_if_publishing(session, key)
    if version > base_version:
        raise PublishedMeanwhile(key, version)
    if _mark(row) not in (seen, mark_of(content)):
        raise DraftChanged(key)
    if as_json(published) == content:
        if row is not None:
            _throw_away(session, row, staff_id, now)
        return None
    if row is None:
        row = Draft(key=key, content=content, base_version=base_version, staff_id=staff_id, edited_at=now)
        _insert(session, row)
    else:
        row.content, row.base_version, row.staff_id, row.edited_at = content, base_version, staff_id, now
    record(session, act="draft.saved", subject=f"entry:{key}", staff_id=staff_id, now=now, mark=mark_of(content))
    return row


def discard_draft(session: Session, key: str, *, seen: str, staff_id: int, now: datetime) -> None:
    """Throw the draft away; nothing happens when there is none. Raises DraftChanged when it is not the one seen."""
    row = session.get(Draft, key, with_for_update=True)
    if row is None:
        return
    _refuse_if_publishing(session, key)
    if _mark(row) != seen:
        raise DraftChanged(key)
    _throw_away(session, row, staff_id, now)


def _insert(session: Session, row: Draft) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # another editor's first draft came in between
        raise DraftChanged(row.key) from error


def _throw_away(session: Session, row: Draft, staff_id: int, now: datetime) -> None:
    session.delete(row)
    record(session, act="draft.discarded", subject=f"entry:{row.key}", staff_id=staff_id, now=now)


def _refuse_if_publishing(session: Session, key: str) -> None:
    job_id = open_jobs(session).get(key)
    if job_id is not None:
        raise BeingPublished(key, job_id)


def _mark(row: Draft | None) -> str:
    return NO_DRAFT if row is None else mark_of(row.content)
