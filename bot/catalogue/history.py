"""The published versions, newest first: when, by whom, and what became different."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.catalogue.entries import ELSEWHERE
from bot.catalogue.tables import CatalogueEntry, CatalogueVersion
from bot.people.tables import Staff


@dataclass(frozen=True)
class Version:
    """A published version; `changed` has key and name of the entries that are new in it, at most NAMED of `count`.
    Without a `staff_name` it came with the program (a pack)."""

    number: int
    published_at: datetime
    staff_name: str | None
    note: str
    changed: tuple[tuple[str, str], ...]
    count: int


NAMED = 8


def versions(session: Session, *, before: int | None = None, most: int = 50) -> list[Version]:
    """Up to `most` versions, newest first, those below the number `before`."""
    query = sa.select(CatalogueVersion, Staff.name).outerjoin(Staff, Staff.id == CatalogueVersion.staff_id)
    if before is not None:
        query = query.where(CatalogueVersion.version < before)
    rows = session.execute(query.order_by(CatalogueVersion.version.desc()).limit(most)).all()
    named = _changed(session, [version.version for version, _name in rows])
    return [
        Version(
            version.version, version.published_at, name, version.note,
            tuple(named.get(version.version, [])[:NAMED]), len(named.get(version.version, [])),
        )
        for version, name in rows
    ]  # fmt: skip


def _changed(session: Session, numbers: list[int]) -> dict[int, list[tuple[str, str]]]:
    rows = session.execute(
        sa.select(
            CatalogueEntry.valid_from, CatalogueEntry.kind, CatalogueEntry.key,
            CatalogueEntry.content["name"].as_string(),
        )
        .where(CatalogueEntry.valid_from.in_(numbers), CatalogueEntry.kind.in_(("intent", "neighbour")))
        .order_by(CatalogueEntry.kind, CatalogueEntry.key)
    )  # fmt: skip
    found: dict[int, list[tuple[str, str]]] = {}
    for number, kind, key, name in rows:
        found.setdefault(number, []).append((key if kind == "intent" else ELSEWHERE + key, name))
    return found
