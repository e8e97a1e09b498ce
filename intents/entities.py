"""What a message names besides its question: the day and hour wished for, persons, and numbers."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from intents.date_context import CLOCK
from intents.date_spelling import fold, plain
from intents.dates import find_dates
from intents.refs import Ref, find_refs
from intents.times import PartOfDay, find_times, part_of_day

Problem = Literal["impossible_date", "weekday_mismatch", "impossible_time"]
BANGKOK = ZoneInfo("Asia/Bangkok")


@dataclass(frozen=True, slots=True)
class Entities:
    """What was found. A range is inclusive; with only `date_to` or `time_to` the start is open.

    `problem` says why a date or time that was written is not given, so that it can be asked.
    """

    date: dt.date | None = None
    date_to: dt.date | None = None
    time: dt.time | None = None
    time_to: dt.time | None = None
    part_of_day: PartOfDay | None = None
    persons: int | None = None
    refs: tuple[Ref, ...] = ()
    problem: Problem | None = None

    def as_json(self) -> dict[str, object]:
        """Dates as YYYY-MM-DD, times as HH:MM, null where absent; ids in `refs` are masked."""
        return {
            "date": self.date.isoformat() if self.date else None,
            "date_to": self.date_to.isoformat() if self.date_to else None,
            "time": self.time.strftime("%H:%M") if self.time else None,
            "time_to": self.time_to.strftime("%H:%M") if self.time_to else None,
            "part_of_day": self.part_of_day,
            "persons": self.persons,
            "refs": [{"kind": ref.kind, "value": ref.value} for ref in self.refs],
            "problem": self.problem,
        }


_PERSONS = re.compile(
    "(?<![0-9.,/-])(?<!ละ)(?<!ละ )(?<!เกิน)(?<!เกิน )(?<!นั่ง)(?<!นั่ง )(?:([0-9]{1,3}) ?"
    "(?:คน|ท่าน)(?!ละ|ที่|แรก|ขับ)|(?P<alone>คนเดียว))"
)
_COUNTED_KIND = re.compile("(?:ผู้ใหญ่|เด็ก) ?$")


def _persons(text: str) -> tuple[int | None, str]:
    """How many are coming, and the text with the count blanked; adults and children are added up."""
    if "คน" not in text and "ท่าน" not in text:
        return None, text
    found = list(_PERSONS.finditer(text))
    if not found:
        return None, text
    counts = [int(match[1] or 1) for match in found]
    kinds = [_COUNTED_KIND.search(text, max(0, match.start() - 10), match.start()) for match in found]
    total = sum(counts) if all(kinds) else counts[-1]
    pieces: list[str] = []
    done = 0
    for match in found:
        pieces += text[done : match.start()], CLOCK * (match.end() - match.start())
        done = match.end()
    return total or None, "".join([*pieces, text[done:]])


def find_entities(text: str, now: dt.datetime) -> Entities:
    """The day, hour, persons and numbers in a message as typed; `now` is aware, days are Bangkok's.

    Never raises on any text; linear in its length.

    >>> from datetime import UTC, datetime
    >>> found = find_entities("ขอคิวศุกร์นี้เก้าโมงครึ่ง ๒ คนค่ะ", datetime(2026, 11, 22, 3, tzinfo=UTC))
    >>> found.date.isoformat(), found.time.isoformat(), found.persons
    ('2026-11-27', '09:30:00', 2)
    """
    today = now.astimezone(BANGKOK).date()
    refs, rest = find_refs(fold(text))
    persons, rest = _persons(plain(rest))
    times = find_times(rest)
    dates = find_dates(times.rest, today)
    if dates.moved_at and "เวลาเดิม" not in rest:
        times = find_times(rest, from_=dates.moved_at)
    hour_given = times.start is not None or times.end is not None
    problem: Problem | None = dates.problem or ("impossible_time" if times.impossible else None)
    return Entities(
        date=dates.first,
        date_to=dates.last,
        time=times.start,
        time_to=times.end,
        part_of_day=None if hour_given else part_of_day(times.rest[dates.moved_at :]),
        persons=persons,
        refs=refs,
        problem=problem,
    )
