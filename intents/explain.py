"""Why the matcher decided as it did: the nearest phrases, the features that counted, the threshold that was met or missed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intents.features import FAMILIES, features
from intents.index import Index, phrase_key
from intents.manner import beside_thanks
from intents.text import clean
from intents.understand import About, Decision, Matcher, Rule, deciding_rule, understand

NEAREST = 5  # phrases of any intent
NEAREST_OF_CHOICE = 2  # phrases of the first choice, and of the second
MOST_FEATURES = 12
FAMILY_NAMES = {"c": "signs", "s": "sounds", "w": "words"}
MEANING = "meaning"  # all that a sentence encoder adds
_OUTCOMES = {"clarify": "asked back", "unknown": "not understood"}


@dataclass(frozen=True)
class Near:
    """A known phrase and how alike it is, 0 to 1."""

    phrase: str
    intent: str
    likeness: float


@dataclass(frozen=True)
class Feature:
    """A feature found in the text and what it adds to the first and the second choice, in log-odds."""

    family: str
    name: str
    first: float
    second: float


@dataclass(frozen=True)
class Explanation:
    """A decision with its reasons. `features` by how much they tell the two choices apart, the strongest first."""

    text: str
    decision: Decision
    rule: Rule | None
    because: str
    exact: bool  # written like one of the phrases
    near: tuple[Near, ...]
    features: tuple[Feature, ...]
    thresholds: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """For machines and pages."""
        return {
            "text": self.text,
            **self.decision.as_json(),
            "because": self.because,
            "rule": asdict(self.rule) if self.rule else None,
            "exact": self.exact,
            "near": [asdict(one) for one in self.near],
            "features": [asdict(one) for one in self.features],
            "thresholds": self.thresholds,
        }


def explain(text: str, matcher: Matcher, now: datetime, about: About | None = None) -> Explanation:
    """The decision for `text` as understand() makes it, with its reasons; some ten milliseconds."""
    decision = understand(text, matcher, now, about)
    read = beside_thanks(text) or text if decision.thanked and decision.kind != "smalltalk" else text
    index, choices = matcher.index, [c.intent for c in decision.candidates[:2]]
    rule = deciding_rule(matcher, decision.candidates) if decision.candidates and not _by_itself(decision) else None
    return Explanation(
        text=text,
        decision=decision,
        rule=rule,
        because=_because(decision, rule),
        exact=phrase_key(read) in index.exact,
        near=_nearest(read, index, choices),
        features=_features(read, index, choices),
        thresholds=asdict(index.thresholds),
    )


def _by_itself(decision: Decision) -> bool:
    """Whether something else than the scores decided."""
    return decision.followed or decision.reader or (decision.thanked and decision.kind == "smalltalk")


def _because(decision: Decision, rule: Rule | None) -> str:
    """One line: the measure, the threshold, what followed.

    >>> _because(Decision("clarify", "a", 0.42), Rule("first", 0.42, "answer", 0.55, "clarify"))
    'first 0.42 < answer 0.55 → asked back'
    """
    outcome = _OUTCOMES.get(decision.kind, decision.kind)
    if decision.followed:
        return f"names nothing of its own, so it is about what was talked of → {outcome}"
    if decision.reader:
        return f"a second reader chose it → {outcome}"
    if rule is None:
        return f"{'thanks that ask nothing' if decision.thanked else 'says nothing'} → {outcome}"
    sign = "≥" if rule.value >= rule.needed else "<"
    return f"{rule.measure} {rule.value:.2f} {sign} {rule.threshold} {rule.needed:.2f} → {outcome}"


def _nearest(text: str, index: Index, choices: list[str]) -> tuple[Near, ...]:
    """The phrases most alike to the text, of all intents and of the two choices, the nearest first."""
    cleaned, found = clean(text), {}
    wanted = [(None, NEAREST), *((choice, NEAREST_OF_CHOICE) for choice in choices)]
    for choice, most in wanted:
        own = {
            row: phrase
            for row, phrase in enumerate(index.phrases)
            if choice is None or index.intents[index.phrase_intents[row]] == choice
        }
        for phrase, likeness, row in process.extract(cleaned, own, scorer=fuzz.ratio, limit=most, score_cutoff=1):
            found[phrase] = Near(phrase, index.intents[index.phrase_intents[row]], round(likeness / 100, 3))
    return tuple(sorted(found.values(), key=lambda near: -near.likeness))


def _features(text: str, index: Index, choices: list[str]) -> tuple[Feature, ...]:
    families = features(text)
    names = {
        vocabulary[name]: (FAMILY_NAMES.get(family, family), name)
        for (family, _), vocabulary, counts in zip(FAMILIES, index.vocabularies, families, strict=True)
        for name in counts
        if name in vocabulary
    }
    rows, values = index.vector(text)
    columns = [index.intents.index(choice) for choice in choices if choice in index.intents]
    added = values[:, None] * index.weights[rows][:, columns].astype(np.float32)
    known = rows < len(index.idf)
    found = [_feature(names[row], own) for row, own in zip(rows[known].tolist(), added[known], strict=True)]
    if not known.all():  # the encoder's numbers mean nothing one by one
        found.append(_feature((MEANING, ""), added[~known].sum(axis=0)))
    return tuple(sorted(found, key=lambda feature: -abs(feature.first - feature.second))[:MOST_FEATURES])


def _feature(name: tuple[str, str], added: NDArray[np.float32]) -> Feature:
    first, second = (*(round(float(one), 3) for one in added), 0.0, 0.0)[:2]
    return Feature(*name, first, second)
