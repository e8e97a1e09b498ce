"""Every day, week, month or holiday named in a plain text, one by one, before they are joined."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from intents.date_arithmetic import Atom, add_months, full_year, next_day_and_month, next_day_of_month, on
from intents.date_patterns import ATOM, DAY_CUE, WEEKDAYS, month_number
from intents.thai_holidays import next_holiday

_RELATIVE = {"วันนี้": 0, "พรุ่งนี้": 1, "มะรืน": 2, "มะเรื่อง": 3, "เมื่อวาน": -1, "เมื่อวานซืน": -2, "เมื่อคืน": -1}
_LONG_AGO_YEARS = 5  # a year written out and this far behind is a birthday, not a wish
_PARTS = {"ต้น": (1, 10), "กลาง": (11, 20), "ปลาย": (21, 31), "สิ้น": (31, 31)}
_MOST_MENTIONS = 60  # more is no message of a person; the rest is not read
_Groups = dict[str, str | None]
_IMPOSSIBLE = Atom(0, 0, "day", None, None, "impossible_date", exact=True)


def scan(text: str, today: date) -> list[Atom]:
    """Every mention in the plain text, left to right; bare numbers come as "weak"."""
    if not DAY_CUE.search(text):
        return []
    atoms = []
    for found in islice(ATOM.finditer(text), _MOST_MENTIONS):
        atom = _read(found.lastgroup or "", found, today)  # the outermost group closes last
        if atom is not None:
            atoms.append(replace(atom, start=found.start(), end=found.end()))
    return atoms


def _read(kind: str, found: re.Match[str], today: date) -> Atom | None:
    said = found.groupdict()
    past = found.string.endswith(("เมื่อ", "เมื่อ "), max(0, found.start() - 6), found.start())
    match kind:
        case "iso" | "dmy" | "dm" | "dn" | "slash" | "dot":
            return _day_and_month(kind, said, today, past=past)
        case "day":
            return _day_of_month(int(said["day_d"] or said["day_d2"] or 0), today, past=past)
        case "nth":
            return _nth_weekday(said, today)
        case "weak" | "weak2":
            day = int(said[f"{kind}_d"] or 0)
            return Atom(0, 0, "weak", None, None, day=day, exact=True) if 1 <= day <= 31 else None
        case "ahead" | "span" | "within":
            return _counted(kind, said, today)
        case "week":
            return _week(said["week_p"], said["week_w"] or "", today)
        case "weekend":
            return _weekend(said["weekend_w"] or said["weekend_w2"] or "", today)
        case "wd":
            return _weekday(said["wd_n"] or "", said["wd_w"] or "", today, past=past)
        case "part" | "month" | "named":
            return _month(kind, said, today)
        case "year":
            return _year(said["year_p"] or "", said["year_w"] or said["year_w2"], today)
        case "holiday":
            return _holiday(said, today)
        case _:
            day_ = today + timedelta(days=_RELATIVE.get(said["rel"] or "", 0))
            return Atom(0, 0, "day", day_, day_)


def _single(on_: date, /, **more: object) -> Atom:
    return replace(Atom(0, 0, "day", on_, on_), **more)  # type: ignore[arg-type]


def _shift(when: str) -> int:
    """Weeks or months that นี้, หน้า, ที่แล้ว move by."""
    if when in ("หน้าโน้น", "หน้านู้น"):
        return 2
    if when in ("หน้า", "น่า", "ถัดไป", "ต่อไป", "โน้น") or when.startswith("ที่จะถึง"):
        return 1
    return -1 if when in ("ที่แล้ว", "ก่อน", "ที่ผ่านมา") else 0


def _day_of_month(day: int, today: date, *, past: bool) -> Atom:
    found = next_day_of_month(today, day)
    if past and found is not None and found > today:
        months = (on(d.year, d.month, day) for d in (add_months(today.replace(day=1), -n) for n in range(3)))
        found = next((d for d in months if d is not None and d <= today), found)
    return _single(found, day=day, floating="month", exact=True) if found else _IMPOSSIBLE


def _day_and_month(kind: str, said: _Groups, today: date, *, past: bool) -> Atom | None:
    day, written, year_written = int(said[f"{kind}_d"] or 0), said[f"{kind}_m"] or "", said.get(f"{kind}_y")
    if kind == "dn" and not written.isdigit():
        month_day = add_months(today.replace(day=1), _shift(written))
        found = on(month_day.year, month_day.month, day)
        return _single(found, day=day, month=month_day.month, year=month_day.year, exact=True) if found else _IMPOSSIBLE
    month = month_number(written)
    if kind in ("slash", "dot") and (month is None or not 1 <= day <= 31):
        named = (said[kind] or "").startswith("วันที่")
        return _IMPOSSIBLE if named else None
    if month is None:
        return _IMPOSSIBLE
    year = full_year(year_written, today) if year_written else None
    if year is not None:
        found = on(year, month, day)
        if found is not None and year_written and year_written.isdigit() and year < today.year - _LONG_AGO_YEARS:
            return None
    else:
        found = next_day_and_month(today, day, month)
        if past and found is not None and found > today:
            found = (
                on(today.year, month, day)
                if (month, day) <= (today.month, today.day)
                else on(today.year - 1, month, day)
            )
    if found is None:
        return _IMPOSSIBLE
    return _single(found, day=day, month=month, year=year, floating=None if year else "year", exact=True)


def _step(day: date, number: int, unit: str) -> date:
    number = max(-1200, min(1200, number))
    match unit:
        case "วัน":
            return day + timedelta(days=number)
        case "เดือน":
            return add_months(day, number)
        case "ปี":
            return add_months(day, 12 * max(-100, min(100, number)))
        case _:
            return day + timedelta(weeks=number)


def _counted(kind: str, said: _Groups, today: date) -> Atom | None:
    number, unit = said.get(f"{kind}_n"), said[f"{kind}_u"] or ""
    if kind == "ahead" and number is None and unit in ("วัน", "ปี"):
        return None
    count = int(number or 1)
    if kind == "within":
        return Atom(0, 0, "until", None, _step(today, count, unit))
    if kind == "span":
        past = said["span_w"] in ("ก่อน", "ที่แล้ว", "ที่ผ่านมา")
        return _single(_step(today, -count if past else count, unit))
    second = said["ahead_n2"]
    if second is not None:
        return Atom(0, 0, "period", _step(today, count, unit), _step(today, int(second), unit))
    return _single(_step(today, count, unit))


def _week(part: str | None, when: str, today: date) -> Atom:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_shift(when))
    first, last = {"ต้น": (0, 1), "กลาง": (2, 2), "ปลาย": (3, 4)}.get(part or "", (0, 6))
    return Atom(0, 0, "week", monday + timedelta(days=first), monday + timedelta(days=last))


def _weekend(when: str, today: date) -> Atom:
    if "หน้า" in when or when in ("น่า", "ถัดไป", "ที่แล้ว", "ก่อน", "ที่ผ่านมา"):
        shift = 1 if "หน้า" in when else _shift(when)
        saturday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift, days=5)
    else:
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    return Atom(0, 0, "period", saturday, saturday + timedelta(days=1))


def _weekday(name: str, when: str, today: date, *, past: bool) -> Atom:
    weekday = next(index for index, word in enumerate(WEEKDAYS) if name.endswith(word))
    shift = _shift(when)
    if when == "ที่ผ่านมา" or (past and not when):
        day = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    elif when.startswith("ที่จะถึง"):
        day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    elif shift:
        day = today - timedelta(days=today.weekday()) + timedelta(weeks=shift, days=weekday)
    else:
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
    return Atom(0, 0, "weekday", day, day, weekday=weekday, floating=None if when else "week")


def _nth_weekday(said: _Groups, today: date) -> Atom:
    """The first, second … or last such weekday of a month."""
    weekday = next(index for index, word in enumerate(WEEKDAYS) if (said["nth_n"] or "").endswith(word))
    written, which = said["nth_m"] or said["nth_m2"] or "", said["nth_w"] or ""
    number = month_number(written)
    start = today.replace(day=1)
    for ahead in range(13):
        month = add_months(start, ahead)
        if (number is None and ahead < _shift(written)) or (number is not None and number != month.month):
            continue
        first = month + timedelta(days=(weekday - month.weekday()) % 7)
        if which == "สุดท้าย":
            day = first + timedelta(weeks=4 if (first + timedelta(weeks=4)).month == month.month else 3)
        else:
            day = first + timedelta(weeks=int(which[-1]) - 1 if which[-1].isdigit() else 0)
        if day.month != month.month:
            return _IMPOSSIBLE
        if day >= today:
            return _single(day, weekday=weekday)
    return _IMPOSSIBLE


def _month(kind: str, said: _Groups, today: date) -> Atom | None:
    part = said["part_p"] if kind == "part" else None
    written = {
        "part": said["part_m"] or said["part_m2"],
        "month": said["month_m"] or said["month_n"] or said["month_w"],
        "named": said["named_m"] or said["named_m2"] or said["named_m3"],
    }[kind] or ""
    low, high = _PARTS[part] if part else (1, 31)
    year_written = said[f"{kind}_y"] if kind != "named" else said["named_y"]
    number = month_number(written) if written else None
    if written and number is None:
        if written.isdigit():
            return _IMPOSSIBLE
        return _within(add_months(today.replace(day=1), _shift(written)), low, high)
    if number is not None and year_written and year_written != "นี้":
        year = full_year(year_written, today) or today.year
        if not today.year - _LONG_AGO_YEARS <= year <= today.year + 50:
            return None
        return _within(date(year, number, 1), low, high)
    for ahead in range(13):
        month = add_months(today.replace(day=1), ahead)
        found = _within(month, low, high)
        if number in (None, month.month) and found.last is not None and found.last >= today:
            return found
    return _within(date(today.year + 1, number or today.month, 1), low, high)


def _year(part: str, when: str | None, today: date) -> Atom:
    """A year, or the third of it that ต้น, กลาง, ปลาย name, as they do with a month; สิ้นปี is its last day."""
    first_month, last_month = {"ต้น": (1, 4), "กลาง": (5, 8), "ปลาย": (9, 12), "สิ้น": (12, 12)}.get(part, (1, 12))
    year = today.year + _shift(when or "")
    if when is None and today.month > last_month:
        year += 1
    last = add_months(date(year, last_month, 1), 1) - timedelta(days=1)
    return _single(last) if part == "สิ้น" else Atom(0, 0, "period", date(year, first_month, 1), last)


def _within(month: date, low: int, high: int) -> Atom:
    last = add_months(month, 1) - timedelta(days=1)
    first = month.replace(day=min(low, last.day))
    return Atom(
        0, 0, "day" if low == high else "period", first, month.replace(day=min(high, last.day)), month=month.month
    )


def _holiday(said: _Groups, today: date) -> Atom | None:
    when = said["holiday_w"] or ""
    ahead = {"ที่แล้ว": -1, "ที่ผ่านมา": -1, "ปีที่แล้ว": -1}.get(when, 0)
    start = date(today.year + _shift(when.removeprefix("ปี")), 1, 1) if when in ("ปีหน้า", "ปีนี้") else today
    days = next_holiday(said["holiday_n"] or "", start, years_ahead=ahead)
    if days is None:
        return None
    if said["holiday_p"]:
        return Atom(0, 0, "period", days[0], days[1])
    return _single(days[0], month=days[1].month, day=days[1].day, through=days[1])
