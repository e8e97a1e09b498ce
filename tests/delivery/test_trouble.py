"""When the bot itself fails: a turn that raises, a database that goes away, a thread that must not die."""

import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

import bot.worker
from bot.cases.tables import Case
from bot.line.client import Content, LineClient
from bot.messages import outbox
from bot.messages.claims import LOCK_CLASS, Life, living
from bot.stand_in import acts
from bot.stand_in.webhook import Outcome
from bot.storage.engine import reading
from tests.door.look import deliveries_of, events_of, taken, text_event
from tests.town import Town

GOOD = "บัตรประชาชนหายทำไง"
ANSWER = "บัตรหายทำใหม่ได้"


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Turns on a text that contains "kaboom" raise; the list counts them."""
    real, seen = bot.worker.take_turn, list[str]()

    def turn(session: Any, due: Any, conversation: Any, **known: Any) -> Any:
        said = real(session, due, conversation, **known)
        if b"kaboom" in (due.event.raw or b""):
            seen.append(due.event.webhook_event_id)
            raise ValueError("kaboom")
        return said

    monkeypatch.setattr(bot.worker, "take_turn", turn)
    return seen


def test_an_event_that_cannot_be_handled_is_tried_five_times_and_given_to_an_officer(
    town: Town, fails: list[str]
) -> None:
    nok, dao = town.citizen("นก"), town.citizen("ดาว")
    nok.says("kaboom จ้า")
    nok.says("ขอบคุณค่ะ")
    dao.says(GOOD)
    dao.hears(ANSWER)
    told = nok.hears("ระบบตอบข้อความนี้ไม่ได้", "เลขเรื่อง")
    town.quiet()
    assert len(fails) == 5
    first, second = events_of(town, nok.user_id)
    assert (first.state, first.attempts, first.error) == ("parked", 5, "ValueError")
    assert second.state == "done"
    with reading(town.engine) as session:
        case = session.scalars(sa.select(Case).where(Case.conversation_id == first.conversation_id)).one()
        assert (case.reason, case.state, case.question) == ("parked", "waiting", "kaboom จ้า")
        assert case.number in told["text"]
    dao.hears_nothing_more()


def test_younger_events_of_the_citizen_wait_behind_a_failing_one(town: Town, fails: list[str]) -> None:
    nok = town.citizen("นก")
    events = [text_event(town, nok, "kaboom"), text_event(town, nok, GOOD, seconds_later=1)]
    assert town.sender.post(events).ok
    nok.hears("ระบบตอบข้อความนี้ไม่ได้")
    nok.hears(ANSWER)
    assert shown_order(nok.messages)


def shown_order(messages: list[dict[str, Any]]) -> bool:
    return "ระบบตอบข้อความนี้ไม่ได้" in str(messages[0])


def test_a_standby_event_that_cannot_be_handled_is_parked_in_silence(town: Town, fails: list[str]) -> None:
    nok = town.citizen("นก")
    event = {**text_event(town, nok, "kaboom"), "mode": "standby"}
    del event["replyToken"]
    assert town.sender.post([event]).ok
    town.eventually(lambda: [row.state for row in events_of(town, nok.user_id)] == ["parked"], "it to be parked")
    nok.hears_nothing_more()


def test_a_failure_that_cannot_even_be_noted_stops_nobody_else(
    town: Town, fails: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noting a failure may fail too, as when the database goes away at that moment: the thread must live on."""
    real, once = bot.worker.inbox.note_failure, threading.Event()

    def away(*args: Any) -> bool:
        if not once.is_set():
            once.set()
            raise RuntimeError("away")
        return real(*args)

    monkeypatch.setattr(bot.worker.inbox, "note_failure", away)
    nok, dao = town.citizen("นก"), town.citizen("ดาว")
    nok.says("kaboom")
    assert once.wait(10)
    dao.says(GOOD)
    dao.hears(ANSWER)
    nok.hears("ระบบตอบข้อความนี้ไม่ได้")


@pytest.mark.parametrize("error", [OperationalError("x", {}, Exception()), RuntimeError("x")])
def test_a_result_that_could_not_be_written_down_is_asked_for_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The database goes away between LINE's answer and our note of it: the citizen must not be stuck for ever."""
    real, once = outbox.record, threading.Event()

    def away(*args: Any, **known: Any) -> Any:
        if not once.is_set():
            once.set()
            raise error
        return real(*args, **known)

    monkeypatch.setattr(outbox, "record", away)
    monkeypatch.setattr(outbox, "STUCK", 10 * outbox.REPLY_BACKOFF, raising=False)
    nok = town.citizen("นก")
    nok.says(GOOD)
    nok.hears(ANSWER)
    assert once.wait(10)
    nok.says("ขอบคุณค่ะ")
    nok.hears("ยินดี")
    nok.hears_nothing_more()
    assert {d.state for d in deliveries_of(town, nok.user_id)} == {"accepted"}


def test_slow_pictures_do_not_hold_up_retries(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetching five pictures takes six seconds; meanwhile an answer waits for its second try."""

    def slow(self: LineClient, ref: str) -> Content:
        time.sleep(1.2)
        return Content(b"x", "image/png")

    monkeypatch.setattr(LineClient, "content", slow)
    nok, dao = town.citizen("นก"), town.citizen("ดาว")
    for _ in range(5):
        taken(acts.send_file(town.sender, dao.user_id, b"x", "image/png", "a.png"))
    time.sleep(0.3)
    town.line.faults.set(fail_next=1, only="/reply")
    begun = time.monotonic()
    for n in range(2):
        nok.says(GOOD if n == 0 else "ขอบคุณค่ะ")
    nok.hears(ANSWER)
    nok.hears("ยินดี")
    assert time.monotonic() - begun < 3
    town.quiet()


def test_retries_go_on_after_the_databases_connection_was_cut(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart of PostgreSQL takes the worker's own lock away; it gets it back, though not at the first try."""
    if town.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's lock is a file's")
    real, tries = Life._locked, list[bool]()

    def away(self: Life, *known: Any) -> sa.Connection:
        tries.append(True)
        if len(tries) < 3:
            raise OperationalError("still starting", {}, Exception())
        return real(self, *known)

    monkeypatch.setattr(Life, "_locked", away)
    with town.engine.connect() as connection:
        cut = connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {"class": LOCK_CLASS},
        ).all()
        assert cut
    time.sleep(0.3)
    nok = town.citizen("นก")
    town.line.faults.set(fail_next=1, only="/reply")
    nok.says(GOOD)
    nok.hears(ANSWER)
    assert town.eventually(lambda: living(town.engine), "the worker to live again")


def test_forty_citizens_at_once_are_all_answered_once(town: Town) -> None:
    crowd = [town.citizen(f"คน {n}") for n in range(40)]
    town.line.faults.set(delay_seconds=0.05)
    events = [text_event(town, one, GOOD) for one in crowd]
    events += [text_event(town, one, "ขอบคุณค่ะ", seconds_later=1) for one in crowd]
    outcome: Outcome = town.sender.post(events)
    assert outcome.ok, outcome
    for one in crowd:
        one.hears(ANSWER)
        one.hears("ยินดี")
    town.quiet()
    assert all(len(one.messages) == 2 for one in crowd)
