"""Catalogue versions: what is published, reading one whole, and publishing the next one. No entry ever changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from bot.catalogue.tables import CatalogueEntry, CatalogueVersion, IndexBuild
from knowledge.files import AGENCY, INTENT, LOOKALIKES, NEIGHBOUR, phrases_hash
from knowledge.model import Pack

LOOKALIKES_KEY = "lookalikes"
PIECE_BYTES = 4_000_000
_SHAPES: Mapping[str, TypeAdapter[Any]] = {
    "agency": AGENCY,
    "intent": INTENT,
    "neighbour": NEIGHBOUR,
    "lookalikes": LOOKALIKES,
}


_CURRENT = sa.select(sa.func.max(CatalogueVersion.version))


class NotBuilt(Exception):
    """The index for these phrases has not been built yet."""


def current_version(session: Session) -> int:
    """The number of the catalogue citizens are answered from; 0 when nothing is published."""
    return session.scalar(_CURRENT) or 0


def read_catalogue(session: Session, version: int) -> Pack:
    """The knowledge published as `version`."""
    entries = session.execute(
        sa.select(CatalogueEntry.kind, CatalogueEntry.content)
        .where(CatalogueEntry.valid_from <= version)
        .where(sa.or_(CatalogueEntry.valid_to.is_(None), CatalogueEntry.valid_to > version))
        .order_by(CatalogueEntry.kind, CatalogueEntry.key)
    ).all()
    found: dict[str, list[Any]] = {kind: [] for kind in _SHAPES}
    for kind, content in entries:
        found[kind].append(_SHAPES[kind].validate_python(content))
    lookalikes = found["lookalikes"][0] if found["lookalikes"] else ()
    return Pack(tuple(found["agency"]), tuple(found["intent"]), tuple(found["neighbour"]), lookalikes)


def index_of(session: Session, version: int) -> bytes:
    """The built index of `version`; raises NotBuilt.

    It comes in pieces: a connection to PostgreSQL keeps a buffer of twice its largest row for as long as it lives.
    """
    built = sa.join(IndexBuild, CatalogueVersion, CatalogueVersion.phrases_hash == IndexBuild.phrases_hash)
    size = session.scalar(
        sa.select(sa.func.length(IndexBuild.content)).select_from(built).where(CatalogueVersion.version == version)
    )
    if size is None:
        raise NotBuilt(f"catalogue version {version} has no index: run bot migrate")
    piece = sa.func.substr(IndexBuild.content, sa.bindparam("start"), PIECE_BYTES, type_=sa.LargeBinary)
    query = sa.select(piece).select_from(built).where(CatalogueVersion.version == version)
    return b"".join(session.scalars(query, {"start": start}).one() for start in range(1, size + 1, PIECE_BYTES))


def entries_of(pack: Pack) -> dict[tuple[str, str], Any]:
    """Every entry of a pack by kind and key, as JSON values."""
    entries: dict[tuple[str, str], Any] = {}
    for agency in pack.agencies:
        entries["agency", agency.id] = AGENCY.dump_python(agency, mode="json")
    for intent in pack.intents:
        entries["intent", intent.id] = INTENT.dump_python(intent, mode="json")
    for neighbour in pack.neighbours:
        entries["neighbour", neighbour.id] = NEIGHBOUR.dump_python(neighbour, mode="json")
    entries["lookalikes", LOOKALIKES_KEY] = LOOKALIKES.dump_python(pack.lookalikes, mode="json")
    return entries


def publish(
    session: Session,
    changed: Mapping[tuple[str, str], Any],
    *,
    staff_id: int | None,
    note: str,
    now: datetime,
    removed: Sequence[tuple[str, str]] = (),
) -> int:
    """Publish the next version with `changed` entries (kind, key → JSON) replaced and `removed` ones left out.

    Returns its number. Two publishes at once cannot both take the same number: the second fails on the primary key and
    is to be tried again. Raises NotBuilt when the phrases of the new version have no index yet.
    """
    version = current_version(session) + 1
    row = CatalogueVersion(version=version, published_at=now, staff_id=staff_id, phrases_hash="", note=note)
    session.add(row)
    session.flush()
    for kind, key in [*changed, *removed]:
        session.execute(
            sa.update(CatalogueEntry)
            .where(CatalogueEntry.kind == kind, CatalogueEntry.key == key, CatalogueEntry.valid_to.is_(None))
            .values(valid_to=version)
        )
    session.add_all(
        CatalogueEntry(kind=kind, key=key, content=content, valid_from=version)
        for (kind, key), content in changed.items()
    )
    session.flush()
    row.phrases_hash = phrases_hash(read_catalogue(session, version))
    if session.get(IndexBuild, row.phrases_hash) is None:
        raise NotBuilt(row.phrases_hash)
    return version
