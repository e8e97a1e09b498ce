"""Made-up local articles, as many and as varied as a country's offices may write. The same seed gives the same articles."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.bench.local_words import (
    CLOSERS,
    MATTERS,
    OPENERS,
    PLACE_ENDS,
    PLACE_SIDES,
    PLACE_STARTS,
    WHOM,
)
from intents.local_build import LocalArticle

MOST_PHRASES = 20
MANY_PHRASES = 6.5  # the mean; a few articles have one, a few have twenty
UNEVEN = 1.3  # of a gamma distribution: most offices write little, a few write much
TYPING_ERRORS = 0.25  # of the questions have one
Subject = tuple[Sequence[str], Sequence[str], str]  # the names of a thing, the wordings of a question, a place or ""
_LOSABLE = "่้๊๋็์ๆ "  # what is most often left out in typing


@dataclass(frozen=True)
class MadeOffice:
    """An office with its articles, and a question about each in a wording that none of its phrases has."""

    id: str
    articles: tuple[LocalArticle, ...]
    questions: tuple[str, ...]


def made_offices(offices: int, articles: int, seed: int = 1) -> Iterator[MadeOffice]:
    """`articles` articles over `offices` offices (both at least 0; with articles at least one office), sizes uneven."""
    for number, size in enumerate(_sizes(offices, articles, seed)):
        yield _office(number, size, random.Random(f"{seed} {number}"))


def _sizes(offices: int, articles: int, seed: int) -> list[int]:
    if not articles:
        return [0] * offices
    draw = random.Random(f"{seed} sizes")
    shares = [draw.gammavariate(UNEVEN, 1.0) for _ in range(offices)]
    ends = [round(articles * sum(shares[: at + 1]) / sum(shares)) for at in range(offices)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _office(number: int, size: int, draw: random.Random) -> MadeOffice:
    towns = [_place(draw) for _ in range(2 + size // 60)]
    subjects = [
        (thing, question, town)
        for matter in MATTERS
        for thing in matter.things
        for question in matter.questions
        for town in ("", *towns)
    ]
    made = [_article(f"{number}-{at}", subject, draw) for at, subject in enumerate(draw.sample(subjects, size))]
    return MadeOffice(f"office:{number}", tuple(article for article, _ in made), tuple(asked for _, asked in made))


def _article(article_id: str, subject: Subject, draw: random.Random) -> tuple[LocalArticle, str]:
    """An article and a question about it; one of the wordings is kept for the question."""
    names, wordings, town = subject
    kept, *given = draw.sample(wordings, len(wordings))
    wanted = min(MOST_PHRASES, 1 + int(draw.expovariate(1 / MANY_PHRASES)))
    phrases: dict[str, None] = {}
    for _ in range(2 * wanted):
        if len(phrases) < wanted:
            phrases[_phrase(names, draw.choice(given), town, draw)] = None
    asked = _phrase(names, kept, town, draw)
    if draw.random() < TYPING_ERRORS:
        asked = _mistyped(asked, draw)
    return LocalArticle(article_id, tuple(phrases)), asked


def _phrase(names: Sequence[str], wording: str, town: str, draw: random.Random) -> str:
    if town and "{at}" not in wording:
        wording += draw.choice((" {at}", " แถว{at}", " ({at})"))
    body = wording.format(x=draw.choice(names), at=town, whom=draw.choice(WHOM))
    return f"{draw.choice(OPENERS)}{body}{draw.choice(CLOSERS)}"


def _place(draw: random.Random) -> str:
    name = draw.choice(PLACE_STARTS) + draw.choice(PLACE_ENDS) + draw.choice(PLACE_SIDES)
    return draw.choice(("", "ตำบล", "ซอย", "ชุมชน")) + name


def _mistyped(text: str, draw: random.Random) -> str:
    lost = [at for at, sign in enumerate(text) if sign in _LOSABLE]
    at = draw.choice(lost) if lost and draw.random() < 0.6 else draw.randrange(len(text))
    return draw.choice((text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]))
