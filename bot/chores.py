"""What a worker does beside turns and deliveries: citizens' pictures and names. Each step is claimed in
a short transaction, done outside of one, and written down in a second; doing it twice is harmless."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.line.client import Content, Gone, LineClient, NotYet
from bot.messages.tables import Conversation, Media
from bot.storage.engine import reading, transaction

LEASE = timedelta(seconds=30)  # a second worker tries again after this long
MEDIA_ATTEMPTS = 20
MAX_MEDIA_BYTES = 20 * 1024 * 1024
PROFILE_AGAIN = timedelta(minutes=10)

Now = Callable[[], datetime]


def fetch_media(engine: sa.Engine, line: LineClient, utc_now: Now, most: int = 10) -> int:
    """Fetch the pictures and files that are due; returns how many were looked at."""
    looked_at = 0
    while looked_at < most:
        with transaction(engine) as session:
            now = utc_now()
            media = session.scalar(
                sa.select(Media)
                .where(Media.state == "due", Media.due_at <= now)
                .order_by(Media.due_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if media is None:
                break
            media.attempts += 1
            media.due_at = now + LEASE
            media_id, ref, attempts = media.id, media.line_message_ref, media.attempts
        fetched = line.content(ref)
        with transaction(engine) as session:
            media = session.get_one(Media, media_id, with_for_update=True)
            if media.state == "due":
                _keep(media, fetched, attempts, utc_now())
        looked_at += 1
    return looked_at


def fetch_names(engine: sa.Engine, line: LineClient, utc_now: Now, most: int = 10) -> int:
    """Ask LINE for the names of new citizens; returns how many were asked for."""
    with reading(engine) as session:
        found = session.execute(
            sa.select(Conversation.id, Conversation.line_id).where(Conversation.profile_due_at <= utc_now()).limit(most)
        ).all()
    for conversation_id, line_id in found:
        try:
            name, again = line.display_name(line_id), None
        except OSError:
            name, again = None, utc_now() + PROFILE_AGAIN
        with transaction(engine) as session:
            conversation = session.get_one(Conversation, conversation_id, with_for_update=True)
            conversation.display_name = name or conversation.display_name
            conversation.profile_due_at = again
    return len(found)


def _keep(media: Media, fetched: Content | NotYet | Gone, attempts: int, now: datetime) -> None:
    match fetched:
        case Content(data=data, content_type=content_type) if len(data) <= MAX_MEDIA_BYTES:
            media.state, media.content, media.content_type, media.size_bytes = "kept", data, content_type, len(data)
        case Content():
            media.state = "failed"  # larger than we keep; the officer sees that and can ask for it otherwise
        case Gone():
            media.state = "gone"
        case NotYet() if attempts < MEDIA_ATTEMPTS:
            media.due_at = now + timedelta(seconds=min(2**attempts, 300))
        case NotYet():
            media.state = "failed"
