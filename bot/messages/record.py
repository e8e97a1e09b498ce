"""Incoming messages as officers read them, and blanking what a citizen withdraws."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.line.events import (
    Event,
    Followed,
    LocationIn,
    MediaIn,
    Other,
    PostbackIn,
    StickerIn,
    TextIn,
    Unfollowed,
    Unsent,
)
from bot.messages.tables import Conversation, InboundEvent, Media, Message


def record_incoming(
    session: Session, conversation: Conversation, row: InboundEvent, event: Event, now: datetime
) -> Message | None:
    """The message row of an event; None for events that say nothing (follow, unfollow, unsend)."""
    if isinstance(event.content, Followed | Unfollowed | Unsent):
        return None
    kind, text, payload = _shown(event)
    message = Message(
        conversation_id=conversation.id,
        event_id=row.id,
        author="citizen",
        kind=kind,
        text=text,
        payload=payload,
        line_message_ref=event.line_message_ref,
        quote_token=event.quote_token,
        created_at=event.occurred_at,
        state="received",
    )
    session.add(message)
    if isinstance(event.content, MediaIn):
        session.flush()  # gives it its id
    if isinstance(event.content, MediaIn) and event.content.external_url is None and event.line_message_ref:
        session.add(Media(message_id=message.id, line_message_ref=event.line_message_ref, state="due", due_at=now))
    return message


def blank_message(
    session: Session, conversation: Conversation, row: InboundEvent | None, event: Event, now: datetime
) -> list[str]:
    """Take the content of a withdrawn message off the record, or leave a blank row when it had not been recorded yet.

    Returns the words that stood there, for whoever else has kept them.
    """
    words = []
    found = session.scalars(
        sa.select(Message).where(
            Message.conversation_id == conversation.id, Message.line_message_ref == event.line_message_ref
        )
    ).all()
    for message in found:
        words += [message.text] if message.text is not None else []
        message.text, message.payload, message.understanding, message.quote_token = None, None, None, None
        message.withdrawn_at = message.withdrawn_at or now
        session.execute(
            sa.update(Media)
            .where(Media.message_id == message.id)
            .values(state="withdrawn", content=None, size_bytes=None)
        )
    if not found and row is not None:
        session.add(
            Message(
                conversation_id=conversation.id,
                event_id=row.id,
                author="citizen",
                kind="other",
                line_message_ref=event.line_message_ref,
                created_at=event.occurred_at,
                withdrawn_at=now,
                state="received",
            )
        )
    return words


def _shown(event: Event) -> tuple[str, str, dict[str, Any] | None]:
    match event.content:
        case TextIn(text=text):
            return "text", text, None
        case StickerIn(package_ref=package, sticker_ref=sticker, keywords=words):
            return "sticker", " ".join(words), {"package": package, "sticker": sticker, "keywords": list(words)}
        case MediaIn(kind=kind, file_name=name, external_url=url):
            return kind, name or "", {"file_name": name, "url": url}
        case LocationIn(latitude=latitude, longitude=longitude, title=title, address=address):
            return "location", f"{title} {address}".strip(), {"latitude": latitude, "longitude": longitude}
        case PostbackIn(data=data, picked=picked):
            return "postback", picked or "", {"data": data, "picked": picked}
        case Other(type=kind):
            return "other", kind, None
    return "other", event.type, None
