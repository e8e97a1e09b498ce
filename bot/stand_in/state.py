"""What does the stand-in LINE know right now?

One `StandIn` is one channel: its citizens, reply tokens, retry keys, quota, files, switched-on faults, every request it
accepted and what each citizen sees. All of it is in memory, behind one lock; every method may be called from any thread.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.stand_in.chats import Chats
from bot.stand_in.faults import Faults
from bot.stand_in.ids import group_id, message_id, opaque_token, user_id
from bot.stand_in.records import (
    AlreadyAccepted,
    Citizen,
    Delivery,
    InvalidReplyToken,
    Json,
    Kind,
    MonthlyLimitReached,
    ReplyToken,
    Request,
    UnknownReceiver,
)

TOKEN_LIFE = timedelta(seconds=60)
TOKEN_RENEWABLE = timedelta(minutes=20)
RETRY_KEY_LIFE = timedelta(hours=24)
THAILAND = timezone(timedelta(hours=7))


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class StandIn:
    """LINE for one channel.

    `monthly_limit` None means no limit. `accepts_strangers` lets tokens and user ids pass that the stand-in never gave
    out (each token still once): for benches that make their own events. `allows_local_http` lets pictures come from
    plain http addresses of this machine. `remember` bounds the kept requests, deliveries and chat lines.
    """

    def __init__(
        self,
        *,
        channel_secret: str,
        access_token: str,
        webhook_url: str = "",
        monthly_limit: int | None = None,
        now: Callable[[], datetime] = utc_now,
        accepts_strangers: bool = False,
        allows_local_http: bool = False,
        bot_name: str = "ศูนย์บริการ",
        remember: int = 200_000,
    ) -> None:
        self.channel_secret = channel_secret
        self.access_token = access_token
        self.webhook_url = webhook_url
        self.accepts_strangers = accepts_strangers
        self.allows_local_http = allows_local_http
        self.bot_name = bot_name
        self.bot_user_id = user_id()
        self.group_id = group_id()
        self.now = now
        self.faults = Faults()
        self.chats = Chats(now=lambda: self.now(), remember=remember)
        self.started = secrets.token_hex(8)
        self._monthly_limit = monthly_limit
        self._lock = threading.RLock()
        self._citizens: dict[str, Citizen] = {}
        self._tokens: dict[str, ReplyToken] = {}
        self._retry_keys: dict[str, Delivery] = {}
        self._pushed: dict[tuple[int, int], int] = {}
        self._requests: deque[Request] = deque(maxlen=remember)
        self._deliveries: deque[Delivery] = deque(maxlen=remember)
        self._accepted = threading.Condition(self._lock)

    # Citizens

    def add_citizen(self, name: str, *, user_id_: str | None = None) -> Citizen:
        """A new citizen who is a friend of the bot; no event is sent (see `acts.follow`)."""
        with self._lock:
            citizen = Citizen(user_id_ or user_id(), name)
            self._citizens[citizen.user_id] = citizen
            return citizen

    def citizen(self, citizen_id: str) -> Citizen | None:
        """The citizen with this id, or None."""
        with self._lock:
            return self._citizens.get(citizen_id)

    def citizens(self) -> list[Citizen]:
        """All citizens, in the order they were added."""
        with self._lock:
            return list(self._citizens.values())

    def change_citizen(self, citizen_id: str, **changes: Any) -> Citizen:
        """The citizen with these fields changed; KeyError when unknown."""
        with self._lock:
            self._citizens[citizen_id] = replace(self._citizens[citizen_id], **changes)
            return self._citizens[citizen_id]

    def receivers(self, receiver_id: str) -> list[Citizen]:
        """Whom a message to this id reaches: one citizen, or everyone in the group; UnknownReceiver when nobody."""
        with self._lock:
            if receiver_id == self.group_id:
                return [citizen for citizen in self._citizens.values() if citizen.in_group]
            if receiver_id in self._citizens:
                return [self._citizens[receiver_id]]
            if self.accepts_strangers:
                return []
            raise UnknownReceiver(receiver_id)

    def show_loading(self, citizen_id: str, seconds: int) -> None:
        """The three dots for `seconds` or until the bot's next message; nothing for a stranger."""
        with self._lock:
            if citizen_id in self._citizens:
                self.change_citizen(citizen_id, loading_until=self.now() + timedelta(seconds=seconds))

    # Tokens

    def issue_token(self, receiver_id: str) -> str:
        """A fresh reply token whose answer goes to `receiver_id`."""
        with self._lock:
            now = self.now()
            token = ReplyToken(opaque_token(), receiver_id, now, now)
            self._tokens[token.value] = token
            return token.value

    def renew_token(self, value: str) -> None:
        """The token's 60 s start anew, as on redelivery, unless it is used, unknown or older than 20 minutes."""
        with self._lock:
            token = self._tokens.get(value)
            now = self.now()
            if token and not token.used_at and now - token.first_issued_at <= TOKEN_RENEWABLE:
                self._tokens[value] = replace(token, issued_at=now)

    def token(self, value: str) -> ReplyToken | None:
        """What is known of a reply token."""
        with self._lock:
            return self._tokens.get(value)

    def _spend(self, value: str) -> str:
        now = self.now()
        token = self._tokens.get(value)
        if token is None and self.accepts_strangers:
            token = ReplyToken(value, "", now, now)
        if token is None or token.used_at or now - token.issued_at > TOKEN_LIFE:
            raise InvalidReplyToken(value)
        self._tokens[value] = replace(token, used_at=now)
        return token.receiver_id

    # Sending

    def accept_reply(self, body: Json, headers: Mapping[str, str], request_id: str) -> Delivery:
        """The reply, shown to its citizen; InvalidReplyToken when the token is spent, late or unknown."""
        with self._lock:
            receiver_id = self._spend(body["replyToken"])
            shown_to = self.receivers(receiver_id) if receiver_id else []
            return self._accept("reply", body, headers, request_id, receiver_id, shown_to)

    def accept_push(
        self, body: Json, headers: Mapping[str, str], request_id: str, *, retry_key: str | None
    ) -> Delivery:
        """The push, shown to whoever has not blocked the bot; a used retry key and an empty quota raise."""
        with self._lock:
            now = self.now()
            first = self._retry_keys.get(retry_key) if retry_key else None
            if first and now - first.accepted_at < RETRY_KEY_LIFE:
                raise AlreadyAccepted(first)
            everyone = self.receivers(body["to"])
            reached = [citizen for citizen in everyone if not citizen.is_blocking]
            cost = len(reached) if everyone else 1
            if self._monthly_limit is not None and self.consumption + cost > self._monthly_limit:
                raise MonthlyLimitReached
            month = self._month()
            self._pushed[month] = self._pushed.get(month, 0) + cost
            delivery = self._accept("push", body, headers, request_id, body["to"], reached)
            if retry_key:
                self._retry_keys[retry_key] = delivery
            return delivery

    def _accept(
        self,
        kind: Kind,
        body: Json,
        headers: Mapping[str, str],
        request_id: str,
        receiver_id: str,
        reached: Iterable[Citizen],
    ) -> Delivery:
        shown_to = tuple(citizen.user_id for citizen in reached if not citizen.is_blocking)
        ids = [message_id() for _ in body["messages"]]
        delivery = Delivery(
            kind=kind,
            path=f"/v2/bot/message/{kind}",
            headers=headers,
            body=body,
            receiver_id=receiver_id,
            messages=tuple(body["messages"]),
            sent_messages=tuple({"id": each, "quoteToken": opaque_token()} for each in ids),
            accepted_at=self.now(),
            request_id=request_id,
            shown_to=shown_to,
        )
        self._deliveries.append(delivery)
        for citizen_id in shown_to:
            self._citizens[citizen_id] = replace(self._citizens[citizen_id], loading_until=None)
            for each, message in zip(ids, body["messages"], strict=True):
                self.chats.add(
                    citizen_id, "bot", message, message_id=each, via=kind, in_group=receiver_id == self.group_id
                )
        self._accepted.notify_all()
        return delivery

    # Quota

    @property
    def monthly_limit(self) -> int | None:
        """How many messages may be pushed a month; None means any number. May be set at any time."""
        return self._monthly_limit

    @monthly_limit.setter
    def monthly_limit(self, limit: int | None) -> None:
        with self._lock:
            self._monthly_limit = limit

    @property
    def consumption(self) -> int:
        """How many were pushed this month in Thailand, one a recipient; replies are free."""
        with self._lock:
            return self._pushed.get(self._month(), 0)

    def _month(self) -> tuple[int, int]:
        here = self.now().astimezone(THAILAND)
        return here.year, here.month

    # What was sent

    @property
    def deliveries(self) -> list[Delivery]:
        """Every reply and push accepted, oldest first."""
        with self._lock:
            return list(self._deliveries)

    @property
    def requests(self) -> list[Request]:
        """Every call of the API with its answer, also the refused ones, oldest first."""
        with self._lock:
            return list(self._requests)

    def log_request(self, request: Request) -> None:
        """The call is remembered."""
        with self._lock:
            self._requests.append(request)

    def messages_to(self, receiver_id: str) -> list[Json]:
        """Every message accepted for this citizen or group, oldest first."""
        return [
            each for delivery in self.deliveries if delivery.receiver_id == receiver_id for each in delivery.messages
        ]

    def wait_for_deliveries(self, count: int, *, timeout_seconds: float = 10.0, to: str = "") -> list[Delivery]:
        """The deliveries (to `to`, when given) as soon as there are `count`; TimeoutError when they do not come."""

        def found() -> list[Delivery]:
            return [delivery for delivery in self._deliveries if to in ("", delivery.receiver_id)]

        with self._accepted:
            if not self._accepted.wait_for(lambda: len(found()) >= count, timeout_seconds):
                raise TimeoutError(f"{len(found())} deliveries instead of {count} in {timeout_seconds} s")
            return found()

    def forget_deliveries(self) -> None:
        """The kept deliveries and requests are dropped; tokens, retry keys, quota and chats stay."""
        with self._lock:
            self._deliveries.clear()
            self._requests.clear()
