"""The stand-in LINE keeps LINE's rules for sending, asked through the real line-bot-sdk."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import urllib3
from linebot.v3.messaging import (
    ApiException,
    MarkMessagesAsReadByTokenRequest,
    MessagingApi,
    MessagingApiBlob,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
    ValidateMessageRequest,
)

from bot.stand_in import acts
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender

SPEC = Path(__file__).parents[3] / "shared/line/messaging-api.strict.json"


def reply(token: str, text: str = "สวัสดีค่ะ") -> ReplyMessageRequest:
    return ReplyMessageRequest(replyToken=token, messages=[TextMessage(text=text)])


def push(to: str, text: str = "สวัสดีค่ะ") -> PushMessageRequest:
    return PushMessageRequest(to=to, messages=[TextMessage(text=text)])


def refusal(caught: pytest.ExceptionInfo[ApiException]) -> tuple[int, str]:
    return caught.value.status, json.loads(caught.value.body)["message"]


@pytest.fixture(autouse=True)
def accepted_bodies_satisfy_line(line: StandIn) -> Any:
    """Whatever the stand-in accepted in a test, LINE's own strict description accepts too."""
    yield
    if not SPEC.exists():
        return
    spec = json.loads(SPEC.read_text())
    for delivery in line.deliveries:
        name = {"reply": "ReplyMessageRequest", "push": "PushMessageRequest"}[delivery.kind]
        jsonschema.validate(delivery.body, {"$ref": f"#/components/schemas/{name}", "components": spec["components"]})


@pytest.fixture
def nok(line: StandIn) -> str:
    return line.add_citizen("นก").user_id


def test_a_reply_is_shown_once_and_its_token_is_spent(line: StandIn, api: MessagingApi, nok: str) -> None:
    token = line.issue_token(nok)
    sent = api.reply_message_with_http_info(reply(token))
    assert sent.headers["x-line-request-id"] == line.deliveries[0].request_id
    assert sent.data.sent_messages[0].quote_token
    with pytest.raises(ApiException) as caught:
        api.reply_message(reply(token))
    assert refusal(caught) == (400, "Invalid reply token")
    assert [entry.message["text"] for entry in line.chats.of(nok)] == ["สวัสดีค่ะ"]
    assert line.consumption == 0


def test_sixteen_threads_with_one_token_deliver_one_reply(line: StandIn, api: MessagingApi, nok: str) -> None:
    token = line.issue_token(nok)

    def attempt(_: int) -> bool:
        try:
            api.reply_message(reply(token))
        except ApiException:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(32))) == 1
    assert len(line.deliveries) == 1


def test_a_token_lives_sixty_seconds_and_anew_when_redelivered(
    line: StandIn, api: MessagingApi, clock: Any, nok: str
) -> None:
    fresh, late, renewed, old = (line.issue_token(nok) for _ in range(4))
    clock.passes(seconds=60)
    api.reply_message(reply(fresh))
    clock.passes(seconds=1)
    with pytest.raises(ApiException) as caught:
        api.reply_message(reply(late))
    assert refusal(caught) == (400, "Invalid reply token")
    clock.passes(minutes=18)
    line.renew_token(renewed)
    api.reply_message(reply(renewed))
    clock.passes(minutes=2)
    line.renew_token(old)
    with pytest.raises(ApiException):
        api.reply_message(reply(old))


def test_a_refused_body_does_not_spend_the_token(line: StandIn, api: MessagingApi, nok: str) -> None:
    token = line.issue_token(nok)
    with pytest.raises(ApiException):
        api.reply_message(reply(token, "ก" * 5001))
    api.reply_message(reply(token, "ก" * 5000))


def test_a_retry_key_delivers_once_and_is_forgotten_after_a_day(
    line: StandIn, api: MessagingApi, clock: Any, nok: str
) -> None:
    key = str(uuid.uuid4())
    api.push_message(push(nok), x_line_retry_key=key)
    with pytest.raises(ApiException) as caught:
        api.push_message(push(nok, "อีกอย่าง"), x_line_retry_key=key.upper())
    assert caught.value.status == 409
    assert caught.value.headers["x-line-accepted-request-id"] == line.deliveries[0].request_id
    assert (len(line.deliveries), line.consumption) == (1, 1)
    clock.passes(hours=24)
    api.push_message(push(nok), x_line_retry_key=key)
    assert len(line.deliveries) == 2


def test_a_reply_with_a_retry_key_and_a_key_that_is_no_uuid_are_refused(
    line: StandIn, url: str, api: MessagingApi, nok: str
) -> None:
    body = {"replyToken": line.issue_token(nok), "messages": [{"type": "text", "text": "ค่ะ"}]}
    headers = {"Authorization": "Bearer token", "X-Line-Retry-Key": str(uuid.uuid4())}
    assert urllib3.request("POST", f"{url}/v2/bot/message/reply", json=body, headers=headers).status == 400
    with pytest.raises(ApiException) as caught:
        api.push_message(push(nok), x_line_retry_key="1")
    assert caught.value.status == 400
    assert line.deliveries == []


def test_the_month_has_an_end_and_a_next_month_begins(line: StandIn, api: MessagingApi, clock: Any, nok: str) -> None:
    for _ in range(3):
        api.push_message(push(nok))
    with pytest.raises(ApiException) as caught:
        api.push_message(push(nok))
    assert refusal(caught) == (429, "You have reached your monthly limit.")
    assert api.get_message_quota().value == 3
    assert api.get_message_quota_consumption().total_usage == 3
    api.reply_message(reply(line.issue_token(nok)))
    clock.passes(days=9)
    api.push_message(push(nok))
    line.monthly_limit = None
    assert api.get_message_quota().type == "none"


def test_a_blocked_push_succeeds_shows_nothing_and_costs_nothing(line: StandIn, api: MessagingApi, nok: str) -> None:
    line.change_citizen(nok, is_blocking=True)
    api.push_message(push(nok))
    assert line.deliveries[0].shown_to == ()
    assert line.chats.of(nok) == []
    assert line.consumption == 0
    with pytest.raises(ApiException) as caught:
        api.get_profile(nok)
    assert caught.value.status == 404


def test_profile_info_and_strangers(line: StandIn, api: MessagingApi, nok: str) -> None:
    assert api.get_profile(nok).display_name == "นก"
    assert api.get_bot_info().user_id == line.bot_user_id
    with pytest.raises(ApiException) as caught:
        api.push_message(push("U" + "0" * 32))
    assert refusal(caught) == (400, "Failed to send messages")
    line.accepts_strangers = True
    api.push_message(push("U" + "0" * 32))
    api.reply_message(reply("made by a bench"))
    with pytest.raises(ApiException):
        api.reply_message(reply("made by a bench"))


def test_content_is_waited_for_fetched_and_gone(
    line: StandIn, blob: MessagingApiBlob, sender: WebhookSender, nok: str
) -> None:
    sent = acts.send_file(sender, nok, b"\x89PNG", "image/png", "a.png", not_ready=1)
    assert blob.get_message_content_with_http_info(sent.message_id).status_code == 202
    assert bytes(blob.get_message_content(sent.message_id)) == b"\x89PNG"
    line.chats.drop_content(sent.message_id)
    for content_id, status in ((sent.message_id, 410), ("1", 404)):
        with pytest.raises(ApiException) as caught:
            blob.get_message_content(content_id)
        assert caught.value.status == status


def test_loading_and_read_marks_show_in_the_chat(
    line: StandIn, api: MessagingApi, sender: WebhookSender, bot: Any, nok: str
) -> None:
    acts.say(sender, nok, "หนึ่ง").wait()
    acts.say(sender, nok, "สอง").wait()
    first = bot.events[0]["message"]
    api.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken=first["markAsReadToken"]))
    assert [entry.is_read for entry in line.chats.of(nok)] == [True, False]
    api.show_loading_animation(ShowLoadingAnimationRequest(chatId=nok, loadingSeconds=5))
    citizen = line.citizen(nok)
    assert citizen and citizen.loading_until
    api.push_message(push(nok))
    citizen = line.citizen(nok)
    assert citizen and citizen.loading_until is None
    with pytest.raises(ApiException):
        api.show_loading_animation(ShowLoadingAnimationRequest(chatId=nok, loadingSeconds=7))


def test_a_wrong_bearer_is_refused(line: StandIn, url: str, nok: str) -> None:
    cases: tuple[Any, ...] = ({}, {"Authorization": "Bearer other"}, {"Authorization": "โทเคน".encode()})
    for headers in cases:
        answer = urllib3.request("GET", f"{url}/v2/bot/profile/{nok}", headers=headers)
        assert answer.status == 401
        assert answer.headers["x-line-request-id"]


def test_failures_and_rate_limits_run_down_and_leave_the_token_whole(
    line: StandIn, api: MessagingApi, nok: str
) -> None:
    token = line.issue_token(nok)
    line.faults.set(fail_next=1, rate_limit_next=1)
    seen = []
    for _ in range(2):
        with pytest.raises(ApiException) as caught:
            api.reply_message(reply(token))
        seen.append(refusal(caught))
    assert seen == [
        (429, "The API rate limit has been exceeded. Try again later."),
        (500, "Internal Server Error"),
    ]
    api.reply_message(reply(token))
    line.faults.set(fail_all=True, only="/push")
    api.get_profile(nok)
    with pytest.raises(ApiException):
        api.push_message(push(nok))


def test_a_lost_answer_was_delivered(line: StandIn, api: MessagingApi, nok: str) -> None:
    token = line.issue_token(nok)
    line.faults.set(lose_next=1)
    with pytest.raises(urllib3.exceptions.HTTPError):
        api.reply_message(reply(token), _request_timeout=(1, 2))
    assert len(line.deliveries) == 1
    with pytest.raises(ApiException) as caught:
        api.reply_message(reply(token))
    assert refusal(caught) == (400, "Invalid reply token")
    assert len(line.messages_to(nok)) == 1


def test_a_slow_line_outlasts_the_time_out_and_delivers_all_the_same(
    line: StandIn, api: MessagingApi, nok: str
) -> None:
    line.faults.set(delay_seconds=0.3)
    with pytest.raises(urllib3.exceptions.HTTPError):
        api.reply_message(reply(line.issue_token(nok)), _request_timeout=(0.1, 0.1))
    assert line.wait_for_deliveries(1, to=nok, timeout_seconds=2)


def test_calls_are_answered_at_once(line: StandIn, api: MessagingApi, nok: str) -> None:
    api.get_profile(nok)
    started = time.monotonic()
    for _ in range(50):
        api.get_profile(nok)
    assert time.monotonic() - started < 1.0


def test_a_body_that_is_no_json_or_too_large_is_refused(url: str) -> None:
    headers = {"Authorization": "Bearer token"}
    for body, status in ((b"{", 400), (b"[]", 400), (b"\xff", 400), (b" " * (2 * 1024 * 1024 + 1), 413)):
        answer = urllib3.request("POST", f"{url}/v2/bot/message/push", body=body, headers=headers)
        assert answer.status == status


def test_messages_can_be_checked_without_sending(line: StandIn, api: MessagingApi) -> None:
    api.validate_push(ValidateMessageRequest(messages=[TextMessage(text="ค่ะ")]))
    with pytest.raises(ApiException):
        api.validate_reply(ValidateMessageRequest(messages=[TextMessage(text="")]))
    assert line.deliveries == []


def test_every_call_is_kept_with_its_answer(line: StandIn, api: MessagingApi, nok: str) -> None:
    with pytest.raises(ApiException):
        api.reply_message(reply("no such token"))
    kept = line.requests[-1]
    assert (kept.status, kept.path, kept.answer) == (
        400,
        "/v2/bot/message/reply",
        {"message": "Invalid reply token"},
    )
    assert kept.body and kept.body["replyToken"] == "no such token"
