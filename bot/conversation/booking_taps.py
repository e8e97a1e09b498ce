"""What a booking's button means. It says everything about itself: one of long ago starts from what it says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from bot.bookings.acts import bookings_of, latest
from bot.clock import bangkok_moment
from bot.conversation import booking_change
from bot.conversation import booking_wording as words
from bot.conversation.booking_cards import booking_card
from bot.conversation.booking_plan import Asked, Plan, open_plan
from bot.conversation.booking_settle import settle, stop_booking
from bot.conversation.booking_steps import proceed
from bot.conversation.context import Turn
from bot.line.replies import Reply
from intents.times import PartOfDay

PARTS: Mapping[str, Asked] = {"service": "service", "office": "office", "day": "day", "hour": "hour"}
PARTS_OF_DAY: Mapping[str, PartOfDay] = {"morning": "morning", "afternoon": "afternoon", "evening": "evening"}


def tap(turn: Turn, fields: Mapping[str, str], picked: str | None) -> list[Reply]:
    """The step a button leads to."""
    plan = _plan_of(turn, fields, picked)
    match fields.get("act"):
        case "book_stop":
            return stop_booking(turn, open_plan(turn))
        case "book_list":
            return booking_change.tell(turn)
        case "book_move":
            return booking_change.choose_for(turn, "move", _number(fields.get("booking")))
        case "book_cancel":
            return booking_change.choose_for(turn, "cancel", _number(fields.get("booking")))
        case "book_change":
            return booking_change.choose_for(turn, "change", _number(fields.get("booking")))
        case "book_yes":
            return _confirmed(turn, fields, plan)
        case "book_edit":
            return proceed(turn, plan, ask=PARTS.get(fields.get("part", "")))
        case "book_more":
            return proceed(turn, plan.with_hour(None, part=PARTS_OF_DAY.get(fields.get("part", ""))))
        case _:  # book, book_office, book_day, book_time: the plan says it all
            return proceed(turn, plan)


def _confirmed(turn: Turn, fields: Mapping[str, str], plan: Plan) -> list[Reply]:
    """Done when it is what was asked last; a confirmation of long ago is shown again, or what has come of it."""
    if fields.get("wish") == "cancel":
        plan = replace(plan, mode="cancel")
    asked = open_plan(turn)
    if asked is not None and asked.asked == "confirm" and _same(asked, plan):
        return settle(turn, asked)
    if plan.mode == "cancel":
        return booking_change.start(turn, plan)
    if plan.day is not None and plan.hour is not None:
        starts_at = bangkok_moment(plan.day, plan.hour)
        moved = latest(turn.session, turn.conversation.id, booking_id=plan.booking_id) if plan.booking_id else None
        for visit in bookings_of(turn.session, turn.conversation.id, turn.now):
            same = moved.booking.id == visit.booking.id if moved else visit.service.intent_id == plan.intent
            if same and visit.slot.starts_at == starts_at:
                return [booking_card(words.BOOKED_BEFORE, visit, turn.intent(visit.service.intent_id))]
    return proceed(turn, plan)


def _same(asked: Plan, tapped: Plan) -> bool:
    if asked.mode != tapped.mode or asked.booking_id != tapped.booking_id:
        return False
    if asked.mode == "cancel":
        return True
    what = (asked.intent, asked.office) == (tapped.intent, tapped.office) or asked.booking_id is not None
    return what and (asked.day, asked.hour) == (tapped.day, tapped.hour)


def _plan_of(turn: Turn, fields: Mapping[str, str], picked: str | None) -> Plan:
    """The plan a button names: the open one with the button's parts, or a new one when it is about something else."""
    now, booking_id = open_plan(turn), _number(fields.get("booking"))
    intent, office = fields.get("intent"), fields.get("office")
    if booking_id is not None:
        plan = now if now and now.mode == "move" and now.booking_id == booking_id else None
        plan = plan or Plan(mode="move", booking_id=booking_id)
    elif now is not None and now.mode == "new" and (intent in (None, now.intent) or fields.get("act") == "book"):
        changed = intent is not None and intent != now.intent
        plan = replace(now, intent=intent or now.intent, office=office or (None if changed else now.office))
    else:
        plan = Plan(intent=intent, office=office)
    day, hour = _day(picked) or _day(fields.get("day")), _hour(fields.get("time"))
    plan = plan.with_day(day) if day else plan
    plan = plan.with_hour(hour) if hour else plan
    return replace(plan, misses=0, asked=None)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _hour(value: str | None) -> time | None:
    try:
        return time.fromisoformat(value).replace(tzinfo=None) if value else None
    except ValueError:
        return None
