"""Engines and transactions. On SQLite a write transaction takes the database's one write lock when it begins; on
PostgreSQL rows are locked one by one. Only the edges (web, worker, cli) open transactions."""

import fcntl
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

BUSY_MS = 10_000
PATIENCE_SECONDS = 0.5  # how long a worker lets others go first
PATIENCE_STEP_SECONDS = 0.002
CROWD = {"sqlite": 1, "postgresql": 2}  # as many impatient transactions of one process at once make workers wait
RESTED_SECONDS = 1.0
LOCK_TIMEOUT = "8s"
STATEMENT_TIMEOUT = "30s"


def make_engine(url: str, *, pool_size: int = 20) -> sa.Engine:
    """An engine for SQLite or PostgreSQL, set up so that both behave as this project expects."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size)
    if parsed.get_backend_name() == "postgresql":
        options = f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT} -c timezone=UTC"
        engine = sa.create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=10,
            hide_parameters=True,
            connect_args={"options": options},
        )
        _ask_when_rested(engine)
        return engine
    raise ValueError(f"DATABASE_URL: {parsed.get_backend_name()!r} is not supported; use sqlite or postgresql+psycopg")


def is_sqlite(engine: sa.Engine | sa.Connection) -> bool:
    return engine.dialect.name == "sqlite"


@contextmanager
def transaction(engine: sa.Engine, *, patient: bool = False) -> Iterator[Session]:
    """A session that may write; commits at the end, rolls back on any error. No network call belongs inside.

    A `patient` one (a worker's) lets the others go first for a moment: LINE waits two seconds for the door to answer.
    """
    with _behind(engine) if patient else _before(engine):
        if is_sqlite(engine):
            with _turn_to_write(str(engine.url.database)), _session(_immediate(engine)) as session:
                yield session
        else:
            with _session(engine) as session:
                yield session


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """A session that only reads; never waits for writers."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def _session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _immediate(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(begin="BEGIN IMMEDIATE")


@cache
def _write_lock(path: str, _process_id: int) -> tuple[threading.Lock, IO[str]]:
    return threading.Lock(), Path(f"{path}.write").open("w")


@contextmanager
def _turn_to_write(path: str) -> Iterator[None]:
    """One writer at a time, among this process's threads and then among processes: a queue is fair, SQLite's own polling
    let a writer wait for seconds. The system frees the lock of a process that dies."""
    lock, file = _write_lock(path, os.getpid())
    with lock:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


class _Door:
    """Whether a crowd of impatient transactions of this machine is under way: its processes share a lock on a file for as
    long. Other machines do not see it: they do not want this machine's processors either."""

    def __init__(self, path: Path, crowd: int) -> None:
        self._mutex = threading.Lock()
        self._crowd = crowd
        self._waiting = 0
        self._own = path.open("w")  # kept open as long as the process lives
        self._look = path.open("w")  # a lock belongs to an opened file: looking needs one of its own

    def enter(self) -> None:
        with self._mutex:
            self._waiting += 1
            if self._waiting == self._crowd:
                fcntl.flock(self._own, fcntl.LOCK_SH)

    def leave(self) -> None:
        with self._mutex:
            self._waiting -= 1
            if self._waiting == self._crowd - 1:
                fcntl.flock(self._own, fcntl.LOCK_UN)

    def is_busy(self) -> bool:
        with self._mutex:
            try:
                fcntl.flock(self._look, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            fcntl.flock(self._look, fcntl.LOCK_UN)
            return False


@cache
def _door(url: sa.URL, _process_id: int) -> _Door:
    crowd = CROWD[url.get_backend_name()]
    if url.get_backend_name() == "sqlite":
        return _Door(Path(f"{url.database}.door"), crowd)
    name = hashlib.sha256(url.render_as_string(hide_password=False).encode()).hexdigest()[:16]
    return _Door(Path(tempfile.gettempdir()) / f"line-service-desk-{os.getuid()}-{name}.door", crowd)


@contextmanager
def _before(engine: sa.Engine) -> Iterator[None]:
    door = _door(engine.url, os.getpid())
    door.enter()
    try:
        yield
    finally:
        door.leave()


@contextmanager
def _behind(engine: sa.Engine) -> Iterator[None]:
    door = _door(engine.url, os.getpid())
    end = time.monotonic() + PATIENCE_SECONDS
    while door.is_busy() and time.monotonic() < end:
        time.sleep(PATIENCE_STEP_SECONDS)
    yield


def _ask_when_rested(engine: sa.Engine) -> None:
    """Before a connection that has rested is used, ask whether the server is still there (it may have been restarted).
    SQLAlchemy's own pre-ping asks every time: a round trip in each of the door's transactions."""

    @sa.event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def used(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise sa.exc.DisconnectionError from error  # the pool takes another connection


def _sqlite(url: sa.URL, pool_size: int) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("DATABASE_URL: SQLite needs a file, as in sqlite:///desk.sqlite3")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=sa.QueuePool,
        pool_size=pool_size,
        max_overflow=20,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry a citizen's words into a log
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" below says when a transaction starts, not sqlite3
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine
