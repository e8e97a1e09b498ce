"""The day or days a message asks for: mentions joined into ranges, moves and corrections."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from intents.date_arithmetic import Atom, DateProblem, add_months, next_day_and_month, next_day_of_month, on
from intents.date_atoms import scan
from intents.date_context import CLOCK, bound, full, link, moved_to, moving, no_wish, reason_before, refused, turn
from intents.date_patterns import day_first

_DAY = timedelta(days=1)
_NO_WORDS = str.maketrans("", "", f" {CLOCK}")


@dataclass(frozen=True, slots=True)
class Dates:
    """`first` to `last` inclusive; either may be open. `moved_at` is where the wanted part of a move begins."""

    first: date | None = None
    last: date | None = None
    problem: DateProblem | None = None
    moved_at: int = 0


def find_dates(text: str, today: date) -> Dates:
    """The days wished for in a plain text as seen from `today` (Bangkok).

    >>> from datetime import date
    >>> found = find_dates("จันทร์ถึงพุธ", date(2026, 11, 22))
    >>> found.first.isoformat(), found.last.isoformat()
    ('2026-11-23', '2026-11-25')
    """
    text = day_first(text)
    atoms = _with_weekdays(text, scan(text, today), today)
    wishes = _joined(text, atoms, today)
    moved_at = max((wish.moved_at for wish in wishes), default=0)
    kept = [wish for wish in wishes if wish.moved_at >= moved_at]
    usable = _usable(text, kept)
    if not usable:
        return Dates(moved_at=moved_at)
    return _combined(usable, moved_at)


@dataclass(frozen=True, slots=True)
class _Wish:
    start: int
    end: int
    first: date | None
    last: date | None
    problem: DateProblem | None
    exact: bool
    joined: bool
    moved_at: int = 0
    through: date | None = None


# --- weekday and date of one day, said together ---
def _with_weekdays(text: str, atoms: list[Atom], today: date) -> list[Atom]:
    out: list[Atom] = []
    for atom in atoms:
        merged = _same_day(text, out[-1], atom, today) if out else None
        if merged is not None:
            out[-1] = merged
        else:
            out.append(atom)
    return out


def _same_day(text: str, a: Atom, b: Atom, today: date) -> Atom | None:
    """`a` and `b` as one mention, when they name one day ("ศุกร์ที่ 27", "พรุ่งนี้วันจันทร์"); else None."""
    gap = text[a.end : b.start].translate(_NO_WORDS)
    if len(gap) > 8:
        return None
    if a.kind == "weekday" and b.kind == "weak" and gap in ("", "ที่", ","):
        found = next_day_of_month(today, b.day or 0)
        return _checked(replace(b, kind="day", first=found, last=found, floating="month"), a) if found else None
    if {a.kind, b.kind} in ({"weekday", "week"}, {"weekday", "period"}) and gap in ("", "ของ", "ใน", "ช่วง"):
        weekday, span = (a, b) if a.kind == "weekday" else (b, a)
        return _weekday_within(weekday, span, today) if weekday.floating or span.kind == "week" else None
    if {a.kind, b.kind} != {"weekday", "day"}:
        return None
    day_atom, weekday_atom = (a, b) if a.kind == "day" else (b, a)
    same = (
        gap in ("", "(", ",", "ที่", "นี้ที่", "ที่จะถึง")
        if a.kind == "weekday"
        else link(text[a.end : b.start], text[: a.end]) == "is"
    )
    return _checked(day_atom, weekday_atom, a.start, b.end) if same else None


def _weekday_within(weekday: Atom, span: Atom, today: date) -> Atom | None:
    """The first such day of the week or month part it is said with, from `today` on; None when there is none."""
    assert span.first is not None
    assert span.last is not None
    assert weekday.weekday is not None
    first = span.first - timedelta(days=span.first.weekday()) if span.kind == "week" else max(span.first, today)
    day = first + timedelta(days=(weekday.weekday - first.weekday()) % 7)
    if span.kind == "period" and day > span.last:
        return None
    start, end = min(weekday.start, span.start), max(weekday.end, span.end)
    return replace(weekday, start=start, end=end, first=day, last=day, floating=None)


def _checked(day: Atom, weekday: Atom, start: int | None = None, end: int | None = None) -> Atom:
    start = min(day.start, weekday.start) if start is None else start
    end = max(day.end, weekday.end) if end is None else end
    fits = day.first is None or day.first.weekday() == weekday.weekday
    if fits:
        return replace(day, start=start, end=end, weekday=weekday.weekday)
    return replace(day, start=start, end=end, first=None, last=None, problem=day.problem or "weekday_mismatch")


# --- neighbours joined into a range, a choice or a move ---
def _joined(text: str, atoms: list[Atom], today: date) -> list[_Wish]:
    wishes: list[_Wish] = []
    index = 0
    while index < len(atoms):
        group, how = [atoms[index]], None
        while index + 1 < len(atoms):
            joint = _joint(text, atoms[index], atoms[index + 1])
            if joint not in ("range", "or") or len(group) > 6:
                break
            index, how = index + 1, joint if how in (None, joint) else "or"
            group.append(atoms[index])
        moved = index + 1 < len(atoms) and _joint(text, atoms[index], atoms[index + 1]) == "to"
        if moved:
            atoms[index + 1] = _strong(atoms[index + 1], group[-1], today)
        if any(atom.kind != "weak" for atom in group):
            wishes.append(_grouped(group, how, today))
        index += 1
        if moved:
            moved_at = turn(text, group[-1].end, atoms[index].start)
            wishes = [replace(w, moved_at=0) for w in wishes]
            wishes += [replace(w, moved_at=max(1, w.moved_at, moved_at)) for w in _joined(text, atoms[index:], today)]
            return wishes
    return wishes


def _joint(text: str, a: Atom, b: Atom) -> str | None:
    gap = text[a.end : b.start]
    how = "to" if moved_to(text, b.start) else link(gap, text[: a.end])
    if a.kind == "weak" and b.kind == "weak" and how == "to" and not moving(text, a.start):
        return None
    if a.kind == "weak" and b.day is None and how in ("range", "or"):
        return None
    if b.kind == "weak":
        return "or" if how == "is" and b.day == (a.day or 0) + 1 else how if how == "to" or a.day is not None else None
    if how == "is" and a.kind == "weekday" and b.kind == "weekday":
        return None if bound(text, a.start) == "not" else "or"
    return how


def _strong(atom: Atom, beside: Atom, today: date) -> Atom:
    """A bare number as the day of the month that its neighbour stands in."""
    if atom.kind != "weak":
        return atom
    return _lent(atom, beside, today)


def _lent(atom: Atom, beside: Atom, today: date) -> Atom:
    day = atom.day or 0
    if beside.month is not None and beside.day is not None:
        year = beside.year or (beside.first.year if beside.first else None)
        found = on(year, beside.month, day) if year else next_day_and_month(today, day, beside.month)
    else:
        found = next_day_of_month(today, day)
    problem: DateProblem | None = None if found else "impossible_date"
    lent = replace(atom, kind="day", first=found, last=found, problem=problem, month=beside.month)
    return replace(lent, floating="year") if beside.month else replace(lent, floating="month")


def _grouped(group: list[Atom], how: str | None, today: date) -> _Wish:
    strong = next((atom for atom in group if atom.kind != "weak"), group[0])
    members = [_strong(atom, strong, today) for atom in group]
    problem = next((atom.problem for atom in members if atom.problem), None)
    start, end, exact = members[0].start, members[-1].end, members[0].exact
    if problem is not None:
        return _Wish(start, end, None, None, problem, exact, joined=len(members) > 1)
    if len(members) == 1:
        only = members[0]
        last = only.last if only.kind == "until" or only.last != only.first else None
        return _Wish(start, end, only.first, last, None, exact, joined=only.kind == "until", through=only.through)
    members = _in_turn(_same_week(members))
    days = [(atom.first, atom.last) for atom in members if atom.first is not None and atom.last is not None]
    if how == "range" and len(days) == 2:
        first, last = days[0][0], _not_before(members[-1], days[0][0])
        if last is None or last < first:  # "5 ธ.ค. 69 ถึง 1 ธ.ค. 69": asked, not guessed
            return _Wish(start, end, None, None, "impossible_date", exact, joined=True)
    else:
        first, last = min(day[0] for day in days), max(day[1] for day in days)
    return _Wish(start, end, first, last, None, exact, joined=True)


def _same_week(members: list[Atom]) -> list[Atom]:
    """In "จันทร์ถึงพุธหน้า" both are next week's."""
    last = members[-1]
    if last.kind != "weekday" or last.floating or last.first is None or any(a.kind != "weekday" for a in members):
        return members
    monday = last.first - timedelta(days=last.first.weekday())
    return [
        replace(a, first=(day := monday + timedelta(days=a.weekday or 0)), last=day)
        if a.floating and (a.weekday or 0) < (last.weekday or 0)
        else a
        for a in members
    ]


def _in_turn(members: list[Atom]) -> list[Atom]:
    """In "จันทร์หรือพุธ" the Wednesday follows that Monday, also when today is Tuesday or Wednesday."""
    out = members[:1]
    for atom in members[1:]:
        before = out[-1]
        if before.floating == atom.floating == "week" and (before.weekday or 0) < (atom.weekday or 0):
            assert before.first is not None
            day = _not_before(atom, before.first)
            atom = replace(atom, first=day, last=day)
        out.append(atom)
    return out


def _not_before(atom: Atom, first: date) -> date | None:
    """The end of a range: its next occurrence from `first` on."""
    last = atom.last
    if last is None or last >= first:
        return last
    if atom.floating == "week":
        return last + timedelta(days=7 * ((first - last).days // 7 + ((first - last).days % 7 > 0)))
    if atom.floating == "month" and atom.day is not None:
        return next_day_of_month(first, atom.day)
    if atom.floating == "year" and atom.month is not None:
        return add_months(last, 12)
    return last


# --- which of the wishes counts, and what the words around it make of it ---
def _usable(text: str, wishes: list[_Wish]) -> list[_Wish]:
    usable: list[_Wish] = []
    for wish in wishes:
        said = bound(text, wish.start)
        if no_wish(text, wish.start, wish.end, exact=wish.exact):
            continue
        if said == "not" or refused(text, wish.end):
            continue
        if said in ("instead", "moved_from") and not wish.joined and len(wishes) > 1:
            continue
        if len(wishes) > 1 and ((full(text, wish.end) and wish is not wishes[-1]) or reason_before(text, wish.start)):
            continue
        usable.append(_bounded(wish, said))
    return usable


def _bounded(wish: _Wish, said: str | None) -> _Wish:
    first, last = wish.first, wish.last if wish.last is not None else wish.first
    if wish.problem or first is None or last is None:
        return wish
    if wish.joined and said not in ("before", "after"):
        return wish
    match said:
        case "before":
            return replace(wish, first=None, last=first - _DAY, joined=True)
        case "until":
            return replace(wish, first=None, last=last, joined=True)
        case "after":
            return replace(wish, first=(wish.through or last) + _DAY, last=None)
        case "since":
            return replace(wish, last=None)
        case _:
            return wish


def _combined(wishes: list[_Wish], moved_at: int) -> Dates:
    """The last wish counts; "หลัง … ก่อน …" make one range; the past and today give way to a later day."""
    best = wishes[0]
    for wish in wishes[1:]:
        if wish.first is None and wish.last is not None and best.first is not None and best.last is None:
            best = replace(best, last=wish.last) if best.first <= wish.last else wish
        elif wish.problem or wish.first is None or best.first is None or wish.first >= best.first or wish.moved_at:
            best = wish
    return Dates(best.first, best.last, best.problem, moved_at)
