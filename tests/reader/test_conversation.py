"""Conversations in a town whose matcher is never sure and whose centre has a second reader."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.catalogue import live
from bot.messages.tables import InboundEvent, Message
from bot.reader import limits
from bot.storage.engine import reading
from intents.index import Index, load
from tests.conftest import make_settings
from tests.reader.endpoint import Call, Endpoint, slow
from tests.town import Citizen, Town

LOST = "บัตรประชาชนหายทำไง"
MEANT = "บัตรประชาชนหาย"  # the choice of "did you mean"
FEE = "100 บาท"
BUDGET = 12


@pytest.fixture
def town(town_url: str, reader: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """No score is high enough to answer at once, so that every question is one for the reader."""

    def hesitant(*given: Any) -> Index:
        index = load(*given)
        return replace(index, thresholds=replace(index.thresholds, answer=2.0))

    def settings(database_url: str, line_url: str) -> Any:
        own = {"reader_url": reader.url, "reader_model": "careful-1", "reader_daily_budget": BUDGET}
        return make_settings(database_url, line_url).model_copy(update=own)

    monkeypatch.setattr(live, "load", hesitant)
    with Town(town_url, settings) as town:
        yield town


def understood(town: Town, text: str) -> dict[str, Any]:
    """What the record says about the understanding of a message."""
    with reading(town.engine) as session:
        found = session.scalar(
            sa.select(Message.understanding).where(Message.text == text, Message.author == "citizen")
        )
        assert found is not None
        return found


def under_way(reader: Endpoint, many: int = 1) -> Callable[[], bool]:
    return lambda: len(reader.calls) >= many


def test_his_choice_is_answered_with_the_centres_own_article(town: Town, reader: Endpoint) -> None:
    reader.chooses("id_card_lost")
    nok = town.citizen("นก")
    nok.says(LOST)
    nok.hears(FEE)
    nok.hears_nothing_more()
    found = understood(town, LOST)
    assert (found["decision"], found["intent"]) in {("answer", "id_card_lost"), ("book", "id_card_lost")}
    assert found["reader"]["outcome"] == "chosen"
    assert found["reader"]["instead_of"] == "clarify"
    assert len(reader.calls) == 1


def test_where_he_finds_none_the_bot_asks_back_as_without_him(town: Town, reader: Endpoint) -> None:
    reader.chooses(None)
    nok = town.citizen("นก")
    nok.says(LOST)
    nok.hears(MEANT)
    nok.hears_nothing_more()
    found = understood(town, LOST)
    assert (found["decision"], found["reader"]["outcome"]) == ("clarify", "none")


@pytest.mark.parametrize("answer", ["จ่าย 500 บาทที่ลิงก์นี้ http://bad.example", "<b>id_card_lost</b>", '{"intent": "tax"}'])
def test_no_word_of_his_reaches_a_citizen(town: Town, reader: Endpoint, answer: str) -> None:
    reader.always_says(answer)
    nok = town.citizen("นก")
    nok.says(LOST)
    nok.hears(MEANT)
    nok.hears_nothing_more()
    assert answer not in str(nok.messages)
    assert understood(town, LOST)["reader"]["outcome"] == "unusable"


def test_a_slow_reader_holds_up_one_citizen_for_a_moment_and_nobody_else(town: Town, reader: Endpoint) -> None:
    reader.behaviour = slow(2.0, '{"intent": "id_card_lost"}')
    nok, lek = town.citizen("นก"), town.citizen("เล็ก")
    nok.says(LOST)
    nok.says("จองคิวหน่อย")
    town.eventually(under_way(reader), "the question to be under way")
    lek.says("🙏")  # says nothing that could be looked up: answered without the reader
    lek.hears("พิมพ์")
    assert nok.messages == []  # the reader is still thinking
    nok.hears(MEANT)  # as without a reader
    town.quiet()
    assert understood(town, LOST)["reader"]["outcome"] == "late"


def test_a_citizens_messages_keep_their_order(town: Town, reader: Endpoint) -> None:
    def by_text(call: Call) -> None:
        lost = call.asked["message"] == LOST
        (slow(0.5, '{"intent": "id_card_lost"}') if lost else slow(0, '{"intent": "passport_new"}'))(call)

    reader.behaviour = by_text
    nok = town.citizen("นก")
    nok.says(LOST)
    nok.says("ทำพาสปอร์ตใช้อะไรบ้าง")
    nok.hears(FEE)
    nok.hears("พาสปอร์ต")
    town.quiet()
    with reading(town.engine) as session:
        authors = session.scalars(sa.select(Message.author).order_by(Message.id)).all()
    assert authors[0] == "citizen"
    assert authors.index("bot") < len(authors) - 1 - list(reversed(authors)).index("citizen")


def test_the_work_of_a_worker_that_went_away_is_taken_up(town: Town, reader: Endpoint) -> None:
    first_left = threading.Event()

    def behave(call: Call) -> None:
        first_left.wait(10)
        call.says('{"intent": "id_card_lost"}')

    reader.behaviour = behave
    nok = town.citizen("นก")
    nok.says(LOST)
    town.eventually(under_way(reader), "the question to be under way")
    town.stop_worker()
    first_left.set()
    town.start_worker()
    nok.hears(FEE)
    nok.hears_nothing_more()
    assert len(reader.calls) == 2


def test_a_phone_number_is_not_shown_to_him(town: Town, reader: Endpoint) -> None:
    reader.chooses("id_card_lost")
    nok = town.citizen("นก")
    nok.says(f"{LOST} โทรกลับ 081-234-5678 เลขบัตร 1101700230708")
    nok.hears(FEE)
    assert reader.calls[0].asked["message"] == f"{LOST} โทรกลับ … เลขบัตร …"


def test_words_of_danger_are_not_for_him(town: Town, reader: Endpoint) -> None:
    reader.chooses("id_card_lost")
    nok = town.citizen("นก")
    nok.says("ไฟไหม้บ้าน ช่วยด้วย")
    nok.hears("199")
    nok.says("ขอคุยกับเจ้าหน้าที่")
    town.quiet()
    assert reader.calls == []


def test_answers_to_a_question_of_the_bot_are_not_for_him(town: Town, reader: Endpoint) -> None:
    reader.chooses(None)
    nok = town.citizen("นก")
    nok.says(LOST)
    nok.hears(MEANT)
    nok.says("1")
    nok.hears(FEE)
    assert len(reader.calls) == 1


def test_a_reader_that_only_fails_is_left_alone_for_a_while(town: Town, reader: Endpoint) -> None:
    reader.behaviour = lambda call: call.sends(b"", 500)
    people = [town.citizen(f"คนที่ {n}") for n in range(limits.FAILURES_IN_A_ROW + 2)]
    for one in people:
        one.says(LOST)
        one.hears(MEANT)
    assert len(reader.calls) == limits.FAILURES_IN_A_ROW
    with reading(town.engine) as session:
        outcomes = session.scalars(sa.select(Message.understanding).where(Message.text == LOST).order_by(Message.id))
        assert [found["reader"]["outcome"] for found in outcomes if found][-2:] == ["paused", "paused"]


def test_when_the_budget_is_spent_the_bot_goes_on_without_him(town: Town, reader: Endpoint) -> None:
    reader.chooses("id_card_lost")
    for n in range(BUDGET + 1):
        one = town.citizen(f"คนที่ {n}")
        one.says(LOST)
        one.hears(FEE if n < BUDGET else MEANT)
    assert len(reader.calls) == BUDGET


def test_every_event_is_done_once(town: Town, reader: Endpoint) -> None:
    reader.chooses("id_card_lost")
    people: list[Citizen] = [town.citizen(f"คนที่ {n}") for n in range(BUDGET)]
    for one in people:
        one.says(LOST)
    for one in people:
        one.hears(FEE)
        one.hears_nothing_more()
    with reading(town.engine) as session:
        rows = session.execute(sa.select(InboundEvent.state, InboundEvent.attempts)).all()
        assert {tuple(row) for row in rows} == {("done", 0)}
        assert session.scalar(sa.select(sa.func.count()).where(Message.author == "citizen")) == len(people)
