"""Which cases stand in which queue, in which order, and how are they doing?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.cases.acts import OPEN_STATES
from bot.cases.sight import Viewer, seen_by
from bot.cases.tables import Case, Claim
from bot.catalogue.tables import CatalogueEntry
from bot.messages.tables import Conversation
from bot.people.tables import Staff

Tab = Literal["waiting", "mine", "team", "closed"]
TABS: tuple[Tab, ...] = get_args(Tab)
Status = Literal["urgent", "late", "soon", "waiting", "held", "answered", "resolved", "returned"]
SOON = timedelta(minutes=15)
ENDED = ("resolved", "returned")


@dataclass(frozen=True)
class QueueLine:
    """A case as it stands in a queue."""

    case: Case
    status: Status
    subject: str | None  # the intent's name
    citizen: str | None
    holder_id: int | None
    holder: str | None


def status_of(case: Case, now: datetime) -> Status:
    """The one thing an officer has to know of a case; the clock counts until an officer's first answer."""
    if case.state == "resolved":
        return "resolved"
    if case.state == "returned":
        return "returned"
    if case.first_answer_at is not None:
        return "answered"
    if case.urgent:
        return "urgent"
    if case.due_at <= now:
        return "late"
    if case.due_at - now <= SOON:
        return "soon"
    return "held" if case.state == "held" else "waiting"


def queue_lines(
    session: Session, viewer: Viewer, tab: Tab, *, now: datetime, before_id: int | None = None, most: int = 50
) -> list[QueueLine]:
    """Open cases: urgent first, then by the clock that runs out next. Closed ones: newest first, older than `before_id`."""
    ask = (
        sa.select(Case, Claim.staff_id, Staff.name, Conversation.display_name)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .outerjoin(Claim, sa.and_(Claim.case_id == Case.id, Claim.released_at.is_(None)))
        .outerjoin(Staff, Staff.id == Claim.staff_id)
        .where(seen_by(viewer), _in_tab(viewer, tab))
        .limit(most)
    )
    if tab == "closed":
        ask = ask.order_by(Case.id.desc())
        ask = ask.where(Case.id < before_id) if before_id is not None else ask
    else:
        ask = ask.order_by(Case.urgent.desc(), Case.due_at, Case.id)
    found = session.execute(ask).all()
    names = subjects(session, (case.intent_id for case, *_ in found))
    return [
        QueueLine(case, status_of(case, now), names.get(case.intent_id or ""), citizen, holder_id, holder)
        for case, holder_id, holder, citizen in found
    ]


def counts(session: Session, viewer: Viewer) -> dict[Tab, int]:
    """How many open cases stand in each queue; closed ones are not counted, they only grow."""
    rows = session.execute(
        sa.select(Case.state, sa.func.count(), sa.func.count().filter(Claim.staff_id == viewer.staff_id))
        .outerjoin(Claim, sa.and_(Claim.case_id == Case.id, Claim.released_at.is_(None)))
        .where(seen_by(viewer), Case.state.in_(OPEN_STATES))
        .group_by(Case.state)
    ).all()
    found = {state: (every, mine) for state, every, mine in rows}
    held, held_by_me = found.get("held", (0, 0))
    return {"waiting": found.get("waiting", (0, 0))[0], "mine": held_by_me, "team": held - held_by_me}


def subjects(session: Session, intent_ids: Iterable[str | None]) -> Mapping[str, str]:
    """The names of intents and neighbours as they are published now, by id."""
    asked = {found for found in intent_ids if found}
    if not asked:
        return {}
    keys = {found.removeprefix("elsewhere:") for found in asked}
    rows = session.execute(
        sa.select(CatalogueEntry.kind, CatalogueEntry.key, CatalogueEntry.content["name"].as_string()).where(
            CatalogueEntry.kind.in_(("intent", "neighbour")),
            CatalogueEntry.key.in_(keys),
            CatalogueEntry.valid_to.is_(None),
        )
    ).all()
    return {(key if kind == "intent" else f"elsewhere:{key}"): name for kind, key, name in rows}


def holder_name(session: Session, case_id: int) -> str | None:
    """The name of who holds the case."""
    return session.scalar(
        sa.select(Staff.name)
        .join(Claim, Claim.staff_id == Staff.id)
        .where(Claim.case_id == case_id, Claim.released_at.is_(None))
    )


def others_of(session: Session, viewer: Viewer, case: Case, most: int = 5) -> Sequence[Case]:
    """The citizen's other cases that this viewer may see, newest first."""
    return session.scalars(
        sa.select(Case)
        .where(Case.conversation_id == case.conversation_id, Case.id != case.id, seen_by(viewer))
        .order_by(Case.id.desc())
        .limit(most)
    ).all()


def _in_tab(viewer: Viewer, tab: Tab) -> sa.ColumnElement[bool]:
    match tab:
        case "waiting":
            return Case.state == "waiting"
        case "mine":
            return sa.and_(Case.state == "held", Claim.staff_id == viewer.staff_id)
        case "team":
            return sa.and_(Case.state == "held", Claim.staff_id != viewer.staff_id)
        case "closed":
            return Case.state.in_(ENDED)
