"""Working time of an office, Bangkok time: open intervals of a day, the next opening, working minutes ahead."""

from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from knowledge.model import Interval

BANGKOK = ZoneInfo("Asia/Bangkok")
LOOK_AHEAD_DAYS = 60


def open_intervals(hours: Sequence[Interval], closed_days: Set[date], day: date) -> list[tuple[datetime, datetime]]:
    """The times from-to at which the office is open on `day`, in order; none on a holiday."""
    if day in closed_days:
        return []
    found = [
        (datetime.combine(day, i.opens_at, BANGKOK), datetime.combine(day, i.closes_at, BANGKOK))
        for i in hours
        if i.weekday == day.weekday()
    ]
    return sorted(found)


def is_open(hours: Sequence[Interval], closed_days: Set[date], moment: datetime) -> bool:
    """Whether the office is open at `moment` (aware)."""
    there = moment.astimezone(BANGKOK)
    return any(start <= there < end for start, end in open_intervals(hours, closed_days, there.date()))


def after_working_minutes(
    hours: Sequence[Interval], closed_days: Set[date], moment: datetime, minutes: int
) -> datetime | None:
    """When `minutes` of working time have passed since `moment`; None when the office does not open within 60 days."""
    left = timedelta(minutes=minutes)
    for start, end in _ahead(hours, closed_days, moment):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def next_opening(hours: Sequence[Interval], closed_days: Set[date], moment: datetime) -> datetime | None:
    """The next moment the office is open: `moment` itself when it is open now; None when not within 60 days."""
    return next((start for start, _end in _ahead(hours, closed_days, moment)), None)


def _ahead(hours: Sequence[Interval], closed_days: Set[date], moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    there = moment.astimezone(BANGKOK)
    for days in range(LOOK_AHEAD_DAYS):
        for start, end in open_intervals(hours, closed_days, there.date() + timedelta(days=days)):
            if end > there:
                yield max(start, there), end
