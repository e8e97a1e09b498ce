"""The one door: a citizen's text and what was talked of before, to a decision."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from intents.entities import Entities, find_entities
from intents.facets import find_facet, is_bare_question
from intents.index import Candidate, Index
from intents.text import clean, compact, says_something
from knowledge.model import Facet, Kind, Pack

Kinds = Literal[
    "answer",
    "book",
    "report",
    "case",
    "privacy",
    "smalltalk",
    "handover",
    "emergency",
    "elsewhere",
    "clarify",
    "unknown",
]
CHOICES = 3  # "did you mean" shows at most three
CANDIDATES = 4

_WISH = re.compile(r"จอง|ขอคิว|รับคิว|นัดคิว|ลงคิว|เอาคิว|นัดวัน|ขอนัด|ทำนัด|ลงนัด|นัดหมาย|book|appointment")
_ASKS_WHETHER = re.compile(
    r"(?:ต้อง|จำเป็น)\S{0,8}(?:จอง|นัด)\S{0,20}(?:ไหม|มั้ย|มั๊ย|ป่าว|เปล่า|หรือไม่|รึ)|ไม่(?:ได้|ต้อง)(?:จอง|นัด)"
)


@dataclass(frozen=True)
class About:
    """What was talked of before: the last article's intent."""

    intent: str | None = None


@dataclass(frozen=True)
class Decision:
    """What to do about a text. `intent` is always the first choice; None only where there is no candidate."""

    kind: Kinds
    intent: str | None
    score: float
    candidates: tuple[Candidate, ...] = ()
    entities: Entities = field(default_factory=Entities)
    facet: Facet | None = None
    hint_of_danger: bool = False  # a hotline line is added to the normal answer
    followed: bool = False  # the text alone said nothing; it was taken to be about the last article

    def as_json(self) -> dict[str, object]:
        """For the record and for machines."""
        return {
            "decision": self.kind,
            "intent": self.intent,
            "score": self.score,
            "candidates": [{"intent": c.intent, "score": c.score} for c in self.candidates],
            "entities": self.entities.as_json(),
            "facet": self.facet,
        }


@dataclass(frozen=True)
class Matcher:
    """A catalogue's knowledge with the index trained on its phrases. Read-only, shared by threads."""

    pack: Pack
    index: Index

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        return {intent.id: intent.kind for intent in self.pack.intents}


def understand(text: str, matcher: Matcher, now: datetime, about: About | None = None) -> Decision:
    """The decision for `text` at `now` (aware); never raises, whatever the text.

    At or above the catalogue's threshold the first choice is taken; below it the citizen is asked back with choices;
    below that nothing was understood. Danger and the wish for a person are decided first.
    """
    entities = find_entities(text, now)
    if not says_something(text):
        return Decision("unknown", None, 0.0, entities=entities)
    facet = find_facet(text)
    candidates = tuple(matcher.index.candidates(text, CANDIDATES))
    followed = _follows(text, facet, about, candidates, matcher)
    if followed is not None:
        candidates = (Candidate(followed, 1.0), *(c for c in candidates if c.intent != followed))[:CANDIDATES]
    first = candidates[0]
    danger = next((c.score for c in candidates if c.intent == "emergency"), 0.0)
    kind = _kind(text, matcher, candidates)
    return Decision(
        kind=kind,
        intent=first.intent,
        score=first.score,
        candidates=candidates,
        entities=entities,
        facet=facet,
        hint_of_danger=kind != "emergency" and danger >= matcher.index.thresholds.hint,
        followed=followed is not None,
    )


def _kind(text: str, matcher: Matcher, candidates: tuple[Candidate, ...]) -> Kinds:
    first, second = candidates[0], candidates[1] if len(candidates) > 1 else Candidate("", 0.0)
    thresholds = matcher.index.thresholds
    kind = matcher.kinds.get(first.intent)
    needed = thresholds.heard.get(first.intent)
    if needed is not None:
        if first.score >= needed:
            return "emergency" if first.intent == "emergency" else "handover"
        return "clarify" if first.score >= thresholds.ask else "unknown"
    if first.score < thresholds.answer or first.score - second.score < thresholds.margin:
        return "clarify" if first.score >= thresholds.ask else "unknown"
    match kind:
        case "faq":
            return "answer"
        case "faq+booking":
            return "book" if wants_booking(text) else "answer"
        case "booking":
            return "book"
        case "escalate":
            return "handover"
        case "report" | "case" | "privacy" | "smalltalk":
            return kind
        case None:
            return "elsewhere" if first.intent.startswith("elsewhere:") else "unknown"
    return "unknown"


def wants_booking(text: str) -> bool:
    """Whether a queue is asked for, not whether one is needed.

    >>> wants_booking("จองคิวทำพาสปอร์ต"), wants_booking("ทำพาสปอร์ตต้องจองคิวไหม")
    (True, False)
    """
    compacted = compact(clean(text))
    return bool(_WISH.search(compacted)) and not _ASKS_WHETHER.search(compacted)


def _follows(
    text: str, facet: Facet | None, about: About | None, candidates: tuple[Candidate, ...], matcher: Matcher
) -> str | None:
    """The last article's intent when `text` asks a bare facet of it ("แล้วค่าธรรมเนียมล่ะ")."""
    if about is None or about.intent is None or about.intent not in matcher.kinds:
        return None
    if facet is None or not is_bare_question(text):
        return None
    if matcher.kinds.get(candidates[0].intent) == "escalate" and candidates[0].score >= matcher.index.thresholds.answer:
        return None
    return about.intent
