"""What the reader is asked, how often, and what he is not shown."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.offline import offline_matcher
from bot.reader.limits import FAILURES_IN_A_ROW, PAUSE_SECONDS, Breaker, Budget
from bot.reader.masking import masked
from bot.reader.values import MOST_TOPICS, question_for
from bot.settings import SettingsError, load_reader_settings
from intents.index import Candidate
from intents.understand import Decision, Matcher, understand, with_choice

UNSURE = Decision("clarify", "id_card_lost", 0.2, (Candidate("id_card_lost", 0.2), Candidate("passport_new", 0.1)))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return offline_matcher()


def test_the_best_ten_topics_go_along_with_their_scopes(matcher: Matcher) -> None:
    question = question_for("บัตรหายทำไง", UNSURE, matcher)
    assert question is not None
    assert len(question.topics) == MOST_TOPICS
    assert "id_card_lost" in {topic.id for topic in question.topics}
    assert all(topic.name and topic.scope for topic in question.topics)


@pytest.mark.parametrize(
    "decision",
    [
        replace(UNSURE, kind="answer"),
        replace(UNSURE, kind="emergency"),
        replace(UNSURE, reader=True),
        replace(UNSURE, hint_of_danger=True),
        replace(UNSURE, candidates=()),
        *(
            replace(UNSURE, kind=kind, intent=heard, candidates=(Candidate(heard, 0.2), *UNSURE.candidates))
            for kind in ("clarify", "unknown")
            for heard in ("emergency", "talk_to_officer", "complain_service")
        ),
    ],
)
def test_he_is_not_asked_where_the_matcher_is_sure_or_hears_danger(matcher: Matcher, decision: Decision) -> None:
    assert question_for("บัตรหายทำไง", decision, matcher) is None


def test_a_choice_is_acted_upon_as_if_the_matcher_had_been_sure(matcher: Matcher, now: datetime) -> None:
    unsure = replace(understand("ขอจองคิวทำบัตรใหม่", matcher, now), kind="clarify")
    chosen = with_choice(unsure, Candidate("id_card_lost", 0.07), "ขอจองคิวทำบัตรใหม่", matcher)
    assert (chosen.kind, chosen.intent, chosen.score, chosen.reader) == ("book", "id_card_lost", 0.07, True)
    assert chosen.candidates[0] == Candidate("id_card_lost", 0.07)
    assert len({c.intent for c in chosen.candidates}) == len(chosen.candidates) == len(unsure.candidates)
    assert with_choice(unsure, Candidate("id_card_lost", 0.07), "บัตรหาย", matcher).kind == "answer"
    assert with_choice(unsure, Candidate("emergency", 0.01), "ช่วยด้วย", matcher).kind == "emergency"


@pytest.mark.parametrize(
    "secret",
    [
        "1101700230708",
        "๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘",
        "1-xxxx-xxxxx-xx-8",
        "0811111111",
        "08 1234 5678",
        "+66 81-234-5678",
        "0\u200b8\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8",
        "ศูนย์ แปด หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด",
        "2569-00123",
        "Q-A7K2M",
        "somsri@example.com",
        "https://example.com/somsri",
        "ทะเบียนรถ กข 1234",
    ],
)
def test_what_names_a_person_is_masked(secret: str) -> None:
    assert masked(f"บัตรหายค่ะ {secret} ทำยังไง") == "บัตรหายค่ะ … ทำยังไง"


@pytest.mark.parametrize("text", ["โทร 1548 ได้ไหม", "บัตร 30 บาท", "ตีห้า", "สิทธิ 3 กองทุน", "ขอใบเกิดลูก 2 คน"])
def test_what_a_question_is_about_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=3000))
def test_any_text_can_be_masked(text: str) -> None:
    assert len(masked(text)) <= 500


def test_after_failures_in_a_row_there_is_a_pause_and_then_one_try() -> None:
    breaker = Breaker()
    for _ in range(FAILURES_IN_A_ROW):
        assert breaker.lets_through(0)
        breaker.note(well=False, now=0)
    assert not breaker.lets_through(PAUSE_SECONDS - 1)
    assert breaker.lets_through(PAUSE_SECONDS + 1)
    assert not breaker.lets_through(PAUSE_SECONDS + 1)
    breaker.note(well=True, now=PAUSE_SECONDS + 2)
    assert breaker.lets_through(PAUSE_SECONDS + 2)
    assert breaker.lets_through(PAUSE_SECONDS + 2)


def test_a_failure_now_and_then_is_no_reason_to_pause() -> None:
    breaker = Breaker()
    for _ in range(3 * FAILURES_IN_A_ROW):
        breaker.note(well=False, now=0)
        breaker.note(well=True, now=0)
    assert breaker.lets_through(0)


def test_a_budget_is_for_a_day() -> None:
    budget = Budget(2)
    assert [budget.spend(date(2026, 11, 22)) for _ in range(3)] == [True, True, False]
    assert budget.spend(date(2026, 11, 23))


def test_settings_tell_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER_URL", "ftp://reader")
    with pytest.raises(SettingsError, match=r"READER_URL: .*http"):
        load_reader_settings()
    monkeypatch.setenv("READER_URL", "http://reader/v1/")
    with pytest.raises(SettingsError, match=r"READER_MODEL: .*name the model"):
        load_reader_settings()
    monkeypatch.setenv("READER_MODEL", "typhoon")
    assert load_reader_settings().reader_url == "http://reader/v1"
