"""What do LINE's identifiers look like? Random ones of the right shape."""

import secrets
from datetime import datetime
from itertools import count

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_messages = count(500_000_000_000_000_000 + secrets.randbelow(10**15))


def user_id() -> str:
    """A user id: "U" and 32 hex digits."""
    return "U" + secrets.token_hex(16)


def group_id() -> str:
    """A group id: "C" and 32 hex digits."""
    return "C" + secrets.token_hex(16)


def message_id() -> str:
    """A message id: 18 digits, never given twice in one process."""
    return str(next(_messages))


def opaque_token() -> str:
    """A token as replyToken, quoteToken and markAsReadToken are: 32 letters and digits."""
    return secrets.token_hex(16)


def event_id(at: datetime) -> str:
    """A webhookEventId: a ULID, 26 characters that sort by time.

    >>> from datetime import UTC
    >>> event_id(datetime(2026, 11, 22, tzinfo=UTC))[:10]
    '01M808TX00'
    """
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -5, -5))
