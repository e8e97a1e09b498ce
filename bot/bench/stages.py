"""The stages of a bench, each with its own copy of the database and fresh processes."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import make_url

from bot.bench import yardstick
from bot.bench.databases import Databases
from bot.bench.drive import Line, Loaded, drain, load
from bot.bench.load import Job, signed_request
from bot.bench.processes import Child, Processes, free_port, is_answering
from bot.storage.engine import make_engine

LINE_MS = 80.0
ECHO_RATE = 40.0  # events per second
WINDOW = 256  # events under way from end to end while the sustained rate is measured
BURST_SHARE = 0.8
WARM_UP_SECONDS = 2.0
WORKERS = {"sqlite": 1, "postgresql": 2}  # processes: SQLite has one writer; on PostgreSQL one for each processor
WORKER = "from bot.cli import main; main(['worker'])"


@dataclass
class Place:
    """Where a bench happens: its folder, processes, generated keys, and what citizens write."""

    folder: Path
    processes: Processes
    texts: list[str]
    seconds: float
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    data_key: str = field(default_factory=lambda: Fernet.generate_key().decode())
    loads: int = 0

    def environment(self, line_port: int, database_url: str) -> Mapping[str, str]:
        """The settings of every process of this bench."""
        return {
            "BOT_MODE": "production",
            "DATABASE_URL": database_url,
            "LINE_CHANNEL_SECRET": self.secret,
            "LINE_CHANNEL_ACCESS_TOKEN": self.token,
            "LINE_API_BASE_URL": f"http://127.0.0.1:{line_port}",
            "SECRET_KEY": self.secret_key,
            "DATA_KEY": self.data_key,
            "PUBLIC_URL": "http://127.0.0.1",
        }

    def job(self, port: int, seconds: float, **more: Any) -> Job:
        """A load on the web server at `port`."""
        self.loads += 1
        name = f"load{self.loads}"
        result = str(self.folder / f"{name}.result.json")
        return Job(port, self.secret, self.texts, seconds, result, name, **more)

    @contextmanager
    def line(self) -> Iterator[Line]:
        """A stand-in for LINE of its own."""
        port = free_port()
        options = ("--port", str(port), "--secret", self.secret, "--token", self.token, "--delay-ms", str(LINE_MS))
        arguments = ["-m", "bot.stand_in.server", *options, "--accept-strangers"]
        child = self.processes.start(arguments, {})
        child.wait_until(
            lambda: is_answering(port, b"GET /deliveries HTTP/1.0\r\n\r\n"), "the stand-in for LINE starts"
        )
        yield Line(port)
        self.processes.end(child.process)

    @contextmanager
    def web(self, application: str, line: Line | None, database_url: str) -> Iterator[tuple[int, Child, float]]:
        """A web server under gunicorn: its port, its process, and how many seconds it took to be ready."""
        port = free_port()
        child = self.processes.gunicorn(application, port, self.environment(line.port if line else 9, database_url))
        greeting = signed_request(b'{"destination":"U00000000000000000000000000000000","events":[]}', self.secret)
        ready = child.wait_until(lambda: is_answering(port, greeting), f"{application} answers")
        yield port, child, ready
        self.processes.end(child.process)


@dataclass
class Measured:
    """What was measured of our installation on one database."""

    yardstick_rate: float
    alone: Loaded
    sustained_rate: float
    quiet: Loaded
    own_ms: list[float]
    burst: Loaded
    burst_rate: float
    burst_seconds: float
    burst_answered: float
    burst_pushes: int
    drain_seconds: float
    web_mb: float
    workers: int
    worker_mb: float
    web_ready: float
    worker_ready: float
    late_ms: list[float]


def echo(place: Place) -> Loaded:
    """The echo bot at its modest rate."""
    with place.line() as line, place.web("bot.bench.echo:make()", line, "") as (port, _child, _ready):
        warm = place.job(port, WARM_UP_SECONDS, rate=ECHO_RATE / 2)
        load(place.processes, place.folder, warm, "echo bot, warming up")
        return load(place.processes, place.folder, place.job(port, place.seconds, rate=ECHO_RATE), "(a) echo bot")


def minimum(place: Place, databases: Databases) -> float:
    """The yardstick's sustained events per second."""
    url = databases.fresh("yardstick")
    engine = make_engine(url)
    try:
        with place.web("bot.bench.yardstick:make()", None, url) as (port, _child, _ready):
            marker = place.processes.start(["-m", "bot.bench.yardstick"], place.environment(9, url))
            job = place.job(port, place.seconds, window=WINDOW)
            found = load(place.processes, place.folder, job, "(b) yardstick", lambda: yardstick.done_count(engine))
            place.processes.end(marker.process)
            return found.done_per_second()
    finally:
        engine.dispose()


def accepting(place: Place, databases: Databases) -> Loaded:
    """Our webhook alone, as fast as it accepts."""
    with place.web("bot.web.wsgi:make()", None, databases.fresh("alone")) as (port, _child, _ready):
        load(place.processes, place.folder, place.job(port, WARM_UP_SECONDS), "webhook alone, warming up")
        job = place.job(port, place.seconds, citizens=0)  # as in the burst, everybody writes for the first time
        return load(place.processes, place.folder, job, "(c) webhook alone")


def ours(place: Place, databases: Databases, yardstick_rate: float, alone: Loaded) -> Measured:
    """The whole installation: quiet, as fast as it sustains, at a third of that, and under a burst."""
    url = databases.fresh("ours")
    run = place.processes, place.folder
    with place.line() as line, place.web("bot.web.wsgi:make()", line, url) as (port, web, web_ready):
        load(*run, place.job(port, 0.1, rate=10.0, citizens=0), "first event")  # one event waits for the worker
        worker = place.processes.start(["-c", WORKER], place.environment(line.port, url))
        worker_ready = worker.wait_until(lambda: line.look() >= 1, "the worker answers") - LINE_MS / 1000
        others = WORKERS[make_url(url).get_backend_name()] - 1
        workers = [
            worker,
            *(place.processes.start(["-c", WORKER], place.environment(line.port, url)) for _ in range(others)),
        ]
        load(*run, place.job(port, WARM_UP_SECONDS, rate=ECHO_RATE / 2), "ours, warming up")
        quiet = load(*run, place.job(port, place.seconds, rate=ECHO_RATE), "ours at the echo bot's rate")
        _settle(line)
        full = load(*run, place.job(port, place.seconds, window=WINDOW), "ours, sustained", line.look)
        sustained = full.done_per_second()
        _settle(line)
        third = load(*run, place.job(port, place.seconds, rate=max(1.0, sustained / 3)), "ours at a third")
        _settle(line)
        own = third.own_ms(line, LINE_MS)
        rate, seconds = BURST_SHARE * alone.accepted_per_second(), min(30.0, 3 * place.seconds)
        before, pushes = line.look(), line.pushes
        job = place.job(port, seconds, rate=rate, citizens=0, connections=64)
        burst = load(*run, job, "ours, burst")
        took = drain(line, before + len(burst.sent), "ours, after the burst")
        measured = Measured(
            yardstick_rate=yardstick_rate,
            alone=alone,
            sustained_rate=sustained,
            quiet=quiet,
            own_ms=own,
            burst=burst,
            burst_rate=rate,
            burst_seconds=seconds,
            burst_answered=burst.answered_share(line),
            burst_pushes=line.pushes - pushes,
            drain_seconds=took,
            web_mb=web.children_memory_mb(),
            workers=len(workers),
            worker_mb=max(each.memory_mb() for each in workers),
            web_ready=web_ready,
            worker_ready=worker_ready,
            late_ms=quiet.late_ms + third.late_ms + burst.late_ms,
        )
        for each in workers:
            place.processes.end(each.process)
        return measured


def understanding(place: Place) -> dict[str, Any]:
    """How long `understand` takes, in a process of its own."""
    child = place.processes.start(["-m", "bot.bench.matcher"], {"DATABASE_URL": ""})
    output = child.output_once_ended("understand", 300)
    place.processes.end(child.process)
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def _settle(line: Line) -> None:
    """Wait until nothing is left to answer: no delivery for a second."""
    seen, since = line.look(), time.monotonic()
    while time.monotonic() - since < 1.0:
        time.sleep(0.05)
        if line.look() != seen:
            seen, since = line.count, time.monotonic()
