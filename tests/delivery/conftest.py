"""One town for all tests of deliveries, with waits short enough for tests."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.messages import inbox, outbox
from bot.messages.tables import Delivery
from bot.storage.engine import transaction
from tests.conftest import Databases, make_settings
from tests.town import Town

SOON = timedelta(seconds=0.1)


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Town]:
    url = databases.fresh(request.param, "town")
    with Town(url, make_settings) as town:
        yield town
    databases.drop(url)


@pytest.fixture(autouse=True)
def _calm(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short waits; and whatever went wrong at LINE goes right again after the test."""
    monkeypatch.setattr(outbox, "PUSH_BACKOFF", (SOON,) * len(outbox.PUSH_BACKOFF))
    monkeypatch.setattr(outbox, "REPLY_BACKOFF", SOON)
    monkeypatch.setattr(outbox, "RATE_BACKOFF", SOON)
    monkeypatch.setattr(inbox, "RETRY_AFTER", (SOON,) * 4)
    monkeypatch.setattr("bot.worker.CHORES_SECONDS", 0.05)
    clock = town.line.now
    yield
    town.line.faults.clear()
    town.line.monthly_limit = None
    town.line.now = clock
    with transaction(town.engine) as session:  # no later test waits for a try that this one has put far off
        session.execute(sa.update(Delivery).where(Delivery.state == "retry").values(due_at=clock()))
