"""Local articles: what an office knows is told when it surely fits, offered when it may fit, and never guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue.offline import offline_matcher
from intents.index import Candidate
from intents.local import Block, Blocks, load_block, local_candidates, with_local
from intents.local_build import LocalArticle, block_key, build_block
from intents.understand import Decision, Kinds, Matcher, understand

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TOWN = yaml.safe_load((Path(__file__).parent / "local_town.yaml").read_text(encoding="utf-8"))
UNKNOWN = Decision("unknown", "land_tax", 0.01, (Candidate("land_tax", 0.01),))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return offline_matcher()


@pytest.fixture(scope="module")
def town(matcher: Matcher) -> Block:
    return a_block(matcher, "office:town", TOWN["articles"])


def articles(phrases: Mapping[str, Sequence[str]]) -> list[LocalArticle]:
    return [LocalArticle(article, tuple(texts)) for article, texts in phrases.items()]


def a_block(matcher: Matcher, owner: str, phrases: Mapping[str, Sequence[str]]) -> Block:
    return load_block(build_block(owner, articles(phrases), matcher.index))


def decided(kind: Kinds, intent: str, score: float) -> Decision:
    return Decision(kind, intent, score, (Candidate(intent, score),))


def test_what_surely_fits_is_answered(matcher: Matcher, town: Block) -> None:
    decision = with_local(UNKNOWN, "รถดูดส้วมมาวันไหนได้บ้าง", matcher.index, [town])
    assert (decision.kind, decision.intent) == ("answer", "local:septic_truck")
    assert [one.intent for one in decision.candidates] == ["local:septic_truck", "land_tax"]


def test_what_may_fit_becomes_the_first_choice(matcher: Matcher, town: Block) -> None:
    unsure = decided("clarify", "building_permit", 0.1)
    decision = with_local(unsure, "ห้องประชุมเทศบาลนั่งได้กี่คน", matcher.index, [town])
    assert decision.kind == "clarify"
    assert [one.intent for one in decision.candidates] == ["local:hall", "building_permit"]
    assert with_local(UNKNOWN, "ห้องประชุมเทศบาลนั่งได้กี่คน", matcher.index, [town]).kind == "clarify"


def test_what_fits_nothing_is_left_as_it_was(matcher: Matcher, town: Block) -> None:
    for text in ("หุ้นตกทำไงดี", "passport", "😀", ""):
        assert with_local(UNKNOWN, text, matcher.index, [town]) is UNKNOWN


def test_a_national_answer_yields_only_to_nearly_the_same_words(matcher: Matcher, town: Block) -> None:
    sure = decided("report", "garbage", 0.95)
    assert with_local(sure, "ขยะชิ้นใหญ่เก็บวันไหนคะ", matcher.index, [town]).intent == "local:bulky_waste"
    assert with_local(sure, "ขยะชิ้นใหญ่มาเก็บที่บ้านได้ไหม", matcher.index, [town]) is sure


@pytest.mark.parametrize("kind", ["emergency", "handover", "smalltalk", "privacy", "case"])
def test_danger_people_and_own_affairs_are_never_taken_over(matcher: Matcher, town: Block, kind: Kinds) -> None:
    certain = decided(kind, "some_intent", 0.6)
    assert with_local(certain, "ขอให้มาพ่นยุง", matcher.index, [town]) is certain


def test_a_hint_of_danger_is_asked_about_and_kept(matcher: Matcher, town: Block) -> None:
    hinted = replace(decided("clarify", "emergency", 0.36), hint_of_danger=True)
    decision = with_local(hinted, "รถดูดส้วมมาวันไหนได้บ้าง", matcher.index, [town])
    assert decision.kind == "clarify" and decision.hint_of_danger
    assert "emergency" in [one.intent for one in decision.candidates]


def test_a_question_that_names_no_topic_is_not_about_any_article(matcher: Matcher, town: Block) -> None:
    for text in ("อยู่ตรงไหน", "กี่บาทคะ", "ต้องใช้อะไรบ้าง"):
        assert with_local(UNKNOWN, text, matcher.index, [town]) is UNKNOWN


def test_one_more_question_about_the_last_article_stays_with_it(matcher: Matcher, town: Block) -> None:
    followed = replace(decided("answer", "id_card_lost", 1.0), followed=True)
    assert with_local(followed, "ขยะชิ้นใหญ่เก็บวันไหน", matcher.index, [town]) is followed


def test_the_same_words_about_another_thing_are_asked_back(matcher: Matcher) -> None:
    block = a_block(
        matcher,
        "office:a",
        {"gym": ["ทำของตกไว้ที่ฟิตเนส ติดต่อใคร", "ของหายที่ฟิตเนส"], "pool": ["ลืมกระเป๋าไว้ที่สระว่ายน้ำ", "สระว่ายน้ำ"]},
    )
    decision = with_local(UNKNOWN, "ทำของตกไว้ที่สระว่ายน้ำ ติดต่อใคร", matcher.index, [block])
    assert decision.kind != "answer"


def test_only_the_offices_in_scope_are_asked(matcher: Matcher, town: Block) -> None:
    other = a_block(matcher, "office:other", {"bus": ["รถรางออกกี่โมง"]})
    assert with_local(UNKNOWN, "ขอรถดูดส้วม", matcher.index, [other]) is UNKNOWN
    assert with_local(UNKNOWN, "ขอรถดูดส้วม", matcher.index, []) is UNKNOWN
    assert with_local(UNKNOWN, "เรียกรถดูดส้วม", matcher.index, [other, town]).intent == "local:septic_truck"


def test_two_offices_with_the_same_phrase_are_a_choice(matcher: Matcher) -> None:
    blocks = [a_block(matcher, f"office:{name}", {name: ["เรียกรถดูดส้วม"]}) for name in ("a", "b")]
    decision = with_local(UNKNOWN, "เรียกรถดูดส้วม", matcher.index, blocks)
    assert decision.kind == "clarify"
    assert [one.intent for one in decision.candidates[:2]] == ["local:a", "local:b"]


def test_an_office_goes_before_its_agency(matcher: Matcher) -> None:
    own = a_block(matcher, "office:a", {"own": ["เรียกรถดูดส้วม"]})
    agency = a_block(matcher, "agency:x", {"wider": ["เรียกรถดูดส้วม"], "only": ["ขอรถน้ำ"]})
    assert with_local(UNKNOWN, "เรียกรถดูดส้วม", matcher.index, [own], [agency]).intent == "local:own"
    assert with_local(UNKNOWN, "ขอรถน้ำ", matcher.index, [own], [agency]).intent == "local:only"


def test_a_find_tells_which_phrase_was_nearest(matcher: Matcher, town: Block) -> None:
    first = local_candidates("ส้วมเต็ม อยากให้เทศบาลมาดูดให้", matcher.index, [town])[0]
    assert (first.owner, first.article, first.phrase) == ("office:town", "septic_truck", 1)
    assert first.score == pytest.approx(1.0, abs=0.01)


def test_a_town_of_thirty_articles_finds_the_right_one_and_does_not_guess(matcher: Matcher, town: Block) -> None:
    asked = [(text, article) for article, texts in TOWN["questions"].items() for text in texts]
    told = [(with_local(UNKNOWN, text, matcher.index, [town]), article) for text, article in asked]
    wrong = [d.intent for d, article in told if d.kind == "answer" and d.intent != f"local:{article}"]
    helped = sum(f"local:{article}" in [one.intent for one in d.candidates] for d, article in told)
    assert wrong == []
    assert helped >= 0.6 * len(asked)
    silent = [with_local(understand(text, matcher, NOW), text, matcher.index, [town]) for text in TOWN["silent"]]
    assert [d.intent for d in silent if d.kind == "answer" and (d.intent or "").startswith("local:")] == []


def test_an_office_without_articles_has_nothing_to_say(matcher: Matcher) -> None:
    for given_articles in ({}, {"empty": []}):
        assert local_candidates("เรียกรถดูดส้วม", matcher.index, [a_block(matcher, "office:a", given_articles)]) == []


def test_what_is_no_block_is_refused(matcher: Matcher) -> None:
    content = build_block("office:a", articles({"a": ["ขอรถน้ำ"]}), matcher.index)
    for broken in (b"", b"not a block", content[: len(content) // 2]):
        with pytest.raises(ValueError):  # noqa: PT011
            load_block(broken)


def test_a_block_has_another_key_when_a_phrase_is_edited() -> None:
    key = block_key("office:a", articles({"a": ["ขอรถน้ำ"]}))
    assert key == block_key("office:a", articles({"a": ["ขอรถน้ำ"]}))
    assert key != block_key("office:a", articles({"a": ["ขอรถน้ำ", "ส่งน้ำ"]}))
    assert key != block_key("office:b", articles({"a": ["ขอรถน้ำ"]}))


def test_blocks_are_read_once_and_the_longest_unused_goes_first(matcher: Matcher) -> None:
    contents = {key: build_block(key, articles({"a": ["ขอรถน้ำ"]}), matcher.index) for key in ("a", "b", "c")}
    read: list[str] = []

    def fetch(key: str) -> bytes:
        read.append(key)
        return contents[key]

    blocks = Blocks(most_bytes=2 * load_block(contents["a"]).size)
    for key in ("a", "a", "b", "a", "c", "a", "b"):
        assert blocks.get(key, fetch).owner == key
    assert read == ["a", "b", "c", "b"]
    alone = Blocks(most_bytes=0)
    assert alone.get("a", fetch) is alone.get("a", fetch)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=600) | st.text("ก่้์ำ\ud800\u200b1 ", max_size=600))
def test_no_text_breaks_it(matcher: Matcher, town: Block, text: str) -> None:
    assert all(0 < one.score <= 1 for one in local_candidates(text, matcher.index, [town]))
