"""What tests of the door and of deliveries share: events as LINE makes them, and all that the database holds."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.messages.inbox import line_hash
from bot.messages.tables import Conversation, Delivery, InboundEvent, Message
from bot.stand_in.events import event, message, text_fields
from bot.stand_in.webhook import Sent
from bot.storage.engine import reading
from bot.storage.tables import METADATA
from tests.town import Citizen, Town

Json = dict[str, Any]


def text_event(town: Town, who: Citizen, text: str, *, seconds_later: float = 0, **about: Any) -> Json:
    """A text of a citizen as LINE would deliver it; `seconds_later` moves its timestamp."""
    made = message("text", text_fields(town.line, text))
    moment = town.line.now() + timedelta(seconds=seconds_later)
    return event(town.line, who.user_id, "message", {"message": made}, at=moment, **about)


def other_event(town: Town, who: Citizen, kind: str, payload: Json, *, seconds_later: float = 0, **about: Any) -> Json:
    """An event of any kind."""
    moment = town.line.now() + timedelta(seconds=seconds_later)
    return event(town.line, who.user_id, kind, payload, at=moment, **about)


def taken(sent: Sent) -> Sent:
    """The event, once it is in the record."""
    assert sent.wait().ok, sent.wait()
    return sent


def conversation_id(town: Town, ref: str) -> int | None:
    """Our id of the conversation with this person or group."""
    with reading(town.engine) as session:
        hashed = line_hash(ref, town.settings.secret_key)
        return session.scalar(sa.select(Conversation.id).where(Conversation.line_hash == hashed))


def record_of(session: Session, town: Town, ref: str) -> list[Message]:
    """The messages in and out of a conversation, in order."""
    ours = conversation_id(town, ref)
    return list(session.scalars(sa.select(Message).where(Message.conversation_id == ours).order_by(Message.id)))


def messages_of(town: Town, ref: str) -> list[Message]:
    with reading(town.engine) as session:
        return record_of(session, town, ref)


def deliveries_of(town: Town, ref: str) -> list[Delivery]:
    ours = conversation_id(town, ref)
    with reading(town.engine) as session:
        return list(session.scalars(sa.select(Delivery).where(Delivery.conversation_id == ours).order_by(Delivery.id)))


def events_of(town: Town, ref: str) -> list[InboundEvent]:
    ours = conversation_id(town, ref)
    with reading(town.engine) as session:
        found = sa.select(InboundEvent).where(InboundEvent.conversation_id == ours).order_by(InboundEvent.id)
        return list(session.scalars(found))


def places_that_hold(town: Town, words: str) -> list[str]:
    """`table.column` of every value in the database, decrypted, that contains the words."""
    return sorted({place for place, value in _values(town.engine) if words in value})


def _values(engine: sa.Engine) -> Iterator[tuple[str, str]]:
    left_out = ("catalogue", "index", "draft", "article", "phrase", "journal_fts")
    with reading(engine) as session:
        for table in METADATA.sorted_tables:
            if any(word in table.name for word in left_out):
                continue  # the centre's own words, and large
            for row in session.execute(sa.select(table)):
                for column, value in row._mapping.items():
                    yield f"{table.name}.{column}", _readable(value)


def _readable(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):  # raw events are JSON with escapes
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
