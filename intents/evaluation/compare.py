"""What changes for citizens between two catalogues: the same questions, judged with each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intents.evaluation.counts import Count, count
from intents.evaluation.judge import OUTCOMES, Judged, Outcome


@dataclass(frozen=True)
class Change:
    """A question that comes out otherwise. A step from the best outcome to the worst is `len(OUTCOMES) - 1` worse."""

    before: Judged
    after: Judged

    @property
    def worse(self) -> int:
        """Steps down (negative: up) in the order of OUTCOMES."""
        return OUTCOMES.index(self.after.outcome) - OUTCOMES.index(self.before.outcome)


@dataclass(frozen=True)
class Comparison:
    """Two evaluations of the same questions."""

    before: Count
    after: Count
    moves: Counter[tuple[Outcome, Outcome]]  # the changes counted by (before, after)
    changes: tuple[Change, ...]  # the worst first; also those that are wrong at once in another way

    @property
    def same(self) -> int:
        return self.before.asked - len(self.changes)


def compare(before: Sequence[Judged], after: Sequence[Judged]) -> Comparison:
    """What is different in `after`; both judge the same questions in the same order, else ValueError."""
    pairs = [Change(one, other) for one, other in zip(before, after, strict=True)]
    if any(pair.before.question != pair.after.question for pair in pairs):
        raise ValueError("these are not the same questions")
    changes = [pair for pair in pairs if _told(pair.before) != _told(pair.after)]
    moves = Counter((pair.before.outcome, pair.after.outcome) for pair in changes)
    return Comparison(
        count(before).total, count(after).total, moves, tuple(sorted(changes, key=lambda change: -change.worse))
    )


def _told(one: Judged) -> tuple[Outcome, str]:
    return one.outcome, one.found if one.at_once else ""
