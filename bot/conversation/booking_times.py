"""Day, hour and confirmation of a booking. A wish that cannot be met is explained and the nearest ones are offered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.bookings.acts import Visit
from bot.bookings.slots import Opening, holiday_name, last_day
from bot.bookings.tables import OfficeService
from bot.clock import BANGKOK, bangkok_moment
from bot.conversation import booking_wording as words
from bot.conversation.booking_cards import confirm_card, edit, fields, stop
from bot.conversation.booking_plan import Asked, Plan, keep
from bot.conversation.context import Turn
from bot.line.replies import Button, PickDay, Reply, Tap, Text, data
from bot.people.offices import closed_days, hours_of
from bot.people.tables import Office
from knowledge.calendar import open_intervals
from knowledge.model import Intent

DAYS_SHOWN, HOURS_SHOWN, NEAREST_SHOWN = 5, 9, 4  # with the other buttons no more than the 13 that LINE takes
NOON, EVENING = time(12), time(16)
Days = dict[date, list[Opening]]


@dataclass(frozen=True)
class Counter:
    """What is booked and where; `before` is the booking that is being moved."""

    intent: Intent | None
    service: OfficeService
    office: Office
    coming: Sequence[Visit]
    before: Visit | None = None
    several_offices: bool = False

    @property
    def name(self) -> str:
        return self.intent.name if self.intent else ""


def choose_day(turn: Turn, plan: Plan, counter: Counter, days: Days, *said: str, ask: Asked | None) -> list[Reply]:
    """The hour of the wished day, or why it cannot be that day and which can."""
    day = plan.one_day
    if day is not None:
        why = _why_not(turn, counter, day, days)
        if why is not None:
            return ask_day(turn, plan.with_day(None), counter, days, *said, why, near=day)
        return _choose_hour(turn, plan, counter, days, *said, ask=ask)
    if plan.soonest:
        for those in _narrowed(plan, days).values():
            for opening in _free(counter, those):
                if _fits(plan, opening):
                    return _confirm(turn, plan, counter, opening, *said)
    return ask_day(turn, plan, counter, days, *said)


def _why_not(turn: Turn, counter: Counter, day: date, days: Days) -> str | None:
    last = last_day(counter.service, turn.now)
    if day < turn.today:
        return words.past(day)
    if day > last:
        return words.too_far(last)
    if day in days:
        return None if _free(counter, days[day]) else words.full_day(day)
    opens = open_intervals(hours_of(counter.office), closed_days(turn.session, counter.office), day)
    if opens:
        return words.OVER_TODAY
    return words.closed_day(day, holiday_name(turn.session, counter.office.id, day))


def ask_day(turn: Turn, plan: Plan, counter: Counter, days: Days, *said: str, near: date | None = None) -> list[Reply]:
    """Offer the next days with places, within the wished range and hours when there are any."""
    free = {day: those for day, those in days.items() if _free(counter, those)}
    found = _narrowed(plan, free)
    if not found and (plan.day or plan.day_to):
        near = near or plan.day
        said = (*said, words.past(plan.day_to) if plan.day_to and plan.day_to < turn.today else words.RANGE_FULL)
        plan = plan.with_day(None)
        found = free
    fitting = [day for day, those in found.items() if any(_fits(plan, o) for o in _free(counter, those))]
    shown = _nearest_days(fitting or list(found), near or turn.today)
    keep(turn, replace(plan, near=near), "day")
    buttons: list[Button] = [
        Tap(words.day_label(day), data("book_day", **fields(plan, day=day, hour=plan.one_hour))) for day in shown
    ]
    last = last_day(counter.service, turn.now)
    day_later = data("book_day", **fields(plan, hour=plan.one_hour))
    buttons.append(PickDay(words.CALENDAR, day_later, turn.today.isoformat(), last.isoformat()))
    if plan.mode == "new":
        buttons.append(edit(words.OTHER_SERVICE, "service", plan))
    told = words.free_days(shown) if shown else words.NO_DAYS
    return [Text(words.told(*said, _heading(counter), words.ASK_DAY, told, words.HINT_DAY), (*buttons, stop(plan)))]


def _nearest_days(found: list[date], near: date) -> list[date]:
    """The next ones from `near` on, and where these are too few the last ones before it."""
    after, before = [day for day in found if day >= near][:DAYS_SHOWN], [day for day in found if day < near]
    missing = DAYS_SHOWN - len(after)
    return [*(before[-missing:] if missing else ()), *after]


def _heading(counter: Counter) -> str:
    if counter.before is not None:
        return words.moving(counter.name, counter.before.slot.starts_at)
    return words.about(counter.name, counter.office.name)


def _narrowed(plan: Plan, days: Days) -> Days:
    """The days of the wished range."""
    first, last = plan.day or date.min, plan.day_to or (plan.day or date.max)
    return {day: those for day, those in days.items() if first <= day <= last}


# --- the hour ---


def _choose_hour(turn: Turn, plan: Plan, counter: Counter, days: Days, *said: str, ask: Asked | None) -> list[Reply]:
    those = days[plan.day or date.min]
    free = _free(counter, those)
    if (
        counter.before
        and ask is None
        and plan.asked != "hour"
        and not (plan.hour or plan.hour_to or plan.part or plan.soonest)
    ):
        before = counter.before.slot.starts_at
        same = [o for o in free if o.hour == before.astimezone(BANGKOK).time() and o.starts_at != before]
        if same:
            return _confirm(turn, plan, counter, same[0], *said, words.SAME_HOUR)
    if ask == "hour":
        return _ask_hour(turn, plan.with_hour(None), counter, free, *said)
    if plan.one_hour is not None:
        return _wished_hour(turn, plan, counter, days, plan.one_hour, *said)
    fitting = [opening for opening in free if _fits(plan, opening)]
    if plan.soonest and fitting:
        return _confirm(turn, plan, counter, fitting[0], *said)
    if not fitting:
        said, fitting, plan = (*said, words.WINDOW_FULL), free, plan.with_hour(None)
    return _ask_hour(turn, plan, counter, fitting, *said)


def _wished_hour(turn: Turn, plan: Plan, counter: Counter, days: Days, hour: time, *said: str) -> list[Reply]:
    """The confirmation when the wished hour can be had; else why not, and the nearest that can."""
    those = days[plan.day or date.min]
    wished = bangkok_moment(those[0].day, hour)
    free = _free(counter, those)
    nearest = sorted(free, key=lambda o: (abs(o.starts_at - wished), o.starts_at < wished))
    if counter.before and counter.before.slot.starts_at == wished:
        return ask_day(turn, plan.with_day(None), counter, days, *said, words.SAME_TIME)
    if nearest[0].starts_at == wished:
        return _confirm(turn, plan, counter, nearest[0], *said)
    begun = [opening for opening in those if opening.starts_at <= wished < opening.ends_at]
    step = timedelta(minutes=counter.service.visit_minutes)
    if begun and begun[0].starts_at != wished and abs(nearest[0].starts_at - wished) < step:
        return _confirm(turn, plan, counter, nearest[0], *said, words.nearest_start(hour, nearest[0].hour))
    why = _why_not_then(turn, counter, begun, wished, hour)
    shown = sorted(nearest[:NEAREST_SHOWN], key=lambda o: o.starts_at)
    return _ask_hour(turn, plan.with_hour(None), counter, shown, *said, why, more=free)


def _why_not_then(turn: Turn, counter: Counter, begun: list[Opening], wished: datetime, hour: time) -> str:
    for visit in counter.coming:
        if (
            visit.slot.starts_at < wished + timedelta(minutes=counter.service.visit_minutes)
            and wished < visit.slot.ends_at
        ):
            return words.busy_hour(hour, visit.booking.reference)
    if wished <= turn.now:
        return words.past_hour(hour)
    day = wished.astimezone(BANGKOK).date()
    if begun:
        return words.full_hour(day, begun[0].hour)
    opens = open_intervals(hours_of(counter.office), closed_days(turn.session, counter.office), day)
    return words.closed_hour(hour, [(start.time(), end.time()) for start, end in opens])


def _ask_hour(
    turn: Turn, plan: Plan, counter: Counter, shown: list[Opening], *said: str, more: Sequence[Opening] = ()
) -> list[Reply]:
    day = shown[0].day
    plan = plan.with_day(day)
    keep(turn, plan, "hour")
    parts: list[Button] = []
    if len(shown) > HOURS_SHOWN + 1 or len(more) > len(shown):
        every = more or shown
        for part, label in (("morning", words.MORNING), ("afternoon", words.AFTERNOON)):
            if plan.part != part and any((o.hour < NOON) == (part == "morning") for o in every):
                parts.append(Tap(label, data("book_more", part=part, **fields(plan, day=day))))
    picked = _spread(shown, HOURS_SHOWN if parts else HOURS_SHOWN + 1)
    hours: list[Button] = [
        Tap(f"{o.hour.hour}:{o.hour.minute:02d} น.", data("book_time", **fields(plan, day=day, hour=o.hour)))
        for o in picked
    ]
    tail = (edit(words.OTHER_DAY, "day", plan), stop(plan))
    asked = f"{_heading(counter)}\n{words.day_label(day)} {words.ASK_HOUR}"
    free = words.free_hours([o.hour for o in picked])
    return [Text(words.told(*said, asked, free, words.HINT_HOUR), (*hours, *parts, *tail))]


def _spread(found: list[Opening], most: int) -> list[Opening]:
    """At most `most` of them, the first and the last included, the others evenly between."""
    if len(found) <= most:
        return found
    return [found[round(number * (len(found) - 1) / (most - 1))] for number in range(most)]


def _free(counter: Counter, those: Sequence[Opening]) -> list[Opening]:
    """Those with a place left at which the citizen is not somewhere else."""
    return [
        opening
        for opening in those
        if opening.left > 0
        and not any(v.slot.starts_at < opening.ends_at and opening.starts_at < v.slot.ends_at for v in counter.coming)
        and not (counter.before and counter.before.slot.starts_at == opening.starts_at)
    ]


def _fits(plan: Plan, opening: Opening) -> bool:
    """Whether an opening lies in the wished part of the day."""
    hour = opening.hour
    if plan.one_hour is not None:
        return hour == plan.hour
    if plan.hour is not None and hour < plan.hour:
        return False
    if plan.hour_to is not None and hour >= plan.hour_to:
        return False
    match plan.part:
        case "morning":
            return hour < NOON
        case "afternoon":
            return hour >= NOON
        case "evening":
            return hour >= EVENING
        case None:
            return True


# --- the confirmation ---


def _confirm(turn: Turn, plan: Plan, counter: Counter, opening: Opening, *notes: str) -> list[Reply]:
    plan = replace(plan.with_day(opening.day).with_hour(opening.hour), office=counter.office.id)
    keep(turn, plan, "confirm")
    if counter.before is None:
        same = [visit for visit in counter.coming if visit.service.intent_id == plan.intent]
        if same:
            notes = (*notes, words.also_booked(same[0].slot.starts_at, same[0].booking.reference))
    return [
        confirm_card(
            plan,
            counter.intent,
            counter.service,
            counter.office,
            opening,
            notes,
            counter.before,
            counter.several_offices,
        )
    ]
