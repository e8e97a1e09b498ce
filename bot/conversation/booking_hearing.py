"""What a text says to the open booking: another service, office, day or hour, or that it is about something else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from rapidfuzz import fuzz

from bot.bookings.tables import OfficeService
from bot.conversation import booking_wording as words
from bot.conversation.booking_plan import Asked, Plan
from bot.conversation.booking_steps import offers
from bot.conversation.context import Turn
from bot.people.tables import Office
from intents.entities import Entities, find_entities
from intents.text import clean, compact, normalise, skeleton
from intents.understand import Decision
from knowledge.model import Intent

SHORT = 30  # signs; longer texts that are surely about something else are not taken for a day or an hour
FAR_BEHIND = 5  # a candidate so many times less likely than the first is not offered
ALIKE = 85  # of 100, rapidfuzz's partial ratio, for an office's name under typing errors
OTHER_TOPICS = ("smalltalk", "elsewhere", "case", "privacy", "report")


@dataclass(frozen=True)
class Heard:
    """The plan after the text, what is told before the next question, and the part that is to be asked again."""

    plan: Plan
    understood: bool
    said: tuple[str, ...] = ()
    ask: Asked | None = None
    choices: tuple[str, ...] = ()


def bare(text: str) -> str:
    """The text without spaces and closing particles."""
    return compact(normalise(text)) or compact(clean(text))


def has_wish(entities: Entities) -> bool:
    """Whether a day, an hour or a part of the day is named."""
    e = entities
    return any((e.date, e.date_to, e.time, e.time_to, e.part_of_day, e.problem))


def is_aside(turn: Turn, plan: Plan, text: str, decision: Decision) -> bool:
    """Whether the text is surely about something else than the open booking; the booking stays open."""
    word, wish = bare(text), has_wish(decision.entities)
    short = len(word) <= SHORT
    if decision.kind == "book":
        if decision.intent == "booking_check":
            return not wish
        if decision.intent == "booking_change":
            return plan.mode == "new" and (bool(words.EXISTING.search(word)) or _names_a_booking(decision))
        return False
    if words.SAYS_YES.match(word) or words.SAYS_NO.match(word):
        return False
    if decision.kind in OTHER_TOPICS:
        return not (wish and (short or decision.kind == "smalltalk"))
    if decision.kind != "answer" or decision.facet is not None:
        return decision.kind == "answer"
    intent = turn.intent(decision.intent)
    if intent is not None and intent.bookable:
        about_it = intent.id == plan.intent or plan.asked == "service" or wish or words.INSTEAD.search(word)
        return not about_it
    return not (wish and short and not words.ASKS_HOURS.search(word))


def hear(turn: Turn, plan: Plan, text: str, decision: Decision) -> Heard:
    """The plan with what the text says in place of what was there before."""
    word, said = bare(text), tuple(_remarks(decision.entities))
    heard = _with_service(turn, plan, word, decision)
    if heard.choices:
        return heard
    now = _with_office(turn, heard.plan, word)
    if words.NOT_FREE.search(word) and not words.WISHED.search(word):
        hit = decision.entities.date is not None and decision.entities.date == now.one_day
        return Heard(now.with_day(None) if hit else now, True, said, ask="day")
    now = _with_times(turn, now, text, decision.entities)
    ask = _asked_again(word, decision.entities)
    if words.SOONEST.search(word):
        now = _soonest(now, word)
    understood = now != plan or ask is not None or bool(said) or has_wish(decision.entities)
    understood = understood or (
        decision.kind in ("answer", "book") and decision.intent in (plan.intent, "booking_create")
    )
    if not understood and words.ASKS_FREE.search(word):
        return Heard(now, True, said, "day" if words.A_DAY in word and plan.asked != "service" else None)
    return Heard(now, understood, said, ask)


def _names_a_booking(decision: Decision) -> bool:
    return any(ref.kind == "booking_number" for ref in decision.entities.refs)


def _remarks(entities: Entities) -> list[str]:
    found = [words.PROBLEMS[entities.problem]] if entities.problem else []
    if entities.persons is not None and entities.persons > 1:
        found.append(words.ONE_EACH)
    return found


# --- the service ---


def _with_service(turn: Turn, plan: Plan, word: str, decision: Decision) -> Heard:
    """The plan with the service named, or choices when one was asked for and several are thinkable."""
    if plan.mode != "new":
        return Heard(plan, False)
    intent = turn.intent(decision.intent) if decision.kind in ("answer", "book") else None
    found = intent.id if intent is not None and intent.bookable else None
    if found is None and (plan.intent is None or plan.asked == "service"):
        named = services_named(turn, word)
        best = decision.candidates[0].score if decision.candidates else 0.0
        thinkable = [turn.intent(c.intent) for c in decision.candidates if c.score >= best / FAR_BEHIND]
        near = [intent.id for intent in thinkable if intent is not None and intent.bookable]
        if len(named) == 1:
            found = named[0]
        elif named:
            return Heard(plan, True, choices=tuple(named))
        elif decision.kind == "clarify" and near:
            return Heard(plan, True, choices=tuple(near))
    if found is None or found == plan.intent:
        return Heard(plan, False)
    return Heard(replace(plan, intent=found, office=None, asked=None), True)


def services_named(turn: Turn, word: str, among: Sequence[str] | None = None) -> list[str]:
    """The bookable services whose name stands in the text; the longest name wins, several only when equally long."""
    best, found = 0, []
    for intent in turn.matcher.pack.intents:
        if not intent.bookable or (among is not None and intent.id not in among):
            continue
        size = max((len(name) for name in _names(intent) if len(name) >= 4 and name in word), default=0)
        if size > best:
            best, found = size, [intent.id]
        elif size and size == best:
            found.append(intent.id)
    return found


def _names(intent: Intent) -> list[str]:
    return [compact(clean(name)) for name in (intent.name, intent.button, *intent.names)]


# --- the office ---


def _with_office(turn: Turn, plan: Plan, word: str) -> Plan:
    offered = offers(turn, plan.intent) if plan.mode == "new" and plan.intent else []
    if len(offered) < 2:
        return plan
    found = _office_named(offered, word, asked=plan.asked == "office")
    return replace(plan, office=found) if found else plan


def _office_named(offered: list[tuple[OfficeService, Office]], word: str, *, asked: bool) -> str | None:
    """The one office whose name is in the text; a name that several have says nothing."""
    best: list[tuple[float, str]] = []
    said = skeleton(word)
    for _service, office in offered:
        names = [skeleton(compact(clean(name))) for name in (office.name, office.short) if name]
        exact = max((100.0 + len(name) for name in names if name in said), default=0.0)
        loose = 0.0
        if asked and len(said) >= 4:
            loose = max(fuzz.partial_ratio(said, name) for name in names)
        best.append((max(exact, loose), office.id))
    best.sort(reverse=True)
    if best[0][0] < ALIKE or best[0][0] == best[1][0]:
        return None
    return best[0][1]


# --- day and hour ---


def _with_times(turn: Turn, plan: Plan, text: str, entities: Entities) -> Plan:
    e = entities
    word = bare(text)
    if word.isdigit() and len(word) <= 2 and not has_wish(e):
        return _bare_number(turn, plan, int(word))
    now = plan
    if e.date is not None or e.date_to is not None:
        now = now.with_day(_weekday_near(plan, word, e.date, e.date_to), e.date_to)
    if e.time is not None or e.time_to is not None:
        now = now.with_hour(e.time, e.time_to)
    elif e.part_of_day is not None:
        now = now.with_hour(None, part=e.part_of_day)
    return now


def _weekday_near(plan: Plan, word: str, day: date | None, day_to: date | None) -> date | None:
    """A bare weekday after later days were offered is the one among those."""
    if day is None or day_to is not None or plan.near is None or plan.asked != "day":
        return day
    if day >= plan.near or not words.WEEKDAY.search(word) or words.EXACT_DAY.search(word):
        return day
    weeks = -(-(plan.near - day).days // 7)
    return day + timedelta(weeks=weeks)


def _bare_number(turn: Turn, plan: Plan, number: int) -> Plan:
    """A number alone answers what was asked: an hour of an office's day, or a day of the month."""
    if plan.asked == "hour" and number < 24:
        return plan.with_hour(time(number + 12 if 0 < number < 7 else number))
    if plan.asked == "day":
        found = find_entities(words.DAY_OF_MONTH.format(number), turn.now)
        return plan.with_day(found.date) if found.date else plan
    return plan


def _soonest(plan: Plan, word: str) -> Plan:
    """Any time will do; what was said of the day holds, an hour that was said does not."""
    return replace(plan, soonest=True, hour=None if plan.one_hour and "โมง" in word else plan.hour)


def _asked_again(word: str, entities: Entities) -> Asked | None:
    """Which part is to be chosen again, when the text does not choose it itself."""
    e = entities
    if words.OTHER_SERVICE_WORDS.search(word):
        return "service"
    if words.OTHER_OFFICE_WORDS.search(word):
        return "office"
    if words.ONLY_DAY.match(word) or words.ONLY_HOUR.match(word):
        return "day" if words.ONLY_DAY.match(word) else "hour"
    if words.OTHER_DAY_WORDS.search(word) and not (e.date or e.date_to):
        return "day"
    if words.OTHER_HOUR_WORDS.search(word) and not (e.time or e.time_to or e.part_of_day):
        return "hour"
    return None


__all__ = ["Heard", "bare", "has_wish", "hear", "is_aside", "services_named"]
