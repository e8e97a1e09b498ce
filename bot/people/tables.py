"""Agencies, offices, staff and the journal."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Id
from bot.storage.types import Json


class Agency(Base):
    """Who is responsible for services and offices."""

    __tablename__ = "agencies"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short: Mapped[str]
    hotline: Mapped[str]


class Office(Base):
    """A counter citizens go to."""

    __tablename__ = "offices"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[str] = mapped_column(sa.ForeignKey("agencies.id"))
    name: Mapped[str]
    short: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    travel: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    front_desk: Mapped[bool] = mapped_column(server_default=sa.false())  # takes what no other office is for
    hours: Mapped[list["OfficeHours"]] = relationship(
        order_by="(OfficeHours.weekday, OfficeHours.opens_at)", cascade="all, delete-orphan"
    )


class OfficeHours(Base):
    """An interval in which an office is open; lunch is the gap between two."""

    __tablename__ = "office_hours"

    id: Mapped[Id]
    office_id: Mapped[str] = mapped_column(sa.ForeignKey("offices.id"))
    weekday: Mapped[int]  # 0 = Monday
    opens_at: Mapped[time]  # Bangkok
    closes_at: Mapped[time]


class Holiday(Base):
    """A day on which offices are closed: for all, or for one office."""

    __tablename__ = "holidays"
    __table_args__ = (sa.UniqueConstraint("on_date", "office_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[Id]
    on_date: Mapped[date]
    office_id: Mapped[str | None] = mapped_column(sa.ForeignKey("offices.id"))
    name: Mapped[str]


class Staff(Base):
    """A person who signs in. Roles: officer, supervisor, admin, auditor."""

    __tablename__ = "staff"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    session_key: Mapped[str] = mapped_column(unique=True)  # changes when every session is to end
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    failed_sign_ins: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    offices: Mapped[list[Office]] = relationship(secondary="staff_offices", lazy="selectin")


class StaffOffice(Base):
    """The offices whose cases a member of staff sees."""

    __tablename__ = "staff_offices"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    office_id: Mapped[str] = mapped_column(sa.ForeignKey("offices.id"), primary_key=True)


class JournalEntry(Base):
    """Who did what: ids and codes, never text. Triggers refuse to change or delete a row."""

    __tablename__ = "journal"

    id: Mapped[Id]
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    act: Mapped[str]
    subject: Mapped[str]  # as in case:12, intent:id_card_lost
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
