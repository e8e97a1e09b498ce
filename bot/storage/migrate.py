"""Bringing a database to the newest schema."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.storage.engine import is_sqlite

FOLDER = Path(__file__).parent / "migrations"
LOCK_ID = 720_001  # PostgreSQL: two migrations at once wait for each other


def migrate(engine: sa.Engine) -> None:
    """Run every migration that has not been run; harmless when repeated or run by two hosts at once."""
    with engine.connect() as connection:
        if not is_sqlite(engine):
            connection.execute(sa.text("SELECT pg_advisory_lock(:id)"), {"id": LOCK_ID})
            connection.commit()
        try:
            command.upgrade(configuration(connection), "head")
            connection.commit()
        finally:
            if not is_sqlite(engine):
                connection.execute(sa.text("SELECT pg_advisory_unlock(:id)"), {"id": LOCK_ID})
                connection.commit()


def configuration(connection: sa.Connection) -> Config:
    """Alembic's configuration, without an alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
