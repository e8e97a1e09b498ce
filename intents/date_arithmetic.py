"""Calendar steps behind the words: the next 5th, the next 5 December, a year as written."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

DateProblem = Literal["impossible_date", "weekday_mismatch"]
JUST_PAST_DAYS = 30  # a day and month without a year that lie this near behind are meant as past
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

AtomKind = Literal["day", "weekday", "period", "week", "weak", "until"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One mention: `first` to `last` as dates; what was said of it is kept for joining.

    `floating` tells how it may move when it ends a range: by week, by month or by year.
    """

    start: int
    end: int
    kind: AtomKind
    first: date | None
    last: date | None
    problem: DateProblem | None = None
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    floating: Literal["week", "month", "year"] | None = None
    exact: bool = False
    through: date | None = None  # the last day of a holiday of several days


def on(year: int, month: int, day: int) -> date | None:
    """That date, or None when there is no such day."""
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_day_of_month(today: date, day: int) -> date | None:
    """The next date with that day of the month, today included."""
    first = today.replace(day=1)
    for ahead in range(3):
        month = add_months(first, ahead)
        found = on(month.year, month.month, day)
        if found is not None and found >= today:
            return found
    return None


def next_day_and_month(today: date, day: int, month: int) -> date | None:
    """The next such date; one no more than JUST_PAST_DAYS behind is meant as past."""
    for year in range(today.year - 1, today.year + 9):
        found = on(year, month, day)
        if found is not None and (today - found).days <= JUST_PAST_DAYS:
            return found
    return None


def full_year(written: str, today: date) -> int | None:
    """The Gregorian year of a written one: two digits are Buddhist, 2400 and up too.

    >>> full_year("69", date(2026, 11, 22)), full_year("2569", date(2026, 1, 1))
    (2026, 2026)
    """
    named = {"ปีหน้า": 1, "หน้า": 1, "ปีนี้": 0, "ปีที่แล้ว": -1}
    if written in named:
        return today.year + named[written]
    if not written.isdigit():
        return None
    year = int(written)
    if year < 100:
        return 2500 + year - 543
    return year - 543 if year >= 2400 else year
