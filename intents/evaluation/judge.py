"""Every question understood by itself, and whether that was right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from tqdm import tqdm

from intents.evaluation.questions import Question
from intents.understand import CHOICES, Decision, Matcher, understand

Outcome = Literal[
    "right at once", "asked back, right one offered", "asked back in vain", "not understood", "wrong at once"
]
Decide = Callable[[str, Matcher, datetime], Decision]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)  # from the best to the worst


@dataclass(frozen=True)
class Judged:
    """A question with what the matcher decided. `found` is its first choice, `-` where there is none."""

    question: Question
    found: str
    score: float  # of the first choice, 0 to 1
    among: tuple[str, ...]  # its first choices, best first
    at_once: bool  # neither asked back nor not understood
    asked_back: bool

    @property
    def ours(self) -> bool:
        """Whether the first choice is something this centre answers itself."""
        return self.found != "-" and not self.found.startswith("elsewhere:")

    @property
    def right(self) -> bool:
        """Whether telling the first choice is right; for what is out of scope: that it belongs elsewhere."""
        return self.found == self.question.intent if self.question.in_scope else not self.ours and self.found != "-"

    @property
    def outcome(self) -> Outcome:
        """What the citizen got."""
        if self.at_once:
            return "right at once" if self.right else "wrong at once"
        if self.asked_back:
            offered = self.question.intent in self.among[:CHOICES]
            return "asked back, right one offered" if offered else "asked back in vain"
        return "not understood"


def judge(question: Question, decision: Decision) -> Judged:
    """`question` with what was decided about it."""
    return Judged(
        question=question,
        found=decision.intent or "-",
        score=decision.score,
        among=tuple(candidate.intent for candidate in decision.candidates),
        at_once=decision.kind not in ("clarify", "unknown"),
        asked_back=decision.kind == "clarify",
    )


def evaluate(
    questions: Sequence[Question],
    matcher: Matcher,
    now: datetime,
    *,
    progress: bool = False,
    name: str = "",
    decide: Decide = understand,
) -> list[Judged]:
    """Every question, as `decide` understands it, judged, in order; `name` stands at the progress bar."""

    bar = tqdm(questions, desc=f"evaluating {name}".strip(), unit="q", disable=not progress, leave=False, delay=0.5)
    return [judge(question, decide(question.text, matcher, now)) for question in bar]
