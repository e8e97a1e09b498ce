"""`bot bench understand`: made-up articles, the store they are read from, and the tables. Nothing is timed here."""

from pathlib import Path

import pytest

from bot.bench import serving
from bot.bench.figures import all_met, table
from bot.bench.local_articles import made_offices
from bot.bench.local_store import Store, Stored, store
from bot.bench.matcher import real_texts
from bot.bench.understanding import Served, local_lines, national_lines
from bot.catalogue.indexes import cached_index
from bot.catalogue.offline import offline_matcher
from bot.cli import main
from intents.local import load_block
from knowledge.files import starter_pack


def test_made_up_articles_are_as_many_as_asked_and_all_different():
    offices = list(made_offices(20, 600))
    articles = [article for office in offices for article in office.articles]
    assert len(offices) == 20 and len(articles) == 600
    assert len({article.id for article in articles}) == 600
    assert {len(article.phrases) for article in articles} <= set(range(1, 21))
    assert all(len(set(article.phrases)) == len(article.phrases) for article in articles)
    assert len({len(office.articles) for office in offices}) > 5, "offices write unequally much"


def test_the_same_seed_makes_the_same_articles():
    assert list(made_offices(3, 30)) == list(made_offices(3, 30))
    assert list(made_offices(3, 30)) != list(made_offices(3, 30, seed=2))


def test_a_question_is_none_of_the_phrases_of_its_article():
    for office in made_offices(5, 100):
        for article, question in zip(office.articles, office.questions, strict=True):
            assert question not in article.phrases


def test_without_articles_there_are_offices_all_the_same():
    assert [office.articles for office in made_offices(3, 0)] == [(), (), ()]


def test_the_texts_of_a_load_are_what_citizens_write():
    texts = real_texts()
    assert len(texts) > 1000
    assert "plain" not in texts


def test_blocks_are_stored_served_and_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index_file = tmp_path / "index.npz"
    index_file.write_bytes(cached_index(starter_pack(), lambda _percent: None))
    path = tmp_path / "local.sqlite3"
    stored = store(path, index_file, offices=4, articles=40)
    opened = Store(path)
    keys = {opened.key(office) for office in opened.offices()} - {None}
    assert len(stored.each) == len(keys) == len(opened.keys(10)) and stored.megabytes > 0
    assert sum(len(load_block(opened.content(key)).articles) for key in opened.keys(10)) == 40
    assert len(opened.questions()) == 40
    monkeypatch.setattr(serving, "TURNS", 100)
    monkeypatch.setattr(serving, "WARM_UP", 10)
    found = serving.serve(offline_matcher(), opened)
    assert len(found["ms"]) == sum(found["ends"].values()) == 100
    assert found["ends"]["local: answered, right"] > found["ends"]["local: answered, wrong"]


SERVED = {"ms": [1.0, 2.0], "memory_mb": 200.0, "load_ms": [0.5], "ends": {"local: answered, right": 1}}


def test_the_tables_show_what_missed_its_target():
    lines = local_lines({"0": Served({**SERVED, "load_ms": [], "ends": {}}, Stored(0.0, [], 0.0))}, 7)
    assert all_met(lines)
    slow = Served({**SERVED, "ms": [25.0], "memory_mb": 400.0}, Stored(3.0, [0.1, 0.3], 5.0))
    shown = table(local_lines({"9": slow}, 7), ["9"])
    assert shown.count("NOT MET") == 2
    assert "2 of 7" in shown and "300 ms" in shown and "100.0 %" in shown
    each = {f"kind {number}": float(number) for number in range(50)}
    national = {"ms": [0.5], "questions": 1, "hostile_each": each, "index_ms": 100.0, "cutter_ms": 400.0}
    shown = table(national_lines(national), ["national"])
    assert "kind 49" in shown and "kind 5 " not in shown
    assert shown.count("NOT MET") == 10  # the ten slowest, 49 to 40 ms: all of them are to stay below 40


def test_the_command_knows_its_parts(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["bench", "everything"])
    assert "understand" in capsys.readouterr().err
