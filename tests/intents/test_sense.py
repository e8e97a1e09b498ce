"""The starter pack's matcher on what stands beside, behind or between questions; on held-back sets where there are some."""

import csv
import json
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.offline import offline_matcher
from bot.cli import main
from intents.corrections import mended, what_is_meant
from intents.evaluation.questions import read_questions
from intents.explain import explain
from intents.facets import asks_only_hours, find_facets, left_over, names_only_a_day
from intents.joints import two_questions
from intents.manner import asks, beside_thanks, is_angry, only_tells
from intents.understand import About, Matcher, understand

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday, 10:00 in Bangkok
HELD_BACK = Path(__file__).parents[1] / "held_back"
MOST_FALSE = 0.01  # of the messages that ask one thing


@cache
def the_matcher() -> Matcher:
    return offline_matcher()


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return the_matcher()


@pytest.fixture(scope="module")
def single() -> list[tuple[str, str]]:
    """Messages that each ask one thing, with its intent."""
    files = ("questions.csv", "questions_b.csv")
    return [(q.text, q.intent) for file in files for q in read_questions(HELD_BACK / file)]


def test_one_question_is_hardly_ever_cut_in_two(matcher: Matcher, single: list[tuple[str, str]]) -> None:
    cut = [text for text, _ in single if two_questions(text, understand(text, matcher, NOW), matcher, NOW)]
    assert len(cut) <= MOST_FALSE * len(single), cut


def test_two_questions_are_found(matcher: Matcher) -> None:
    with (HELD_BACK / "two_questions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = wrong = 0
    for row in rows:
        whole = understand(row["text"], matcher, NOW)
        parts = two_questions(row["text"], whole, matcher, NOW)
        if parts is None:
            continue
        right = {part.decision.intent for part in parts} == {row["first"], row["second"]}
        found, wrong = found + right, wrong + (not right)
    assert found >= 0.8 * len(rows)
    assert wrong <= 0.03 * len(rows)


def test_a_question_is_not_taken_for_one_about_the_last_article(
    matcher: Matcher, single: list[tuple[str, str]]
) -> None:
    about = About("land_survey")
    others = [text for text, intent in single if intent != about.intent]
    followed = [text for text in others if understand(text, matcher, NOW, about).followed]
    assert len(followed) <= MOST_FALSE * len(others), followed


def test_single_questions_correct_nothing_and_are_seldom_angry(single: list[tuple[str, str]]) -> None:
    assert [text for text, _ in single if what_is_meant(text)] == []
    calm = [(text, intent) for text, intent in single if intent not in ("complain_service", "talk_to_officer")]
    assert sum(is_angry(text) for text, _ in calm) <= MOST_FALSE * len(calm)


@pytest.mark.parametrize(
    ("text", "intent", "because"),
    [
        ("ต่อใบขับขี่กี่บาท", "driving_licence_renew", "≥ answer"),
        ("ใบขับขี่", "driving_licence_lost", "asked back"),
        ("ไฟไหม้บ้านช่วยด้วย", "emergency", "≥ heard"),
        ("ขอบคุณที่ช่วยเรื่องบัตรประชาชนหายนะคะ", "thanks", "thanks that ask nothing"),
        ("🙏", None, "says nothing → not understood"),
    ],
)
def test_a_decision_explains_itself(matcher: Matcher, text: str, intent: str | None, because: str) -> None:
    found = explain(text, matcher, NOW)
    assert because in found.because
    assert found.decision == understand(text, matcher, NOW)
    if intent is not None and intent != "thanks":
        assert found.near[0].intent in {c.intent for c in found.decision.candidates}
        assert found.features


def test_the_features_add_up_to_the_difference(matcher: Matcher) -> None:
    """What tells two choices apart is in the list: the strongest feature of "expired" speaks for renewing."""
    found = explain("ใบขับขี่หมดอายุ", matcher, NOW)
    assert found.decision.intent == "driving_licence_renew"
    assert found.features[0].first > found.features[0].second
    assert all(a.likeness >= b.likeness for a, b in zip(found.near, found.near[1:], strict=False))


def test_why_a_question_follows_the_last_article(matcher: Matcher) -> None:
    assert "talked of" in explain("แล้วค่าธรรมเนียมล่ะ", matcher, NOW, About("passport_new")).because


def test_an_explanation_is_quick_enough_for_a_page(matcher: Matcher) -> None:
    story = "สวัสดีค่ะ ดิฉันอายุ 72 ปี อยากทราบว่าเบี้ยผู้สูงอายุต้องไปลงทะเบียนที่ไหนคะ " * 6
    explain(story, matcher, NOW)
    begun = time.process_time()
    explain(story, matcher, NOW)
    assert time.process_time() - begun < 0.1


def test_the_command_explains(capsys: pytest.CaptureFixture[str]) -> None:
    main(["understand", "--explain", "ต่อใบขับขี่กี่บาท"])
    told = json.loads(capsys.readouterr().out)
    assert told["intent"] == "driving_licence_renew"
    assert {"because", "near", "features", "thresholds", "rule"} <= set(told)


WORDS = st.sampled_from(
    [
        "ไม่ใช่",
        "หมายถึง",
        "*",
        "ขอบคุณ",
        "แล้วก็",
        "กับ",
        " ",
        "\n",
        "ค่ะ",
        "บัตรหาย",
        "กี่บาท",
        "ให้ลูกไป",
        "วันเสาร์",
        "\u200b",
        "!",
        "ๆ",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map("".join)))
def test_nothing_that_is_written_breaks_the_reading(text: str) -> None:
    for read in (find_facets, left_over, asks_only_hours, names_only_a_day, asks, beside_thanks, only_tells, is_angry):
        read(text)
    meant = what_is_meant(text, text)
    if meant is not None:
        assert all(isinstance(one, str) for one in mended(text, meant, ["บัตรหาย"]))


@given(st.lists(WORDS, max_size=30).map("".join))
def test_nothing_that_is_written_breaks_the_cutting(text: str) -> None:
    matcher = the_matcher()
    parts = two_questions(text, understand(text, matcher, NOW), matcher, NOW)
    assert parts is None or len(parts) == 2
