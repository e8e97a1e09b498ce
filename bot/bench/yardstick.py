"""Yardstick (b): the least that a durable webhook can do. It verifies and inserts the event; one process marks it done.

Each row is inserted and marked in a transaction of its own, through the same engine settings as ours.
python -m bot.bench.yardstick   marks until it is stopped; DATABASE_URL and LINE_CHANNEL_SECRET come from the environment.
"""

import os
import threading
import time

import sqlalchemy as sa
from flask import Flask, abort, request
from sqlalchemy.dialects import postgresql, sqlite

from bot.line.events import signature_fits
from bot.storage.engine import is_sqlite, make_engine, reading, transaction

IDLE_SECONDS = 0.002
POSTGRESQL_THREADS = 3  # as many as our worker takes turns with

metadata = sa.MetaData()
events = sa.Table(
    "bench_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("webhook_event_id", sa.Text, unique=True, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("is_done", sa.Boolean, nullable=False, default=False),
)
sa.Index(
    "ix_bench_events_todo",
    events.c.id,
    sqlite_where=sa.text("NOT is_done"),
    postgresql_where=sa.text("NOT is_done"),
)


def make() -> Flask:
    """The webhook: 200 once the events are committed."""
    app = Flask(__name__)
    engine = make_engine(os.environ["DATABASE_URL"])
    secrets = (os.environ["LINE_CHANNEL_SECRET"],)
    insert = sqlite.insert(events) if is_sqlite(engine) else postgresql.insert(events)
    once = insert.on_conflict_do_nothing(index_elements=["webhook_event_id"])

    @app.post("/callback")
    def callback() -> str:
        body = request.get_data()
        if not signature_fits(body, request.headers.get("x-line-signature"), secrets):
            abort(401)
        for event in request.get_json()["events"]:
            with transaction(engine) as session:
                session.execute(once.values(webhook_event_id=event["webhookEventId"], raw=body, is_done=False))
        return "OK"

    return app


def mark_one(engine: sa.Engine) -> bool:
    """Mark the oldest row that nobody else is marking; False when there is none."""
    first = (
        sa.select(events.c.id)
        .where(sa.not_(events.c.is_done))
        .order_by(events.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with transaction(engine) as session:
        found = session.scalar(first)
        if found is None:
            return False
        session.execute(sa.update(events).where(events.c.id == found).values(is_done=True))
    return True


def has_waiting(engine: sa.Engine) -> bool:
    """Whether there is a row to mark, without taking SQLite's write lock."""
    with reading(engine) as session:
        return session.scalar(sa.select(events.c.id).where(sa.not_(events.c.is_done)).limit(1)) is not None


def done_count(engine: sa.Engine) -> int:
    """How many rows are marked."""
    with reading(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(events).where(events.c.is_done)) or 0


def main() -> None:
    """Mark rows until the process is stopped."""
    engine = make_engine(os.environ["DATABASE_URL"])

    def mark() -> None:
        while True:
            if not (has_waiting(engine) and mark_one(engine)):
                time.sleep(IDLE_SECONDS)

    others = 0 if is_sqlite(engine) else POSTGRESQL_THREADS - 1
    for _ in range(others):
        threading.Thread(target=mark, daemon=True).start()
    mark()


if __name__ == "__main__":
    main()
