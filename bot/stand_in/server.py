"""How is the stand-in LINE served: as an app to mount, in a thread for tests, or by itself for benches?

python -m bot.stand_in.server --port 8099 --webhook http://127.0.0.1:8000/callback --secret S --token T
"""

import argparse
import threading
from dataclasses import dataclass
from typing import Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.stand_in.api import make_api
from bot.stand_in.page import make_page
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender


class _Handler(WSGIRequestHandler):
    """Keep-alive and TCP_NODELAY: with Nagle's algorithm each call took 43 ms instead of 0.3."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing is logged: bodies and ids of citizens do not belong in a log."""


@dataclass(frozen=True)
class RunningServer:
    """A server in its own thread; `url` has no slash at the end. Usable in a with statement."""

    server: BaseWSGIServer
    thread: threading.Thread
    url: str

    def stop(self) -> None:
        """The server takes no more calls and its socket is closed."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def create_app(stand_in: StandIn, webhook: WebhookSender | None = None) -> Flask:
    """LINE's API under /v2 and the chat page at /; may be mounted under a prefix. Without `webhook` it makes its own."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(make_api(stand_in))
    app.register_blueprint(make_page(stand_in, webhook or WebhookSender(stand_in)))
    return app


def serve(app: Flask, host: str = "127.0.0.1", port: int = 0) -> RunningServer:
    """`app` served in a thread; port 0 takes a free one."""
    server = make_server(host, port, app, threaded=True, request_handler=_Handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="stand-in-line", daemon=True)
    thread.start()
    return RunningServer(server, thread, f"http://{host}:{server.server_port}")


def main() -> None:
    """The stand-in from the command line, until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.stand_in.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--webhook", default="", help="where events go, as http://127.0.0.1:8000/callback")
    parser.add_argument("--secret", required=True, help="the channel secret")
    parser.add_argument("--token", required=True, help="the channel access token")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="how long every call of the API takes")
    parser.add_argument("--monthly-limit", type=int, default=None)
    parser.add_argument("--accept-strangers", action="store_true", help="take tokens and user ids never given out")
    parser.add_argument("--allow-local-http", action="store_true", help="take pictures at http://localhost")
    options = parser.parse_args()
    stand_in = StandIn(
        channel_secret=options.secret,
        access_token=options.token,
        webhook_url=options.webhook,
        monthly_limit=options.monthly_limit,
        accepts_strangers=options.accept_strangers,
        allows_local_http=options.allow_local_http,
    )
    stand_in.faults.set(delay_seconds=options.delay_ms / 1000)
    running = serve(create_app(stand_in), options.host, options.port)
    print(f"LINE stands in at {running.url}/", flush=True)
    try:
        running.thread.join()
    except KeyboardInterrupt:
        running.stop()


if __name__ == "__main__":
    main()
