"""What are the things the stand-in LINE remembers, and which refusals does it know?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["reply", "push"]
Side = Literal["citizen", "bot"]


class InvalidReplyToken(Exception):
    """The token is unknown, used or older than 60 s."""


class AlreadyAccepted(Exception):
    """The retry key was accepted before; `first` is what was accepted then."""

    def __init__(self, first: "Delivery") -> None:
        super().__init__(first.request_id)
        self.first = first


class MonthlyLimitReached(Exception):
    """The push would cost more than is left of the month."""


class UnknownReceiver(Exception):
    """No citizen or group has this id."""


@dataclass(frozen=True)
class Citizen:
    """Someone with LINE on their phone."""

    user_id: str
    name: str
    is_friend: bool = True
    is_blocking: bool = False
    in_group: bool = False
    loading_until: datetime | None = None


@dataclass(frozen=True)
class ReplyToken:
    """A token of one event; `issued_at` starts anew when the event is redelivered."""

    value: str
    receiver_id: str
    first_issued_at: datetime
    issued_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """One reply or push that LINE accepted (once: a repeated retry key makes no second one)."""

    kind: Kind
    path: str
    headers: Mapping[str, str]
    body: Json
    receiver_id: str
    messages: tuple[Json, ...]
    sent_messages: tuple[Json, ...]
    accepted_at: datetime
    request_id: str
    shown_to: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """One call of the API with what was answered; `body` is None when it was no JSON object."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json | None
    status: int
    answer: Any
    request_id: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One line in a citizen's chat.

    `revision` grows with every change, so a page can ask for what is new. `via` is reply or push for the bot's lines;
    `event` and `state` tell how a citizen's line went to the webhook ("sending", "200", or what went wrong).
    `message` of type "unsent" stands where a withdrawn message was; "tap" is a postback without words.
    """

    entry_id: int
    revision: int
    user_id: str
    by: Side
    at: datetime
    message: Json
    message_id: str = ""
    via: str = ""
    event: Json | None = None
    state: str = ""
    is_read: bool = False
    in_group: bool = False
    redelivered: int = 0


@dataclass(frozen=True)
class Content:
    """A file a citizen sent; answered 202 for the first `not_ready` calls, 410 once `gone`."""

    data: bytes
    content_type: str
    not_ready: int = 0
    gone: bool = False
