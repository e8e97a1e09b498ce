"""The recipe beside plainer methods on public data, as a table. It trains: import it only where that is wanted."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

from tqdm import tqdm

from intents.evaluation.public_data import NAMES, DataSet, Example, draw, mistyped, read_public
from intents.evaluation.public_methods import METHODS, Method

SIZES: tuple[int | None, ...] = (5, 10, 20, None)  # examples an intent; None: all there are
DRAWS = 3


@dataclass
class Cell:
    """How often a method was right on what was held back, 0 to 1: one number a draw."""

    clean: list[float] = field(default_factory=list)
    mistyped: list[float] = field(default_factory=list)  # the same texts with typing errors

    def as_json(self) -> dict[str, Any]:
        return {
            name: {"mean": round(mean(values), 4), "spread": round(_spread(values), 4), "draws": values}
            for name, values in vars(self).items()
        }


@dataclass
class Table:
    """What was found on one data set."""

    data: DataSet
    cells: dict[str, dict[int | None, Cell]] = field(default_factory=dict)  # method → size → cell

    def as_json(self) -> dict[str, Any]:
        return {
            "data": self.data.name,
            "intents": self.data.intents,
            "known": len(self.data.known),
            "held_back": len(self.data.held_back),
            "methods": {
                method: {"all" if size is None else str(size): cell.as_json() for size, cell in row.items()}
                for method, row in self.cells.items()
            },
        }


def evaluate_public(folder: Path, *, progress: bool = False) -> list[Table]:
    """Every method on every data set of `folder` at every size, DRAWS draws each; raises PublicDataError."""
    sets = [read_public(folder, name) for name in NAMES]
    trainings = len(sets) * len(METHODS) * sum(len(list(_trainings((), size))) for size in SIZES)
    with tqdm(total=trainings, unit="training", disable=not progress, leave=False) as bar:
        return [_measured(data, bar) for data in sets]


def public_report(tables: Sequence[Table]) -> str:
    """The tables as a text: right on clean texts, in brackets on mistyped ones."""
    lines = [
        f"Right of all, in %, mean of {DRAWS} draws ± half of their spread; in brackets with 8 % of the signs mistyped.",
        "Held back: a fifth of the rows, by a hash of the text. Columns: examples an intent.",
    ]
    for table in tables:
        data = table.data
        lines += [
            "",
            f"{data.name}: {data.intents} intents, {len(data.known):,} known, {len(data.held_back):,} held back",
        ]
        lines.append(f"  {'':<26}" + "".join(f"{size or 'all':>25}" for size in SIZES))
        for method, row in table.cells.items():
            shown = "".join(f"{_shown(cell.clean)} ({_shown(cell.mistyped)})".rjust(25) for cell in row.values())
            lines.append(f"  {method:<26}{shown}")
    return "\n".join(lines)


def _measured(data: DataSet, bar: "tqdm[Any]") -> Table:
    texts = [example.text for example in data.held_back]
    typed = [_all_mistyped(texts, seed) for seed in range(DRAWS)]
    table = Table(data)
    for size in SIZES:
        for examples, seeds in _trainings(data.known, size):
            for name, method in METHODS:
                bar.set_description(f"{data.name}, {size or 'all'} an intent, {name}")
                cell = table.cells.setdefault(name, {}).setdefault(size, Cell())
                _measure(cell, method, examples, data.held_back, [texts, *(typed[seed] for seed in seeds)])
                bar.update()
    return table


def _trainings(known: Sequence[Example], size: int | None) -> Iterator[tuple[Sequence[Example], Sequence[int]]]:
    """What is learned from, with the draws of typing errors it is measured on: all there is need be learned only once."""
    if size is None:
        yield known, range(DRAWS)
    else:
        for seed in range(DRAWS):
            yield draw(known, size, seed), (seed,)


def _measure(
    cell: Cell, method: Method, examples: Sequence[Example], wanted: Sequence[Example], versions: list[list[str]]
) -> None:
    found = method(examples, [text for version in versions for text in version])
    rates = [
        round(mean(told == one.intent for told, one in zip(found[start : start + len(wanted)], wanted, strict=True)), 4)
        for start in range(0, len(found), len(wanted))
    ]
    cell.clean.append(rates[0])
    cell.mistyped += rates[1:]


def _all_mistyped(texts: Sequence[str], seed: int) -> list[str]:
    chance = random.Random(seed)
    return [mistyped(text, chance) for text in texts]


def _shown(values: Sequence[float]) -> str:
    return f"{100 * mean(values):.1f} ±{50 * _spread(values):.1f}"


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
