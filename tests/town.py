"""A town for tests that read as conversations: citizens in the stand-in for LINE, the site, a worker in a thread."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.stand_in import acts
from bot.stand_in.server import create_app as stand_in_app
from bot.stand_in.server import serve
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import Sent, WebhookSender
from bot.storage.engine import make_engine, reading
from bot.web.app import create_app
from tests.contract.line_contract import breaches

PATIENCE_SECONDS = 15


class Town:
    """Everything of an installation in this process; only LINE is a stand-in."""

    def __init__(
        self, database_url: str, make_settings: Callable[[str, str], Settings], *, worker: bool = True
    ) -> None:
        self.line = StandIn(
            channel_secret="test-channel-secret", access_token="test-access-token", allows_local_http=True
        )
        self.sender = WebhookSender(self.line)
        self._line_server = serve(stand_in_app(self.line, self.sender))
        self.settings = make_settings(database_url, self._line_server.url)
        self.engine = make_engine(database_url)
        self.site = create_app(self.settings, self.engine)
        self._site_server = serve(self.site)
        self.url = self._site_server.url
        self.line.webhook_url = f"{self.url}/callback"
        self._worker: Any = None
        self._thread: threading.Thread | None = None
        self._wants_worker = worker
        self.sends_nonsense = False  # a test that sends what LINE refuses, on purpose, says so

    def __enter__(self) -> Self:
        if self._wants_worker:
            self.start_worker()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.stop_worker()
        self.sender.close()
        self._site_server.stop()
        self._line_server.stop()
        self.engine.dispose()
        if kind is None and not self.sends_nonsense:
            assert breaches(self.line.requests) == []  # whatever was sent in a test is what LINE's description allows

    def start_worker(self) -> None:
        from bot.worker import Worker

        self._worker = Worker(self.settings, self.engine)
        self._thread = threading.Thread(target=self._worker.run, name="worker")
        self._thread.start()

    def stop_worker(self) -> None:
        if self._worker is not None and self._thread is not None:
            self._worker.stop()
            self._thread.join(20)
            self._worker = None

    def citizen(self, name: str) -> "Citizen":
        return Citizen(self, self.line.add_citizen(name).user_id)

    def session(self) -> Session:
        """A session to look into the database."""
        return Session(self.engine)

    def eventually(self, look: Callable[[], Any], why: str) -> Any:
        """What `look` returns once it is true; fails after a while."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.02)  # the worker is another thread: there is nothing to wait on
        raise AssertionError(f"waited {PATIENCE_SECONDS} s in vain: {why}")

    def quiet(self) -> None:
        """Wait until no event waits for its turn and nothing is on its way out."""

        def nothing_left() -> bool:
            with reading(self.engine) as session:
                left = session.scalar(
                    sa.text(
                        "SELECT (SELECT count(*) FROM inbound_events WHERE state = 'pending')"
                        " + (SELECT count(*) FROM messages WHERE state IN ('pending', 'sending') AND due_at IS NOT NULL)"
                        " + (SELECT count(*) FROM deliveries WHERE state IN ('sending', 'retry'))"
                    )
                )
                return left == 0

        self.eventually(nothing_left, "something is still on its way")


class Citizen:
    """Somebody with a phone."""

    def __init__(self, town: Town, user_id: str) -> None:
        self.town = town
        self.user_id = user_id
        self._heard = 0

    def says(self, text: str, **about: Any) -> Sent:
        """Write a text and wait until it is in the record."""
        sent = acts.say(self.town.sender, self.user_id, text, **about)
        assert sent.wait().ok, sent.wait()
        return sent

    def taps(self, label: str, *, picked: str | None = None) -> None:
        """Tap the quick reply or button of the last message that has it."""
        for message in reversed(self.messages):
            action = next((a for a in actions(message) if a.get("label") == label), None)
            if action is None:
                continue
            if action["type"] == "message":
                self.says(action["text"])
            else:
                sent = acts.tap(
                    self.town.sender,
                    self.user_id,
                    action["data"],
                    display_text=action.get("displayText"),
                    picked=picked,
                )
                assert sent.wait().ok
            return
        raise AssertionError(f"no button {label!r} on the screen: {self.buttons}")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All that the bot and officers have sent to this citizen."""
        return list(self.town.line.messages_to(self.user_id))

    @property
    def buttons(self) -> list[str]:
        """The labels of the last message's buttons."""
        return [a.get("label", "") for a in actions(self.messages[-1])] if self.messages else []

    def hears(self, words: str, *others: str) -> dict[str, Any]:
        """The next message not heard yet that contains all the words; messages before it count as heard."""

        def look() -> dict[str, Any] | None:
            for at, message in enumerate(self.messages):
                shown = json.dumps(message, ensure_ascii=False)
                if at >= self._heard and all(word in shown for word in (words, *others)):
                    self._heard = at + 1
                    return message
            return None

        try:
            found: dict[str, Any] = self.town.eventually(look, f"to hear {words!r}")
        except AssertionError as error:
            new = json.dumps(self.messages[self._heard :], ensure_ascii=False)[:1500]
            raise AssertionError(f"{error}; heard instead: {new}") from None
        return found

    def hears_nothing_more(self) -> None:
        """After everything has been handled, no message came beyond those heard."""
        self.town.quiet()
        assert len(self.messages) == self._heard, self.messages[self._heard :]


def actions(value: Any) -> list[dict[str, Any]]:
    """Every action in a message, in order."""
    found = []
    if isinstance(value, dict):
        if isinstance(value.get("action"), dict):
            found.append(value["action"])
        for inner in value.values():
            found += actions(inner)
    elif isinstance(value, list):
        for inner in value:
            found += actions(inner)
    return found
