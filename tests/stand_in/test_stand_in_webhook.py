"""What a citizen does in the stand-in reaches the bot as LINE would send it."""

import json
import time
from typing import Any

import pytest
from linebot.v3.models.events import UnknownEvent
from linebot.v3.webhook import WebhookParser
from linebot.v3.webhooks import (
    FollowEvent,
    MessageEvent,
    PostbackEvent,
    UnfollowEvent,
    UnsendEvent,
)

from bot.stand_in import acts
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender


@pytest.fixture
def nok(line: StandIn) -> str:
    return line.add_citizen("นก").user_id


def test_every_event_is_signed_and_read_in_full_by_the_real_parser(
    line: StandIn, sender: WebhookSender, bot: Any, nok: str
) -> None:
    kinds = [
        acts.say(sender, nok, "บัตรหาย 🙏"),
        acts.say(sender, nok, "จองคิว", in_group=True),
        acts.send_sticker(sender, nok, "446", "1988", "Hello"),
        acts.send_location(sender, nok, "บ้าน", "", 13.7, 100.5),
        acts.send_file(sender, nok, b"a", "image/png", "a.png"),
        acts.send_file(sender, nok, b"a", "application/pdf", "แบบ.pdf"),
        acts.send_file(sender, nok, b"a", "video/mp4", "a.mp4"),
        acts.send_file(sender, nok, b"a", "audio/m4a", "a.m4a"),
        acts.tap(sender, nok, "pick", picked={"datetime": "2026-11-26T09:30"}),
        acts.block(sender, nok),
        acts.unblock(sender, nok),
        acts.unsend(sender, nok),
    ]
    assert all(sent.wait().ok for sent in kinds)
    parser = WebhookParser(line.channel_secret)
    parsed = {}
    for body, signature in zip(bot.bodies, bot.signatures, strict=True):
        (event,) = parser.parse(body.decode(), signature, as_payload=True).events
        assert not isinstance(event, UnknownEvent)
        parsed[event.webhook_event_id] = event
    in_order = [parsed[sent.event["webhookEventId"]] for sent in kinds]
    assert [type(event) for event in in_order] == [MessageEvent] * 8 + [
        PostbackEvent,
        UnfollowEvent,
        FollowEvent,
        UnsendEvent,
    ]
    assert in_order[0].message.text == "บัตรหาย 🙏"
    assert in_order[1].source.group_id == line.group_id
    assert in_order[1].message.mention.mentionees[0].is_self
    assert in_order[5].message.file_name == "แบบ.pdf"
    assert in_order[8].postback.params == {"datetime": "2026-11-26T09:30"}
    assert in_order[10].follow.is_unblocked
    assert len({sent.event["webhookEventId"] for sent in kinds}) == len(kinds)


def test_a_redelivered_event_is_the_same_but_for_its_mark_and_its_token_lives_again(
    line: StandIn, sender: WebhookSender, bot: Any, clock: Any, nok: str
) -> None:
    acts.say(sender, nok, "หนึ่ง", event_ref="01HX").wait()
    clock.passes(seconds=90)
    acts.redeliver_last(sender, nok).wait()
    first, second = bot.events
    assert second == {**first, "deliveryContext": {"isRedelivery": True}}
    assert first["webhookEventId"] == "01HX"
    assert line.accept_reply({"replyToken": first["replyToken"], "messages": []}, {}, "id")
    assert line.chats.of(nok)[0].redelivered == 1


def test_what_the_bot_does_not_take_comes_again_when_redelivery_is_on(line: StandIn, bot: Any, nok: str) -> None:
    sender = WebhookSender(line, redelivers=True, pauses_seconds=(0.01, 0.01))
    bot.statuses = [500, 503]
    assert acts.say(sender, nok, "หนึ่ง").wait().status == 500
    events = bot.wait_for(3)
    assert [event["deliveryContext"]["isRedelivery"] for event in events] == [False, True, True]
    deadline = time.monotonic() + 5
    while line.chats.of(nok)[0].state != "ok" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert line.chats.of(nok)[0].state == "ok"
    sender.close()
    assert len(bot.bodies) == 3


def test_a_refusing_or_absent_bot_shows_in_the_chat(line: StandIn, sender: WebhookSender, bot: Any, nok: str) -> None:
    bot.statuses = [500]
    acts.say(sender, nok, "หนึ่ง").wait()
    line.webhook_url = "http://127.0.0.1:9/callback"
    assert acts.say(sender, nok, "สอง").wait().trouble == "unreachable"
    line.webhook_url = ""
    acts.say(sender, nok, "สาม").wait()
    assert [entry.state for entry in line.chats.of(nok)] == ["500", "unreachable", "no address"]
    assert len(bot.bodies) == 1


def test_an_unsent_message_disappears_with_its_file(line: StandIn, sender: WebhookSender, bot: Any, nok: str) -> None:
    sent = acts.send_file(sender, nok, b"\x89PNG", "image/png", "a.png")
    sent.wait()
    acts.unsend(sender, nok).wait()
    assert bot.events[1]["unsend"] == {"messageId": sent.message_id}
    assert "replyToken" not in bot.events[1]
    content = line.chats.content(sent.message_id)
    assert content and content.gone and content.data == b""
    assert line.chats.of(nok)[0].message == {"type": "unsent"}
    with pytest.raises(acts.NothingToDo):
        acts.unsend(sender, nok)


def test_a_group_reply_is_seen_by_everyone_in_the_group(
    line: StandIn, sender: WebhookSender, bot: Any, nok: str
) -> None:
    lek, outside = line.add_citizen("เล็ก").user_id, line.add_citizen("คนนอก").user_id
    acts.say(sender, nok, "ครับ", in_group=True, mentions_bot=False).wait()
    acts.say(sender, lek, "จองคิว", in_group=True).wait()
    assert "mention" not in bot.events[0]["message"]
    mentioned = bot.events[1]["message"]
    (mention,) = mentioned["mention"]["mentionees"]
    assert mentioned["text"][: mention["length"]] == f"@{line.bot_name}"
    body = {"replyToken": bot.events[1]["replyToken"], "messages": [{"type": "text", "text": "ค่ะ"}]}
    assert line.accept_reply(body, {}, "id").receiver_id == line.group_id
    assert [len(line.chats.of(each)) for each in (nok, lek, outside)] == [2, 2, 0]


def test_many_events_in_one_post_and_a_wrong_signature(line: StandIn, sender: WebhookSender, bot: Any) -> None:
    assert sender.post([]).ok
    assert json.loads(bot.bodies[0]) == {"destination": line.bot_user_id, "events": []}
    sender.post_raw(b"{}", signature="wrong")
    sender.post_raw(b"{}", signature="")
    assert bot.signatures[1:] == ["wrong", None]
