"""Bookings that exist: shown, moved and cancelled by chat."""

from collections.abc import Sequence
from dataclasses import replace

from bot.bookings.acts import Visit, bookings_of, latest
from bot.clock import bangkok_day, thai_moment
from bot.conversation import booking_wording as words
from bot.conversation.articles import OFFICER
from bot.conversation.booking_cards import booking_card, cancel_card
from bot.conversation.booking_hearing import bare, has_wish, services_named
from bot.conversation.booking_plan import Mode, Plan, forget, keep
from bot.conversation.booking_steps import proceed
from bot.conversation.context import Turn
from bot.line.replies import Reply, Tap, Text, data
from intents.understand import Decision


def tell(turn: Turn, reference: str | None = None) -> list[Reply]:
    """The citizen's coming bookings, or the one with that reference. What is open stays open."""
    if reference is not None:
        visit = latest(turn.session, turn.conversation.id, reference=reference)
        if visit is None:
            return [Text(words.unknown_reference(reference), (Tap(words.SEE, data("book_list")),))]
        return [show(turn, visit)]
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    if not coming:
        return [_none()]
    several = len(coming) > 1
    cards = [booking_card(words.YOUR_BOOKING, v, turn.intent(v.service.intent_id), several=several) for v in coming]
    return [*(replace(card, buttons=()) for card in cards[:-1]), cards[-1]]


def show(turn: Turn, visit: Visit) -> Reply:
    """A booking as it is now."""
    if visit.booking.state == "cancelled":
        when = visit.slot.starts_at
        return Text(words.cancelled(visit.booking.reference, when), (Tap(words.BOOK, data("book")),))
    if visit.slot.ends_at <= turn.now:
        return Text(words.GONE, (Tap(words.BOOK, data("book")),))
    return booking_card(words.YOUR_BOOKING, visit, turn.intent(visit.service.intent_id))


def begin(turn: Turn, text: str, decision: Decision) -> list[Reply]:
    """A wish to move or cancel: which booking, then when to, then one confirmation."""
    return _choose(turn, with_times(Plan(mode=wish_of(text)), decision), text, decision)


def goes_on(turn: Turn, plan: Plan, text: str, decision: Decision) -> list[Reply] | None:
    """What a text says while it is asked which booking, or whether to move or cancel; None when it says neither."""
    plan = with_times(_mode(plan, text, decision), decision)
    if plan.booking_id is not None:
        return start(turn, plan) if plan.mode != "change" else None
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    word = bare(text)
    for visit, ordinal in zip(coming, words.ORDINALS, strict=False):
        if ordinal.search(word) and not has_wish(decision.entities):
            return start(turn, replace(plan, booking_id=visit.booking.id))
    found, _meant = _meant_of(turn, plan, text, decision, coming)
    if len(found) == len(coming) > 1 and not _meant:
        return None
    return _choose(turn, plan, text, decision)


def with_times(plan: Plan, decision: Decision) -> Plan:
    """The plan with the day and hour of the text."""
    e = decision.entities
    if e.date is not None or e.date_to is not None:
        plan = plan.with_day(e.date, e.date_to)
    if e.time is not None or e.time_to is not None or e.part_of_day is not None:
        plan = plan.with_hour(e.time, e.time_to, e.part_of_day)
    return plan


def wish_of(text: str) -> Mode:
    """Whether the words ask for moving or cancelling; `change` when that is not clear.

    >>> wish_of("ขอยกเลิกคิวค่ะ"), wish_of("ไม่ยกเลิกแล้ว ขอเลื่อนแทน"), wish_of("ไปไม่ได้แล้ว")
    ('cancel', 'move', 'change')
    """
    word = bare(text)
    moves = bool(words.MOVES.search(word)) and not words.NOT_MOVING.search(word)
    cancels = bool(words.CANCELS.search(word)) and not words.NOT_CANCELLING.search(word)
    if moves == cancels:
        return "change"
    return "move" if moves else "cancel"


def start(turn: Turn, plan: Plan, *said: str) -> list[Reply]:
    """The next step for the booking `plan.booking_id`, as it is now."""
    visit = latest(turn.session, turn.conversation.id, booking_id=plan.booking_id or 0)
    if visit is None or visit.booking.state != "booked" or visit.slot.ends_at <= turn.now:
        forget(turn)
        cancelled = visit is not None and visit.booking.state == "cancelled"
        buttons = (Tap(words.SEE, data("book_list")), Tap(words.BOOK, data("book")))
        return [Text(words.CANCELLED_BEFORE if cancelled else words.GONE, buttons)]
    intent = turn.intent(visit.service.intent_id)
    plan = replace(
        plan, booking_id=visit.booking.id, intent=visit.service.intent_id, office=visit.office.id, asked=None
    )
    if plan.mode == "change" and (plan.day or plan.day_to or plan.hour or plan.hour_to or plan.part):
        plan = replace(plan, mode="move")
    match plan.mode:
        case "cancel":
            keep(turn, plan, "confirm")
            return [cancel_card(plan, visit, intent, said)]
        case "change":
            keep(turn, plan, "what")
            card = booking_card(words.ASK_MOVE_OR_CANCEL, visit, intent)
            return [replace(card, small=(*said, *card.small))]
        case _:
            return proceed(turn, plan, *said)


def which(turn: Turn, plan: Plan, coming: Sequence[Visit], *said: str) -> list[Reply]:
    """Ask which of several bookings."""
    keep(turn, replace(plan, booking_id=None, intent=None, office=None), "which")
    lines, buttons = [], []
    act = {"move": "book_move", "cancel": "book_cancel"}.get(plan.mode, "book_change")
    for number, visit in enumerate(coming, 1):
        intent = turn.intent(visit.service.intent_id)
        when = visit.slot.starts_at
        lines.append(words.in_line(number, intent.name if intent else "", visit.office.name, when))
        buttons.append(Tap(words.moment_label(when), data(act, booking=str(visit.booking.id)), shown=thai_moment(when)))
    told = "\n".join((*said, words.ASK_WHICH, *lines))
    return [Text(told, (*buttons, Tap(words.KEEP, data("book_stop"))))]


def choose_for(turn: Turn, mode: Mode, booking_id: int | None) -> list[Reply]:
    """A tapped "move" or "cancel": for that booking, else for the only one, else it is asked."""
    plan = Plan(mode=mode, booking_id=booking_id)
    if booking_id is not None:
        return start(turn, plan)
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    if not coming:
        forget(turn)
        return [_none()]
    if len(coming) == 1:
        return start(turn, replace(plan, booking_id=coming[0].booking.id))
    return which(turn, plan, coming)


def _choose(turn: Turn, plan: Plan, text: str, decision: Decision) -> list[Reply]:
    coming = bookings_of(turn.session, turn.conversation.id, turn.now)
    numbers = [ref.value for ref in decision.entities.refs if ref.kind == "booking_number"]
    if numbers:
        visit = latest(turn.session, turn.conversation.id, reference=numbers[0])
        if visit is not None:
            return start(turn, replace(plan, booking_id=visit.booking.id))
    unknown = (words.unknown_reference(numbers[0]),) if numbers else ()
    if not coming:
        forget(turn)
        return [_none(*unknown)]
    found, by_day = _meant_of(turn, plan, text, decision, coming)
    day = decision.entities.date
    if by_day:
        plan = plan.with_day(None)  # the day said which booking, not where to
    elif plan.mode == "cancel" and day is not None:
        unknown = (*unknown, words.not_on(day))
    if plan.mode == "cancel":
        plan = plan.with_day(None).with_hour(None)
    if len(found) == 1:
        return start(turn, replace(plan, booking_id=found[0].booking.id), *unknown)
    return which(turn, plan, found, *unknown)


def _meant_of(
    turn: Turn, plan: Plan, text: str, decision: Decision, coming: Sequence[Visit]
) -> tuple[Sequence[Visit], bool]:
    """The bookings the text can mean by service or day, all when it names none; and whether the day told it."""
    word = bare(text)
    named = services_named(turn, word, among=[visit.service.intent_id for visit in coming])
    found = [visit for visit in coming if visit.service.intent_id in named] or coming
    day = decision.entities.date
    if day is None or (plan.mode != "cancel" and words.TO.search(word)):
        return found, False
    on_day = [visit for visit in found if bangkok_day(visit.slot.starts_at) == day]
    return (on_day, True) if on_day else (found, False)


def _mode(plan: Plan, text: str, decision: Decision) -> Plan:
    wish = wish_of(text)
    if wish == "change" and plan.asked == "what" and has_wish(decision.entities):
        wish = "move"
    return replace(plan, mode=wish) if wish != "change" else plan


def _none(*said: str) -> Text:
    return Text("\n".join((*said, words.NO_BOOKINGS)), (Tap(words.BOOK, data("book")), OFFICER))


__all__ = ["begin", "choose_for", "goes_on", "show", "start", "tell", "which", "wish_of"]
