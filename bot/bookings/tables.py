"""Tables of services as offices give them, slots and bookings."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Id


class OfficeService(Base):
    """A bookable service of one office: how long a visit takes and how many citizens are served at once."""

    __tablename__ = "office_services"
    __table_args__ = (sa.UniqueConstraint("office_id", "intent_id"),)

    id: Mapped[Id]
    office_id: Mapped[str] = mapped_column(sa.ForeignKey("offices.id"))
    intent_id: Mapped[str]
    capacity: Mapped[int]
    visit_minutes: Mapped[int]
    days_ahead: Mapped[int]
    identity_level: Mapped[str]
    promised_minutes: Mapped[int | None]


class Slot(Base):
    """A bookable time of one service at one office; made when the first citizen asks for it, then the row to lock."""

    __tablename__ = "slots"
    __table_args__ = (
        sa.UniqueConstraint("office_service_id", "starts_at"),
        sa.UniqueConstraint("id", "capacity"),
        sa.CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: Mapped[Id]
    office_service_id: Mapped[int] = mapped_column(sa.ForeignKey("office_services.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]


class Booking(Base):
    """A place a citizen has in a slot. The check and the unique index below make one place too many impossible."""

    __tablename__ = "bookings"
    __table_args__ = (
        sa.ForeignKeyConstraint(["slot_id", "slot_capacity"], ["slots.id", "slots.capacity"]),
        sa.CheckConstraint("place_no >= 1 AND place_no <= slot_capacity", name="place_no"),
        sa.Index(
            "uq_bookings_place",
            "slot_id",
            "place_no",
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        ),
        sa.Index(
            "uq_bookings_citizen",
            "slot_id",
            "conversation_id",
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        ),
        sa.Index("ix_bookings_conversation", "conversation_id", "state"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)  # Q- and five signs, told to the citizen
    slot_id: Mapped[int]
    slot_capacity: Mapped[int]
    place_no: Mapped[int]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    state: Mapped[str]  # booked, cancelled, moved
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bookings.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
