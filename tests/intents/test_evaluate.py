"""`bot evaluate`: what is counted, what a score is worth, and what changes between two catalogues."""

from pathlib import Path

import pytest

from intents.evaluation.compare import compare
from intents.evaluation.counts import count
from intents.evaluation.questions import QuestionsError, read_questions
from intents.evaluation.report import as_json, comparison_json, comparison_report, report
from intents.evaluation.score import as_decided, coverage, reliability, reliability_gap
from tests.intents.judged import LOAN, LOST, RENEW, asked


def test_what_a_citizen_got_has_one_of_five_names() -> None:
    assert asked(LOST, "book", LOST).outcome == "right at once"
    assert asked(LOST, "answer", RENEW, LOST).outcome == "wrong at once"
    assert asked(LOST, "clarify", RENEW, LOAN, LOST).outcome == "asked back, right one offered"
    assert asked(LOST, "clarify", RENEW, LOAN, "greeting", LOST).outcome == "asked back in vain"  # three are shown
    assert asked(LOST, "unknown", LOST).outcome == "not understood"
    assert asked("oos", "unknown").outcome == "not understood"


def test_what_is_not_ours_may_be_sent_elsewhere_but_not_answered() -> None:
    sent, answered = asked("oos", "elsewhere", LOAN), asked("oos", "answer", LOST)
    assert (sent.outcome, answered.outcome) == ("right at once", "wrong at once")
    total = count([sent, answered, asked("oos", "clarify", LOST)]).total
    assert (total.out_of_scope, total.out_of_scope_kept_out, total.wrong_at_once, total.in_scope) == (3, 2, 1, 0)
    assert total.as_json()["first_right_rate"] is None


def test_counts_are_kept_by_voice_and_by_intent() -> None:
    counts = count(
        [
            asked(LOST, "book", LOST, voice="elder"),
            asked(LOST, "clarify", RENEW, LOST, voice="elder"),
            asked(RENEW, "answer", LOST, RENEW, voice="chat"),
        ]
    )
    assert counts.voices["elder"].rates()["first_right_rate"] == 0.5
    assert counts.voices["elder"].rates()["among_four_rate"] == 1.0
    assert counts.voices["elder"].asked_back_right == 1
    assert counts.intents[RENEW].wrong_at_once == 1
    assert counts.confused == {(LOST, RENEW): 1, (RENEW, LOST): 1}


def test_a_reliable_score_is_right_as_often_as_it_says() -> None:
    judged = [asked(LOST, "book", LOST if at < 8 else RENEW, score=0.8) for at in range(10)]
    judged += [asked(LOST, "unknown", LOST if at < 1 else RENEW, score=0.1) for at in range(10)]
    low, high = reliability(judged)
    assert (low.low, low.asked, low.right, low.mean_score) == (0.1, 10, 1, 0.1)
    assert (high.low, high.asked, high.right_share) == (0.8, 10, 0.8)
    assert reliability_gap([low, high]) == pytest.approx(0)


def test_a_boastful_score_shows_in_the_gap() -> None:
    sure = [asked(LOST, "book", RENEW, score=1.0), asked(LOST, "book", LOST, score=1.0)]
    bins = reliability(sure)
    assert [(one.low, one.asked) for one in bins] == [(0.9, 2)]  # 1 belongs to the last bin
    assert reliability_gap(bins) == pytest.approx(0.5)


def test_answering_less_is_right_more_often() -> None:
    judged = [
        asked(LOST, "book", LOST, score=0.95),
        asked(LOST, "clarify", LOST, score=0.6),
        asked("oos", "clarify", LOST, score=0.4),
        asked(LOST, "unknown", RENEW, score=0.2),
    ]
    points = coverage(judged)
    assert [(point.coverage, point.precision, point.wrong_share) for point in points] == [
        (1.0, 0.5, 0.5),
        (0.75, pytest.approx(2 / 3), 0.25),
        (0.5, 1.0, 0.0),
        (0.25, 1.0, 0.0),
    ]
    decided = as_decided(judged)
    assert decided is not None
    assert (decided.coverage, decided.precision, decided.score) == (0.25, 1.0, 0.95)
    assert as_decided([asked(LOST, "unknown", LOST)]) is None


def test_a_comparison_tells_the_worst_first() -> None:
    before = [
        asked(LOST, "book", LOST, text="บัตรหาย"),
        asked(LOST, "answer", RENEW, LOST, text="ทำบัตรหาย"),
        asked(LOST, "book", LOST, text="หาบัตรไม่เจอ"),
        asked(RENEW, "answer", RENEW, text="ต่อใบขับขี่"),
    ]
    after = [
        asked(LOST, "clarify", RENEW, LOST, text="บัตรหาย"),
        asked(LOST, "book", LOST, text="ทำบัตรหาย"),
        asked(LOST, "answer", RENEW, LOST, text="หาบัตรไม่เจอ"),
        asked(RENEW, "answer", RENEW, text="ต่อใบขับขี่", score=0.7),
    ]
    comparison = compare(before, after)
    assert [change.before.question.text for change in comparison.changes] == ["หาบัตรไม่เจอ", "บัตรหาย", "ทำบัตรหาย"]
    assert comparison.moves == {
        ("right at once", "wrong at once"): 1,
        ("right at once", "asked back, right one offered"): 1,
        ("wrong at once", "right at once"): 1,
    }
    assert comparison.same == 1
    told = comparison_report(comparison, "1", "2")
    assert "3 questions come out otherwise, 1 as before" in told
    assert told.index("  worse") < told.index("หาบัตรไม่เจอ") < told.index("  better") < told.index(": ทำบัตรหาย")
    found = comparison_json(comparison)
    assert found["changes"][0]["after"] == {"outcome": "wrong at once", "first": RENEW, "score": 0.9}


def test_wrong_in_another_way_is_a_change_too() -> None:
    comparison = compare([asked(LOST, "answer", RENEW)], [asked(LOST, "elsewhere", LOAN)])
    assert comparison.moves == {("wrong at once", "wrong at once"): 1}
    assert "as good or bad, but told otherwise" in comparison_report(comparison, "1", "2")


def test_only_the_same_questions_can_be_compared() -> None:
    with pytest.raises(ValueError, match="not the same"):
        compare([asked(LOST, "book", LOST, text="ก")], [asked(LOST, "book", LOST, text="ข")])


def test_the_report_tells_what_the_score_is_worth() -> None:
    judged = [asked(LOST, "book", LOST, score=0.95, voice="elder"), asked(RENEW, "answer", LOST, score=0.75, text="ต่อ")]
    told = report(judged)
    assert "0.9 to 1.0" in told and "as it is decided now" in told
    assert f"{LOST} instead of {RENEW} (0.75): ต่อ" in told
    found = as_json(judged)
    assert [one["right_share"] for one in found["reliability"]["bins"]] == [0.0, 1.0]
    assert found["coverage"][0]["coverage"] == 1.0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("ข้อความ,intent\nบัตรหาย,id_card_lost\n", "no column text"),
        ('text,intent\n"สอง\nบรรทัด",greeting\n,greeting\n', "line 4: text or intent is empty"),
        ("text,intent\n", "no questions"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "questions.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError, match=fault):
        read_questions(path)


def test_a_file_of_excels_old_thai_is_refused_kindly(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_bytes("text,intent\nบัตรหาย,id_card_lost\n".encode("cp874"))
    with pytest.raises(QuestionsError, match="CSV UTF-8"):
        read_questions(path)
