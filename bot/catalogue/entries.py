"""Entries a person edits: what is published, what is a draft. An intent's key is its id, a neighbour's `elsewhere:<id>`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.catalogue.tables import CatalogueEntry, Draft, PublishJob
from bot.people.tables import Staff
from knowledge.files import INTENT, NEIGHBOUR
from knowledge.model import Agency, Intent, Neighbour, Pack

Entry = Intent | Neighbour
E = TypeVar("E", Intent, Neighbour)

ELSEWHERE = "elsewhere:"
OPEN_STATES = ("waiting", "building")


class NoSuchEntry(LookupError):
    """Nothing is published under this key."""


@dataclass(frozen=True)
class Work:
    """A draft as a value: its text, the version it was begun from, and who saved it last."""

    key: str
    entry: Entry
    base_version: int
    staff_id: int
    staff_name: str
    edited_at: datetime
    mark: str


@dataclass(frozen=True)
class Listed:
    """An entry as the list shows it: as published in `version`, its draft, and the job that publishes it now."""

    key: str
    published: Entry
    version: int
    draft: Work | None = None
    job_id: int | None = None

    @property
    def entry(self) -> Entry:
        """What an editor sees: the draft if there is one."""
        return self.draft.entry if self.draft else self.published

    @property
    def outdated(self) -> bool:
        """Whether the draft was begun before what is published now."""
        return self.draft is not None and self.draft.base_version < self.version


def place_of(key: str) -> tuple[str, str]:
    """Kind and key in the table of published entries.

    >>> place_of("elsewhere:student_loan"), place_of("id_card_lost")
    (('neighbour', 'student_loan'), ('intent', 'id_card_lost'))
    """
    return ("neighbour", key.removeprefix(ELSEWHERE)) if key.startswith(ELSEWHERE) else ("intent", key)


def key_of(entry: Entry) -> str:
    """The key of an entry."""
    return entry.id if isinstance(entry, Intent) else ELSEWHERE + entry.id


def as_json(entry: Entry) -> Any:
    """An entry as it is kept."""
    if isinstance(entry, Intent):
        return INTENT.dump_python(entry, mode="json")
    return NEIGHBOUR.dump_python(entry, mode="json")


def as_entry(key: str, content: Any) -> Entry:
    """The entry that was kept as `content`."""
    entry: Entry = (NEIGHBOUR if key.startswith(ELSEWHERE) else INTENT).validate_python(content)
    return entry


def mark_of(content: Any) -> str:
    """A short mark that is the same only for the same content; forms carry it so that a change in between is seen."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def published_entry(session: Session, key: str) -> tuple[Entry, int]:
    """What is published under `key`, and the version since which it stands so; raises NoSuchEntry."""
    kind, name = place_of(key)
    row = session.execute(
        sa.select(CatalogueEntry.content, CatalogueEntry.valid_from).where(
            CatalogueEntry.kind == kind, CatalogueEntry.key == name, CatalogueEntry.valid_to.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise NoSuchEntry(key)
    return as_entry(key, row.content), row.valid_from


def work_on(session: Session, key: str) -> Work | None:
    """The draft of `key`, or None."""
    return _works(session, key).get(key)


def listed(session: Session, key: str) -> Listed:
    """One entry with its draft; raises NoSuchEntry."""
    entry, version = published_entry(session, key)
    return Listed(key, entry, version, work_on(session, key), open_jobs(session).get(key))


def list_all(session: Session) -> list[Listed]:
    """Every intent and neighbour with its draft, intents first, by key."""
    works, jobs = _works(session), open_jobs(session)
    rows = session.execute(
        sa.select(CatalogueEntry.kind, CatalogueEntry.key, CatalogueEntry.content, CatalogueEntry.valid_from)
        .where(CatalogueEntry.kind.in_(("intent", "neighbour")), CatalogueEntry.valid_to.is_(None))
        .order_by(CatalogueEntry.kind, CatalogueEntry.key)
    )
    found = []
    for kind, name, content, version in rows:
        key = name if kind == "intent" else ELSEWHERE + name
        found.append(Listed(key, as_entry(key, content), version, works.get(key), jobs.get(key)))
    return found


def agencies(session: Session) -> list[Agency]:
    """The agencies of the published catalogue, by id."""
    contents = session.scalars(
        sa.select(CatalogueEntry.content)
        .where(CatalogueEntry.kind == "agency", CatalogueEntry.valid_to.is_(None))
        .order_by(CatalogueEntry.key)
    )
    return [Agency(**content) for content in contents]


def open_jobs(session: Session) -> dict[str, int]:
    """The entries that are being published now, each with its job's id."""
    rows = session.execute(sa.select(PublishJob.id, PublishJob.keys).where(PublishJob.state.in_(OPEN_STATES)))
    return {key: job_id for job_id, keys in rows for key in keys}


def replaced(pack: Pack, entries: Mapping[str, Entry]) -> Pack:
    """`pack` with these entries, by key, in the place of its own."""
    return replace(
        pack,
        intents=tuple(_swap(intent, entries) for intent in pack.intents),
        neighbours=tuple(_swap(neighbour, entries) for neighbour in pack.neighbours),
    )


def _swap(entry: E, entries: Mapping[str, Entry]) -> E:
    other = entries.get(key_of(entry), entry)
    assert isinstance(other, type(entry))
    return other


def _works(session: Session, key: str | None = None) -> dict[str, Work]:
    query = sa.select(Draft, Staff.name).join(Staff, Staff.id == Draft.staff_id)
    if key is not None:
        query = query.where(Draft.key == key)
    return {
        draft.key: Work(
            draft.key, as_entry(draft.key, draft.content), draft.base_version, draft.staff_id, name, draft.edited_at,
            mark_of(draft.content),
        )
        for draft, name in session.execute(query)
    }  # fmt: skip
