"""The time now, and Bangkok's way of telling it. Only the edges (web, worker, cli) read the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
WEEKDAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


def bangkok_day(moment: datetime) -> date:
    """The day it is in Bangkok at `moment`."""
    return moment.astimezone(BANGKOK).date()


def bangkok_moment(day: date, at: time) -> datetime:
    """`day` at `at` o'clock in Bangkok, as an aware UTC datetime."""
    return datetime.combine(day, at, BANGKOK).astimezone(UTC)


def thai_day(day: date) -> str:
    """A day as people write it.

    >>> thai_day(date(2026, 11, 26))
    'พฤ. 26 พ.ย. 2569'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def thai_date(day: date) -> str:
    """A day without its weekday.

    >>> thai_date(date(2026, 11, 1))
    '1 พ.ย. 2569'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def thai_time(at: time) -> str:
    """An hour as people write it.

    >>> thai_time(time(9, 30))
    '9:30 น.'
    """
    return f"{at.hour}:{at.minute:02d} น."


def thai_moment(moment: datetime) -> str:
    """Day and hour in Bangkok.

    >>> thai_moment(datetime(2026, 11, 26, 2, 30, tzinfo=UTC))
    'พฤ. 26 พ.ย. 2569 เวลา 9:30 น.'
    """
    there = moment.astimezone(BANGKOK)
    return f"{thai_day(there.date())} เวลา {thai_time(there.time())}"


def fiscal_year(day: date) -> int:
    """The government's fiscal year in the Buddhist era; it begins on 1 October.

    >>> fiscal_year(date(2026, 11, 22))
    2570
    """
    return day.year + 543 + (day.month >= 10)
