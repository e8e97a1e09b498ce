"""How are times shown on pages? In Bangkok and the Buddhist era, with the exact time beside every rough one."""

from datetime import datetime, timedelta

from flask import Flask
from markupsafe import Markup, escape

from bot import clock
from bot.people.names import called

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def span(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down.

    >>> span(timedelta(minutes=5)), span(timedelta(hours=26)), span(timedelta(seconds=20))
    ('5 นาที', '1 วัน', 'ไม่ถึง 1 นาที')
    """
    if length < timedelta(minutes=1):
        return "ไม่ถึง 1 นาที"
    if length < HOUR:
        return f"{length // timedelta(minutes=1)} นาที"
    if length < DAY:
        return f"{length // HOUR} ชั่วโมง"
    return f"{length // DAY} วัน"


def ago(then: datetime, now: datetime) -> str:
    """How long ago `then` was; its date after a week.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    >>> ago(now - timedelta(minutes=5), now), ago(now - timedelta(days=25), now)
    ('เมื่อ 5 นาทีที่แล้ว', '1 พ.ย. 2569')
    """
    if now - then < timedelta(minutes=1):
        return "เมื่อสักครู่"
    return f"เมื่อ {span(now - then)}ที่แล้ว" if now - then < WEEK else clock.thai_date(clock.bangkok_day(then))


def until(then: datetime, now: datetime) -> str:
    """How long is left until `then`, or how long it is past.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    >>> until(now + timedelta(minutes=42), now), until(now - timedelta(hours=2), now)
    ('เหลือ 42 นาที', 'เกินมา 2 ชั่วโมง')
    """
    return f"เหลือ {span(then - now)}" if then >= now else f"เกินมา {span(now - then)}"


def bubble_time(then: datetime, now: datetime) -> str:
    """The hour alone for today, with the day otherwise.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    >>> bubble_time(now, now), bubble_time(now - timedelta(days=1), now)
    ('9:30 น.', '25 พ.ย. 9:30 น.')
    """
    there = then.astimezone(clock.BANGKOK)
    hour = clock.thai_time(there.time())
    if there.date() == clock.bangkok_day(now):
        return hour
    day = clock.thai_date(there.date())
    same_year = there.year == clock.bangkok_day(now).year
    return f"{day.rsplit(' ', 1)[0] if same_year else day} {hour}"


def moment(then: datetime) -> str:
    """Day and hour, with no line broken before the hour's "น."."""
    return clock.thai_moment(then).replace(" น.", "\u00a0น.")


def as_time(then: datetime, words: str) -> Markup:
    """A <time> that shows `words` and tells the exact moment on hover and to screen readers."""
    exact = moment(then)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(then.isoformat(), exact, escape(words))


def install(app: Flask) -> None:
    """Make the filters known to templates."""
    filters = {
        "thai_moment": moment,
        "called": called,
        "thai_date": lambda then: clock.thai_date(clock.bangkok_day(then)),
        "ago": lambda then: as_time(then, ago(then, clock.utc_now())),
        "until": lambda then: as_time(then, until(then, clock.utc_now())),
        "waited": lambda then: as_time(then, span(clock.utc_now() - then)),
        "bubble_time": lambda then: as_time(then, bubble_time(then, clock.utc_now())),
    }
    app.jinja_env.filters.update(filters)
