"""Tables of cases and of who holds them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Id
from bot.storage.types import Json


class CaseCounter(Base):
    """The last number given in a Buddhist year; its row is locked while a number is taken."""

    __tablename__ = "case_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]


class Case(Base):
    """Something a human has to see to. Waiting → held → resolved or returned."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.Index("ix_cases_queue", "state", "urgent", "due_at"),
        sa.Index("ix_cases_conversation", "conversation_id", "state"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)  # 2569-00123
    fiscal_year: Mapped[int]  # Buddhist era
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    office_id: Mapped[str | None] = mapped_column(sa.ForeignKey("offices.id"))
    agency_id: Mapped[str | None] = mapped_column(sa.ForeignKey("agencies.id"))
    intent_id: Mapped[str | None]
    reason: Mapped[str]  # asked, complaint, not_understood, emergency, report, privacy, parked, media
    urgent: Mapped[bool] = mapped_column(server_default=sa.false())
    supervisors_only: Mapped[bool] = mapped_column(server_default=sa.false())
    state: Mapped[str]  # waiting, held, resolved, returned
    question: Mapped[str | None]  # the words it began with
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)  # a report's place and photo
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]  # when an answer was promised, or the legal period ends
    first_answer_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Claim(Base):
    """That a member of staff holds a case. At most one open claim a case: the unique index decides who wins."""

    __tablename__ = "claims"
    __table_args__ = (
        sa.Index(
            "uq_claims_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    claimed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
