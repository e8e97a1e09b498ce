"""A centre with offices on each database."""

import pytest
import sqlalchemy as sa

from tests.bookings.centre import open_centre


@pytest.fixture
def centre(engine: sa.Engine) -> sa.Engine:
    open_centre(engine)
    return engine
