"""The conversation of a case as a viewer may read it: messages with their deliveries and media, newest part first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from bot.cases.sight import Viewer, veil
from bot.cases.tables import Case
from bot.messages.tables import Delivery, Media, Message

PAGE = 60


@dataclass(frozen=True)
class Spoken:
    """One message. `opens_delivery`: it is the first of the messages that left in one request."""

    message: Message
    delivery: Delivery | None
    opens_delivery: bool
    media: Media | None
    veiled: bool


@dataclass(frozen=True)
class Talk:
    """A part of a conversation, oldest first; `stamp` changes when anything in it does."""

    spoken: Sequence[Spoken]
    earlier: bool
    stamp: str


def talk_of(session: Session, viewer: Viewer, case: Case, *, before_id: int | None = None, most: int = PAGE) -> Talk:
    """The newest `most` messages of the case's conversation, or those before message `before_id`."""
    ask = sa.select(Message).where(Message.conversation_id == case.conversation_id)
    if before_id is not None:
        ask = ask.where(Message.id < before_id)
    newest = session.scalars(ask.order_by(Message.id.desc()).limit(most + 1)).all()
    messages = list(reversed(newest[:most]))
    ids = {message.delivery_id for message in messages if message.delivery_id is not None}
    deliveries = (
        {row.id: row for row in session.scalars(sa.select(Delivery).where(Delivery.id.in_(ids)))} if ids else {}
    )
    kept = session.scalars(sa.select(Media).where(Media.message_id.in_([message.id for message in messages])))
    media = {row.message_id: row for row in kept}
    hidden = veil(session, viewer, case.conversation_id)
    spoken, opened = [], set[int]()
    for message in messages:
        delivery = deliveries.get(message.delivery_id or 0)
        opens = delivery is not None and delivery.id not in opened
        if delivery is not None:
            opened.add(delivery.id)
        spoken.append(Spoken(message, delivery, opens, media.get(message.id), hidden.covers(message)))
    return Talk(spoken, len(newest) > most, _stamp(spoken))


def find_media(session: Session, viewer: Viewer, case: Case, message_id: int) -> tuple[Media, Message] | None:
    """A picture or file of the case's conversation with its content; None when there is none this viewer may see."""
    found = session.execute(
        sa.select(Media, Message)
        .options(undefer(Media.content))
        .join(Message, Message.id == Media.message_id)
        .where(Message.id == message_id, Message.conversation_id == case.conversation_id)
        .where(Message.withdrawn_at.is_(None), Media.state == "kept")
    ).one_or_none()
    if found is None or veil(session, viewer, case.conversation_id).covers(found[1]):
        return None
    return found[0], found[1]


def last_said_by(session: Session, conversation_id: int, staff_id: int) -> Message | None:
    """The last message this member of staff sent in a conversation."""
    return session.scalar(
        sa.select(Message)
        .where(Message.conversation_id == conversation_id, Message.staff_id == staff_id)
        .order_by(Message.id.desc())
        .limit(1)
    )


def _stamp(spoken: Sequence[Spoken]) -> str:
    state = [
        (
            one.message.id,
            one.message.state,
            one.message.reason,
            one.message.withdrawn_at is not None,
            one.delivery.cost if one.delivery else None,
            one.media.state if one.media else None,
            one.veiled,
        )
        for one in spoken
    ]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]
