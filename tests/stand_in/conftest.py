"""A stand-in LINE on a socket, a bot's webhook that only remembers, and the real line-bot-sdk between them."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
)

from bot.stand_in.server import create_app, serve
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


@dataclass
class Clock:
    """A clock that moves when told to."""

    at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **duration: float) -> None:
        self.at += timedelta(**duration)


@dataclass
class Bot:
    """A webhook that keeps what comes and answers the next of `statuses`, then 200."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in json.loads(body)["events"]]

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.bodies) >= count, 5), f"{len(self.bodies)} of {count}"
        return self.events


@pytest.fixture
def bot() -> Iterator[Bot]:
    kept = Bot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with kept.arrived:
                kept.bodies.append(body)
                kept.signatures.append(self.headers["x-line-signature"])
                status = kept.statuses.pop(0) if kept.statuses else 200
                kept.arrived.notify_all()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/callback"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(bot: Bot, clock: Clock) -> StandIn:
    return StandIn(channel_secret=SECRET, access_token="token", webhook_url=bot.url, now=clock, monthly_limit=3)


@pytest.fixture
def sender(line: StandIn) -> Iterator[WebhookSender]:
    made = WebhookSender(line)
    yield made
    made.close()


@pytest.fixture
def url(line: StandIn, sender: WebhookSender) -> Iterator[str]:
    with serve(create_app(line, sender)) as server:
        yield server.url


@pytest.fixture
def client(url: str) -> Iterator[ApiClient]:
    with ApiClient(Configuration(host=url, access_token="token")) as made:
        yield made


@pytest.fixture
def api(client: ApiClient) -> MessagingApi:
    return MessagingApi(client)


@pytest.fixture
def blob(client: ApiClient) -> MessagingApiBlob:
    return MessagingApiBlob(client)
