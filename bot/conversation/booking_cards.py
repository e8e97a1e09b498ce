"""Bookings on the citizen's screen: the confirmation, the booking card, and the buttons' data."""

from datetime import date, time

from bot.bookings.acts import Visit
from bot.bookings.slots import Opening
from bot.bookings.tables import OfficeService
from bot.clock import thai_moment
from bot.conversation import booking_wording as words
from bot.conversation.booking_plan import Plan
from bot.line.replies import Button, Card, Open, Row, Tap, data
from bot.people.tables import Office
from knowledge.model import Intent


def fields(plan: Plan, *, day: date | None = None, hour: time | None = None) -> dict[str, str]:
    """What a button says about itself, so that it still says it when it is old."""
    found: dict[str, str] = {}
    if plan.booking_id is not None:
        found["booking"] = str(plan.booking_id)
    else:
        found |= {key: value for key, value in (("intent", plan.intent), ("office", plan.office)) if value}
    if day is not None:
        found["day"] = day.isoformat()
    if hour is not None:
        found["time"] = f"{hour:%H:%M}"
    return found


def stop(plan: Plan) -> Tap:
    """The button that gives up."""
    label = {"new": words.STOP, "move": words.STOP_MOVING}.get(plan.mode, words.KEEP)
    return Tap(label, data("book_stop"))


def edit(label: str, part: str, plan: Plan) -> Tap:
    """The button that asks for one part again."""
    return Tap(label, data("book_edit", part=part, **fields(plan, day=plan.one_day, hour=plan.one_hour)))


def confirm_card(
    plan: Plan,
    intent: Intent | None,
    service: OfficeService,
    office: Office,
    opening: Opening,
    notes: tuple[str, ...],
    before: Visit | None,
    several_offices: bool,
) -> Card:
    """Everything that will be booked, and the button that books it."""
    named = fields(plan, day=opening.day, hour=opening.hour)
    buttons: list[Button] = [
        Tap(words.YES, data("book_yes", **named)),
        edit(words.OTHER_HOUR, "hour", plan),
        edit(words.OTHER_DAY, "day", plan),
    ]
    if plan.mode == "new":
        if several_offices:
            buttons.append(edit(words.OTHER_OFFICE, "office", plan))
        buttons.append(edit(words.OTHER_SERVICE, "service", plan))
    rows = [Row(words.ROW_BEFORE, (thai_moment(before.slot.starts_at),))] if before else []
    return Card(
        title=words.CONFIRM_MOVE if before else words.CONFIRM_NEW,
        lead=thai_moment(opening.starts_at),
        rows=(*rows, *_what_and_where(intent, office), *bring_row(intent, service.identity_level)),
        small=(*notes, words.SAY_YES),
        buttons=(*buttons, stop(plan)),
    )


def booking_card(title: str, visit: Visit, intent: Intent | None, *, several: bool = False) -> Card:
    """A booking: when, where, its number, what to bring; moved and cancelled by the buttons."""
    named = {} if several else {"booking": str(visit.booking.id)}
    number = Row(words.ROW_NUMBER, (visit.booking.reference,), strong=True)
    service, office = _what_and_where(intent, visit.office)
    address = (Row(words.ROW_ADDRESS, (visit.office.address,)),) if visit.office.address else ()
    return Card(
        title=title,
        lead=thai_moment(visit.slot.starts_at),
        rows=(office, *address, number, service, *bring_row(intent, visit.service.identity_level)),
        small=(words.IF_NOT_COMING,),
        links=(Open(words.MAP, map_of(visit.office)),),
        buttons=(Tap(words.MOVE, data("book_move", **named)), Tap(words.CANCEL, data("book_cancel", **named))),
    )


def cancel_card(plan: Plan, visit: Visit, intent: Intent | None, notes: tuple[str, ...]) -> Card:
    """The booking that would be given up, and the button that does it."""
    named = {"booking": str(visit.booking.id)}
    return Card(
        title=words.CONFIRM_CANCEL,
        lead=thai_moment(visit.slot.starts_at),
        rows=(*_what_and_where(intent, visit.office), Row(words.ROW_NUMBER, (visit.booking.reference,))),
        small=notes,
        buttons=(
            Tap(words.CANCEL_IT, data("book_yes", wish="cancel", **named)),
            Tap(words.MOVE, data("book_move", **named)),
            stop(plan),
        ),
    )


def bring_row(intent: Intent | None, identity_level: str) -> tuple[Row, ...]:
    """What to bring, as the service's own list says; without one, the proof of identity that the service needs."""
    lines = tuple(intent.service.bring) if intent and intent.service else ()
    proof = words.IDENTITY.get(identity_level)
    if not lines and proof:
        lines = (proof,)
    return (Row(words.ROW_BRING, lines),) if lines else ()


def map_of(office: Office) -> str:
    """The address of the office's map."""
    return f"https://www.google.com/maps/search/?api=1&query={office.latitude},{office.longitude}"


def _what_and_where(intent: Intent | None, office: Office) -> tuple[Row, Row]:
    return Row(words.ROW_SERVICE, (intent.name if intent else "-",)), Row(words.ROW_OFFICE, (office.name,))
