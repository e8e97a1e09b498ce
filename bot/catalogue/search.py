"""Finding entries by any piece of Thai text in them, inside words too, with the place where it was found."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.catalogue.entries import Entry
from intents.text import clean, compact
from knowledge.model import Intent

SHOWN_BEFORE = 30  # signs shown before and after a hit
SHOWN_AFTER = 60


@dataclass(frozen=True)
class Found:
    """An entry that has what was looked for, in `field` (name, names, answer, facet_fee, phrases_chat, …), as three
    pieces of its text: before the hit, the hit, after it. `rank` 0 is best."""

    key: str
    rank: int
    field: str
    before: str
    hit: str
    after: str


def find(query: str, entries: Iterable[tuple[str, Sequence[Entry]]]) -> list[Found]:
    """The entries that contain `query`, best first: in the name, then other names, the answer, facets, phrases.

    Each entry comes with its texts in order of preference (draft, published). Spaces, case and punctuation do not
    count; where the query as a whole is nowhere, all its words have to be in the entry.
    """
    whole = compact(clean(query))
    if not whole:
        return []
    words = [word for word in map(compact, clean(query).split()) if word]
    found = []
    for key, texts in entries:
        hit = _best(key, whole, texts) or (_all_of(key, words, texts) if len(words) > 1 else None)
        if hit is not None:
            found.append(hit)
    return sorted(found, key=lambda hit: (hit.rank, len(hit.before), hit.key))


def _best(key: str, needle: str, texts: Sequence[Entry]) -> Found | None:
    hits = (
        (rank, field, line) for text in texts for rank, field, line in fields_of(text) if needle in _comparable(line)
    )
    best = min(hits, key=lambda hit: hit[0], default=None)
    if best is None:
        return None
    rank, field, line = best
    start, end = locate(needle, line)
    before, after = line[max(0, start - SHOWN_BEFORE) : start], line[end : end + SHOWN_AFTER]
    return Found(
        key, rank, field,
        "…" + before if start > SHOWN_BEFORE else before,
        line[start:end],
        after + "…" if end + SHOWN_AFTER < len(line) else after,
    )  # fmt: skip


def _all_of(key: str, words: Sequence[str], texts: Sequence[Entry]) -> Found | None:
    hits = [_best(key, word, texts) for word in words]
    sure = [hit for hit in hits if hit is not None]
    if len(sure) < len(words):
        return None
    worst = max(sure, key=lambda hit: hit.rank)
    first = min(sure, key=lambda hit: hit.rank)
    return Found(key, worst.rank + 10, first.field, first.before, first.hit, first.after)


def fields_of(entry: Entry) -> Iterator[tuple[int, str, str]]:
    """Rank, field and text of every line that is searched."""
    yield 0, "name", entry.name
    yield 1, "button", entry.button
    if isinstance(entry, Intent):
        for name in entry.names:
            yield 2, "names", name
        if entry.article is not None:
            yield 3, "answer", entry.article.answer
            for facet, lines in entry.article.facets.items():
                for line in lines:
                    yield 4, f"facet_{facet}", line
            yield 5, "note", entry.article.note
            yield 5, "source", entry.article.source
        for voice, phrases in entry.phrases.items():
            for phrase in phrases:
                yield 6, f"phrases_{voice}", phrase
    else:
        yield 2, "belongs_to", entry.belongs_to
        yield 3, "answer", entry.answer
        for phrase in entry.phrases:
            yield 6, "phrases", phrase


def locate(needle: str, text: str) -> tuple[int, int]:
    """Where `needle` (comparable) stands in `text` as it was written: start and end, whole signs.

    >>> text = "ทำ บัตร-ประชาชน ที่ไหน"
    >>> start, end = locate("บัตรประชา", text)
    >>> text[start:end]
    'บัตร-ประชา'
    """
    end = bisect_left(range(len(text)), True, key=lambda n: needle in compact(clean(text[:n])))
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    start = bisect_left(range(end), True, key=lambda n: needle not in compact(clean(text[n:end]))) - 1
    return max(start, 0), end


@lru_cache(maxsize=50_000)
def _comparable(text: str) -> str:
    return compact(clean(text))
