"""What the matcher looks at: families of features of a text. To try a new one, write a function and name it in FAMILIES."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from intents.text import clean, compact, skeleton, words


def characters(cleaned: str) -> Iterable[str]:
    """Runs of 2 to 5 characters of the text without spaces: forgiving to typing errors and wrong word breaks."""
    return _grams(compact(cleaned), 2, 5)


def sounds(cleaned: str) -> Iterable[str]:
    """Runs of 3 to 5 of the tone-free skeleton: forgiving to missing tone marks and letters that sound alike."""
    return _grams(skeleton(compact(cleaned)), 3, 5)


def word_pairs(cleaned: str) -> Iterable[str]:
    """Words, and two words in order."""
    found = words(cleaned)
    yield from found
    for first, second in pairwise(found):
        yield f"{first} {second}"


FAMILIES: tuple[tuple[str, Callable[[str], Iterable[str]]], ...] = (
    ("c", characters),
    ("s", sounds),
    ("w", word_pairs),
)


def features(text: str) -> list[Counter[str]]:
    """How often each feature occurs in `text`, a counter for each family in the order of FAMILIES.

    >>> features("บัตรหาย")[2]["บัตร"]
    1
    """
    cleaned = clean(text)
    return [Counter(family(cleaned)) for _name, family in FAMILIES]


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    padded = f"^{text}$"
    return [padded[i : i + n] for n in range(shortest, longest + 1) for i in range(len(padded) - n + 1)]
