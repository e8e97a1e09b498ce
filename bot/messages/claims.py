"""Which workers live. A worker lives while it holds its lock: an advisory lock on PostgreSQL, a locked file beside SQLite.
The operating system frees the lock when the process dies, however it dies; then its claims are free at once."""

import fcntl
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.messages.tables import Worker
from bot.storage.engine import is_sqlite, transaction

LOCK_CLASS = 7201  # the first of the two numbers of our advisory locks; the second is the worker's id

_LIVING = sa.text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Life:
    """This process's own lock, held until it ends."""

    def __init__(self, engine: sa.Engine, now: datetime) -> None:
        with transaction(engine) as session:
            row = Worker(started_at=now, host=socket.gethostname())
            session.add(row)
            session.flush()
            self.worker_id = row.id
        self._file: IO[str] | None = None
        self._connection: sa.Connection | None = None
        if is_sqlite(engine):
            self._file = (_folder(engine) / f"{self.worker_id}.lock").open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.write(str(os.getpid()))
            self._file.flush()
        else:
            self._connection = self._locked(engine)
        self._engine = engine

    def keep(self) -> None:
        """Take the lock again if the server lost it with the connection (a restart); raises OperationalError while it is
        away. What this worker was sending meanwhile may be sent by another too: harmless, it is the same request."""
        if self._connection is None:
            return
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:  # closed already when the last try to take it again failed
            if not self._connection.closed:
                self._connection.invalidate()
                self._connection.close()
            self._connection = self._locked(self._engine)

    def _locked(self, engine: sa.Engine) -> sa.Connection:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        lock = sa.text("SELECT pg_advisory_lock(:class, :id)")
        connection.execute(lock, {"class": LOCK_CLASS, "id": self.worker_id})
        return connection

    def end(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            Path(self._file.name).unlink(missing_ok=True)
            self._file.close()
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()


def living(engine: sa.Engine) -> frozenset[int]:
    """The ids of the workers that live."""
    if is_sqlite(engine):
        return frozenset(int(path.stem) for path in _folder(engine).glob("*.lock") if _is_locked(path))
    with Session(engine) as session:
        return frozenset(session.scalars(_LIVING, {"class": LOCK_CLASS}))


def _folder(engine: sa.Engine) -> Path:
    folder = Path(f"{engine.url.database}.workers")
    folder.mkdir(exist_ok=True)
    return folder


def _is_locked(path: Path) -> bool:
    with path.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
