"""Made-up local articles as they would be stored: a block a row, built in processes of their own; and what is asked of them."""

import multiprocessing
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from bot.bench.local_articles import MadeOffice, made_offices
from intents.encoder import chosen_encoder
from intents.index import Index, load
from intents.local_build import block_key, build_block

_TABLES = """
CREATE TABLE blocks (owner TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, content BLOB NOT NULL);
CREATE TABLE offices (id TEXT PRIMARY KEY);
CREATE TABLE questions (owner TEXT NOT NULL, article TEXT NOT NULL, text TEXT NOT NULL);
"""
MOST_QUESTIONS = 5000  # kept of those that were made: more would only weigh on the process that serves


@dataclass(frozen=True)
class Stored:
    """What storing came to: `each` is the seconds of every block, built by itself; `seconds` of all, side by side."""

    seconds: float
    each: list[float]
    megabytes: float


class Store:
    """A store, open for reading."""

    def __init__(self, path: Path) -> None:
        self._open = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def offices(self) -> list[str]:
        """The ids of all offices, also of those that wrote nothing."""
        return [office_id for (office_id,) in self._open.execute("SELECT id FROM offices ORDER BY id")]

    def key(self, owner: str) -> str | None:
        """The key of the owner's block; None when there is none."""
        row = self._open.execute("SELECT key FROM blocks WHERE owner = ?", (owner,)).fetchone()
        return str(row[0]) if row else None

    def content(self, key: str) -> bytes:
        """The block with this key."""
        return bytes(self._open.execute("SELECT content FROM blocks WHERE key = ?", (key,)).fetchone()[0])

    def keys(self, most: int) -> list[str]:
        """Keys of up to `most` blocks."""
        return [key for (key,) in self._open.execute("SELECT key FROM blocks ORDER BY key LIMIT ?", (most,))]

    def questions(self) -> list[tuple[str, str, str]]:
        """(owner, article, text) of questions about local articles."""
        return list(self._open.execute("SELECT owner, article, text FROM questions ORDER BY rowid"))


def store(path: Path, index_file: Path, *, offices: int, articles: int) -> Stored:
    """Make `articles` articles of `offices` offices, build their blocks on every core, and store them in a new file."""
    made = list(made_offices(offices, articles))
    each = []
    with closing(sqlite3.connect(path)) as database, tqdm(total=articles, unit="article", leave=False) as bar:
        database.executescript(_TABLES)
        bar.set_description(f"building {articles:,} articles")
        begun = time.perf_counter()
        for office, key, content, seconds in _built(made, index_file):
            database.execute("INSERT INTO blocks VALUES (?, ?, ?)", (office.id, key, content))
            each.append(seconds)
            bar.update(len(office.articles))
        database.commit()
        took = time.perf_counter() - begun
        database.executemany("INSERT INTO offices VALUES (?)", [(office.id,) for office in made])
        database.executemany("INSERT INTO questions VALUES (?, ?, ?)", _questions(made))
        database.commit()
        size = database.execute("SELECT coalesce(sum(length(content)), 0) FROM blocks").fetchone()[0]
    return Stored(took, each, size / 2**20)


def _built(made: list[MadeOffice], index_file: Path) -> Iterator[tuple[MadeOffice, str, bytes, float]]:
    with ProcessPoolExecutor(
        os.cpu_count(), multiprocessing.get_context("spawn"), initializer=_ready, initargs=(index_file,)
    ) as pool:
        waiting = {pool.submit(_build, office): office for office in made if office.articles}
        for done in as_completed(waiting):
            yield waiting[done], *done.result()


def _questions(made: list[MadeOffice]) -> list[tuple[str, str, str]]:
    questions = [
        (office.id, article.id, text)
        for office in made
        for article, text in zip(office.articles, office.questions, strict=True)
    ]
    return random.Random(3).sample(questions, min(len(questions), MOST_QUESTIONS))


_index: Index


def _ready(index_file: Path) -> None:
    global _index  # of this child process, for all the blocks it builds
    _index = load(index_file.read_bytes(), chosen_encoder())


def _build(office: MadeOffice) -> tuple[str, bytes, float]:
    begun = time.perf_counter()
    content = build_block(office.id, office.articles, _index)
    return block_key(office.id, office.articles), content, time.perf_counter() - begun
