"""Public Thai intent data: read, split into what may be learned and what is held back, drawn from, and mistyped."""

import json
import random
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pythainlp.tools.misspell import find_misspell_candidates

NAMES = ("massive_th", "truevoice_th", "fbtod_th")
FIFTHS = 5
MISTYPED = 0.08  # of the signs


class PublicDataError(ValueError):
    """A file of public data that cannot be used; the text names it and the fault."""


@dataclass(frozen=True)
class Example:
    """A text and the intent it has in the data set."""

    text: str
    intent: str


@dataclass(frozen=True)
class DataSet:
    """A public data set: `known` may be learned from, `held_back` is only for measuring; no text is in both."""

    name: str
    known: tuple[Example, ...]
    held_back: tuple[Example, ...]

    @property
    def intents(self) -> int:
        return len({example.intent for example in self.known})


def read_public(folder: Path, name: str) -> DataSet:
    """`name`.jsonl of `folder`, one {"text", "intent", "split"} a line; raises PublicDataError.

    A fifth is held back, chosen by a hash of the text: the same one each time, and a text that stands there twice falls on
    one side. Rows of a split "test" are passed over: they belong to whoever publishes the figures.
    """
    path = folder / f"{name}.jsonl"
    known: list[Example] = []
    held_back: list[Example] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PublicDataError(f"{path}: cannot be read ({type(error).__name__})") from error
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            example, split = Example(str(row["text"]), str(row["intent"])), row["split"]
        except (ValueError, KeyError, TypeError) as error:
            raise PublicDataError(f'{path}, line {number}: write {{"text", "intent", "split"}}') from error
        if split != "test":
            side = known if zlib.crc32(example.text.encode()) % FIFTHS else held_back
            side.append(example)
    if not known or not held_back:
        raise PublicDataError(f"{path}: there are too few rows in it")
    return DataSet(name, tuple(known), tuple(held_back))


def draw(examples: Sequence[Example], size: int, seed: int) -> list[Example]:
    """`size` examples of each intent (all of those that have fewer), the same ones for the same seed."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.intent].append(example)
    chance = random.Random(seed)
    return [one for _intent, group in sorted(groups.items()) for one in chance.sample(group, min(size, len(group)))]


def mistyped(text: str, chance: random.Random) -> str:
    """`text` with about 8 % of its signs struck on a neighbouring key of the same keyboard (Kedmanee for Thai).

    >>> mistyped("บัตรหาย", random.Random(3))
    'บัตรหทย'
    """
    return "".join(
        chance.choice(_neighbours(sign)) if chance.random() < MISTYPED and _neighbours(sign) else sign for sign in text
    )


@cache
def _neighbours(sign: str) -> tuple[str, ...]:
    return tuple(find_misspell_candidates(sign) or ())
