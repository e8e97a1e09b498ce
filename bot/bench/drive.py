"""Driving a load and watching what comes of it: the generator is a process of its own, this side only counts."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.bench.figures import percentile
from bot.bench.load import PATIENCE_SECONDS, Job, job_file
from bot.bench.processes import BenchError, Processes

LOOK_SECONDS = 0.05
RAMP = 0.2  # the first part of a load is not counted
STALL_SECONDS = 30.0
DRAIN_SECONDS = 900.0


class Line:
    """What the stand-in for LINE has accepted: `answered` maps a reply token or a pushed-to citizen to its time in ms."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.count = 0
        self.answered: dict[str, float] = {}
        self.pushes = 0

    def look(self) -> int:
        """Read what is new; returns how many deliveries there are in all."""
        self._connection.request("GET", f"/deliveries?since={self.count}")
        for each in json.loads(self._connection.getresponse().read())["deliveries"]:
            self.count += 1
            self.pushes += each["kind"] == "push"
            self.answered.setdefault(each["reply_token"] or each["receiver_id"], each["accepted_at_ms"])
        return self.count


@dataclass(frozen=True)
class Loaded:
    """What came of a load. `sent` has token, citizen, epoch ms when due, acknowledgement in ms, status."""

    sent: list[tuple[str, str, float, float, int]]
    late_ms: list[float]  # how late the generator itself was
    samples: list[tuple[float, int]] = field(default_factory=list)  # seconds, done

    @property
    def acks_ms(self) -> list[float]:
        """Acknowledgements; an event that got no 200 counts as one that took for ever."""
        return [row[3] if row[4] == 200 else float("inf") for row in self.sent]

    def accepted_per_second(self) -> float:
        """Events acknowledged per second, the ramp left out."""
        ends = sorted(row[2] + row[3] for row in self.sent if row[4] == 200)
        return _rate([(end / 1000, number) for number, end in enumerate(ends)])

    def done_per_second(self) -> float:
        """Events done per second while the window was kept full, the ramp left out."""
        return _rate(self.samples)

    def ack(self, share: float) -> float:
        """A percentile of the acknowledgements."""
        return percentile(self.acks_ms, share)

    def answered_share(self, line: Line) -> float:
        """The share of the events that came to an answer at the stand-in (the citizens must have written once only)."""
        found = sum(token in line.answered or citizen in line.answered for token, citizen, *_ in self.sent)
        return found / len(self.sent)

    def own_ms(self, line: Line, line_ms: float) -> list[float]:
        """From each event's due time to its answer's arrival, LINE's own time taken out."""
        nothing = float("inf")
        return [line.answered.get(token, nothing) - due - line_ms for token, _citizen, due, *_ in self.sent]


def load(processes: Processes, folder: Path, job: Job, title: str, done: Callable[[], int] | None = None) -> Loaded:
    """Run a job with a progress bar; `done` counts finished events, told to the generator where it keeps a window."""
    path = folder / f"{job.name}.job.json"
    job_file(job, path)
    child = processes.start(["-m", "bot.bench.load", str(path)], {}, fed=True)
    already = done() if done else 0
    samples: list[tuple[float, int]] = []
    limit = job.seconds + 2 * PATIENCE_SECONDS + 30
    with tqdm(
        total=job.seconds,
        desc=title,
        unit="s",
        leave=False,
        disable=None,
        bar_format="{desc}: {percentage:3.0f}%|{bar}|",
    ) as bar:
        while child.process.poll() is None:
            passed = time.monotonic() - child.started
            if passed > limit:
                raise BenchError(f"{title}: the load did not end within {limit:.0f} s")
            if done is not None:
                count = done() - already
                if count:
                    samples.append((time.monotonic(), count))
                _tell(child.process.stdin, count)
            bar.update(min(job.seconds, passed) - bar.n)
            time.sleep(LOOK_SECONDS)
    if child.process.returncode != 0:
        child.wait_until(lambda: False, f"{title}: the load generator", 0)
    result: dict[str, Any] = json.loads(Path(job.result).read_text())
    processes.end(child.process)
    # The window is full only while the generator posts: what is finished afterwards would be finished faster.
    last = samples[0][0] + job.seconds if samples else 0.0
    return Loaded([tuple(row) for row in result["rows"]], result["late_ms"], [s for s in samples if s[0] <= last])


def drain(line: Line, wanted: int, title: str) -> float:
    """Wait until the stand-in has `wanted` deliveries or no more come; returns how many seconds that took."""
    begun = moved = time.monotonic()
    seen = line.look()
    with tqdm(total=wanted, initial=min(seen, wanted), desc=title, leave=False, disable=None) as bar:
        while seen < wanted and time.monotonic() - moved < STALL_SECONDS and time.monotonic() - begun < DRAIN_SECONDS:
            time.sleep(LOOK_SECONDS)
            now = line.look()
            if now != seen:
                bar.update(now - seen)
                seen, moved = now, time.monotonic()
    return moved - begun


def _tell(pipe: Any, count: int) -> None:
    try:
        pipe.write(f"{count}\n".encode())
        pipe.flush()
    except OSError:
        pass  # it has just ended


def _rate(samples: list[tuple[float, int]]) -> float:
    if len(samples) < 2:
        return 0.0
    first, last = samples[0][0], samples[-1][0]
    counted = [sample for sample in samples if sample[0] >= first + RAMP * (last - first)]
    seconds = counted[-1][0] - counted[0][0]
    return (counted[-1][1] - counted[0][1]) / seconds if seconds > 0 else 0.0
