"""Tables of the record. Events and messages are the conversation that officers read, and also the queue of work."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Id
from bot.storage.types import AwareUtc, EncryptedBytes, EncryptedText, Json


class Conversation(Base):
    """A citizen (or a group) with the bot. Its row is the lock under which one turn after another happens."""

    __tablename__ = "conversations"

    id: Mapped[Id]
    kind: Mapped[str]  # user, group, room
    line_hash: Mapped[str] = mapped_column(unique=True)  # HMAC of LINE's id: finds the row without telling the id
    line_id: Mapped[str] = mapped_column(EncryptedText)
    display_name: Mapped[str | None] = mapped_column(EncryptedText)
    profile_due_at: Mapped[datetime | None]  # when LINE is to be asked for the name
    identity_level: Mapped[str] = mapped_column(server_default="none")
    state: Mapped[str] = mapped_column(server_default="bot")  # bot, waiting, held
    memory: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # what is being asked: conversation/memory.py
    blocked_at: Mapped[datetime | None]
    notice_told_at: Mapped[datetime | None]  # when the privacy notice was told
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class InboundEvent(Base):
    """What LINE delivered, once each; pending until its turn has been taken."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        sa.Index(
            "ix_inbound_events_todo",
            "due_at",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_inbound_events_order", "conversation_id", "occurred_at", "id"),
    )

    id: Mapped[Id]
    webhook_event_id: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversations.id"))
    type: Mapped[str]
    line_message_ref: Mapped[str | None] = mapped_column(index=True)
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    raw: Mapped[bytes | None] = mapped_column(EncryptedBytes)  # ids masked; None when nothing may be kept
    reply_token: Mapped[str | None] = mapped_column(EncryptedText)
    token_received_at: Mapped[datetime | None]
    token_used_at: Mapped[datetime | None]
    state: Mapped[str]  # pending, done, passed_over, parked
    attempts: Mapped[int] = mapped_column(server_default="0")
    first_tried_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]  # the class of the error, never its text


class WithdrawnMessage(Base):
    """A message the citizen unsent: whatever arrives under this id later stays blank."""

    __tablename__ = "withdrawn_messages"

    line_message_ref: Mapped[str] = mapped_column(primary_key=True)
    withdrawn_at: Mapped[datetime]


class Message(Base):
    """One message of a conversation, in or out, as officers read it."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_conversation", "conversation_id", "id"),
        sa.Index(
            "ix_messages_outgoing",
            "due_at",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_messages_delivery", "delivery_id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound_events.id"))
    author: Mapped[str]  # citizen, bot, officer
    author_name: Mapped[str | None]
    staff_id: Mapped[int | None]
    kind: Mapped[str]  # text, sticker, image, video, audio, file, location, postback, card, other
    text: Mapped[str | None]  # what a reader sees; None once withdrawn
    payload: Mapped[dict[str, Any] | None] = mapped_column(
        Json
    )  # incoming: sticker, place, file; outgoing: LINE's JSON
    line_message_ref: Mapped[str | None] = mapped_column(index=True)
    quote_token: Mapped[str | None] = mapped_column(EncryptedText)
    understanding: Mapped[dict[str, Any] | None] = mapped_column(Json)  # decision, intent, score, candidates
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    # Outgoing only: received is for incoming; pending → sending → sent | failed | unknown
    state: Mapped[str]
    reason: Mapped[str | None]  # why it failed, or what it waits for
    due_at: Mapped[datetime | None]
    delivery_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deliveries.id"))
    delivery: Mapped["Delivery | None"] = relationship(lazy="raise")  # only so that both are written in one go


class Delivery(Base):
    """One request to LINE: its messages are frozen before the first try, so that every further try is the same request."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.Index(
            "uq_deliveries_in_flight",
            "conversation_id",
            unique=True,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        ),
        sa.Index(
            "ix_deliveries_todo",
            "due_at",
            sqlite_where=sa.text("state IN ('sending', 'retry')"),
            postgresql_where=sa.text("state IN ('sending', 'retry')"),
        ),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    method: Mapped[str]  # reply, push
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound_events.id"))  # whose token it uses
    retry_key: Mapped[str | None]
    messages: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[str]  # sending, retry, accepted, failed, unknown
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"))
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status_code: Mapped[int | None]
    reason: Mapped[str | None]
    line_request_ref: Mapped[str | None]
    cost: Mapped[int] = mapped_column(server_default="0")  # messages of the month's quota it used


class Media(Base):
    """A picture, video, sound or file of a citizen, fetched from LINE at once because LINE keeps it only for a while."""

    __tablename__ = "media"
    __table_args__ = (
        sa.Index(
            "ix_media_todo", "due_at", sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'")
        ),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id"), unique=True)
    line_message_ref: Mapped[str]
    state: Mapped[str]  # due, kept, gone, failed, withdrawn
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    content_type: Mapped[str | None]
    size_bytes: Mapped[int | None]


class Worker(Base):
    """A worker process; it lives while it holds the lock that goes with its id (bot/messages/claims.py)."""

    __tablename__ = "workers"

    id: Mapped[Id]
    started_at: Mapped[datetime] = mapped_column(AwareUtc)
    host: Mapped[str]
