"""One town for all tests of the door: its citizens do not know each other, so they may share it."""

from collections.abc import Iterator

import pytest

from tests.conftest import Databases, make_settings
from tests.town import Town


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Town]:
    url = databases.fresh(request.param, "town")
    with Town(url, make_settings) as town:
        yield town
    databases.drop(url)


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.line.faults.clear()
    town.line.monthly_limit = None
