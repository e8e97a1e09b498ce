"""The end of a booking: what was confirmed is done, or it is given up."""

from bot.bookings.acts import (
    AlreadyBooked,
    BookingGone,
    SlotClosed,
    SlotFull,
    TooManyBookings,
    cancel,
    latest,
    move,
    reserve,
)
from bot.clock import bangkok_moment
from bot.conversation import booking_wording as words
from bot.conversation.booking_cards import booking_card
from bot.conversation.booking_change import start
from bot.conversation.booking_plan import Plan, forget
from bot.conversation.booking_steps import offers, proceed
from bot.conversation.context import Turn
from bot.line.replies import Reply, Tap, Text, data


def settle(turn: Turn, plan: Plan) -> list[Reply]:
    """Do what was confirmed. What has become impossible meanwhile is told and other times are offered."""
    try:
        match plan.mode:
            case "cancel":
                return _cancel(turn, plan)
            case _:
                return _book(turn, plan)
    except (SlotFull, SlotClosed):
        return proceed(turn, plan, words.JUST_TAKEN)
    except (AlreadyBooked, TooManyBookings):
        return proceed(turn, plan)
    except BookingGone:
        return start(turn, plan)


def stop_booking(turn: Turn, plan: Plan | None) -> list[Reply]:
    """Give up what is open; a booking that exists stays as it is."""
    forget(turn)
    kept = plan is not None and plan.mode != "new"
    button = Tap(words.SEE, data("book_list")) if kept else Tap(words.BOOK, data("book"))
    return [Text(words.STOPPED_KEPT if kept else words.STOPPED_NEW, (button,))]


def _book(turn: Turn, plan: Plan) -> list[Reply]:
    if plan.day is None or plan.hour is None:
        return proceed(turn, plan)
    starts_at, who = bangkok_moment(plan.day, plan.hour), turn.conversation.id
    if plan.mode == "move" and plan.booking_id is not None:
        booking = move(turn.session, booking_id=plan.booking_id, conversation_id=who, starts_at=starts_at, now=turn.now)
        title = words.MOVED
    else:
        services = [service.id for service, office in offers(turn, plan.intent) if office.id == plan.office]
        if not services:
            return proceed(turn, plan)
        booking = reserve(
            turn.session, office_service_id=services[0], starts_at=starts_at, conversation_id=who, now=turn.now
        )
        title = words.BOOKED
    visit = latest(turn.session, who, booking_id=booking.id)
    assert visit is not None
    forget(turn)
    turn.memory.about = plan.intent
    return [booking_card(title, visit, turn.intent(plan.intent))]


def _cancel(turn: Turn, plan: Plan) -> list[Reply]:
    who = turn.conversation.id
    booking = cancel(turn.session, booking_id=plan.booking_id or 0, conversation_id=who, now=turn.now)
    visit = latest(turn.session, who, booking_id=booking.id)
    assert visit is not None
    forget(turn)
    return [Text(words.cancelled(booking.reference, visit.slot.starts_at), (Tap(words.BOOK, data("book")),))]
