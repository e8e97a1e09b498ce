"""`bot bench understand`: how quickly citizens are understood, with no local articles and with ever more of them."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.bench.figures import Figure, Line, all_met, below, percentile, plain, table
from bot.bench.local_store import Stored, store
from bot.bench.processes import BenchError
from bot.catalogue.indexes import cached_index
from knowledge.files import starter_pack

OFFICES = 1262
ARTICLES = (0, 1_000, 10_000, 100_000)
SLOWEST = 10  # kinds of hostile text that are shown


@dataclass(frozen=True)
class Served:
    """What a process that serves said of itself, and what its articles cost to build."""

    found: Mapping[str, Any]
    stored: Stored


def bench_understanding(offices: int = OFFICES, articles: Sequence[int] = ARTICLES) -> None:
    """Measure, print two tables; exits with 1 when a target is missed."""
    with tempfile.TemporaryDirectory(prefix="bot-bench-") as name:
        folder = Path(name)
        index_file = folder / "index.npz"
        index_file.write_bytes(_index())
        try:
            national = _serve(index_file, "-", "the national matcher")
            served = {f"{count:,}": _with_articles(folder, index_file, offices, count) for count in articles}
        except BenchError as error:
            sys.exit(f"bench: {error}")
    alone, scoped = national_lines(national), local_lines(served, offices)
    print(table(alone, ["national"]), table(scoped, list(served)), sep="\n\n")
    sys.exit(0 if all_met(alone) and all_met(scoped) else 1)


def national_lines(found: Mapping[str, Any]) -> list[Line]:
    """The national matcher by itself: ordinary questions, and the slowest kinds of 5,000 hostile signs."""
    ms, each = found["ms"], found["hostile_each"]
    slowest = sorted(each, key=lambda kind: -each[kind])[:SLOWEST]

    def line(name: str, target: str, figure: Figure) -> Line:
        return Line(name, target, {"national": figure})

    return [
        line("new process: the word cutter's dictionary", "", plain(found["cutter_ms"], "ms", 0)),
        line("    then the index", "under 300 ms", below(found["index_ms"], 300.0, "ms", 0)),
        line(f"understand, {found['questions']} questions: p50", "1.5 ms", below(percentile(ms, 0.5), 1.5, "ms", 2)),
        line("    p99", "5 ms", below(percentile(ms, 0.99), 5.0, "ms", 2)),
        line("    worst", "", plain(max(ms), "ms", 2)),
        *(line(f"5,000 signs: {kind}", "40 ms", below(each[kind], 40.0, "ms")) for kind in slowest),
    ]


def local_lines(served: Mapping[str, Served], offices: int) -> list[Line]:
    """With local articles: what they cost to build, to keep and to ask; a column a number of articles."""

    def asked(name: str, share: float, target: float | None = None) -> Line:
        return Line(
            name,
            "" if target is None else f"under {target:.0f} ms",
            {
                count: plain(percentile(one.found["ms"], share), "ms", 2)
                if target is None
                else below(percentile(one.found["ms"], share), target, "ms", 2)
                for count, one in served.items()
            },
        )

    def built(name: str, figure: Callable[[Stored], Figure]) -> Line:
        return Line(name, "", {count: figure(one.stored) for count, one in served.items() if one.stored.each})

    def ended(about: str, end: str) -> Line:
        return Line(
            f"    {end}", "", {count: Figure(_share(one.found["ends"], about, end)) for count, one in served.items()}
        )

    return [
        built("offices with articles", lambda stored: Figure(f"{len(stored.each):,} of {offices:,}")),
        built("built on every core", lambda stored: plain(stored.seconds, "s")),
        built("one office built anew: p50", lambda stored: plain(1000 * percentile(stored.each, 0.5), "ms", 0)),
        built("    slowest", lambda stored: plain(1000 * max(stored.each), "ms", 0)),
        built("stored", lambda stored: plain(stored.megabytes, "MB")),
        Line(
            "one office loaded: p99",
            "",
            {c: plain(percentile(one.found["load_ms"], 0.99), "ms", 2) for c, one in served.items() if one.stored.each},
        ),
        Line(
            "memory of a process that serves",
            "under 350 MB",
            {count: below(one.found["memory_mb"], 350.0, "MB", 0) for count, one in served.items()},
        ),
        asked("understand, scoped by office: p50", 0.5),
        asked("    p95", 0.95),
        asked("    p99", 0.99, 20.0),
        asked("    worst", 1.0),
        Line("questions about a local article", "", {}),
        *(ended("local", end) for end in ENDS),
        Line("held-back national questions", "", {}),
        *(ended("national", end) for end in ENDS if "right" not in end),
    ]


ENDS = (
    "answered, right",
    "answered, wrong",
    "asked back, right one offered",
    "asked back, not offered",
    "left to the national matcher",
)


def _share(ends: Mapping[str, int], about: str, end: str) -> str:
    total = sum(count for name, count in ends.items() if name.startswith(about))
    return f"{100 * ends.get(f'{about}: {end}', 0) / total:.1f} %" if total else "-"


def _index() -> bytes:
    with tqdm(total=100, desc="building the index", unit="%", leave=False, file=sys.stderr, delay=0.5) as bar:
        return cached_index(starter_pack(), lambda percent: bar.update(percent - bar.n))


def _with_articles(folder: Path, index_file: Path, offices: int, articles: int) -> Served:
    path = folder / f"{articles}.sqlite3"
    stored = store(path, index_file, offices=offices, articles=articles)
    return Served(_serve(index_file, str(path), f"{articles:,} local articles"), stored)


def _serve(index_file: Path, path: str, what: str) -> dict[str, Any]:
    """What bot.bench.serving found; until then it tells its progress in percent, a line each."""
    arguments = [sys.executable, "-m", "bot.bench.serving", str(index_file), path]
    found: dict[str, Any] = {}
    with (
        subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as child,
        tqdm(total=100, desc=f"understanding with {what}", unit="%", leave=False) as bar,
    ):
        assert child.stdout is not None
        for line in child.stdout:
            told = json.loads(line)
            if isinstance(told, dict):
                found = told
            else:
                bar.update(told - bar.n)
    if child.returncode:
        raise BenchError(f"understanding with {what}: ended with code {child.returncode}")
    return found
