"""What comes in is read event by event: whatever is broken or unknown never costs its neighbours."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from bot.line.events import read_event
from bot.messages.tables import InboundEvent
from tests.door.look import Json, events_of, messages_of, other_event, text_event
from tests.town import Town

EXAMPLES = Path(os.environ.get("SHARED", Path(__file__).parents[3] / "shared")) / "line" / "webhook-examples.json"
GOOD = "บัตรประชาชนหายทำไง"


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared/line is not here")
def test_every_example_of_lines_sdk_is_accepted(town: Town) -> None:
    whole = EXAMPLES.read_bytes()
    assert town.sender.post_raw(whole).status == 200
    for number, example in enumerate(json.loads(whole)["events"]):
        example["webhookEventId"] = f"example-{number}-{time.time_ns()}"
        assert town.sender.post([example]).status == 200, example["type"]
    town.quiet()


NO_EVENTS: list[Any] = [None, 1, "x", [], [[{}]], True, 1.5, {}, {"type": None}, {"type": 7, "source": "x"}]
STRANGE_EVENTS: list[Json] = [
    {"type": "message"},
    {"type": "message", "message": None},
    {"type": "message", "message": []},
    {"type": "message", "message": {"type": "text"}},
    {"type": "message", "message": {"type": "text", "text": None}},
    {"type": "message", "message": {"type": "text", "text": ["x"]}},
    {"type": "message", "message": {"type": "hologram", "id": "9"}},
    {"type": "message", "message": {"type": ["text"], "text": "x"}},
    {"type": "message", "message": {"type": "text", "id": 5, "text": "x", "quoteToken": 7}},
    {"type": "message", "message": {"type": "image", "id": "1", "contentProvider": "line"}},
    {"type": "message", "message": {"type": "image"}},
    {"type": "message", "message": {"type": "sticker", "keywords": "word", "packageId": 5}},
    {"type": "message", "message": {"type": "location", "latitude": "13", "longitude": None}},
    {
        "type": "message",
        "message": {"type": "text", "text": "x", "mention": {"mentionees": [None, 1, {"isSelf": "y"}]}},
    },
    {"type": "postback"},
    {"type": "postback", "postback": {"data": 5}},
    {"type": "postback", "postback": {"data": "act=choose&intent=" + "x" * 300, "params": []}},
    {"type": "postback", "postback": {"data": "&" * 300}},
    {"type": "postback", "postback": {"data": "act=%ff%00&intent=%ed%a0%80"}},
    {"type": "unsend"},
    {"type": "unsend", "unsend": {"messageId": ["a"]}},
    {"type": "hologramStarted", "hologram": {"depth": 3}},
    {"type": "x" * 5000},
    {"type": "message", "deliveryContext": "again", "message": {"type": "text", "id": "2", "text": "ขอบคุณ"}},
]
STRANGE_FIELDS: list[Json] = [
    {"timestamp": "yesterday"},
    {"timestamp": -1},
    {"timestamp": 10**30},
    {"timestamp": None},
    {"timestamp": 1e400},
    {"source": None},
    {"source": {"type": "channel", "channelId": "x"}},
    {"source": {"type": "user", "userId": None}},
    {"source": {"type": "group"}},
    {"replyToken": 5},
    {"webhookEventId": 5},
    {"newField": {"deep": [1, 2, {"x": None}]}},
]


def test_entries_that_are_no_events_are_passed_over(town: Town) -> None:
    nok = town.citizen("นก")
    assert town.sender.post([*NO_EVENTS, text_event(town, nok, GOOD), *NO_EVENTS]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()


def test_strange_events_never_cost_the_good_one_beside_them(town: Town) -> None:
    others = town.citizen("อื่น")
    strange = [{**other_event(town, others, "x", {}), **fields} for fields in STRANGE_EVENTS + STRANGE_FIELDS]
    nok = town.citizen("นก")
    assert town.sender.post([*strange, text_event(town, nok, GOOD)]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()
    assert {row.state for row in events_of(town, others.user_id)} <= {"done", "passed_over"}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"message": {"type": "location", "id": "1", "latitude": 10**400, "longitude": 1}}, id="huge int"),
        pytest.param({"webhookEventId": os.urandom(6000).hex()}, id="id of 12,000 signs"),
        pytest.param(
            {"message": {"type": "text", "id": os.urandom(6000).hex(), "text": "x"}}, id="message id of 12,000"
        ),
        pytest.param({"unsend": {"messageId": os.urandom(6000).hex()}, "type": "unsend"}, id="unsent id of 12,000"),
        pytest.param({"replyToken": "t" * 100_000}, id="token of 100,000"),
        pytest.param({"source": {"type": "user", "userId": "U" * 100_000}}, id="user id of 100,000"),
        pytest.param({"source": {"type": "user", "userId": "U\ud800\x00"}}, id="user id with half a pair"),
        pytest.param({"type": "message\x00\ud800"}, id="type with NUL"),
    ],
)
def test_a_broken_event_never_costs_its_neighbours(town: Town, broken: Json) -> None:
    nok, other = town.citizen("นก"), town.citizen("อื่น")
    bad = {**other_event(town, other, "message", {"message": {"type": "text", "id": "8", "text": "x"}}), **broken}
    good = text_event(town, nok, GOOD)
    assert town.sender.post([bad, good]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")


@pytest.mark.parametrize(
    "text",
    [
        "บัตร\x00ประชาชนหายทำไง",
        "บัตรประชาชนหายทำไง\ud83d",
        "\udc00\udbff",
        "\x00",
        "",
        " \n\t ",
        "😀" * 2500,
        "ก\u0e48" * 2500,
        "\u202e\u200f\ufeff",
        "A" * 5000,
        "<script>alert(1)</script>' OR 1=1; --",
        "%s%n{0}{conversation}",
    ],
    ids=lambda text: repr(text[:12])[1:-1].replace("\\", "/"),
)
def test_a_text_of_any_signs_gets_an_answer(town: Town, text: str) -> None:
    nok = town.citizen("นก")
    nok.says(text)
    town.eventually(lambda: nok.messages, "an answer")
    assert len(nok.messages) == 1


def test_an_event_without_an_id_is_taken_once(town: Town) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, GOOD)
    del event["webhookEventId"]
    assert town.sender.post([event]).status == 200
    assert town.sender.post([event]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()


def test_an_event_without_an_id_is_taken_once_when_redelivered(town: Town) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, GOOD)
    del event["webhookEventId"]
    assert town.sender.post([event]).status == 200
    assert town.sender.redeliver(event).wait().ok
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()


def test_two_events_without_an_id_are_two(town: Town) -> None:
    nok = town.citizen("นก")
    events = [text_event(town, nok, "สวัสดีค่ะ"), text_event(town, nok, "สวัสดีค่ะ", seconds_later=1)]
    for event in events:
        del event["webhookEventId"]
    assert town.sender.post(events).status == 200
    town.eventually(lambda: len(nok.messages) == 2, "two answers")


def test_an_event_without_a_mode_is_answered_and_one_of_a_new_mode_is_not(town: Town) -> None:
    nok = town.citizen("นก")
    without, strange = text_event(town, nok, GOOD), text_event(town, nok, "ขอบคุณค่ะ", seconds_later=1)
    del without["mode"]
    strange["mode"] = "dreaming"
    assert town.sender.post([without, strange]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears_nothing_more()
    assert [m.text for m in messages_of(town, nok.user_id) if m.author == "citizen"] == [GOOD, "ขอบคุณค่ะ"]


def test_standby_is_recorded_in_silence(town: Town) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, "ขอคุยกับคน")
    del event["replyToken"]
    assert town.sender.post([{**event, "mode": "standby"}]).status == 200
    nok.hears_nothing_more()
    assert [message.text for message in messages_of(town, nok.user_id)] == ["ขอคุยกับคน"]


def test_an_event_nested_deeply_is_taken(town: Town) -> None:
    nok = town.citizen("นก")
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    assert town.sender.post([{**text_event(town, nok, GOOD), "emojis": deep}]).status == 200
    nok.hears("บัตรหายทำใหม่ได้")


def test_a_thousand_events_in_one_body_are_acknowledged_in_time(town: Town) -> None:
    """Most of them need no turn, so that the door is what is measured; two that need one are among them."""
    nok = town.citizen("นก")
    crowd = [town.citizen(f"คน {n}") for n in range(100)]
    events = [other_event(town, crowd[n % 100], "videoPlayComplete", {"n": n}) for n in range(998)]
    events[500:500] = [text_event(town, nok, GOOD), text_event(town, nok, "ขอบคุณค่ะ", seconds_later=1)]
    outcome = town.sender.post(events)
    assert outcome.status == 200, outcome
    nok.hears("บัตรหายทำใหม่ได้")
    nok.hears("ยินดี")
    assert sum(len(events_of(town, one.user_id)) for one in crowd) == 998


def test_reading_never_raises() -> None:
    """Every part of an event replaced by every kind of JSON value."""
    from bot.clock import utc_now

    values: list[Any] = [None, True, 0, -1, 10**400, 1e400, "", "x", "\ud800", [], [[]], {}, {"type": "user"}]
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1,
        "source": {"type": "user", "userId": "U1"},
        "webhookEventId": "a",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "t",
    }
    kinds: list[Json] = [
        {
            "message": {
                "type": kind,
                "id": "1",
                "text": "x",
                "latitude": 1.0,
                "longitude": 1.0,
                "keywords": [],
                "mention": {},
            }
        }
        for kind in ("text", "sticker", "image", "location", "file")
    ]
    kinds += [{"type": "postback", "postback": {"data": "x", "params": {"date": "d"}}}]
    kinds += [{"type": "unsend", "unsend": {"messageId": "1"}}]
    for fields in kinds:
        whole = {**event, **fields}
        for key in whole:
            for value in values:
                read_event({**whole, key: value}, utc_now())
                if isinstance(whole[key], dict):
                    for inner in whole[key]:
                        read_event({**whole, key: {**whole[key], inner: value}}, utc_now())


def test_the_door_does_not_wait_for_a_turn_under_way(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """LINE waits two seconds. A citizen's next event must be acknowledged while their first is being handled."""
    import bot.worker

    real, under_way = bot.worker.take_turn, threading.Event()

    def slow(*args: Any, **known: Any) -> Any:
        said = real(*args, **known)
        under_way.set()
        time.sleep(1.0)
        return said

    monkeypatch.setattr(bot.worker, "take_turn", slow)
    nok = town.citizen("นก")
    nok.says(GOOD)
    assert under_way.wait(10)
    begun = time.monotonic()
    nok.says("ขอบคุณค่ะ")
    took = time.monotonic() - begun
    if town.engine.dialect.name == "postgresql":  # SQLite has one writer: there a turn must be short, and is
        assert took < 0.5, took
    nok.hears("ยินดี")


def test_a_passed_over_event_is_stored_as_it_came(town: Town) -> None:
    nok = town.citizen("นก")
    assert town.sender.post([other_event(town, nok, "beacon", {"beacon": {"hwid": "d41d8cd98f"}})]).status == 200
    (row,) = events_of(town, nok.user_id)
    assert isinstance(row, InboundEvent) and row.state == "passed_over" and b"d41d8cd98f" in (row.raw or b"")
