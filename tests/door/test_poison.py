"""Events that a database or a turn cannot take: neither their citizen nor anybody else may wait for ever."""

import time
from collections.abc import Iterator

import pytest

from tests.conftest import Databases, make_settings
from tests.door.look import Json, events_of, other_event
from tests.town import Citizen, Town

GOOD = "บัตรประชาชนหายทำไง"
POISON: dict[str, Json] = {
    "NUL in a sticker's word": {"type": "sticker", "keywords": ["a\x00b"]},
    "half a pair in a sticker's word": {"type": "sticker", "keywords": ["\ud83d"]},
    "latitude that is no number": {"type": "location", "latitude": float("nan"), "longitude": 100.0},
    "latitude without end": {"type": "location", "latitude": float("inf"), "longitude": 100.0},
    "latitude far out": {"type": "location", "latitude": 1e308, "longitude": -1e308},
    "NUL in a file's name": {"type": "file", "fileName": "a\x00\ud800.pdf"},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Town]:
    """A town of its own: when a poison works, no other test falls with it."""
    url = databases.fresh(request.param, "town")
    with Town(url, make_settings) as town:
        yield town
    databases.drop(url)


def test_what_a_database_refuses_stops_nobody(town: Town) -> None:
    poisoned: dict[str, Citizen] = {}
    for name, message in POISON.items():
        poisoned[name] = town.citizen(name)
        fields = {"message": {"id": f"m{time.time_ns()}", **message}}
        assert town.sender.post([other_event(town, poisoned[name], "message", fields)]).status == 200
    other = town.citizen("อื่น")
    other.says(GOOD)
    other.hears("บัตรหายทำใหม่ได้")
    for one in poisoned.values():
        one.says(GOOD)
        one.hears("บัตรหายทำใหม่ได้")
    states = {name: [row.state for row in events_of(town, one.user_id)] for name, one in poisoned.items()}
    assert states == {name: ["done", "done"] for name in POISON}
