"""Messages on their way out: queued in the transaction of the act that makes them, claimed as one delivery, recorded as
sent, failed or unknown. Sending itself happens elsewhere, outside any transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.messages.inbox import Due
from bot.messages.outcomes import Accepted, MonthlyLimit, Outcome, RateLimited, Refused, TokenInvalid, Unclear
from bot.messages.tables import Conversation, Delivery, InboundEvent, Message

MESSAGES_PER_REQUEST = 5  # LINE: reply and push take 1 to 5 messages
TOKEN_SECONDS = 50  # LINE: about 60 s from receipt; ten are left for the way
PUSH_BACKOFF = tuple(timedelta(seconds=s) for s in (1, 2, 4, 8, 16, 32, 60, 120, 300, 600))
REPLY_BACKOFF = timedelta(seconds=1)
RATE_BACKOFF = timedelta(seconds=2)
STUCK = timedelta(seconds=25)  # longer than both of a request's time-outs: its outcome was never written down


@dataclass(frozen=True)
class Outgoing:
    """One message for LINE (`line`, its JSON) and how a reader of the record sees it."""

    line: dict[str, Any]
    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Request:
    """A claimed delivery, ready to be sent without the database."""

    delivery_id: int
    conversation_id: int
    messages: list[dict[str, Any]] = field(repr=False)
    reply_token: str | None = field(repr=False)
    to: str = field(repr=False)
    retry_key: str | None


def queue(
    session: Session,
    conversation: Conversation,
    outgoing: Sequence[Outgoing],
    *,
    now: datetime,
    author: str = "bot",
    author_name: str | None = None,
    staff_id: int | None = None,
) -> list[Message]:
    """Add messages to the record, to leave with the next delivery of their conversation."""
    rows = [
        Message(
            conversation_id=conversation.id,
            author=author,
            author_name=author_name,
            staff_id=staff_id,
            kind=one.kind,
            text=one.text,
            payload=one.line,
            created_at=now,
            state="pending",
            due_at=now,
        )
        for one in outgoing
    ]
    session.add_all(rows)
    return rows


def next_conversation(session: Session, now: datetime) -> Conversation | None:
    """A conversation with messages that are due and nothing in flight, locked for this transaction."""
    in_flight = sa.exists().where(
        Delivery.conversation_id == Message.conversation_id, Delivery.state.in_(("sending", "retry"))
    )
    return session.scalar(
        sa.select(Conversation)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.state == "pending", Message.due_at <= now, ~in_flight)
        .order_by(Message.due_at)
        .limit(1)
        .with_for_update(of=Conversation, skip_locked=True, key_share=True)
    )


def claim(session: Session, conversation: Conversation, *, worker_id: int, now: datetime) -> Request | None:
    """The next delivery of a locked conversation, claimed by this worker; None when nothing may leave now.

    A live reply token takes all pending messages in order, up to five, those waiting for the quota too; without one the
    due messages are pushed, after any push that is still being retried.
    """
    rows = session.execute(_WAITING, {"conversation_id": conversation.id}).all()
    if not rows or rows[0].sending:
        return None
    pending: list[Message] = [row.Message for row in rows]
    if conversation.blocked_at is not None:
        for message in pending:
            message.state, message.reason = "failed", "blocked"
        return None
    token = _live_token(session, conversation.id, now)
    if token is None:
        if rows[0].retrying:
            return None
        pending = [message for message in pending if message.due_at is not None and message.due_at <= now]
    if not pending:
        return None
    return _freeze(session, conversation, pending[:MESSAGES_PER_REQUEST], token, worker_id, now)


def claim_answer(
    session: Session, conversation: Conversation, due: Due, said: Sequence[Message], *, worker_id: int, now: datetime
) -> Request | None:
    """claim() for the messages that the turn of `due` has just queued: where nothing else waits, the database need not be
    asked, and they are written with their delivery in one go."""
    event = due.event
    alone = not due.others_wait and event in session.dirty  # nothing was flushed: what is queued stands in session.new
    alone = alone and 0 < len(said) <= MESSAGES_PER_REQUEST and set(said) == _queued(session)
    if alone and event.reply_token is not None and event.token_used_at is None and _token_lives(event, now):
        return _freeze(session, conversation, list(said), event, worker_id, now)
    session.flush()
    return claim(session, conversation, worker_id=worker_id, now=now)


def _queued(session: Session) -> set[Message]:
    return {row for row in session.new if isinstance(row, Message) and row.state == "pending"}


def _deliveries_in(state: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(Delivery.conversation_id == Message.conversation_id, Delivery.state == state)


_WAITING = (
    sa.select(Message, _deliveries_in("sending").label("sending"), _deliveries_in("retry").label("retrying"))
    .where(Message.conversation_id == sa.bindparam("conversation_id"), Message.state == "pending")
    .order_by(Message.id)
)


_LOCK_CONVERSATIONS = (
    sa.select(Conversation)
    .where(Conversation.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(Conversation.id)  # in one order for everybody: two batches never wait in a circle
    .with_for_update(key_share=True)
)
_LOCK_DELIVERIES = (
    sa.select(Delivery)
    .where(Delivery.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(Delivery.id)
    .with_for_update()
)
_HAVE_MORE = (
    sa.select(Message.conversation_id)
    .where(Message.conversation_id.in_(sa.bindparam("ids", expanding=True)), Message.state == "pending")
    .distinct()
)


def record(
    session: Session, sent: Sequence[tuple[Request, Outcome]], *, worker_id: int, now: datetime
) -> list[Conversation]:
    """Write down how deliveries went; returns the conversations, locked, that have more to send.

    What another worker has taken over meanwhile is left alone.
    """
    outcomes = {request.delivery_id: outcome for request, outcome in sent}
    ids = list({request.conversation_id for request, _outcome in sent})
    conversations = session.scalars(_LOCK_CONVERSATIONS, {"ids": ids}).all()
    for delivery in session.scalars(_LOCK_DELIVERIES, {"ids": list(outcomes)}).all():
        if delivery.state == "sending" and delivery.worker_id == worker_id:
            _record_one(session, delivery, outcomes[delivery.id], now)
    session.flush()
    more = set(session.scalars(_HAVE_MORE, {"ids": ids}))
    return [conversation for conversation in conversations if conversation.id in more]


def _record_one(session: Session, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.status_code = outcome.status if isinstance(outcome, Refused | Unclear) else None
    delivery.line_request_ref = None if isinstance(outcome, Unclear) else outcome.request_ref
    match outcome:
        case Accepted():
            _accepted(session, delivery, now)
        case TokenInvalid():
            if delivery.attempts > 1:  # an earlier try of the same request was unclear: it had arrived
                _accepted(session, delivery, now)
                delivery.reason = "seen_on_retry"
            else:
                _give_back(session, delivery, "token_invalid", now, due_at=now)
        case RateLimited():
            _free_token(session, delivery)
            _give_back(session, delivery, "rate_limited", now, due_at=now + RATE_BACKOFF)
        case MonthlyLimit():
            _give_back(session, delivery, "monthly_limit", now, due_at=None)
        case Refused(status=status):
            _end(session, delivery, "failed", f"refused_{status}", now)
        case Unclear(reason=reason):
            _unclear(session, delivery, reason, now)
        case _:
            assert_never(outcome)


def recover(session: Session, *, worker_id: int, living: frozenset[int], now: datetime) -> Request | None:
    """Take over one delivery whose retry is due or whose worker died, to be sent again as the same request.

    A reply whose token has grown too old cannot be tried again safely: it ends as `unknown`, shown to officers.
    """
    delivery = session.scalar(
        sa.select(Delivery)
        .where(
            sa.or_(
                sa.and_(Delivery.state == "retry", Delivery.due_at <= now),
                sa.and_(Delivery.state == "sending", Delivery.worker_id.is_(None), Delivery.due_at <= now),
                sa.and_(Delivery.state == "sending", Delivery.worker_id.not_in(living)),
                sa.and_(Delivery.state == "sending", Delivery.due_at <= now - STUCK),
            )
        )
        .order_by(Delivery.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery is None:
        return None
    conversation = session.get_one(Conversation, delivery.conversation_id)
    event = session.get(InboundEvent, delivery.event_id) if delivery.event_id else None
    if event is not None and not _token_lives(event, now):
        _end(session, delivery, "unknown", "token_too_old_to_ask_again", now)
        return None
    if delivery.method == "push" and conversation.blocked_at is not None:
        _end(session, delivery, "unknown", "blocked", now)
        return None
    busy = session.scalar(
        sa.select(Delivery.id).where(
            Delivery.conversation_id == conversation.id, Delivery.state == "sending", Delivery.id != delivery.id
        )
    )
    if busy is not None:
        delivery.due_at = now + REPLY_BACKOFF
        return None
    delivery.state, delivery.worker_id, delivery.due_at = "sending", worker_id, now
    delivery.attempts += 1
    return _request(delivery, conversation, event)


def _freeze(
    session: Session,
    conversation: Conversation,
    messages: list[Message],
    token: InboundEvent | None,
    worker_id: int,
    now: datetime,
) -> Request:
    delivery = Delivery(
        conversation_id=conversation.id,
        method="push" if token is None else "reply",
        event_id=token.id if token else None,
        retry_key=str(uuid.uuid4()) if token is None else None,
        messages=packed([message.payload or {} for message in messages]),
        state="sending",
        worker_id=worker_id,
        attempts=1,
        created_at=now,
        due_at=now,
    )
    session.add(delivery)
    for message in messages:
        message.state, message.reason, message.delivery = "sending", None, delivery
    if token is not None:
        token.token_used_at = now
    session.flush()
    return _request(delivery, conversation, token)


def packed(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`messages` with quick replies on the last one only, because LINE shows no others."""
    quick = next((m["quickReply"] for m in reversed(messages) if "quickReply" in m), None)
    bare = [{key: value for key, value in m.items() if key != "quickReply"} for m in messages]
    if quick is not None:
        bare[-1] = {**bare[-1], "quickReply": quick}
    return bare


def _request(delivery: Delivery, conversation: Conversation, event: InboundEvent | None) -> Request:
    return Request(
        delivery_id=delivery.id,
        conversation_id=conversation.id,
        messages=delivery.messages,
        reply_token=event.reply_token if event else None,
        to=conversation.line_id,
        retry_key=delivery.retry_key,
    )


def _live_token(session: Session, conversation_id: int, now: datetime) -> InboundEvent | None:
    """The newest unused token of an event whose turn was taken: a waiting event keeps its token for its own answer."""
    return session.scalar(
        sa.select(InboundEvent)
        .where(
            InboundEvent.conversation_id == conversation_id,
            InboundEvent.state.in_(("done", "parked")),
            InboundEvent.reply_token.is_not(None),
            InboundEvent.token_used_at.is_(None),
            InboundEvent.token_received_at > now - timedelta(seconds=TOKEN_SECONDS),
        )
        .order_by(InboundEvent.token_received_at.desc(), InboundEvent.id.desc())
        .limit(1)
    )


def _token_lives(event: InboundEvent, now: datetime) -> bool:
    return event.token_received_at is not None and event.token_received_at > now - timedelta(seconds=TOKEN_SECONDS)


def _accepted(session: Session, delivery: Delivery, now: datetime) -> None:
    delivery.cost = 1 if delivery.method == "push" else 0
    _end(session, delivery, "accepted", None, now)


def _end(session: Session, delivery: Delivery, state: str, reason: str | None, now: datetime) -> None:
    delivery.state, delivery.reason, delivery.finished_at = state, reason, now
    told = "sent" if state == "accepted" else state
    session.connection().execute(_TELL, {"of_delivery": delivery.id, "new_state": told, "why": reason})


_TELL = (  # of the table, not of the class: nothing loaded is to be brought in line, which costs more than the database
    sa.update(Message.metadata.tables["messages"])
    .where(Message.delivery_id == sa.bindparam("of_delivery"))
    .values(state=sa.bindparam("new_state"), reason=sa.bindparam("why"))
)


def _give_back(session: Session, delivery: Delivery, reason: str, now: datetime, *, due_at: datetime | None) -> None:
    """End a delivery that LINE surely did not take; its messages wait again (`due_at` None: for a reply token)."""
    delivery.state, delivery.reason, delivery.finished_at = "failed", reason, now
    session.execute(
        sa.update(Message)
        .where(Message.delivery_id == delivery.id)
        .values(state="pending", reason=reason, due_at=due_at, delivery_id=None)
    )


def _free_token(session: Session, delivery: Delivery) -> None:
    if delivery.event_id is not None:
        session.execute(sa.update(InboundEvent).where(InboundEvent.id == delivery.event_id).values(token_used_at=None))


def _unclear(session: Session, delivery: Delivery, reason: str, now: datetime) -> None:
    delivery.reason, delivery.worker_id = reason, None
    if delivery.method == "reply":  # keeps its place as the one in flight: the answer may be on the citizen's screen
        delivery.due_at = now + REPLY_BACKOFF
    elif delivery.attempts > len(PUSH_BACKOFF):
        _end(session, delivery, "unknown", reason, now)
    else:
        delivery.state, delivery.due_at = "retry", now + PUSH_BACKOFF[delivery.attempts - 1]
