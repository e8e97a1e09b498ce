"""Public data: nothing that is measured was learned, every draw can be repeated, and the table is what was found."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from intents.evaluation import public_data
from intents.evaluation.public import SIZES, evaluate_public, public_report
from intents.evaluation.public_data import NAMES, PublicDataError, draw, mistyped, read_public

TOPICS = {"rain": "ฝนจะตกไหม", "alarm": "ตั้งปลุกให้หน่อย", "music": "เปิดเพลงลูกทุ่ง"}
PLACES = ("เชียงใหม่", "ขอนแก่น", "ตรัง", "น่าน", "ระยอง", "ตราด", "ลำปาง", "เลย", "พะเยา", "แพร่", "ยะลา", "สตูล")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small data sets; in each a text stands twice, and one row is of the test split."""
    rows = [
        (f"{say} ที่{place} ครั้งที่ {n}", topic, "train")
        for topic, say in TOPICS.items()
        for place in PLACES
        for n in (1, 2)
    ]
    rows += [rows[0], ("ข้อความของชุดทดสอบ", "rain", "test")]
    for name in NAMES:
        lines = [
            json.dumps(dict(zip(("text", "intent", "split"), row, strict=True)), ensure_ascii=False) for row in rows
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_what_is_held_back_is_never_learned_and_the_test_split_never_read(folder: Path) -> None:
    data = read_public(folder, NAMES[0])
    known, held_back = {one.text for one in data.known}, {one.text for one in data.held_back}
    assert known and held_back and not known & held_back
    assert "ข้อความของชุดทดสอบ" not in known | held_back
    assert read_public(folder, NAMES[0]) == data
    assert 0.1 < len(held_back) / len(known | held_back) < 0.35


def test_a_draw_takes_so_many_of_each_intent_and_can_be_repeated(folder: Path) -> None:
    known = read_public(folder, NAMES[0]).known
    drawn = draw(known, 5, seed=1)
    assert [one.intent for one in drawn] == ["alarm"] * 5 + ["music"] * 5 + ["rain"] * 5
    assert drawn == draw(known, 5, seed=1) != draw(known, 5, seed=2)
    assert len(draw(known, 1000, seed=1)) == len(known)


def test_typing_errors_are_neighbouring_keys_and_as_many_as_said() -> None:
    text = "ขอสอบถามเรื่องบัตรประชาชนหายต้องทำอย่างไรบ้างคะ" * 200
    typed = mistyped(text, random.Random(1))
    changed = [(sign, struck) for sign, struck in zip(text, typed, strict=True) if sign != struck]
    assert 0.07 < len(changed) / len(text) < 0.09
    assert {struck for sign, struck in changed if sign == "บ"} == set("ยลชขวง")  # the keys around it
    assert mistyped(text, random.Random(1)) == typed


def test_the_table_has_every_method_at_every_size(folder: Path) -> None:
    tables = evaluate_public(folder)
    assert [table.data.name for table in tables] == list(NAMES)
    found = tables[0].as_json()
    ours = found["methods"]["this matcher"]
    assert list(ours) == ["5", "10", "20", "all"]
    assert len(found["methods"]) == 3
    assert [len(ours[size]["clean"]["draws"]) for size in ours] == [3, 3, 3, 1]  # all there is: one draw
    assert [len(ours[size]["mistyped"]["draws"]) for size in ours] == [3, 3, 3, 3]
    assert ours["all"]["clean"]["mean"] == 1.0  # three topics that share no word
    told = public_report(tables)
    assert told.count("this matcher") == 3 and "100.0 ±0.0" in told


def test_a_method_that_knows_nothing_of_a_text_is_not_right_by_chance(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures come from the data: the same run on shuffled intents is about as good as guessing."""
    path = folder / f"{NAMES[0]}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    intents = [row["intent"] for row in rows]
    random.Random(4).shuffle(intents)
    path.write_text(
        "\n".join(json.dumps({**row, "intent": intent}) for row, intent in zip(rows, intents, strict=True)),
        encoding="utf-8",
    )
    monkeypatch.setattr("intents.evaluation.public.NAMES", NAMES[:1])
    monkeypatch.setattr("intents.evaluation.public.SIZES", SIZES[1:2])
    (table,) = evaluate_public(folder)
    assert all(max(row[10].clean) < 0.8 for row in table.cells.values())


def test_a_process_that_serves_never_loads_scikit_learn() -> None:
    modules = "bot.cli, bot.worker, bot.web.app, intents.evaluation.report, intents.evaluation.charts"
    look = f"import sys, {modules}; print('sklearn' in sys.modules, 'intents.evaluation.public' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


def test_a_broken_file_is_named_with_its_line(folder: Path) -> None:
    (folder / f"{NAMES[1]}.jsonl").write_text('{"text": "ฝน", "intent": "rain", "split": "train"}\n{"text": 1}\n')
    with pytest.raises(PublicDataError, match=r"truevoice_th\.jsonl, line 2"):
        read_public(folder, NAMES[1])
    with pytest.raises(PublicDataError, match="cannot be read"):
        read_public(folder / "nowhere", NAMES[0])
    assert public_data.MISTYPED == 0.08
