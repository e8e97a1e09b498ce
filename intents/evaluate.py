"""How right the matcher is on questions it has not seen."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from intents.understand import CANDIDATES, Matcher, understand

NONE = "oos"


class QuestionsError(ValueError):
    """A file of questions that cannot be used; the text names the line and the fix."""


@dataclass(frozen=True)
class Question:
    """A message with the intent a careful reader would choose (`oos`: none fits) and, if told, whose voice it is."""

    text: str
    intent: str
    voice: str = ""


@dataclass
class Count:
    """Counts over some of the questions. Rates are shares from 0 to 1."""

    asked: int = 0
    in_scope: int = 0
    first_right: int = 0  # in scope: the first choice is right
    among_four: int = 0  # in scope: the right one is among the first four
    at_once: int = 0  # in scope: neither asked back nor unknown
    right_at_once: int = 0
    asked_back_right: int = 0  # asked back, and the right one is among the choices
    unknown: int = 0
    wrong_at_once: int = 0  # out of scope included: answered as if it were ours
    out_of_scope: int = 0
    out_of_scope_kept_out: int = 0

    def as_json(self) -> dict[str, Any]:
        """Counts and rates."""
        return {
            **vars(self),
            "first_right_rate": _share(self.first_right, self.in_scope),
            "among_four_rate": _share(self.among_four, self.in_scope),
            "at_once_rate": _share(self.at_once, self.in_scope),
            "wrong_at_once_rate": _share(self.wrong_at_once, self.asked),
            "out_of_scope_kept_out_rate": _share(self.out_of_scope_kept_out, self.out_of_scope),
        }


@dataclass
class Result:
    """What an evaluation found."""

    total: Count = field(default_factory=Count)
    voices: dict[str, Count] = field(default_factory=dict)
    intents: dict[str, Count] = field(default_factory=dict)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str, float]] = field(default_factory=list)  # text, expected, told, score

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "total": self.total.as_json(),
            "voices": {name: count.as_json() for name, count in sorted(self.voices.items())},
            "intents": {name: count.as_json() for name, count in sorted(self.intents.items())},
            "confused": [{"expected": a, "found": b, "times": n} for (a, b), n in self.confused.most_common()],
            "wrong_at_once": [dict(zip(("text", "expected", "told", "score"), row, strict=True)) for row in self.wrong],
        }


def read_questions(path: Path) -> list[Question]:
    """The questions in a CSV file with the columns text and intent, perhaps voice; raises QuestionsError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"text", "intent"} - set(reader.fieldnames or ())
        if missing:
            raise QuestionsError(f"the first line has no column {' and '.join(sorted(missing))}; write: text,intent")
        rows = []
        for line, row in enumerate(reader, 2):
            if not (row["text"] or "").strip() or not (row["intent"] or "").strip():
                raise QuestionsError(f"line {line}: text or intent is empty")
            rows.append(Question(row["text"], row["intent"].strip(), (row.get("voice") or "").strip()))
    if not rows:
        raise QuestionsError("there are no questions in it")
    return rows


def evaluate(questions: Sequence[Question], matcher: Matcher, now: datetime, *, progress: bool = False) -> Result:
    """Every question understood by itself, and counted."""
    result = Result()
    for question in tqdm(questions, desc="evaluating", unit="q", disable=not progress, leave=False, delay=0.5):
        decision = understand(question.text, matcher, now)
        counts = [result.total, result.intents.setdefault(question.intent, Count())]
        if question.voice:
            counts.append(result.voices.setdefault(question.voice, Count()))
        found = decision.intent or "-"
        at_once = decision.kind not in ("clarify", "unknown")
        among = [c.intent for c in decision.candidates[:CANDIDATES]]
        ours = at_once and not found.startswith("elsewhere:")
        wrong = ours if question.intent == NONE else at_once and found != question.intent
        for count in counts:
            count.asked += 1
            count.wrong_at_once += wrong
            if question.intent == NONE:
                count.out_of_scope += 1
                count.out_of_scope_kept_out += not ours
                continue
            count.in_scope += 1
            count.first_right += found == question.intent
            count.among_four += question.intent in among
            count.at_once += at_once
            count.right_at_once += at_once and found == question.intent
            count.asked_back_right += decision.kind == "clarify" and question.intent in among
            count.unknown += decision.kind == "unknown"
        if wrong:
            result.wrong.append((question.text, question.intent, found, decision.score))
        if question.intent != NONE and found != question.intent:
            result.confused[question.intent, found] += 1
    return result


def report(result: Result) -> str:
    """The result as a text for people."""
    total = result.total
    lines = [
        f"{total.asked} questions, {total.in_scope} in scope, {total.out_of_scope} out of scope",
        "",
        f"  wrong at once             {_percent(total.wrong_at_once, total.asked)}   of all",
        f"  first choice right        {_percent(total.first_right, total.in_scope)}   of those in scope",
        f"  among the first four      {_percent(total.among_four, total.in_scope)}",
        f"  answered at once          {_percent(total.at_once, total.in_scope)}",
        f"  asked back, right offered {_percent(total.asked_back_right, total.in_scope)}",
        f"  not understood            {_percent(total.unknown, total.in_scope)}",
        f"  out of scope, kept out    {_percent(total.out_of_scope_kept_out, total.out_of_scope)}",
    ]
    if result.voices:
        lines += ["", f"  {'voice':<16}{'asked':>7}{'first':>8}{'four':>8}{'at once':>9}{'wrong':>7}"]
        lines += [_line(name, count) for name, count in sorted(result.voices.items())]
    lines += ["", f"  {'intent':<28}{'asked':>7}{'first':>8}{'four':>8}{'at once':>9}{'wrong':>7}"]
    lines += [_line(name, count, 28) for name, count in sorted(result.intents.items())]
    if result.confused:
        lines += ["", "  most confused (expected → found)"]
        lines += [f"    {a} → {b}  {n}" for (a, b), n in result.confused.most_common(15)]
    if result.wrong:
        lines += ["", "  wrong at once"]
        lines += [
            f"    {told} instead of {expected} ({score:.2f}): {text}" for text, expected, told, score in result.wrong
        ]
    return "\n".join(lines)


def _line(name: str, count: Count, width: int = 16) -> str:
    first, four, at_once = (_percent(n, count.in_scope) for n in (count.first_right, count.among_four, count.at_once))
    return f"  {name:<{width}}{count.asked:>7}{first:>8}{four:>8}{at_once:>9}{count.wrong_at_once:>7}"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
