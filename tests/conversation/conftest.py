"""A citizen with a phone, in a town of her own."""

from collections.abc import Iterator

import pytest

from bot.catalogue.live import LiveCatalogue
from bot.storage.engine import make_engine
from tests.conftest import Databases
from tests.conversation.phone import Phone


@pytest.fixture(scope="package")
def catalogue() -> LiveCatalogue:
    """Read once: every copy of the town has the same version."""
    return LiveCatalogue()


@pytest.fixture
def nok(databases: Databases, catalogue: LiveCatalogue) -> Iterator[Phone]:
    """A citizen in a town of her own."""
    url = databases.fresh("sqlite", "town")
    engine = make_engine(url)
    yield Phone(engine, catalogue)
    engine.dispose()
    databases.drop(url)
