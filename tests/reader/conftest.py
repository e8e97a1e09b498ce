"""An endpoint that stands in for a reader, and settings that name it."""

from collections.abc import Iterator

import pytest

from bot.settings import ReaderSettings
from tests.reader.endpoint import Endpoint, endpoint


@pytest.fixture
def reader() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


@pytest.fixture
def reader_settings(reader: Endpoint) -> ReaderSettings:
    return ReaderSettings(reader_url=reader.url, reader_model="careful-1", reader_key="a-key")
