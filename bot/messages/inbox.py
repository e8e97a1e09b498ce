"""Events into the record, each once; and the next conversation whose events wait for their turn."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.line.events import Event, Followed, PostbackIn, TextIn, Unfollowed, Unsent
from bot.messages.tables import Conversation, Delivery, InboundEvent, Message, WithdrawnMessage
from bot.storage.types import AwareUtc

TOKEN_REDELIVERY_MAX = timedelta(minutes=20)  # LINE: a redelivered token starts anew unless older than 20 minutes
MAX_ATTEMPTS = 5
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (0.5, 1.5, 4, 8))  # five tries within 20 seconds, then parked

# Statements of every turn are made once: making them took longer than the database does with them.
_NEXT_CONVERSATION = (
    sa.select(Conversation)
    .join(InboundEvent, InboundEvent.conversation_id == Conversation.id)
    .where(InboundEvent.state == "pending", InboundEvent.due_at <= sa.bindparam("now", type_=AwareUtc))
    .order_by(InboundEvent.due_at)
    .limit(1)
    .with_for_update(of=Conversation, skip_locked=True, key_share=True)
)
_NEXT_EVENT = (
    sa.select(
        InboundEvent,
        sa.exists().where(WithdrawnMessage.line_message_ref == InboundEvent.line_message_ref).label("is_withdrawn"),
        sa.or_(
            sa.exists().where(
                Delivery.conversation_id == InboundEvent.conversation_id, Delivery.state.in_(("sending", "retry"))
            ),
            sa.exists().where(Message.conversation_id == InboundEvent.conversation_id, Message.state == "pending"),
        ).label("others_wait"),
    )
    .where(InboundEvent.conversation_id == sa.bindparam("conversation_id"), InboundEvent.state == "pending")
    .order_by(InboundEvent.occurred_at, InboundEvent.id)
    .limit(1)
)
_WITHDRAWN = sa.select(WithdrawnMessage.line_message_ref).where(
    WithdrawnMessage.line_message_ref == sa.bindparam("ref")
)
_FIND = sa.select(Conversation.id).where(Conversation.line_hash == sa.bindparam("hash"))


@dataclass(frozen=True)
class Due:
    """An event whose turn has come."""

    event: InboundEvent
    is_withdrawn: bool  # the citizen has unsent it
    others_wait: bool  # messages of an earlier turn wait to be sent or are on their way


def line_hash(line_ref: str, secret_key: str) -> str:
    """How a LINE id is looked up without being readable: HMAC-SHA256, hexadecimal."""
    return hmac.new(secret_key.encode(), line_ref.encode(), hashlib.sha256).hexdigest()


def store_events(
    session: Session, events: Sequence[tuple[dict[str, Any], Event]], *, secret_key: str, now: datetime
) -> int:
    """Store each event once and return how many are new. A redelivered event that still waits gets its token's 60 s anew."""
    stored = 0
    # In one order for everybody: two requests that bring the same citizens cannot wait for each other.
    for raw, event in sorted(events, key=lambda pair: pair[1].source_ref or ""):
        conversation_id = _conversation_id(session, event, secret_key, now)
        if _insert(session, event, raw, conversation_id, now):
            stored += 1
        elif event.is_redelivery and event.reply_token:
            session.execute(
                sa.update(InboundEvent)
                .where(InboundEvent.webhook_event_id == event.webhook_event_id)
                .where(InboundEvent.token_used_at.is_(None), InboundEvent.occurred_at > now - TOKEN_REDELIVERY_MAX)
                .values(token_received_at=now)
            )
    return stored


def waits_for_a_turn(event: Event) -> bool:
    """Whether something is to be done about `event`: in a group only when the bot is mentioned (or text is withdrawn)."""
    if event.source_kind is None:
        return False
    if event.source_kind == "user":
        return event.type == "message" or isinstance(event.content, PostbackIn | Followed | Unfollowed | Unsent)
    return isinstance(event.content, Unsent) or (
        event.active
        and (isinstance(event.content, PostbackIn) or (isinstance(event.content, TextIn) and event.mentions_bot))
    )


def next_conversation(session: Session, now: datetime) -> Conversation | None:
    """A conversation with a due event, locked for this transaction; None means: look again later."""
    return session.scalar(_NEXT_CONVERSATION, {"now": now})


def next_event(session: Session, conversation: Conversation, now: datetime) -> Due | None:
    """The oldest waiting event of a locked conversation, by the time it happened; None when its retry is not due yet."""
    first = session.execute(_NEXT_EVENT, {"conversation_id": conversation.id}).one_or_none()
    if first is None:
        return None
    due = Due(*first)
    if due.event.due_at > now:  # younger events wait behind it
        postpone(session, conversation.id, due.event.due_at)
        return None
    return due


def note_failure(session: Session, event_id: int, error: str, now: datetime) -> bool:
    """Count a failed try of an event and say whether it was the last one: then it is to be parked."""
    event = session.get_one(InboundEvent, event_id)
    event.attempts += 1
    event.first_tried_at = event.first_tried_at or now
    event.error = error[:80]
    if event.attempts >= MAX_ATTEMPTS:
        event.state = "parked"
        event.done_at = now
        return True
    if event.conversation_id is not None:
        postpone(session, event.conversation_id, now + RETRY_AFTER[event.attempts - 1])
    return False


def postpone(session: Session, conversation_id: int, until: datetime) -> None:
    """Let a locked conversation's waiting events wait at least until then."""
    session.execute(
        sa.update(InboundEvent)
        .where(InboundEvent.conversation_id == conversation_id, InboundEvent.state == "pending")
        .where(InboundEvent.due_at < until)
        .values(due_at=until)
    )


def make_due(session: Session, conversation_id: int, now: datetime, *, within: timedelta) -> None:
    """Let a locked conversation's events that are to wait no longer than `within` go on now."""
    session.execute(
        sa.update(InboundEvent)
        .where(InboundEvent.conversation_id == conversation_id, InboundEvent.state == "pending")
        .where(InboundEvent.due_at > now, InboundEvent.due_at <= now + within)
        .values(due_at=now)
    )


def withdraw(session: Session, line_message_ref: str, now: datetime) -> None:
    """Remember that a message was unsent and blank the raw event, whether it has come already or comes later."""
    _insert_once(
        session, WithdrawnMessage, {"line_message_ref": line_message_ref, "withdrawn_at": now}, "line_message_ref"
    )
    session.execute(
        sa.update(InboundEvent)
        .where(InboundEvent.line_message_ref == line_message_ref, InboundEvent.type != "unsend")
        .values(raw=None)
    )


def is_withdrawn(session: Session, line_message_ref: str | None) -> bool:
    return line_message_ref is not None and session.scalar(_WITHDRAWN, {"ref": line_message_ref}) is not None


def _conversation_id(session: Session, event: Event, secret_key: str, now: datetime) -> int | None:
    if event.source_kind is None or event.source_ref is None:
        return None
    hashed = line_hash(event.source_ref, secret_key)
    found = session.scalar(_FIND, {"hash": hashed})
    if found is not None:
        return found
    row = {
        "kind": event.source_kind,
        "line_hash": hashed,
        "line_id": event.source_ref,
        "memory": {},
        "state": "bot",
        "created_at": now,
        "last_seen_at": now,
        "profile_due_at": now if event.source_kind == "user" else None,
    }
    made = _insert_once(session, Conversation, row, "line_hash", tell="id")
    return made if made is not None else session.scalar(_FIND, {"hash": hashed})  # somebody else was faster


def _insert(session: Session, event: Event, raw: dict[str, Any], conversation_id: int | None, now: datetime) -> bool:
    waits = waits_for_a_turn(event)
    keep = waits or (event.source_kind in (None, "user") and not is_withdrawn(session, event.line_message_ref))
    row = {
        "webhook_event_id": event.webhook_event_id,
        "conversation_id": conversation_id,
        "type": event.type[:60],
        "line_message_ref": event.line_message_ref,
        "occurred_at": event.occurred_at,
        "received_at": now,
        "raw": json.dumps(raw).encode() if keep else None,
        "reply_token": event.reply_token if waits else None,
        "token_received_at": now if waits and event.reply_token else None,
        "state": "pending" if waits else "passed_over",
        "due_at": now,
    }
    return _insert_once(session, InboundEvent, row, "webhook_event_id") is not None


def _insert_once(session: Session, table: type[Any], row: dict[str, Any], unique: str, tell: str | None = None) -> Any:
    """The column `tell` (the unique one) of the row if it is new; None when one like it was there."""
    dialect = session.get_bind().dialect.name
    return session.scalar(_inserting(dialect, table.__table__, unique, tell or unique, *row), row)


@cache
def _inserting(dialect: str, table: sa.Table, unique: str, tell: str, *columns: str) -> sa.Executable:
    """The statement is made once: making it took longer than the database does with it."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    values: dict[str, Any] = {column: sa.bindparam(column) for column in columns}
    return insert.values(values).on_conflict_do_nothing(index_elements=[unique]).returning(table.c[tell])
