"""What do measured numbers come to, and how are they shown? Percentiles, figures with a target, the table. Pure."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed; NaN when there are none.

    >>> percentile([5, 1, 4, 2, 3], 0.5), percentile([1, 2], 0.99)
    (3, 2)
    """
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Figure:
    """One measured value as it is shown; `met` is None where there is no target."""

    shown: str
    met: bool | None = None


@dataclass(frozen=True)
class Line:
    """One line of the table: the same measure on each database; `target` is empty where none is set."""

    name: str
    target: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


def below(value: float, limit: float, unit: str, digits: int = 1) -> Figure:
    """A value that is to stay below `limit`; one that was not measured (NaN) has not met it.

    >>> below(3.0, 4.0, "ms"), below(math.nan, 4.0, "ms").met
    (Figure(shown='3.0 ms', met=True), False)
    """
    return Figure(f"{value:.{digits}f} {unit}", value < limit)


def at_least(value: float, limit: float, unit: str = "", digits: int = 2) -> Figure:
    """A value that is to reach `limit`."""
    return Figure(f"{value:.{digits}f} {unit}".rstrip(), value >= limit)


def plain(value: float, unit: str, digits: int = 1) -> Figure:
    """A value without a target."""
    return Figure(f"{value:.{digits}f} {unit}")


def table(lines: Sequence[Line], databases: Sequence[str]) -> str:
    """The table as text: a line a measure, a column a database, the target last; `NOT MET` stands beside what missed it."""
    head = ["measure", *databases, "target"]
    rows = [[line.name, *(_cell(line.figures.get(name)) for name in databases), line.target] for line in lines]
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    shown = [_padded(head, widths), "  ".join("-" * width for width in widths)]
    return "\n".join(shown + [_padded(row, widths) for row in rows])


def all_met(lines: Sequence[Line]) -> bool:
    """Whether no figure missed its target."""
    return all(figure.met is not False for line in lines for figure in line.figures.values())


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return figure.shown + {True: "  met", False: "  NOT MET", None: ""}[figure.met]


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    return sum(unicodedata.category(sign) != "Mn" for sign in text)
