"""The next question of a booking: service, office, day, hour, and then the confirmation. Nothing is booked here."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from bot.bookings.acts import MOST_COMING, bookings_of, latest
from bot.bookings.slots import last_day, openings
from bot.bookings.tables import OfficeService
from bot.clock import bangkok_day
from bot.conversation import booking_wording as words
from bot.conversation.articles import OFFICER
from bot.conversation.booking_cards import edit, fields, stop
from bot.conversation.booking_plan import Asked, Plan, forget, keep
from bot.conversation.booking_times import Counter, ask_day, choose_day
from bot.conversation.context import Turn
from bot.line.replies import Button, Reply, Tap, Text, data
from bot.people.tables import Office

SERVICES_SHOWN = 12


def proceed(turn: Turn, plan: Plan, *said: str, ask: Asked | None = None) -> list[Reply]:
    """The next question, or the confirmation when everything is known; `ask` asks that part whatever is known.

    `said` is told first. A wish that cannot be met is explained and the nearest possible ones are offered.
    """
    if plan.mode == "new" and (plan.intent is None or ask == "service"):
        return ask_service(turn, plan, *said)
    counter = _moved_counter(turn, plan) if plan.mode == "move" else _counter(turn, plan, ask)
    if counter is None:
        return _no_counter(turn, plan, *said)
    if plan.mode == "new" and len(counter.coming) >= MOST_COMING:
        forget(turn)
        acts = ((words.SEE, "book_list"), (words.MOVE, "book_move"), (words.CANCEL, "book_cancel"))
        buttons = tuple(Tap(label, data(act)) for label, act in acts)
        return [Text(words.told(*said, words.too_many(MOST_COMING)), buttons)]
    plan = replace(plan, office=counter.office.id, intent=counter.service.intent_id)
    another_hour = plan.day is None and plan.day_to is None and (plan.hour or plan.hour_to or plan.part)
    if counter.before and another_hour and ask is None and plan.asked != "day":
        plan = replace(plan, day=bangkok_day(counter.before.slot.starts_at))
    days = openings(turn.session, counter.service, turn.today, last_day(counter.service, turn.now), turn.now)
    if ask == "day":
        return ask_day(turn, plan.with_day(None), counter, days, *said)
    return choose_day(turn, plan, counter, days, *said, ask=ask)


def ask_service(turn: Turn, plan: Plan, *said: str, choices: Sequence[str] = ()) -> list[Reply]:
    """Which service: all that can be booked, or the `choices` among them."""
    offered = set(turn.session.scalars(sa.select(OfficeService.intent_id)))
    found = [intent for intent in turn.matcher.pack.intents if intent.bookable and intent.id in offered]
    if not found:
        forget(turn)
        turn.memory.asking = "officer"
        return [Text(words.NO_SERVICES, (OFFICER,))]
    fitting = [intent for intent in found if intent.id in choices] or found
    plan = replace(plan, mode="new", intent=None, office=None, booking_id=None)
    keep(turn, plan, "service")
    named = fields(replace(plan, intent=None), day=plan.one_day, hour=plan.one_hour)
    buttons: list[Button] = [Tap(i.button, data("book", intent=i.id, **named)) for i in fitting[:SERVICES_SHOWN]]
    if fitting is not found:
        buttons.append(Tap(words.OTHER_SERVICE, data("book_edit", part="service")))
    question = words.ASK_SERVICE_AGAIN if fitting is not found else words.ASK_SERVICE
    return [Text(words.told(*said, question), (*buttons, stop(plan)))]


def what_to_change(turn: Turn, plan: Plan) -> list[Reply]:
    """Ask which part of a confirmation is wrong."""
    keep(turn, plan, "what")
    buttons: list[Button] = [edit(words.OTHER_DAY, "day", plan), edit(words.OTHER_HOUR, "hour", plan)]
    if plan.mode == "new":
        buttons.append(edit(words.OTHER_SERVICE, "service", plan))
    return [Text(words.ASK_WHAT_TO_CHANGE, (*buttons, stop(plan)))]


def offers(turn: Turn, intent_id: str | None) -> list[tuple[OfficeService, Office]]:
    """The offices that take bookings for a service."""
    found = turn.session.execute(
        sa.select(OfficeService, Office)
        .join(Office, Office.id == OfficeService.office_id)
        .where(OfficeService.intent_id == intent_id)
        .order_by(Office.name, Office.id)
    )
    return [(service, office) for service, office in found]


def _counter(turn: Turn, plan: Plan, ask: Asked | None) -> Counter | None:
    """What is booked where; None when no office gives the service, or which one is not known yet."""
    offered = offers(turn, plan.intent)
    chosen = (
        offered if len(offered) == 1 else [pair for pair in offered if pair[1].id == plan.office and ask != "office"]
    )
    if not chosen:
        return None
    service, office = chosen[0]
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    return Counter(turn.intent(plan.intent), service, office, coming, several_offices=len(offered) > 1)


def _moved_counter(turn: Turn, plan: Plan) -> Counter | None:
    visit = latest(turn.session, turn.conversation.id, booking_id=plan.booking_id or 0)
    if visit is None or visit.booking.state != "booked" or visit.slot.ends_at <= turn.now:
        return None
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    others = [other for other in coming if other.booking.id != visit.booking.id]
    return Counter(turn.intent(visit.service.intent_id), visit.service, visit.office, others, before=visit)


def _no_counter(turn: Turn, plan: Plan, *said: str) -> list[Reply]:
    if plan.mode == "move":
        forget(turn)
        return [Text(words.told(*said, words.GONE), (Tap(words.SEE, data("book_list")), Tap(words.BOOK, data("book"))))]
    intent, offered = turn.intent(plan.intent), offers(turn, plan.intent)
    if intent is None or not offered:
        why = words.not_offered(intent.name) if intent else ""
        return ask_service(turn, plan, *said, why)
    keep(turn, plan, "office")
    buttons = []
    for _service, office in offered[:10]:
        named = fields(replace(plan, office=office.id), day=plan.one_day, hour=plan.one_hour)
        buttons.append(Tap(office.short or office.name, data("book_office", **named)))
    lines = [f"• {office.name}" for _service, office in offered[:10]]
    return [Text(words.told(*said, words.about(intent.name), words.ASK_OFFICE, *lines), (*buttons, stop(plan)))]
