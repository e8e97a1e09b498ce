"""Handing over to a person: a case is opened and the citizen learns its number and when an answer comes."""

import sqlalchemy as sa

from bot.cases.acts import open_case
from bot.cases.tables import Case
from bot.conversation import wording
from bot.conversation.context import Turn
from bot.line.events import TextIn
from bot.line.replies import AskPlace, Card, Open, Reply, Row, Text
from bot.messages.tables import Message
from bot.people.offices import open_now
from bot.people.tables import Office

OWN_WORDS = (None, "report")  # where a text is no answer to "shall an officer help?" or "which did you mean?"


def to_officer(turn: Turn, *, reason: str = "asked", question: str | None = None) -> list[Reply]:
    """Open a case about what was talked of (or find the one that is open) and say so."""
    intent = turn.intent(turn.memory.about)
    waiting = turn.conversation.state != "bot"
    case = open_case(
        turn.session,
        turn.conversation,
        reason=reason,
        question=question or last_words(turn),
        now=turn.now,
        intent_id=intent.id if intent else None,
        agency_id=intent.agency if intent and intent.agency not in ("", "centre") else None,
    )
    turn.memory.misses, turn.memory.asking = 0, None
    if reason == "complaint":
        return [Text(wording.complaint_taken(case.number))]
    if waiting:
        return [Text(wording.still_waiting(case.number, case.due_at))]
    return [Text(wording.handed_over(case.number, case.due_at, _is_open(turn, case)))]


def emergency(turn: Turn) -> list[Reply]:
    """The hotlines at once, and an urgent case."""
    case = open_case(
        turn.session,
        turn.conversation,
        reason="emergency",
        question=last_words(turn),
        now=turn.now,
        intent_id="emergency",
    )
    turn.memory.asking = None  # a place that comes now tells where the danger is
    said = turn.event.content.text if isinstance(turn.event.content, TextIn) else ""
    lines = sorted(wording.EMERGENCY_LINES, key=lambda line: not line.fits(said))  # what the words tell of comes first
    return [
        Card(
            title=wording.EMERGENCY_TITLE,
            lead=wording.EMERGENCY_LEAD,
            rows=tuple(Row(line.number, (line.name,), strong=True) for line in lines),
            small=(wording.EMERGENCY_TOLD.format(number=case.number), wording.EMERGENCY_WHERE),
            links=tuple(Open(f"โทร {line.number}", f"tel:{line.number}") for line in lines),
            buttons=(AskPlace(),),
        )
    ]


def _is_open(turn: Turn, case: Case) -> bool:
    office = turn.session.get(Office, case.office_id) if case.office_id else None
    return office is None or open_now(turn.session, office, turn.now)


def last_words(turn: Turn) -> str | None:
    """What the citizen asked: this message, or where it is only a tap or a yes, the one before it."""
    if (
        turn.message is not None
        and turn.message.text
        and turn.memory.asking in OWN_WORDS
        and turn.message.kind == "text"
    ):
        return turn.message.text
    return words_before(turn) or (turn.message.text if turn.message else None)


def words_before(turn: Turn) -> str | None:
    """The citizen's last text before this message."""
    turn.session.flush()  # gives the message its id
    before = (
        sa.select(Message.text)
        .where(Message.conversation_id == turn.conversation.id, Message.author == "citizen", Message.kind == "text")
        .where(Message.id != (turn.message.id if turn.message else 0), Message.text.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return turn.session.scalar(before)
