"""Waking the workers when there is work: NOTIFY on PostgreSQL; on SQLite they look at the file's data version themselves.

PostgreSQL commits transactions that notify one after another, so the door's must not: once they are committed, a thread
of their process notifies for all of them that came meanwhile. A notice that is lost costs LOOK_AGAIN_SECONDS.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.engine import is_sqlite

CHANNEL = "desk_work"
SQLITE_POLL_SECONDS = 0.005
LOOK_AGAIN_SECONDS = 0.5  # retries fall due without anybody telling
IDLE_SECONDS = 10.0  # then the connection that notifies is closed


def wake(session: Session) -> None:
    """Tell the workers, once this transaction has been committed, that there is work."""
    engine = session.get_bind().engine
    if not is_sqlite(engine):
        notifier = _notifier(engine.url, os.getpid())
        sa.event.listen(session, "after_commit", lambda _session: notifier.ring(), once=True)


@cache
def _notifier(url: sa.URL, _process_id: int) -> "Alarm":
    alarm = Alarm()
    threading.Thread(target=_notify, args=(_psycopg_url(url), alarm), name="notify", daemon=True).start()
    return alarm


def _notify(url: str, alarm: "Alarm") -> None:
    import psycopg

    while True:
        alarm.wait(None)
        with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"NOTIFY {CHANNEL}")
            while alarm.wait(IDLE_SECONDS):
                connection.execute(f"NOTIFY {CHANNEL}")


def _psycopg_url(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Alarm:
    """Waits for work: returns as soon as anybody has written, or after half a second."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        self._rung.set()

    def wait(self, seconds: float | None = LOOK_AGAIN_SECONDS) -> bool:
        """Whether it was rung."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung


@contextmanager
def listening(engine: sa.Engine, alarm: Alarm) -> Iterator[None]:
    """Ring `alarm` at every write by anybody, for as long as the context lasts."""
    stop = threading.Event()
    target = _watch_file if is_sqlite(engine) else _listen
    thread = threading.Thread(target=target, args=(engine, alarm, stop), name="alarm", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)


def _watch_file(engine: sa.Engine, alarm: Alarm, stop: threading.Event) -> None:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        seen = None
        while not stop.wait(SQLITE_POLL_SECONDS):
            now = cursor.execute("PRAGMA data_version").fetchone()[0]
            if now != seen:
                seen = now
                alarm.ring()
    finally:
        connection.close()


def _listen(engine: sa.Engine, alarm: Alarm, stop: threading.Event) -> None:
    import psycopg

    while not stop.is_set():
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(_psycopg_url(engine.url), autocommit=True) as connection,
        ):
            connection.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                for _notice in connection.notifies(timeout=LOOK_AGAIN_SECONDS, stop_after=1):
                    alarm.ring()
        stop.wait(LOOK_AGAIN_SECONDS)  # the server went away: the workers look by themselves meanwhile
