"""What the reader would add is measured with the same questions a turn would ask him."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.catalogue import offline
from bot.catalogue.offline import offline_matcher
from bot.cli import main
from bot.reader.trial import trial
from bot.settings import ReaderSettings
from intents.understand import Matcher
from tests.reader.endpoint import Call, Endpoint


def hesitant() -> Matcher:
    """A matcher that is sure of nothing."""
    known = offline_matcher()
    return Matcher(known.pack, replace(known.index, thresholds=replace(known.index.thresholds, answer=2.0)))


def test_what_he_chooses_counts_as_answered_at_once(
    reader: Endpoint, reader_settings: ReaderSettings, now: datetime
) -> None:
    def by_text(call: Call) -> None:
        call.says('{"intent": "id_card_lost"}' if "บัตร" in call.asked["message"] else "hello")

    reader.behaviour = by_text
    matcher = hesitant()
    with trial(reader_settings) as tried:
        lost = tried.understand("บัตรประชาชนหาย", matcher, now)
        passport = tried.understand("ทำพาสปอร์ต", matcher, now)
        danger = tried.understand("ไฟไหม้บ้าน ช่วยด้วย", matcher, now)
    assert (lost.intent, lost.kind, lost.reader) == ("id_card_lost", "answer", True)
    assert (passport.kind, passport.reader) == ("clarify", False)
    assert (danger.kind, danger.reader) == ("emergency", False)
    assert tried.outcomes == {"chosen": 1, "unusable": 1}


def test_the_command_shows_what_he_adds(
    reader: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    matcher = hesitant()
    monkeypatch.setattr(offline, "offline_matcher", lambda: matcher)
    monkeypatch.setenv("READER_URL", reader.url)
    monkeypatch.setenv("READER_MODEL", "careful-1")
    reader.chooses("id_card_lost")
    questions = tmp_path / "questions.csv"
    questions.write_text("text,intent\nบัตรประชาชนหายทำไง,id_card_lost\nทำบัตรหายครับ,id_card_lost\n", encoding="utf-8")
    main(["evaluate", str(questions), "--reader"])
    said = capsys.readouterr()
    answered = next(line for line in said.out.splitlines() if line.strip().startswith("answered at once"))
    assert answered.split()[3:] == ["0.0", "%", "100.0", "%", "+100.0"]
    assert "asked 2 times: chosen 2" in said.err


def test_the_command_needs_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("READER_URL", raising=False)
    questions = tmp_path / "questions.csv"
    questions.write_text("text,intent\nบัตรหาย,id_card_lost\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="READER_URL"):
        main(["evaluate", str(questions), "--reader"])
