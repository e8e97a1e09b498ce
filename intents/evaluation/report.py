"""What an evaluation found, as a text for people and as JSON for machines."""

from collections.abc import Sequence
from typing import Any

from intents.evaluation.compare import Change, Comparison
from intents.evaluation.counts import Count, count, wrong_at_once
from intents.evaluation.judge import OUTCOMES, Judged
from intents.evaluation.score import as_decided, coverage, reliability, reliability_gap

CONFUSED = 15
BAR = 20
EVERY = 0.1  # of the score: a line of the coverage table

_MEASURES = (
    ("wrong at once", "wrong_at_once_rate", "of all"),
    ("first choice right", "first_right_rate", "of those in scope"),
    ("among the first four", "among_four_rate", ""),
    ("answered at once", "at_once_rate", ""),
    ("asked back, right offered", "asked_back_right_rate", ""),
    ("not understood", "unknown_rate", ""),
    ("out of scope, kept out", "out_of_scope_kept_out_rate", ""),
)


def report(judged: Sequence[Judged]) -> str:
    """One evaluation as a text."""
    counts = count(judged)
    rates = counts.total.rates()
    lines = [_asked(counts.total), ""]
    lines += [f"  {name:<26}{_percent(rates[key]):>8}   {of}".rstrip() for name, key, of in _MEASURES]
    if counts.voices:
        lines += ["", _head("voice", 16)]
        lines += [_line(name, each, 16) for name, each in sorted(counts.voices.items())]
    lines += ["", _head("intent", 28)]
    lines += [_line(name, each, 28) for name, each in sorted(counts.intents.items())]
    if counts.confused:
        lines += ["", "  most confused (expected → found)"]
        lines += [f"    {a} → {b}  {n}" for (a, b), n in counts.confused.most_common(CONFUSED)]
    lines += ["", *_reliability(judged), "", *_coverage(judged)]
    wrong = wrong_at_once(judged)
    if wrong:
        lines += ["", "  wrong at once"]
        lines += [
            f"    {one.found} instead of {_expected(one)} ({one.score:.2f}): {one.question.text}" for one in wrong
        ]
    return "\n".join(lines)


def as_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """One evaluation for machines."""
    counts, bins, decided = count(judged), reliability(judged), as_decided(judged)
    return {
        "total": counts.total.as_json(),
        "voices": {name: each.as_json() for name, each in sorted(counts.voices.items())},
        "intents": {name: each.as_json() for name, each in sorted(counts.intents.items())},
        "confused": [{"expected": a, "found": b, "times": n} for (a, b), n in counts.confused.most_common()],
        "reliability": {"bins": [one.as_json() for one in bins], "gap": round(reliability_gap(bins), 4)},
        "coverage": [point.as_json() for point in coverage(judged)],
        "as_decided": decided and decided.as_json(),
        "wrong_at_once": [
            {"text": one.question.text, "expected": one.question.intent, "told": one.found, "score": one.score}
            for one in wrong_at_once(judged)
        ],
    }


def comparison_report(comparison: Comparison, before: str, after: str) -> str:
    """Two catalogues side by side as a text; `before` and `after` are their names."""
    old, new = comparison.before.rates(), comparison.after.rates()
    lines = [
        f"{_asked(comparison.before)}: {before} → {after}",
        "",
        f"  {'':<26}{'before':>8}{'after':>8}{'change':>9}",
    ]
    for name, key, of in _MEASURES:
        a, b = old[key], new[key]
        change = "" if a is None or b is None else f"{100 * (b - a):+.1f}"
        lines.append(f"  {name:<26}{_percent(a):>8}{_percent(b):>8}{change:>9}   {of}".rstrip())
    lines += ["", f"  {len(comparison.changes)} questions come out otherwise, {comparison.same} as before"]
    order = sorted(comparison.moves, key=lambda move: (OUTCOMES.index(move[0]), OUTCOMES.index(move[1])))
    lines += [f"    {a + ' → ' + b:<62}{comparison.moves[a, b]:>5}" for a, b in order]
    for title, chosen in (
        ("worse", [change for change in comparison.changes if change.worse > 0]),
        ("as good or bad, but told otherwise", [change for change in comparison.changes if change.worse == 0]),
        ("better", [change for change in comparison.changes if change.worse < 0]),
    ):
        if chosen:
            lines += ["", f"  {title}"]
            lines += [_change(change) for change in chosen]
    return "\n".join(lines)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Two catalogues side by side for machines."""
    return {
        "before": comparison.before.as_json(),
        "after": comparison.after.as_json(),
        "same": comparison.same,
        "moves": [{"before": a, "after": b, "times": n} for (a, b), n in comparison.moves.most_common()],
        "changes": [
            {
                "text": change.before.question.text,
                "expected": change.before.question.intent,
                "voice": change.before.question.voice,
                "before": _side(change.before),
                "after": _side(change.after),
            }
            for change in comparison.changes
        ],
    }


def _reliability(judged: Sequence[Judged]) -> list[str]:
    bins = reliability(judged)
    lines = [f"  {'score of the first choice':<26}{'asked':>7}{'mean':>8}{'right':>9}"]
    for one in bins:
        bar = "█" * round(BAR * one.right_share)
        shown = f"{one.low:.1f} to {one.high:.1f}"
        lines.append(f"  {shown:<26}{one.asked:>7}{one.mean_score:>8.2f}{_percent(one.right_share):>9}  {bar}".rstrip())
    lines.append(f"  score and share right lie {100 * reliability_gap(bins):.1f} points apart on average")
    return lines


def _coverage(judged: Sequence[Judged]) -> list[str]:
    lines = [f"  {'if answered at once from':<26}{'covers':>8}{'right':>9}{'wrong of all':>14}"]
    seen = 0
    for point in coverage(judged):
        if point.score >= seen * EVERY - 1e-9:
            seen = int(point.score / EVERY + 1e-9) + 1
            lines.append(_point(f"score {point.score:.2f}", point.coverage, point.precision, point.wrong_share))
    decided = as_decided(judged)
    if decided is not None:
        lines.append(_point("as it is decided now", decided.coverage, decided.precision, decided.wrong_share))
    return lines


def _point(name: str, covered: float, precision: float, wrong: float) -> str:
    return f"  {name:<26}{_percent(covered):>8}{_percent(precision):>9}{_percent(wrong):>14}"


def _change(change: Change) -> str:
    before, after = change.before, change.after
    expected = "" if before.right and after.right else f" [{_expected(before)}]"
    return f"    {_shown(before)} → {_shown(after)}{expected}: {before.question.text}"


def _shown(one: Judged) -> str:
    return f"{one.outcome} ({one.found} {one.score:.2f})"


def _side(one: Judged) -> dict[str, Any]:
    return {"outcome": one.outcome, "first": one.found, "score": one.score}


def _expected(one: Judged) -> str:
    return one.question.intent if one.question.in_scope else "nothing of ours"


def _asked(total: Count) -> str:
    return f"{total.asked} questions, {total.in_scope} in scope, {total.out_of_scope} out of scope"


def _head(name: str, width: int) -> str:
    return f"  {name:<{width}}{'asked':>7}{'first':>8}{'four':>8}{'at once':>9}{'wrong':>7}"


def _line(name: str, each: Count, width: int) -> str:
    rates = each.rates()
    first, four, at_once = (_percent(rates[key]) for key in ("first_right_rate", "among_four_rate", "at_once_rate"))
    return f"  {name:<{width}}{each.asked:>7}{first:>8}{four:>8}{at_once:>9}{each.wrong_at_once:>7}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
