"""What a score is worth: how often a first choice with it is right, and how many could be answered at which precision."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from intents.evaluation.counts import share
from intents.evaluation.judge import Judged

BINS = 10
STEPS = 100


@dataclass(frozen=True)
class Bin:
    """The questions whose first choice has a score from `low` up to, not with, `high` (1 belongs to the last)."""

    low: float
    high: float
    asked: int
    right: int
    mean_score: float

    @property
    def right_share(self) -> float:
        return self.right / self.asked

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "right_share": share(self.right, self.asked)}


@dataclass(frozen=True)
class Point:
    """What answering at once at or above `score` would give, with one threshold for every intent."""

    score: float
    answered: int
    right: int
    asked: int  # all questions, out of scope included

    @property
    def coverage(self) -> float:
        return self.answered / self.asked

    @property
    def precision(self) -> float:
        return self.right / self.answered

    @property
    def wrong_share(self) -> float:
        """Wrong at once, of all questions: what must stay at or below 3 %."""
        return (self.answered - self.right) / self.asked

    def as_json(self) -> dict[str, Any]:
        rounded = {"coverage": self.coverage, "precision": self.precision, "wrong_share": self.wrong_share}
        return {**asdict(self), **{name: round(value, 4) for name, value in rounded.items()}}


def reliability(judged: Sequence[Judged]) -> list[Bin]:
    """The bins that have questions in them, lowest first. Reliable is a score that equals the share that is right."""
    groups: dict[int, list[Judged]] = {}
    for one in judged:
        groups.setdefault(min(int(one.score * BINS + 1e-9), BINS - 1), []).append(one)
    return [
        Bin(
            low=at / BINS,
            high=(at + 1) / BINS,
            asked=len(group),
            right=sum(one.right for one in group),
            mean_score=round(sum(one.score for one in group) / len(group), 4),
        )
        for at, group in sorted(groups.items())
    ]


def reliability_gap(bins: Sequence[Bin]) -> float:
    """How far score and share right lie apart on average, 0 to 1, each question counting once."""
    asked = sum(one.asked for one in bins)
    return sum(one.asked * abs(one.mean_score - one.right_share) for one in bins) / asked if asked else 0.0


def coverage(judged: Sequence[Judged]) -> list[Point]:
    """A point for each score from .00 to .99 that changes what is answered, lowest first."""
    points: list[Point] = []
    for step in range(STEPS):
        above = [one for one in judged if one.score >= step / STEPS]
        if above and (not points or len(above) != points[-1].answered):
            points.append(Point(step / STEPS, len(above), sum(one.right for one in above), len(judged)))
    return points


def as_decided(judged: Sequence[Judged]) -> Point | None:
    """What really was answered at once, with every threshold there is; None when nothing was. Its score is the lowest."""
    at_once = [one for one in judged if one.at_once]
    if not at_once:
        return None
    return Point(min(one.score for one in at_once), len(at_once), sum(one.right for one in at_once), len(judged))
