"""Who sees which case, and which part of a conversation? Asked by every page, picture and script of the desk."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.cases.acts import HANDS_OVER
from bot.cases.tables import Case, Claim
from bot.messages.tables import Message
from bot.people.accounts import Role

LEADERS = frozenset({"supervisor", "admin"})


@dataclass(frozen=True)
class Viewer:
    """A member of staff who looks."""

    staff_id: int
    role: Role
    office_ids: tuple[str, ...]

    @property
    def leads(self) -> bool:
        return self.role in LEADERS


def seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition on cases: those of the viewer's offices; complaints about staff for those who lead alone.

    A case without an office (none was entered when it opened) is seen by every leader, so that somebody sees it.
    """
    own = Case.office_id.in_(viewer.office_ids)
    if viewer.leads:
        return sa.or_(own, Case.office_id.is_(None))
    return sa.and_(own, ~Case.supervisors_only)


def find_case(session: Session, viewer: Viewer, case_id: int) -> Case | None:
    """The case, or None when there is none that this viewer may see: both look the same."""
    return session.scalar(sa.select(Case).where(Case.id == case_id, seen_by(viewer)))


@dataclass(frozen=True)
class Veil:
    """What of a conversation a viewer may not read: the talk about complaints that only others may see.

    From a complaint's opening to its end messages are taken to be about it, unless a case that is open to the viewer
    ran at the same time and nobody had taken the complaint up yet.
    """

    words: frozenset[int] = frozenset()  # the messages the complaints began with
    complaints: tuple[tuple[datetime, datetime | None, datetime | None], ...] = ()  # opened, taken up, ended
    others: tuple[tuple[datetime, datetime | None], ...] = ()  # opened, ended

    def covers(self, message: Message) -> bool:
        at = message.created_at
        if message.id in self.words:
            return True
        elsewhere = any(opened <= at and (ended is None or at <= ended) for opened, ended in self.others)
        return any(
            opened <= at and (ended is None or at <= ended) and (not elsewhere or (taken is not None and at >= taken))
            for opened, taken, ended in self.complaints
        )


def veil(session: Session, viewer: Viewer, conversation_id: int) -> Veil:
    """What is hidden from this viewer in a conversation."""
    hidden = session.execute(
        sa.select(Case.opened_at, sa.func.min(Claim.claimed_at), Case.ended_at)
        .outerjoin(Claim, Claim.case_id == Case.id)
        .where(Case.conversation_id == conversation_id, Case.supervisors_only, ~seen_by(viewer))
        .group_by(Case.id)
    ).all()
    if not hidden:
        return Veil()
    words = [
        session.scalar(
            sa.select(Message.id)
            .where(Message.conversation_id == conversation_id, Message.author == "citizen")
            .where(Message.created_at <= opened_at)
            .order_by(Message.id.desc())
            .limit(1)
        )
        for opened_at, _taken, _ended in hidden
    ]
    others = session.execute(
        sa.select(Case.opened_at, Case.ended_at).where(
            Case.conversation_id == conversation_id, Case.reason.in_(HANDS_OVER), seen_by(viewer)
        )
    ).all()
    return Veil(
        frozenset(found for found in words if found is not None),
        tuple((opened, taken, ended) for opened, taken, ended in hidden),
        tuple((opened, ended) for opened, ended in others),
    )
