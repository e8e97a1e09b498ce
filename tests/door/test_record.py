"""What is kept of what comes in, and what is not: greetings, groups, ids, files, logs."""

import json
import logging

import pytest
import sqlalchemy as sa

from bot.messages.tables import Conversation, Media
from bot.stand_in import acts
from bot.stand_in.events import message as line_message
from bot.storage.engine import reading, transaction
from tests.door.look import (
    conversation_id,
    events_of,
    messages_of,
    other_event,
    places_that_hold,
    taken,
    text_event,
)
from tests.town import Citizen, Town


def test_a_new_friend_is_greeted_in_one_message(town: Town) -> None:
    nok = Citizen(town, acts.new_citizen(town.sender, "นก").user_id)
    greeting = nok.hears("ถามเรื่องเอกสาร", "จองคิว", "เจ้าหน้าที่", "/privacy")
    assert greeting["type"] == "text"
    nok.hears_nothing_more()
    nok.says("บัตรประชาชนหายทำไง")
    answer = nok.hears("บัตรหายทำใหม่ได้")
    assert "/privacy" not in json.dumps(answer)  # told already


def test_who_blocks_the_bot_gets_nothing_more(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("ขอคุยกับคน")
    nok.hears("เลขเรื่อง")
    taken(acts.block(town.sender, nok.user_id))
    town.quiet()
    before = len(town.line.requests)
    from bot.messages import outbox

    with transaction(town.engine) as session:
        ours = session.get_one(Conversation, conversation_id(town, nok.user_id))
        words = outbox.Outgoing({"type": "text", "text": "สวัสดี"}, "สวัสดี")
        outbox.queue(session, ours, [words], now=town.line.now(), author="officer")
    town.quiet()
    assert [r for r in town.line.requests[before:] if r.body and r.body.get("to") == nok.user_id] == []
    last = messages_of(town, nok.user_id)[-1]
    assert (last.state, last.reason) == ("failed", "blocked")


def test_who_comes_back_is_answered_again(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.block(town.sender, nok.user_id))
    taken(acts.unblock(town.sender, nok.user_id))
    nok.hears("สวัสดี")
    nok.says("บัตรประชาชนหายทำไง")
    nok.hears("บัตรหายทำใหม่ได้")


def test_an_unfollow_that_comes_after_a_younger_follow_blocks_nobody(town: Town) -> None:
    nok = town.citizen("นก")
    left = other_event(town, nok, "unfollow", {})
    back = other_event(town, nok, "follow", {"follow": {"isUnblocked": True}}, seconds_later=1)
    assert town.sender.post([back]).ok
    nok.hears("สวัสดี")
    assert town.sender.post([left]).ok
    town.quiet()
    assert town.sender.post([text_event(town, nok, "บัตรประชาชนหายทำไง", seconds_later=2)]).ok
    nok.hears("บัตรหายทำใหม่ได้")


def test_a_group_that_does_not_mention_the_bot_is_not_answered_and_not_kept(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.say(town.sender, nok.user_id, "คุยกันเองในกลุ่ม", in_group=True, mentions_bot=False))
    location = {"latitude": 13.123456, "longitude": 100.5, "title": "บ้านเพื่อนลับ", "address": "ลับ"}
    taken(acts.send_message(town.sender, nok.user_id, "location", location, in_group=True))
    taken(acts.send_file(town.sender, nok.user_id, b"group picture bytes", "image/png", "a.png", in_group=True))
    town.quiet()
    assert town.line.messages_to(town.line.group_id) == []
    for words in ("คุยกันเองในกลุ่ม", "บ้านเพื่อนลับ", "group picture bytes", "13.123456", nok.user_id):
        assert places_that_hold(town, words) == [], words
    for row in events_of(town, town.line.group_id):
        assert (row.raw, row.reply_token, row.type, row.state) == (None, None, "message", "passed_over")


def test_a_group_that_mentions_the_bot_gets_a_general_answer(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.say(town.sender, nok.user_id, "บัตรประชาชนหายทำไง", in_group=True))
    town.eventually(lambda: town.line.messages_to(town.line.group_id), "an answer in the group")
    answer = town.line.messages_to(town.line.group_id)[-1]
    assert "100 บาท" in json.dumps(answer, ensure_ascii=False) and "quickReply" not in answer
    taken(acts.say(town.sender, nok.user_id, "ขอคุยกับคน", in_group=True))
    town.quiet()
    assert "เลขเรื่อง" not in json.dumps(town.line.messages_to(town.line.group_id), ensure_ascii=False)
    assert nok.messages == []


ID, ID_SPACED, ID_THAI, CARD = "1101700230708", "1-1017-00230-70-8", "๑๑๐๑๗๐๐๒๓๐๗๐๘", "4111 1111 1111 1111"


@pytest.mark.parametrize("number", [ID, ID_SPACED, ID_THAI, CARD, "1 1017 00230 70 8", "4111-1111-1111-1111"])
def test_ids_and_card_numbers_are_masked_before_the_first_commit(
    town: Town, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker looks at the event yet: what the door has stored is looked at, then what the turn adds."""
    nok = town.citizen("นก")
    fields = {"latitude": 1.0, "longitude": 2.0, "title": f"บ้าน {number}", "address": f"เลข {number}"}
    events = [
        {**text_event(town, nok, f"เลขบัตร {number} ค่ะ"), "mode": "standby"},
        {**other_event(town, nok, "message", {"message": line_message("location", fields)}), "mode": "standby"},
        {**other_event(town, nok, "message", {"message": line_message("file", {"fileName": f"{number}.pdf"})})},
        other_event(town, nok, "postback", {"postback": {"data": f"act=x&n={number}"}}),
        other_event(town, nok, "messageEdited", {"message": line_message("text", {"text": number})}),
    ]
    assert town.sender.post(events).ok
    assert places_that_hold(town, number) == []
    nok.says(f"{number}")
    town.quiet()
    assert places_that_hold(town, number) == []
    assert all(number not in json.dumps(message, ensure_ascii=False) for message in nok.messages)


def test_phones_and_case_numbers_stay_readable(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("โทร 081-234-5678 เรื่อง 2569-00001")
    town.quiet()
    assert messages_of(town, nok.user_id)[0].text == "โทร 081-234-5678 เรื่อง 2569-00001"


def test_lines_ids_and_raw_events_cannot_be_read_without_the_key(town: Town) -> None:
    nok = town.citizen("นก")
    nok.says("บัตรประชาชนหาย")
    nok.hears("บัตรหายทำใหม่ได้")
    town.eventually(lambda: places_that_hold(town, nok.user_id), "the conversation")
    with town.engine.connect() as connection:
        for table in ("conversations", "inbound_events", "deliveries"):
            rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert nok.user_id not in repr(rows), table
            if table != "deliveries":
                assert nok.user_id.encode() not in b"".join(
                    bytes(value) for row in rows for value in row if isinstance(value, bytes | memoryview)
                )


def kept(town: Town, who: Citizen) -> list[tuple[str, str | None, int | None]]:
    with reading(town.engine) as session:
        ids = [message.id for message in messages_of(town, who.user_id)]
        rows = session.scalars(sa.select(Media).where(Media.message_id.in_(ids)).order_by(Media.id))
        return [(row.state, row.content_type, row.size_bytes) for row in rows]


def test_a_picture_is_fetched_and_kept_even_when_line_is_not_ready(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.send_file(town.sender, nok.user_id, b"\x89PNG picture", "image/png", "a.png", not_ready=1))
    nok.hears("ได้รับแล้วค่ะ")
    town.eventually(lambda: kept(town, nok) == [("kept", "image/png", 12)], "the picture")
    assert [message.kind for message in messages_of(town, nok.user_id)] == ["image", "text"]


def test_a_file_is_kept_with_its_name(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.send_file(town.sender, nok.user_id, b"%PDF", "application/pdf", "ทะเบียนบ้าน.pdf"))
    town.eventually(lambda: kept(town, nok) == [("kept", "application/pdf", 4)], "the file")
    assert messages_of(town, nok.user_id)[0].text == "ทะเบียนบ้าน.pdf"


def test_a_picture_that_line_has_no_more_is_marked_gone(town: Town) -> None:
    nok = town.citizen("นก")
    picture = line_message("image", {}, content_id="999888777")
    assert town.sender.post([other_event(town, nok, "message", {"message": picture})]).ok
    town.eventually(lambda: kept(town, nok) == [("gone", None, None)], "that it is gone")


def test_a_picture_that_lies_elsewhere_is_not_asked_of_line(town: Town) -> None:
    nok = town.citizen("นก")
    provider = {"type": "external", "originalContentUrl": "https://example.com/a.png"}
    picture = line_message("image", {"contentProvider": provider})
    assert town.sender.post([other_event(town, nok, "message", {"message": picture})]).ok
    nok.hears("ได้รับแล้วค่ะ")
    assert kept(town, nok) == []
    assert messages_of(town, nok.user_id)[0].payload == {"file_name": None, "url": "https://example.com/a.png"}


def test_a_sticker_and_a_place_are_shown_as_something(town: Town) -> None:
    nok = town.citizen("นก")
    taken(acts.send_sticker(town.sender, nok.user_id, "446", "1988", "ขอบคุณ", "ไหว้"))
    taken(acts.send_location(town.sender, nok.user_id, "ตลาด", "ถ.สุขุมวิท", 13.7, 100.5))
    town.quiet()
    sticker, place = (m for m in messages_of(town, nok.user_id) if m.author == "citizen")
    assert (sticker.kind, sticker.text) == ("sticker", "ขอบคุณ ไหว้")
    assert sticker.payload == {"package": "446", "sticker": "1988", "keywords": ["ขอบคุณ", "ไหว้"]}
    assert (place.kind, place.text) == ("location", "ตลาด ถ.สุขุมวิท")
    assert place.payload == {"latitude": 13.7, "longitude": 100.5}


def test_nothing_a_citizen_sends_is_written_to_the_log(
    town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.worker

    real = bot.worker.take_turn

    def fails_for_one(session, due, conversation, **known):  # type: ignore[no-untyped-def]
        said = real(session, due, conversation, **known)
        if b"kaboom" in (due.event.raw or b""):
            raise ValueError("คำลับในบันทึก")
        return said

    monkeypatch.setattr(bot.worker, "take_turn", fails_for_one)
    monkeypatch.setattr("bot.messages.inbox.RETRY_AFTER", (0 * town.line.now().resolution,) * 4)
    caplog.set_level(logging.DEBUG)
    nok = town.citizen("นกลับ")
    nok.says("คำลับในบันทึก บัตรหาย")
    nok.says("คำลับในบันทึก kaboom")
    taken(acts.send_location(town.sender, nok.user_id, "คำลับในบันทึก", "", 13.123457, 100.5))
    town.sender.post_raw('{"events": "คำลับในบันทึก"}'.encode())
    town.quiet()
    out, err = capfd.readouterr()
    for words in ("คำลับในบันทึก", nok.user_id, "13.123457", "นกลับ"):
        assert words not in out + err + caplog.text, words


def test_an_error_of_the_database_quotes_no_values(town: Town) -> None:
    """Whatever is logged of it, a citizen's words must not be in it."""
    with pytest.raises(sa.exc.DBAPIError) as caught, transaction(town.engine) as session:
        session.execute(sa.text("SELECT * FROM no_such_table WHERE x = :words"), {"words": "คำลับ"})
    assert "คำลับ" not in str(caught.value)
