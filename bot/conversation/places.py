"""Offices on the citizen's screen: where they are, when they open, which is nearest."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from bot.bookings.slots import holiday_name
from bot.clock import BANGKOK, thai_moment, thai_time
from bot.conversation import wording
from bot.conversation.articles import NOT_THIS, OFFICER
from bot.conversation.booking_hearing import bare
from bot.conversation.booking_wording import closed_day
from bot.conversation.context import Turn
from bot.line.events import LocationIn, TextIn
from bot.line.replies import AskPlace, Card, Open, Reply, Row, Text
from bot.people.offices import closed_days, distance_km, hours_of, offices_of, open_now, opens_next
from bot.people.tables import Office
from knowledge.calendar import open_intervals
from knowledge.model import Intent, Interval

DAY_NAMES = ("จันทร์", "อังคาร", "พุธ", "พฤหัสฯ", "ศุกร์", "เสาร์", "อาทิตย์")
SHOWN = 2
NAME_SIGNS = 5  # shorter parts of an office's name stand in other words too


def nearest(turn: Turn, agency_id: str | None) -> list[Reply]:
    """Offices of an agency; the citizen may share a place to have them sorted by distance."""
    offices = offices_of(turn.session, agency_id)
    return [*(_card(turn, office) for office in offices[:SHOWN])] or _no_office(turn)


def near_place(turn: Turn, place: LocationIn) -> list[Reply]:
    """The offices nearest to a shared place, of the agency that was talked of."""
    intent = turn.intent(turn.memory.about)
    agency_id = intent.agency if intent and intent.agency not in ("", "centre") else None
    offices = sorted(
        offices_of(turn.session, agency_id), key=lambda office: distance_km(office, place.latitude, place.longitude)
    )
    cards = [_card(turn, o, distance_km(o, place.latitude, place.longitude)) for o in offices[:SHOWN]]
    return [*cards] or _no_office(turn)


def centre_answer(turn: Turn, intent_id: str, day: date | None = None) -> list[Reply]:
    """Opening hours (of `day` where one was named), location and contact of the offices of what was talked of."""
    intent = turn.intent(turn.memory.about)
    agency_id = intent.agency if intent and intent.agency not in ("", "centre") else None
    named = _named(turn, offices_of(turn.session, None))
    offices = named or offices_of(turn.session, agency_id)
    if not offices:
        return _no_office(turn)
    shown = offices[: 1 if intent_id != "office_location" else SHOWN]
    elsewhere = [] if named else _elsewhere(turn, offices[0])
    if intent_id == "opening_hours" and day is not None and day >= turn.today:
        return [*elsewhere, *(replace(_card(turn, office), lead=_on(turn, office, day)) for office in shown)]
    return [*elsewhere, *(_card(turn, office) for office in shown)]


def _elsewhere(turn: Turn, office: Office) -> list[Reply]:
    """That the office shown is not the one of what was talked of, where that has none here."""
    intent, neighbour = turn.intent(turn.memory.about), turn.matcher.pack.neighbour(turn.memory.about or "")
    agency = turn.agency(intent) if intent is not None and intent.agency not in ("", "centre") else None
    if agency is not None and agency.id != office.agency_id:
        return [Text(wording.other_office(agency.name, agency.hotline))]
    if neighbour is not None and neighbour.belongs_to:
        return [Text(wording.other_office(neighbour.belongs_to, neighbour.hotline))]
    return []


def own_office(turn: Turn, intent: Intent) -> Office | None:
    """An office of the agency that is responsible for an intent."""
    if intent.agency in ("", "centre"):
        return None
    return next((o for o in offices_of(turn.session, intent.agency) if o.agency_id == intent.agency), None)


def hours_row(turn: Turn, office: Office | None, day: date | None) -> Row:
    """When an office is open, first on `day` where one was named; that it is not known where there is none."""
    if office is None:
        return Row("เวลาเปิด", (wording.FACET_UNKNOWN,), strong=True)
    on_day = (_on(turn, office, day),) if day is not None and day >= turn.today else ()
    return Row("เวลาเปิด", (*on_day, f"{office.name} {', '.join(week(hours_of(office)))}"), strong=True)


def place_row(office: Office) -> Row:
    """Where an office is."""
    return Row("ทำที่ไหน", (f"{office.name} {office.address}",), strong=True)


def _named(turn: Turn, offices: Sequence[Office]) -> list[Office]:
    """The office whose name, or a part of it that no other has, stands in the text."""
    if not isinstance(turn.event.content, TextIn):
        return []
    said, found = bare(turn.event.content.text), []
    for office in offices:
        same = SequenceMatcher(None, office.name, said, autojunk=False).find_longest_match()
        part = office.name[same.a : same.a + same.size]
        if len(part) >= NAME_SIGNS and sum(part in other.name for other in offices) == 1:
            found.append((len(part), office))
    return [max(found, key=lambda pair: pair[0])[1]] if found else []


def _no_office(turn: Turn) -> list[Reply]:
    turn.memory.asking = "officer"
    return [Text(wording.NO_OFFICE, (OFFICER,))]


def _card(turn: Turn, office: Office, km: float | None = None) -> Card:
    rows = [Row("เปิด", tuple(week(hours_of(office))) or ("ไม่มีเวลาทำการ",)), Row("ที่อยู่", (office.address,))]
    if office.travel:
        rows.append(Row("เดินทาง", (office.travel,)))
    rows.append(Row("โทร", (office.phone,)))
    maps = f"https://www.google.com/maps/search/?api=1&query={office.latitude},{office.longitude}"
    digits = "".join(sign for sign in office.phone if sign.isdigit())
    return Card(
        title=office.name,
        corner=f"{km:.1f} กม." if km is not None else "",
        lead=_today(turn, office),
        rows=tuple(rows),
        small=("วันหยุดราชการปิด",),
        links=(Open("เปิดแผนที่", maps), Open("โทร", f"tel:{digits}")),
        buttons=(AskPlace("หาที่ใกล้ฉัน"), OFFICER, NOT_THIS),
    )


def _today(turn: Turn, office: Office) -> str:
    if open_now(turn.session, office, turn.now):
        closed = closed_days(turn.session, office)
        there = turn.now.astimezone(BANGKOK)
        ends = [end for start, end in open_intervals(hours_of(office), closed, there.date()) if start <= there < end]
        return f"ตอนนี้เปิดอยู่ ถึง {thai_time(ends[0].time())}"
    then = opens_next(turn.session, office, turn.now)
    return f"ตอนนี้ปิด เปิดอีกที {thai_moment(then)}" if then else "ตอนนี้ปิด"


def _on(turn: Turn, office: Office, day: date) -> str:
    """Whether it is open on a day, and from when to when."""
    spans = open_intervals(hours_of(office), closed_days(turn.session, office), day)
    if not spans:
        return closed_day(day, holiday_name(turn.session, office.id, day))
    return wording.open_on(day, [(start.time(), end.time()) for start, end in spans])


def week(hours: list[Interval]) -> Iterable[str]:
    """Opening hours in lines, days with the same hours together: "จันทร์-ศุกร์ 8:30-12:00, 13:00-16:30 น." """
    days: dict[int, list[str]] = {}
    for i in sorted(hours, key=lambda i: (i.weekday, i.opens_at)):
        days.setdefault(i.weekday, []).append(f"{i.opens_at:%-H:%M}-{i.closes_at:%-H:%M}")
    runs: list[tuple[int, int, list[str]]] = []
    for day, times in days.items():
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == times:
            runs[-1] = (runs[-1][0], day, times)
        else:
            runs.append((day, day, times))
    for first, last, times in runs:
        name = DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]}-{DAY_NAMES[last]}"
        yield f"{name} {', '.join(times)} น."
