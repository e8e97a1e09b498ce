"""kill -9 at any moment: nothing acknowledged is lost, nothing is received twice, each citizen's order stays."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.messages.tables import InboundEvent
from bot.settings import Settings
from bot.stand_in.webhook import sign
from bot.storage.engine import reading
from tests.conftest import make_settings
from tests.door.look import messages_of, text_event
from tests.town import Citizen, Town

pytestmark = pytest.mark.kill

CITIZENS, KILLS, PATIENCE_SECONDS = 30, 5, 120
QUESTIONS = (
    "บัตรประชาชนหายทำไง",
    "ทำพาสปอร์ตใช้อะไรบ้าง",
    "ต่อใบขับขี่ใช้เอกสารอะไร",
    "แจ้งเกิดลูกต้องทำอะไรบ้าง",
    "จดทะเบียนสมรสใช้อะไรบ้าง",
    "ย้ายทะเบียนบ้านปลายทางทำยังไง",
    "ต่อภาษีรถยนต์ใช้เอกสารอะไร",
    "แจ้งตายต้องทำภายในกี่วัน",
    "เปลี่ยนชื่อต้องทำยังไง",
    "จดทะเบียนหย่าใช้เอกสารอะไร",
)
WAVES = ((0, 2), (2, 4), (4, 6), (6, 8), (8, 10))


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process of its own reads them."""
    given = {}
    for name, value in settings.model_dump().items():
        given[name.upper()] = ",".join(value) if isinstance(value, tuple) else str(value)
    return {**os.environ, **given}


def worker(settings: Settings) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from bot.cli import main; main(['worker'])"]
    return subprocess.Popen(
        command, env=environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End the process and its children, without a chance to tidy up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def bare(messages: list[dict[str, Any]]) -> list[str]:
    """Messages to be compared: quick replies are left out of all but the last message of a request."""
    return [json.dumps({k: v for k, v in m.items() if k != "quickReply"}, sort_keys=True) for m in messages]


@pytest.fixture
def street(town_url: str) -> Iterator[Town]:
    """The site and LINE in this process; the worker is a process of its own."""
    with Town(town_url, make_settings, worker=False) as town:
        yield town


def left(town: Town) -> int:
    with reading(town.engine) as session:
        found = session.scalar(
            sa.text(
                "SELECT (SELECT count(*) FROM inbound_events WHERE state = 'pending')"
                " + (SELECT count(*) FROM messages WHERE state IN ('pending', 'sending'))"
                " + (SELECT count(*) FROM deliveries WHERE state IN ('sending', 'retry'))"
            )
        )
        return int(found or 0)


def wait_until_done(town: Town) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while left(town):
        assert time.monotonic() < end, f"{left(town)} still on their way"
        time.sleep(0.1)


def test_a_worker_killed_five_times_loses_nothing_and_doubles_nothing(street: Town) -> None:
    chance = random.Random(os.environ.get("KILL_SEED") or time.time_ns())
    example = street.citizen("ตัวอย่าง")
    process = worker(street.settings)
    try:
        for at, question in enumerate(QUESTIONS):
            assert street.sender.post([text_event(street, example, question, seconds_later=at)]).ok
            wait_until_done(street)
        expected = bare(example.messages)
        assert len(expected) == len(set(expected)) == len(QUESTIONS), "each question has one answer of its own"

        street.line.faults.set(delay_seconds=0.3)
        crowd = [street.citizen(f"คน {n}") for n in range(CITIZENS)]
        for first, end in WAVES:
            before = len(street.line.deliveries)
            ask(street, crowd, first, end)
            # two answers of a citizen may be packed into one: at least 30 deliveries a wave
            enough = before + chance.randint(1, 20)
            street.eventually(
                lambda least=enough: len(street.line.deliveries) >= least, "the worker to be in the midst"
            )
            time.sleep(chance.random() * 0.4)
            kill(process)
            process = worker(street.settings)
        wait_until_done(street)
    finally:
        kill(process)
    unknown = Counter({one.user_id: check(street, one, expected) for one in crowd})
    retried = sum(d.attempts > 1 for one in crowd for d in deliveries(street, one))
    pushed = sum(d.method == "push" for one in crowd for d in deliveries(street, one))
    print(
        f"\n{street.engine.dialect.name}: {CITIZENS * len(QUESTIONS)} events, {KILLS} kills, {unknown.total()} unknown,"
    )
    print(f"{retried} deliveries tried again, {pushed} pushed, none lost, none twice")


def deliveries(town: Town, one: Citizen) -> Any:
    from tests.door.look import deliveries_of

    return deliveries_of(town, one.user_id)


def ask(town: Town, crowd: list[Citizen], first: int, end: int) -> None:
    """Each citizen's next questions, the younger one first in the body; never more than 2 s between timestamps."""
    for one in crowd:
        events = [text_event(town, one, QUESTIONS[at], seconds_later=at / 10) for at in range(first, end)]
        assert town.sender.post(events[::-1]).ok


def check(town: Town, one: Citizen, expected: list[str]) -> int:
    """How many of the citizen's answers nobody knows about; all others came once, in order."""
    record = [message for message in messages_of(town, one.user_id) if message.author == "bot"]
    assert bare([message.payload or {} for message in record]) == expected, "the record has every answer once, in order"
    came = bare(one.messages)
    at_most = Counter(came)
    assert all(count == 1 for count in at_most.values()), "received twice"
    assert came == [answer for answer in expected if answer in at_most], "order"
    unsure = [answer for answer, message in zip(expected, record, strict=True) if message.state == "unknown"]
    assert {message.state for message in record} <= {"sent", "unknown"}
    lost = [answer for answer in expected if answer not in at_most and answer not in unsure]
    assert not lost, f"lost: {len(lost)}"
    return len(unsure)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web(settings: Settings, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "gunicorn", "bot.web.wsgi:make()", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "critical"]
    return subprocess.Popen(command, env=environment(settings), start_new_session=True)


def test_every_acknowledged_event_is_in_the_record_though_the_web_process_is_killed(street: Town) -> None:
    import urllib3

    chance, port = random.Random(), free_port()
    crowd = [street.citizen(f"คน {n}") for n in range(8)]
    acknowledged: set[str] = set()
    stop, guard = threading.Event(), threading.Lock()
    http = urllib3.PoolManager(maxsize=8, retries=False)

    def post(one: Citizen) -> None:
        while not stop.is_set():
            event = text_event(street, one, "สวัสดี")
            body = json.dumps({"events": [event]}).encode()
            signed = {"x-line-signature": sign(body, street.line.channel_secret)}
            try:
                status = http.request(
                    "POST", f"http://127.0.0.1:{port}/callback", body=body, headers=signed, timeout=2.0
                ).status
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
                continue
            if status == 200:
                with guard:
                    acknowledged.add(event["webhookEventId"])

    process = web(street.settings, port)
    threads = [threading.Thread(target=post, args=(one,)) for one in crowd]
    try:
        for thread in threads:
            thread.start()
        for _ in range(3):
            least = len(acknowledged) + 30
            street.eventually(lambda enough=least: len(acknowledged) >= enough, "the web process to answer")
            time.sleep(chance.random())
            kill(process)
            process = web(street.settings, port)
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        kill(process)
    with reading(street.engine) as session:
        stored = session.scalars(sa.select(InboundEvent.webhook_event_id)).all()
    assert len(stored) == len(set(stored))
    assert acknowledged <= set(stored)
    print(f"\n{street.engine.dialect.name}: {len(acknowledged)} acknowledged, {len(stored)} stored, 3 kills")
