"""Judged questions counted: over all, by voice, by intent, and which intents are confused."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from intents.evaluation.judge import Judged
from intents.understand import CANDIDATES


@dataclass
class Count:
    """Counts over some of the questions. Rates are shares from 0 to 1, None over no questions."""

    asked: int = 0
    in_scope: int = 0
    first_right: int = 0  # in scope: the first choice is right
    among_four: int = 0  # in scope: the right one is among the first four
    at_once: int = 0  # in scope: neither asked back nor unknown
    right_at_once: int = 0
    asked_back_right: int = 0  # in scope: asked back, and the right one is among the choices shown
    unknown: int = 0
    wrong_at_once: int = 0  # out of scope included: answered as if it were ours
    out_of_scope: int = 0
    out_of_scope_kept_out: int = 0

    def add(self, one: Judged) -> None:
        """Count one more question."""
        self.asked += 1
        self.wrong_at_once += one.outcome == "wrong at once"
        if not one.question.in_scope:
            self.out_of_scope += 1
            self.out_of_scope_kept_out += one.outcome != "wrong at once"
            return
        self.in_scope += 1
        self.first_right += one.right
        self.among_four += one.question.intent in one.among[:CANDIDATES]
        self.at_once += one.at_once
        self.right_at_once += one.outcome == "right at once"
        self.asked_back_right += one.outcome == "asked back, right one offered"
        self.unknown += one.outcome == "not understood"

    def rates(self) -> dict[str, float | None]:
        """The measures that have a target, and those that explain them."""
        return {
            "wrong_at_once_rate": share(self.wrong_at_once, self.asked),
            "first_right_rate": share(self.first_right, self.in_scope),
            "among_four_rate": share(self.among_four, self.in_scope),
            "at_once_rate": share(self.at_once, self.in_scope),
            "asked_back_right_rate": share(self.asked_back_right, self.in_scope),
            "unknown_rate": share(self.unknown, self.in_scope),
            "out_of_scope_kept_out_rate": share(self.out_of_scope_kept_out, self.out_of_scope),
        }

    def as_json(self) -> dict[str, Any]:
        """Counts and rates."""
        return {**vars(self), **self.rates()}


@dataclass
class Counts:
    """The counts of one evaluation."""

    total: Count = field(default_factory=Count)
    voices: dict[str, Count] = field(default_factory=dict)
    intents: dict[str, Count] = field(default_factory=dict)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)  # (expected, found)


def count(judged: Iterable[Judged]) -> Counts:
    """Judged questions counted."""
    counts = Counts()
    for one in judged:
        question = one.question
        counts.total.add(one)
        counts.intents.setdefault(question.intent, Count()).add(one)
        if question.voice:
            counts.voices.setdefault(question.voice, Count()).add(one)
        if question.in_scope and not one.right:
            counts.confused[question.intent, one.found] += 1
    return counts


def wrong_at_once(judged: Sequence[Judged]) -> list[Judged]:
    """Those that were answered at once and wrong: what must be rare."""
    return [one for one in judged if one.outcome == "wrong at once"]


def share(part: float, whole: float) -> float | None:
    """`part` of `whole` from 0 to 1, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None
