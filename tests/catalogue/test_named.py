"""`bot evaluate --compare A B`: two published versions, or packs in folders, on the same questions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from bot.catalogue.indexes import ensure_built
from bot.catalogue.named import NoSuchCatalogue, named_matcher
from bot.catalogue.store import entries_of, publish
from bot.cli import main
from bot.storage.engine import transaction
from knowledge.files import INTENT
from tests.catalogue.conftest import NOW, PACK

CARD, LICENCE, GREETING = PACK.intents
ASKED = "กระเป๋าตังค์ปลิวตกคลองไปทั้งใบ"
TAUGHT = replace(
    PACK,
    intents=(
        replace(CARD, phrases={**CARD.phrases, "chat": (*CARD.phrases["chat"], ASKED)}),
        LICENCE,
        GREETING,
    ),
)


@pytest.fixture
def two_versions(centre: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """Version 2 knows one phrase more than version 1."""
    ensure_built(centre, TAUGHT, NOW, lambda percent: None)
    with transaction(centre) as session:
        publish(session, {("intent", CARD.id): entries_of(TAUGHT)["intent", CARD.id]}, staff_id=None, note="", now=NOW)
    monkeypatch.setenv("DATABASE_URL", centre.url.render_as_string(hide_password=False))
    return centre


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_text(f"text,intent,voice\n{ASKED},id_card_lost,chat\nสวัสดีค่ะ,greeting,\n", encoding="utf-8")
    return path


def test_a_version_is_what_was_published_under_its_number(two_versions: sa.Engine) -> None:
    assert named_matcher("1").pack.intent(CARD.id) == CARD
    assert named_matcher("2").pack.intent(CARD.id) == TAUGHT.intent(CARD.id)


def test_two_versions_are_compared(
    two_versions: sa.Engine, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = questions.with_name("chart.svg")
    main(["evaluate", str(questions), "--compare", "1", "2", "--json", "--chart", str(chart)])
    found = json.loads(capsys.readouterr().out)
    assert found["before"]["asked"] == found["after"]["asked"] == 2
    assert (found["before"]["first_right"], found["after"]["first_right"]) == (1, 2)
    assert "2 ● ที่ตัดสินจริง" in chart.read_text(encoding="utf-8")


def test_a_folder_is_a_catalogue_too(
    centre: sa.Engine, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    (folder / "intents").mkdir(parents=True)
    (folder / "agencies.yaml").write_text("- {id: DOPA, name: กรมการปกครอง}\n- {id: DLT, name: กรมการขนส่งทางบก}\n")
    for intent in PACK.intents:
        content = yaml.safe_dump(INTENT.dump_python(intent, mode="json"), allow_unicode=True)
        (folder / "intents" / f"{intent.id}.yaml").write_text(content)
    main(["evaluate", str(questions), "--compare", str(folder), str(folder)])
    assert "0 questions come out otherwise, 2 as before" in capsys.readouterr().out


def test_a_version_that_was_never_published_is_refused(two_versions: sa.Engine) -> None:
    with pytest.raises(NoSuchCatalogue, match="versions 1 to 2"):
        named_matcher("3")


def test_what_cannot_be_found_says_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(NoSuchCatalogue, match="set DATABASE_URL"):
        named_matcher("1")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    with pytest.raises(NoSuchCatalogue, match="cannot be read"):
        named_matcher("1")
    with pytest.raises(NoSuchCatalogue, match="has a folder `intents`"):
        named_matcher(str(tmp_path))


def test_a_command_that_asks_for_nothing_or_for_two_things_is_refused(questions: Path) -> None:
    for arguments in ([], [str(questions), "--public", "data"], ["--public", "data", "--chart", "out.svg"]):
        with pytest.raises(SystemExit, match="2"):
            main(["evaluate", *arguments])
