"""How does an event reach the bot, and what came of it?

Events are signed over the raw bytes and posted from a few background threads, so that a page answers at once. LINE
waits 2 seconds for an answer (https://developers.line.biz/en/docs/messaging-api/receiving-messages/).
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import urllib3

from bot.stand_in.records import Json
from bot.stand_in.state import StandIn

ANSWER_WITHIN_SECONDS = 2.0


@dataclass(frozen=True)
class Outcome:
    """What came of one POST: a status, or in `trouble` why there was none ("late", "unreachable", "no address")."""

    status: int | None
    took_ms: float
    trouble: str = ""

    @property
    def ok(self) -> bool:
        """The bot took the events."""
        return self.status is not None and 200 <= self.status < 300

    def __str__(self) -> str:
        return "ok" if self.ok else self.trouble or str(self.status)


@dataclass(frozen=True)
class Sent:
    """An event on its way, with the chat line that shows it (0 for none)."""

    event: Json
    entry_id: int
    outcome: Future[Outcome]

    @property
    def message_id(self) -> str:
        """The id of the message in the event, empty without one."""
        return str(self.event.get("message", {}).get("id", ""))

    def wait(self, timeout_seconds: float = 10.0) -> Outcome:
        """What came of it, once known; TimeoutError when that takes longer."""
        return self.outcome.result(timeout_seconds)


def sign(body: bytes, channel_secret: str) -> str:
    """The value of x-line-signature for these bytes.

    >>> sign(b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}', "8c570fa6dd201bb328f1c1eac23a96d8")
    'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs='
    """
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


class WebhookSender:
    """Posts a channel's events to its webhook.

    With `redelivers`, an event the bot did not take comes again after each of `pauses_seconds`, as LINE does when
    redelivery is switched on (LINE tells neither how often nor when).
    """

    def __init__(
        self,
        stand_in: StandIn,
        *,
        redelivers: bool = False,
        pauses_seconds: Sequence[float] = (1.0, 5.0, 30.0),
        timeout_seconds: float = ANSWER_WITHIN_SECONDS,
        threads: int = 16,
    ) -> None:
        self.stand_in = stand_in
        self.redelivers = redelivers
        self._pauses = tuple(pauses_seconds)
        self._timeout = timeout_seconds
        self._http = urllib3.PoolManager(maxsize=threads, block=False, retries=False)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="stand-in-webhook")
        self._closed = threading.Event()

    def send(self, event: Json, entry_id: int = 0) -> Sent:
        """The event on its way; its chat line shows what comes of it."""
        return Sent(event, entry_id, self._pool.submit(self._deliver, event, entry_id, self._pauses))

    def redeliver(self, event: Json, entry_id: int = 0) -> Sent:
        """The same event again: same id and token, isRedelivery true; the token's 60 s start anew unless it is used."""
        again = {**event, "deliveryContext": {"isRedelivery": True}}
        self.stand_in.renew_token(str(event.get("replyToken", "")))
        return Sent(again, entry_id, self._pool.submit(self._deliver, again, entry_id, ()))

    def post(self, events: Sequence[Json]) -> Outcome:
        """What came of one POST with all of `events`; waits for it."""
        body = json.dumps({"destination": self.stand_in.bot_user_id, "events": list(events)}, ensure_ascii=False)
        return self.post_raw(body.encode("utf-8", "surrogatepass"))

    def post_raw(self, body: bytes, *, signature: str | None = None) -> Outcome:
        """What came of posting these bytes, signed unless `signature` says otherwise ("" leaves the header out)."""
        if not self.stand_in.webhook_url:
            return Outcome(None, 0.0, "no address")
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "LineBotWebhook/2.0"}
        if signature is None:
            signature = sign(body, self.stand_in.channel_secret)
        if signature:
            headers["x-line-signature"] = signature
        started = time.monotonic()
        status, trouble = None, ""
        try:
            status = self._http.request(
                "POST", self.stand_in.webhook_url, body=body, headers=headers, timeout=self._timeout, redirect=False
            ).status
        except urllib3.exceptions.NewConnectionError:  # a TimeoutError by inheritance, but nobody was there
            trouble = "unreachable"
        except urllib3.exceptions.TimeoutError:
            trouble = "late"
        except urllib3.exceptions.HTTPError:
            trouble = "unreachable"
        return Outcome(status, (time.monotonic() - started) * 1000, trouble)

    def close(self) -> None:
        """No further event is sent; those under way are waited for."""
        self._closed.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._http.clear()

    def _deliver(self, event: Json, entry_id: int, pauses: tuple[float, ...]) -> Outcome:
        outcome = self.post([event])
        self.stand_in.chats.change(entry_id, state=str(outcome))
        if not outcome.ok and self.redelivers and pauses and not self._closed.is_set():
            timer = threading.Timer(pauses[0], self._again, (event, entry_id, pauses[1:]))
            timer.daemon = True
            timer.start()
        return outcome

    def _again(self, event: Json, entry_id: int, pauses: tuple[float, ...]) -> None:
        if self._closed.is_set():
            return
        self.stand_in.renew_token(str(event.get("replyToken", "")))
        self._pool.submit(self._deliver, {**event, "deliveryContext": {"isRedelivery": True}}, entry_id, pauses)
