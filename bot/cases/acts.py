"""What happens to a case: opened, claimed by exactly one officer, answered, returned to the bot, resolved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.cases.tables import Case, CaseCounter, Claim
from bot.clock import bangkok_day, fiscal_year
from bot.messages import outbox
from bot.messages.outbox import Outgoing
from bot.messages.tables import Conversation, Message
from bot.people.journal import record
from bot.people.offices import office_for, working_minutes_later
from bot.people.tables import Staff

ANSWER_MINUTES = 60  # working time in which an officer's first answer is promised
URGENT_MINUTES = 5
PRIVACY_DAYS = 30  # PDPA B.E. 2562 section 30: within thirty days of receiving the request
HANDS_OVER = frozenset(
    {"asked", "complaint", "not_understood", "emergency", "parked"}
)  # the citizen waits for a person
OPEN_STATES = ("waiting", "held")


class NotHolder(Exception):
    """Only the member of staff who holds a case may do this."""


class CaseEnded(Exception):
    """The case is resolved or returned."""


def open_case(
    session: Session,
    conversation: Conversation,
    *,
    reason: str,
    question: str | None,
    now: datetime,
    intent_id: str | None = None,
    agency_id: str | None = None,
    report: dict[str, Any] | None = None,
) -> Case:
    """A case for `conversation`, numbered within its Buddhist year.

    A citizen who already waits for a person keeps that case (an emergency makes it urgent); reports, privacy requests
    and complaints are cases of their own. The conversation's row is locked by the caller's turn.
    """
    urgent, complaint = reason == "emergency", reason == "complaint"
    if reason in HANDS_OVER:
        same = open_case_of(session, conversation.id, supervisors_only=complaint)
        if same is not None:
            same.urgent = same.urgent or urgent
            return same
    office = office_for(session, agency_id)
    due_at = (
        now + timedelta(days=PRIVACY_DAYS)
        if reason == "privacy"
        else now + timedelta(minutes=URGENT_MINUTES)
        if urgent
        else working_minutes_later(session, office, now, ANSWER_MINUTES)
    )
    case = Case(
        number=_next_number(session, now),
        fiscal_year=fiscal_year(bangkok_day(now)),
        conversation_id=conversation.id,
        office_id=office.id if office else None,
        agency_id=agency_id or (office.agency_id if office else None),
        intent_id=intent_id,
        reason=reason,
        urgent=urgent,
        supervisors_only=complaint,
        state="waiting",
        question=question,
        report=report,
        opened_at=now,
        due_at=due_at,
    )
    session.add(case)
    session.flush()
    if reason in HANDS_OVER and conversation.state == "bot":
        conversation.state = "waiting"
    record(session, act="case.open", subject=f"case:{case.id}", staff_id=None, now=now, reason=reason)
    return case


def forget_words(session: Session, conversation_id: int, words: str) -> None:
    """Take a withdrawn message's words out of the citizen's cases."""
    for case in session.scalars(sa.select(Case).where(Case.conversation_id == conversation_id)):
        if case.question == words:
            case.question = None
        if case.report and case.report.get("place") == words:
            case.report = {
                key: value for key, value in case.report.items() if key not in ("place", "latitude", "longitude")
            }


def open_case_of(session: Session, conversation_id: int, *, supervisors_only: bool = False) -> Case | None:
    """The case in which this citizen waits for a person, or is held by one."""
    return session.scalar(
        sa.select(Case)
        .where(Case.conversation_id == conversation_id, Case.state.in_(OPEN_STATES), Case.reason.in_(HANDS_OVER))
        .where(Case.supervisors_only == supervisors_only)
        .order_by(Case.id)
        .limit(1)
    )


def cases_of(session: Session, conversation_id: int, most: int = 5) -> Sequence[Case]:
    """The citizen's cases, newest first."""
    return session.scalars(
        sa.select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id.desc()).limit(most)
    ).all()


def claim(session: Session, *, case_id: int, staff_id: int, now: datetime) -> bool:
    """Take a waiting case; True for exactly one of any number of officers at once (the unique index on open claims)."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    won = session.scalar(  # RETURNING, because PostgreSQL's driver tells no row count here
        insert(Claim)
        .values(case_id=case_id, staff_id=staff_id, claimed_at=now)
        .on_conflict_do_nothing(index_elements=["case_id"], index_where=sa.text("released_at IS NULL"))
        .returning(Claim.id)
    )
    if won is None:
        return holder_id(session, case_id) == staff_id
    case, conversation = _locked(session, case_id)
    if case.state != "waiting":
        raise CaseEnded(case.number)
    case.state = "held"
    if case.reason in HANDS_OVER:
        conversation.state = "held"
    record(session, act="case.claim", subject=f"case:{case_id}", staff_id=staff_id, now=now)
    return True


def holder_id(session: Session, case_id: int) -> int | None:
    """Who holds the case, if anyone."""
    return session.scalar(sa.select(Claim.staff_id).where(Claim.case_id == case_id, Claim.released_at.is_(None)))


def answer(
    session: Session, *, case_id: int, staff: Staff, outgoing: Sequence[Outgoing], now: datetime
) -> list[Message]:
    """Queue the holder's words for the citizen; raises NotHolder, CaseEnded."""
    case, conversation = _held_by(session, case_id, staff.id)
    case.first_answer_at = case.first_answer_at or now
    rows = outbox.queue(
        session,
        conversation,
        outgoing,
        now=now,
        author="officer",
        author_name=staff.name,
        staff_id=staff.id,
    )
    record(session, act="case.answer", subject=f"case:{case_id}", staff_id=staff.id, now=now, messages=len(rows))
    return rows


def end(
    session: Session,
    *,
    case_id: int,
    staff: Staff,
    state: str,
    outcome: str | None,
    told: Sequence[Outgoing],
    now: datetime,
) -> Case:
    """End a held case (`state` resolved or returned) and tell the citizen; the bot answers again. Raises NotHolder, CaseEnded."""
    case, conversation = _held_by(session, case_id, staff.id)
    case.state, case.outcome, case.ended_at = state, outcome, now
    session.execute(
        sa.update(Claim).where(Claim.case_id == case_id, Claim.released_at.is_(None)).values(released_at=now)
    )
    session.flush()
    others = session.scalars(
        sa.select(Case.state).where(
            Case.conversation_id == conversation.id, Case.state.in_(OPEN_STATES), Case.reason.in_(HANDS_OVER)
        )
    ).all()
    conversation.state = "held" if "held" in others else "waiting" if others else "bot"
    outbox.queue(session, conversation, told, now=now)
    record(session, act=f"case.{state}", subject=f"case:{case_id}", staff_id=staff.id, now=now, outcome=outcome)
    return case


def lock(session: Session, case_id: int) -> None:
    """Let nobody else act on the case, nor a turn on its conversation, until this transaction ends."""
    _locked(session, case_id)


def _held_by(session: Session, case_id: int, staff_id: int) -> tuple[Case, Conversation]:
    case, conversation = _locked(session, case_id)
    if case.state not in OPEN_STATES:
        raise CaseEnded(case.number)
    if holder_id(session, case_id) != staff_id:
        raise NotHolder(case.number)
    return case, conversation


def _locked(session: Session, case_id: int) -> tuple[Case, Conversation]:
    """The case and its conversation as they are now, locked: the conversation first, as a citizen's turn does it."""
    conversation_id = session.scalars(sa.select(Case.conversation_id).where(Case.id == case_id)).one()
    conversation = session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    return session.get_one(Case, case_id, with_for_update=True, populate_existing=True), conversation


def _next_number(session: Session, now: datetime) -> str:
    year = bangkok_day(now).year + 543
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    taken = session.scalar(
        insert(CaseCounter)
        .values(year=year, last_number=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last_number": CaseCounter.last_number + 1})
        .returning(CaseCounter.last_number)
    )
    return f"{year}-{taken:05d}"
