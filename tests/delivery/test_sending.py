"""How an answer reaches a citizen: by its token while that lives, else pushed under one key, and never twice."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import outbox
from bot.messages.tables import Conversation
from bot.stand_in import acts
from bot.stand_in.records import Request
from bot.storage.engine import transaction
from bot.storage.wake import wake
from tests.door.look import conversation_id, deliveries_of, messages_of, taken, text_event
from tests.town import Citizen, Town

GOOD = "บัตรประชาชนหายทำไง"
ANSWER = "บัตรหายทำใหม่ได้"


def known(town: Town, name: str = "นก") -> Citizen:
    """A citizen who has talked to the bot already and whose tokens are used up."""
    who = town.citizen(name)
    who.says("สวัสดีค่ะ")
    who.hears("สวัสดี")
    town.quiet()
    return who


def officer_writes(town: Town, who: Citizen, *texts: str, quick: str | None = None) -> None:
    """Words that no event of the citizen waits for."""
    with transaction(town.engine) as session:
        conversation = session.get_one(Conversation, conversation_id(town, who.user_id))
        lines: list[dict[str, Any]] = [{"type": "text", "text": text} for text in texts]
        if quick:
            action = {"type": "message", "label": quick, "text": quick}
            lines[0]["quickReply"] = {"items": [{"type": "action", "action": action}]}
        outgoing = [outbox.Outgoing(line, line["text"]) for line in lines]
        outbox.queue(session, conversation, outgoing, now=town.line.now(), author="officer")
        wake(session)


def sends(town: Town, since: int = 0) -> list[Request]:
    """The replies and pushes that reached LINE, also refused ones; a lost answer (504) is not a second request."""
    paths = ("/v2/bot/message/reply", "/v2/bot/message/push")
    return [r for r in town.line.requests[since:] if r.path in paths and r.status != 504]


def shown(town: Town, who: Citizen, words: str) -> int:
    """How many of the citizen's messages contain the words."""
    return sum(words in json.dumps(message, ensure_ascii=False) for message in who.messages)


@pytest.fixture
def since(town: Town) -> Callable[[], list[Request]]:
    """The sends since the test began."""
    town.quiet()
    before = len(town.line.requests)
    return lambda: sends(town, before)


def test_a_fresh_question_is_answered_free_with_its_token(town: Town, since: Callable[[], list[Request]]) -> None:
    nok = town.citizen("นก")
    sent = nok.says(GOOD)
    nok.hears(ANSWER)
    town.quiet()
    (request,) = since()
    assert request.path.endswith("/reply") and request.body is not None
    assert request.body["replyToken"] == sent.event["replyToken"]
    assert "X-Line-Retry-Key" not in request.headers
    (delivery,) = deliveries_of(town, nok.user_id)
    assert (delivery.state, delivery.method, delivery.cost) == ("accepted", "reply", 0)
    assert delivery.line_request_ref == request.request_id
    assert [m.state for m in messages_of(town, nok.user_id)] == ["received", "sent"]


def test_without_a_live_token_an_answer_is_pushed_under_a_key(
    town: Town, since: Callable[[], list[Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "TOKEN_SECONDS", -1)
    nok = town.citizen("นก")
    nok.says(GOOD)
    nok.hears(ANSWER)
    town.quiet()
    (request,) = since()
    (delivery,) = deliveries_of(town, nok.user_id)
    assert request.path.endswith("/push")
    assert request.headers["X-Line-Retry-Key"] == delivery.retry_key
    assert (delivery.method, delivery.cost) == ("push", 1)


def test_a_token_that_line_has_forgotten_is_followed_by_a_push(town: Town, since: Callable[[], list[Request]]) -> None:
    nok = town.citizen("นก")
    event = text_event(town, nok, GOOD)
    real = town.line.now
    town.line.now = lambda: real() + timedelta(seconds=61)
    assert town.sender.post([event]).ok
    nok.hears(ANSWER)
    nok.hears_nothing_more()
    assert [(r.path[-5:], r.status) for r in since()] == [("reply", 400), ("/push", 200)]


def test_an_answer_lost_on_the_way_is_asked_for_with_the_same_token(
    town: Town, since: Callable[[], list[Request]]
) -> None:
    """LINE took it, but its answer never came: the second try is refused, and that is the proof."""
    nok = town.citizen("นก")
    town.line.faults.set(lose_next=1, only="/reply")
    nok.says(GOOD)
    nok.hears(ANSWER)
    nok.hears_nothing_more()
    bodies = [r.body for r in since()]
    assert len(bodies) == 2 and bodies[0] == bodies[1]
    (delivery,) = deliveries_of(town, nok.user_id)
    assert (delivery.state, delivery.reason, delivery.attempts) == ("accepted", "seen_on_retry", 2)
    assert shown(town, nok, ANSWER) == 1


def test_a_server_error_on_a_reply_is_tried_again_with_the_same_token(
    town: Town, since: Callable[[], list[Request]]
) -> None:
    nok = town.citizen("นก")
    town.line.faults.set(fail_next=2, only="/reply")
    nok.says(GOOD)
    nok.hears(ANSWER)
    nok.hears_nothing_more()
    assert [(r.path[-5:], r.status) for r in since()] == [("reply", 500), ("reply", 500), ("reply", 200)]
    assert shown(town, nok, ANSWER) == 1


def test_a_reply_that_times_out_is_tried_again_and_seen_once(
    town: Town, since: Callable[[], list[Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.line.client.TIMEOUT", (0.3, 0.3))
    nok = town.citizen("นก")
    town.line.faults.set(lose_next=1, lose_after_seconds=1.0, only="/reply")
    nok.says(GOOD)
    nok.hears(ANSWER)
    nok.hears_nothing_more()
    assert shown(town, nok, ANSWER) == 1
    assert all(r.path.endswith("/reply") for r in since())


def test_a_reply_nobody_can_tell_about_ends_as_unknown_and_the_next_ones_go_on(
    town: Town, since: Callable[[], list[Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "TOKEN_SECONDS", 1)
    nok = town.citizen("นก")
    town.line.faults.set(fail_all=True, only="/reply")
    nok.says(GOOD)
    town.eventually(lambda: [d.state for d in deliveries_of(town, nok.user_id)] == ["unknown"], "unknown")
    assert messages_of(town, nok.user_id)[-1].state == "unknown"
    assert messages_of(town, nok.user_id)[-1].reason == "token_too_old_to_ask_again"
    town.line.faults.clear()
    nok.says("ขอบคุณค่ะ")
    nok.hears("ยินดี")
    assert shown(town, nok, ANSWER) == 0
    assert all(r.path.endswith("/reply") for r in since())


@pytest.mark.parametrize("trouble", ["fail_next", "lose_next"])
def test_a_push_in_trouble_is_repeated_under_the_same_key(
    town: Town, since: Callable[[], list[Request]], trouble: str
) -> None:
    nok = known(town)
    town.line.faults.set(**{trouble: 2}, only="/push")
    officer_writes(town, nok, "พรุ่งนี้มาได้ค่ะ")
    nok.hears("พรุ่งนี้มาได้ค่ะ")
    nok.hears_nothing_more()
    pushes = [r for r in since() if r.path.endswith("/push")]
    assert len({r.headers["X-Line-Retry-Key"] for r in pushes}) == 1
    assert [r.status for r in pushes] == ([500, 500, 200] if trouble == "fail_next" else [200, 409])
    assert shown(town, nok, "พรุ่งนี้มาได้ค่ะ") == 1
    delivery = deliveries_of(town, nok.user_id)[-1]
    assert (delivery.state, delivery.cost) == ("accepted", 1)


def test_a_push_that_never_gets_through_ends_as_unknown_with_a_reason(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PUSH_BACKOFF", outbox.PUSH_BACKOFF[:2])
    nok = known(town)
    town.line.faults.set(fail_all=True, only="/push")
    officer_writes(town, nok, "ไม่ถึงสักที")
    town.eventually(lambda: messages_of(town, nok.user_id)[-1].state == "unknown", "unknown")
    delivery = deliveries_of(town, nok.user_id)[-1]
    assert (delivery.attempts, delivery.status_code, delivery.reason) == (3, 500, "server_error")


@pytest.mark.parametrize("only", ["/reply", "/push"])
def test_too_many_requests_means_again_later_and_once(town: Town, only: str) -> None:
    nok = known(town)
    town.line.faults.set(rate_limit_next=2, only=only)
    if only == "/reply":
        nok.says(GOOD)
    else:
        officer_writes(town, nok, ANSWER)
    nok.hears(ANSWER)
    nok.hears_nothing_more()
    assert shown(town, nok, ANSWER) == 1
    states = [d.state for d in deliveries_of(town, nok.user_id)]
    assert states == ["accepted", "failed", "failed", "accepted"]
    assert deliveries_of(town, nok.user_id)[-1].cost == (0 if only == "/reply" else 1)
    assert messages_of(town, nok.user_id)[-1].reason is None


def test_behind_the_monthly_limit_words_wait_and_leave_free_with_the_next_event(
    town: Town, since: Callable[[], list[Request]]
) -> None:
    nok = known(town)
    town.line.monthly_limit = town.line.consumption
    officer_writes(town, nok, "คำตอบของเจ้าหน้าที่")
    town.eventually(lambda: messages_of(town, nok.user_id)[-1].reason == "monthly_limit", "the limit to be seen")
    town.quiet()
    assert messages_of(town, nok.user_id)[-1].state == "pending"
    pushes = len([r for r in since() if r.path.endswith("/push")])
    assert pushes == 1  # asked once, not again and again
    nok.says(GOOD)
    nok.hears("คำตอบของเจ้าหน้าที่")
    nok.hears(ANSWER)
    last = deliveries_of(town, nok.user_id)[-1]
    assert (last.method, last.cost, len(last.messages)) == ("reply", 0, 2)
    assert len([r for r in since() if r.path.endswith("/push")]) == pushes


def test_words_that_line_refuses_fail_with_a_reason_and_the_next_ones_go_on(town: Town) -> None:
    town.sends_nonsense = True
    nok = known(town)
    with transaction(town.engine) as session:
        conversation = session.get_one(Conversation, conversation_id(town, nok.user_id))
        bad = outbox.Outgoing({"type": "text", "text": "x" * 6000}, "too long")
        outbox.queue(session, conversation, [bad], now=town.line.now(), author="officer")
    town.eventually(lambda: messages_of(town, nok.user_id)[-1].state == "failed", "the refusal")
    assert messages_of(town, nok.user_id)[-1].reason == "refused_400"
    assert deliveries_of(town, nok.user_id)[-1].status_code == 400
    nok.says(GOOD)
    nok.hears(ANSWER)


def test_words_the_sdk_cannot_read_fail_with_a_reason(town: Town) -> None:
    town.sends_nonsense = True
    nok = known(town)
    with transaction(town.engine) as session:
        conversation = session.get_one(Conversation, conversation_id(town, nok.user_id))
        bad = outbox.Outgoing({"type": "text"}, "no text")
        outbox.queue(session, conversation, [bad], now=town.line.now(), author="officer")
    town.eventually(lambda: messages_of(town, nok.user_id)[-1].state == "failed", "the refusal")
    nok.says(GOOD)
    nok.hears(ANSWER)


def test_several_messages_are_packed_five_to_a_request_with_quick_replies_on_the_last(
    town: Town, since: Callable[[], list[Request]]
) -> None:
    nok = known(town)
    officer_writes(town, nok, *[f"ข้อ {n}" for n in range(7)], quick="ปุ่ม")
    nok.hears("ข้อ 6")
    town.quiet()
    first, second = (r.body for r in since() if r.path.endswith("/push"))
    assert first and second
    assert [m["text"] for m in first["messages"]] == [f"ข้อ {n}" for n in range(5)]
    assert [m["text"] for m in second["messages"]] == ["ข้อ 5", "ข้อ 6"]
    assert ["quickReply" in m for m in first["messages"]] == [False] * 4 + [True]


def test_one_message_of_a_citizen_brings_one_delivery(town: Town, since: Callable[[], list[Request]]) -> None:
    nok = town.citizen("นก")
    nok.says("รถชนกันตรงแยก มีคนเจ็บ")
    nok.hears("1669")
    nok.hears_nothing_more()
    assert len(since()) == len(deliveries_of(town, nok.user_id)) == 1


def test_order_is_by_timestamp_not_by_place_in_the_body(town: Town) -> None:
    nok = town.citizen("นก")
    second, first = text_event(town, nok, "ขอบคุณค่ะ", seconds_later=5), text_event(town, nok, GOOD)
    assert town.sender.post([second, first]).ok
    nok.hears(ANSWER)
    nok.hears("ยินดี")
    said = [message.text for message in messages_of(town, nok.user_id) if message.author == "citizen"]
    assert said == [GOOD, "ขอบคุณค่ะ"]


def test_a_push_that_waits_for_its_next_try_does_not_make_a_fresh_answer_wait(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PUSH_BACKOFF", (timedelta(seconds=30),) * 10)
    nok = known(town)
    town.line.faults.set(fail_all=True, only="/push")
    officer_writes(town, nok, "ยังไม่ถึง")
    town.eventually(lambda: deliveries_of(town, nok.user_id)[-1].state == "retry", "the push to fail")
    begun = time.monotonic()
    nok.says(GOOD)
    nok.hears(ANSWER)
    assert time.monotonic() - begun < 5


def test_a_push_under_way_that_fails_does_not_make_a_fresh_answer_wait(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The citizen writes while the push hangs; when it has failed, the answer leaves with its own token."""
    monkeypatch.setattr(outbox, "PUSH_BACKOFF", (timedelta(seconds=30),) * 10)
    nok = known(town)
    town.line.faults.set(fail_all=True, delay_seconds=1.0, only="/push")
    officer_writes(town, nok, "ยังไม่ถึง")
    town.eventually(lambda: deliveries_of(town, nok.user_id)[-1].state == "sending", "the push to be under way")
    nok.says(GOOD)
    begun = time.monotonic()
    nok.hears(ANSWER)
    assert time.monotonic() - begun < 5


def test_a_push_is_not_repeated_once_the_citizen_has_blocked_the_bot(
    town: Town, since: Callable[[], list[Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PUSH_BACKOFF", (timedelta(seconds=1),) * 3)
    nok = known(town)
    town.line.faults.set(fail_all=True, only="/push")
    officer_writes(town, nok, "ยังไม่ถึง")
    town.eventually(lambda: deliveries_of(town, nok.user_id)[-1].state == "retry", "the push to fail")
    taken(acts.block(town.sender, nok.user_id))
    tried = len(since())
    town.line.faults.clear()
    town.quiet()
    assert len(since()) == tried
    assert messages_of(town, nok.user_id)[-1].state in ("failed", "unknown")
