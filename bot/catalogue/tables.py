"""Tables of published knowledge. A version is the set of entries that were valid at its number; no entry ever changes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Id
from bot.storage.types import Json


class CatalogueVersion(Base):
    """A published catalogue, numbered from 1."""

    __tablename__ = "catalogue_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    phrases_hash: Mapped[str]
    note: Mapped[str]


class CatalogueEntry(Base):
    """One intent, neighbour, agency or the look-alikes, as published from version `valid_from` up to, not with, `valid_to`."""

    __tablename__ = "catalogue_entries"
    __table_args__ = (
        sa.Index(
            "uq_catalogue_entries_current",
            "kind",
            "key",
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]  # agency, intent, neighbour, lookalikes
    key: Mapped[str]
    content: Mapped[Any] = mapped_column(Json)
    valid_from: Mapped[int] = mapped_column(sa.ForeignKey("catalogue_versions.version"))
    valid_to: Mapped[int | None]


class Draft(Base):
    """An entry being edited; `base_version` is the version it was begun from, so that two editors notice each other."""

    __tablename__ = "drafts"

    key: Mapped[str] = mapped_column(primary_key=True)  # an intent's id
    content: Mapped[Any] = mapped_column(Json)
    base_version: Mapped[int]
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    edited_at: Mapped[datetime]


class IndexBuild(Base):
    """A trained matcher, by the hash of the phrases it learned from; built once, loaded by every process."""

    __tablename__ = "index_builds"

    phrases_hash: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str]  # of the code that built it: another one means that it is to be built anew
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    built_at: Mapped[datetime]


class PublishJob(Base):
    """A publish that needs a new index: a worker builds it in a child process, then the version goes live."""

    __tablename__ = "publish_jobs"

    id: Mapped[Id]
    keys: Mapped[list[str]] = mapped_column(Json)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str]  # waiting, building, done, failed
    progress: Mapped[int] = mapped_column(server_default="0")  # percent
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"))
    finished_at: Mapped[datetime | None]
    version: Mapped[int | None]
    error: Mapped[str | None]
