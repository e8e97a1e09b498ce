"""Waking the workers when there is work: NOTIFY on PostgreSQL; on SQLite they look at the file's data version themselves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage.engine import is_sqlite

CHANNEL = "desk_work"
SQLITE_POLL_SECONDS = 0.005
LOOK_AGAIN_SECONDS = 0.5  # retries fall due without anybody telling


def wake(session: Session) -> None:
    """Tell the workers, when this transaction commits, that there is work."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"NOTIFY {CHANNEL}"))


class Alarm:
    """Waits for work: returns as soon as anybody has written, or after half a second."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        self._rung.set()

    def wait(self, seconds: float = LOOK_AGAIN_SECONDS) -> None:
        self._rung.wait(seconds)
        self._rung.clear()


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

    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                for _notice in connection.notifies(timeout=LOOK_AGAIN_SECONDS, stop_after=1):
                    alarm.ring()
        stop.wait(LOOK_AGAIN_SECONDS)  # the server went away: the workers look by themselves meanwhile
