"""A stand-in for an OpenAI-compatible endpoint, which can be told to behave in any way."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Call"], None]


@dataclass
class Call:
    """One question as it arrived, and the ways to answer it."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]

    @property
    def asked(self) -> dict[str, Any]:
        """What the reader is asked: message and topics."""
        found: dict[str, Any] = json.loads(self.body["messages"][-1]["content"])
        return found

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.handler.headers.items()}

    def says(self, content: object) -> None:
        """Answer with a chat completion."""
        self.sends(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())

    def sends(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer with any bytes."""
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def dribbles(self, first: bytes, gone: threading.Event) -> None:
        """Send `first` and then one byte after another until the other side hangs up."""
        self.handler.wfile.write(first)
        while not gone.wait(0.05):
            self.handler.wfile.write(b" ")
            self.handler.wfile.flush()


@dataclass
class Endpoint:
    """A running endpoint; `behaviour` may be changed at any time."""

    url: str
    behaviour: Behaviour = lambda call: call.says('{"intent": null}')
    calls: list[Call] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def always_says(self, content: object) -> None:
        self.behaviour = lambda call: call.says(content)

    def chooses(self, intent: str | None) -> None:
        self.always_says(json.dumps({"intent": intent}))


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint at 127.0.0.1, its address ending in /v1 as is usual."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            assert self.path == "/v1/chat/completions"
            call = Call(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            running.calls.append(call)
            try:
                running.behaviour(call)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the other side has had enough

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: questions carry citizens' words."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield running
    running.stopped.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def slow(seconds: float, content: str) -> Behaviour:
    """Answers right, but late."""

    def behave(call: Call) -> None:
        time.sleep(seconds)
        call.says(content)

    return behave
