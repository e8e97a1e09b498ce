"""The one door: a citizen's text and what was talked of before, to a decision."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Literal

from intents.entities import Entities, find_entities
from intents.facets import asks_only_hours, find_facets, goes_on, is_bare_question, left_over, names_only_a_day
from intents.index import Candidate, Index
from intents.manner import asks, beside_thanks, only_tells
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
AT_ONCE: tuple[Kinds, ...] = ("answer", "book", "report", "case", "privacy", "elsewhere")
THANKS, HOURS = "thanks", "opening_hours"
MOST_UNKNOWN_SIGNS = 20  # beside a facet, of one more question about the same thing

_WISH = re.compile(r"(?<!เ)จอง(?!ู)|ขอคิว|รับคิว|นัดคิว|ลงคิว|เอาคิว|นัดวัน|ขอนัด|ทำนัด|ลงนัด|นัดหมาย|book|appointment")
_ASKS_WHETHER = re.compile(
    r"(?:ต้อง|จำเป็น)\S{0,8}(?:จอง|นัด)\S{0,20}(?:ไหม|มั้ย|มั๊ย|ป่าว|เปล่า|หรือไม่|รึ)|ไม่(?:ได้|ต้อง)(?:จอง|นัด)"
)


@dataclass(frozen=True)
class About:
    """What was talked of before: the last article's intent, and whether hours were told last."""

    intent: str | None = None
    hours: bool = False


@dataclass(frozen=True)
class Decision:
    """What to do about a text. `intent` is always the first choice; None only where there is no candidate."""

    kind: Kinds
    intent: str | None
    score: float
    candidates: tuple[Candidate, ...] = ()
    entities: Entities = field(default_factory=Entities)
    facets: tuple[Facet, ...] = ()  # what is asked of it, the first one to be told first
    hint_of_danger: bool = False  # a hotline line is added to the normal answer
    followed: bool = False  # the text alone said nothing; it was taken to be about the last article
    thanked: bool = False  # thanks stood beside the question, or hid that nothing was asked
    reader: bool = False  # a second reader chose the intent; the score stays the matcher's

    @property
    def facet(self) -> Facet | None:
        """The facet to be told first."""
        return self.facets[0] if self.facets else None

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


@dataclass(frozen=True)
class Rule:
    """The comparison that decided: the first choice's score, or its lead over the second, against a threshold."""

    measure: Literal["first", "lead"]
    value: float
    threshold: Literal["answer", "margin", "ask", "heard"]
    needed: float
    outcome: Literal["sure", "clarify", "unknown"]


def understand(text: str, matcher: Matcher, now: datetime, about: About | None = None) -> Decision:
    """The decision for `text` at `now` (aware); never raises, whatever the text.

    At or above the catalogue's threshold the first choice is taken; below it the citizen is asked back with choices;
    below that nothing was understood. Danger and the wish for a person are decided first. Thanks beside a question do
    not hide it, and a thank-you that names a topic asks nothing.
    """
    decision = _understand(text, matcher, now, about)
    rest = beside_thanks(text)
    if not rest or decision.kind in ("emergency", "handover") or decision.hint_of_danger or not says_something(rest):
        return decision
    beside = _understand(rest, matcher, now, about)
    asked = beside.kind != "unknown" if asks(rest) else beside.kind in AT_ONCE and not only_tells(rest)
    if asked and beside.kind not in ("emergency", "smalltalk"):
        return replace(beside, entities=decision.entities, thanked=True)
    return _thanked(decision) if only_tells(rest) or decision.kind == "clarify" else decision


def _thanked(decision: Decision) -> Decision:
    """`decision` as the thanks it is; what else the matcher saw in it stays behind."""
    thanks = next((c for c in decision.candidates if c.intent == THANKS), None)
    if thanks is None:
        return decision
    candidates = (thanks, *(c for c in decision.candidates if c is not thanks))
    return replace(
        decision,
        kind="smalltalk",
        intent=THANKS,
        score=thanks.score,
        candidates=candidates,
        facets=(),
        followed=False,
        thanked=True,
    )


def _understand(text: str, matcher: Matcher, now: datetime, about: About | None) -> Decision:
    entities = find_entities(text, now)
    if not says_something(text):
        return Decision("unknown", None, 0.0, entities=entities)
    facets = find_facets(text)
    candidates = tuple(matcher.index.candidates(text, CANDIDATES))
    followed = _follows(text, facets, about, candidates, matcher)
    if followed is not None:
        candidates = (Candidate(followed, 1.0), *(c for c in candidates if c.intent != followed))[:CANDIDATES]
    first = candidates[0]
    danger = next((c.score for c in candidates if c.intent == "emergency"), 0.0)
    kind = _kind(text, matcher, candidates[:1] if followed is not None else candidates)
    return Decision(
        kind=kind,
        intent=first.intent,
        score=first.score,
        candidates=candidates,
        entities=entities,
        facets=facets,
        hint_of_danger=kind != "emergency" and danger >= matcher.index.thresholds.hint,
        followed=followed is not None,
    )


def with_choice(decision: Decision, chosen: Candidate, text: str, matcher: Matcher) -> Decision:
    """`decision` as if the matcher had been sure of `chosen`, which a second reader chose; its scores stay what they were."""
    others = tuple(c for c in decision.candidates if c.intent != chosen.intent)
    return replace(
        decision,
        kind=_kind(text, matcher, (Candidate(chosen.intent, inf),)),
        intent=chosen.intent,
        score=chosen.score,
        candidates=(chosen, *others)[:CANDIDATES],
        reader=True,
    )


def deciding_rule(matcher: Matcher, candidates: tuple[Candidate, ...]) -> Rule:
    """The comparison that decides whether the first of the candidates (at least one) is taken, asked about or dropped."""
    first, second = candidates[0], candidates[1] if len(candidates) > 1 else Candidate("", 0.0)
    thresholds, lead = matcher.index.thresholds, first.score - second.score
    heard = thresholds.heard.get(first.intent)
    if heard is not None and first.score >= heard:
        return Rule("first", first.score, "heard", heard, "sure")
    if first.score < thresholds.ask:
        return Rule("first", first.score, "ask", thresholds.ask, "unknown")
    if heard is not None:
        return Rule("first", first.score, "heard", heard, "clarify")
    if first.score < thresholds.answer:
        return Rule("first", first.score, "answer", thresholds.answer, "clarify")
    if lead < thresholds.margin:
        return Rule("lead", lead, "margin", thresholds.margin, "clarify")
    return Rule("first", first.score, "answer", thresholds.answer, "sure")


def _kind(text: str, matcher: Matcher, candidates: tuple[Candidate, ...]) -> Kinds:
    first, rule = candidates[0], deciding_rule(matcher, candidates)
    if rule.outcome != "sure":
        return rule.outcome
    if rule.threshold == "heard":
        return "emergency" if first.intent == "emergency" else "handover"
    kind = matcher.kinds.get(first.intent)
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
    >>> wants_booking("เจองูเข้าบ้าน")
    False
    """
    compacted = compact(clean(text))
    return bool(_WISH.search(compacted)) and not _ASKS_WHETHER.search(compacted)


def _follows(
    text: str, facets: tuple[Facet, ...], about: About | None, candidates: tuple[Candidate, ...], matcher: Matcher
) -> str | None:
    """The last article's intent when `text` asks a facet of it and names nothing else ("แล้วค่าธรรมเนียมล่ะ"); hours
    again for a day after hours.

    Words that mean nothing to the matcher ("เดินไม่ค่อยไหว ลูกไปแทนได้ไหม") do not hide it where the text as a whole is
    unclear and begins like one more question, asks who may go instead or what comes of being late.
    """
    if about is None:
        return None
    if about.hours and names_only_a_day(text) and HOURS in matcher.kinds:
        return HOURS
    first, thresholds = candidates[0], matcher.index.thresholds
    sure = first.score >= thresholds.answer
    if about.intent is None or not _has_article(about.intent, matcher):
        return None
    if not facets:
        return about.intent if not sure and asks_only_hours(text) else None
    if sure and matcher.kinds.get(first.intent) == "escalate":
        return None
    if is_bare_question(text):
        return about.intent
    if sure or (first.intent in thresholds.heard and first.score >= thresholds.ask):
        return None
    if first.intent == about.intent:
        return about.intent
    one_more = asks(text) and (goes_on(text) or facets[0] in ("proxy", "late"))
    rest = left_over(text) if one_more else ""
    unknown = 0 < len(rest) <= MOST_UNKNOWN_SIGNS and float(matcher.index.scores(rest).max()) < thresholds.answer / 2
    return about.intent if unknown else None


def _has_article(intent_id: str, matcher: Matcher) -> bool:
    return intent_id in matcher.kinds or matcher.pack.neighbour(intent_id) is not None
