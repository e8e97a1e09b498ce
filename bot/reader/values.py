"""What goes to a second reader, what comes back, and how a turn asks for it."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.reader.masking import masked
from intents.index import Candidate
from intents.understand import Decision, Matcher, with_choice

MOST_TOPICS = 10

Outcome = Literal[
    "chosen",  # one of the offered topics
    "none",  # it says that none fits
    "unusable",  # an answer that is neither
    "late",  # none in time
    "failed",  # not reached, an error, not an answer in the form agreed
    "paused",  # not asked: it failed too often just now
    "busy",  # not asked: too many questions are under way
    "spent",  # not asked: the day's budget is used up
]


@dataclass(frozen=True)
class Topic:
    """A candidate: its id, its name in Thai, and what belongs to it."""

    id: str
    name: str
    scope: str
    score: float  # the matcher's own, 0 to 1; the reader is not told


@dataclass(frozen=True)
class Question:
    """A message without what could name a person, and the topics it may be about, the likeliest first."""

    text: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Verdict:
    """How a question ended; `intent` only with `chosen`, and always one of the question's topics."""

    outcome: Outcome
    intent: str | None = None
    took_ms: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the record."""
        return {"outcome": self.outcome, "intent": self.intent, "took_ms": self.took_ms}


@dataclass(eq=False)
class AskReader(Exception):
    """A turn cannot go on before the reader has been asked: it is rolled back, and taken again with his verdict."""

    event_id: int
    conversation_id: int
    question: Question

    @property
    def key(self) -> tuple[int, int]:
        """What the verdict is kept under: one event may bring two questions."""
        return self.event_id, hash(self.question.text)


class SecondReader(Protocol):
    """What a turn sees of the reader."""

    def verdict(self, event_id: int, conversation_id: int, question: Question) -> Verdict:
        """The verdict on an event's text; raises AskReader where there is none yet."""


def question_for(text: str, decision: Decision, matcher: Matcher) -> Question | None:
    """What a reader is to be asked about `text`; None where the matcher is sure, saw nothing, or danger, a complaint or
    the wish for a person may be in it: those stay with the rules made for them."""
    if decision.reader or decision.kind not in ("clarify", "unknown") or not decision.candidates:
        return None
    if decision.hint_of_danger or decision.candidates[0].intent in matcher.index.thresholds.heard:
        return None
    found = matcher.index.candidates(text, MOST_TOPICS)
    topics = tuple(topic for one in found if (topic := _topic(one, matcher)) is not None)
    return Question(masked(text), topics) if topics else None


def apply(verdict: Verdict, question: Question, decision: Decision, text: str, matcher: Matcher) -> Decision:
    """`decision` with the chosen topic taken as sure; as it is where none was chosen, or not of this question's topics."""
    for topic in question.topics:
        if topic.id == verdict.intent:
            return with_choice(decision, Candidate(topic.id, topic.score), text, matcher)
    return decision


def _topic(candidate: Candidate, matcher: Matcher) -> Topic | None:
    intent = matcher.pack.intent(candidate.intent)
    if intent is not None:
        return Topic(intent.id, intent.name, intent.scope, candidate.score)
    neighbour = matcher.pack.neighbour(candidate.intent)
    if neighbour is not None:
        scope = f"not a service of this centre; belongs to {neighbour.belongs_to or 'somebody else'}"
        return Topic(candidate.intent, neighbour.name, scope, candidate.score)
    return None
