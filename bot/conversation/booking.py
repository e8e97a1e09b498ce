"""Booking by chat: begun by a wish, gone on with by texts and taps in any order, ended by one yes or by giving up.

booking_plan.py is what is known so far, booking_hearing.py what a text changes of it, booking_steps.py and
booking_times.py the next question, booking_taps.py what a button means, booking_change.py the bookings that exist.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.bookings.acts import bookings_of
from bot.conversation import booking_change, booking_taps
from bot.conversation import booking_wording as words
from bot.conversation.booking_cards import stop
from bot.conversation.booking_hearing import bare, has_wish, hear, is_aside
from bot.conversation.booking_plan import Plan, keep, open_plan
from bot.conversation.booking_settle import settle, stop_booking
from bot.conversation.booking_steps import ask_service, proceed, what_to_change
from bot.conversation.context import Turn
from bot.line.events import TextIn
from bot.line.replies import Reply, Tap, Text, data
from intents.understand import Decision, wants_booking

MISSES_BEFORE_OFFER = 2


def begin(turn: Turn, decision: Decision) -> list[Reply]:
    """A wish to book, to see one's bookings, or to change one; everything the message says of it is used."""
    text = turn.event.content.text if isinstance(turn.event.content, TextIn) else ""
    numbers = [ref.value for ref in decision.entities.refs if ref.kind == "booking_number"]
    if decision.intent == "booking_check":
        return booking_change.tell(turn, numbers[0] if numbers else None)
    if decision.intent == "booking_change":
        return booking_change.begin(turn, text, decision)
    heard = hear(turn, Plan(), text, decision)
    if heard.choices:
        return ask_service(turn, heard.plan, *heard.said, choices=heard.choices)
    plan, about = heard.plan, turn.intent(turn.memory.about)
    if plan.intent is None and about is not None and about.bookable:
        plan = replace(plan, intent=about.id)
    said = heard.said
    if plan.intent is None and about is not None and about.kind == "faq" and not about.bookable:
        said = (words.not_offered(about.name), *said)
    return proceed(turn, plan, *said, ask=heard.ask if heard.ask == "service" else None)


def goes_on(turn: Turn, text: str, decision: Decision) -> list[Reply] | None:
    """What the text does to the booking that is open; None when it is about something else; it stays open."""
    plan = open_plan(turn)
    if plan is None:
        return None
    word, wish = bare(text), has_wish(decision.entities)
    if words.GO_ON.match(word):
        return again(turn, plan)
    if plan.asked == "confirm" and _agrees(plan, word):
        return settle(turn, plan)
    if not wish and _gives_up(plan, text, word):
        return stop_booking(turn, plan)
    if is_aside(turn, plan, text, decision):
        return None
    if plan.mode == "new" and decision.kind == "book" and decision.intent == "booking_change" and not wish:
        if words.CANCELS.search(word):
            return stop_booking(turn, plan)
        if words.MOVES.search(word) and bookings_of(turn.session, turn.conversation.id, turn.now):
            return None  # one of those that exist is meant
        if words.MOVES.search(word) and plan.asked == "confirm":
            return what_to_change(turn, plan)
    if plan.mode != "new":
        changed = _changed(turn, plan, text, decision)
        if changed is not None:
            return changed
        if plan.mode != "move" or plan.booking_id is None:
            return _missed(turn, plan)
    if plan.asked == "confirm" and words.SAYS_NO.match(word) and not wish:
        return what_to_change(turn, plan)
    heard = hear(turn, plan, text, decision)
    if heard.choices:
        return ask_service(turn, replace(plan, misses=0), *heard.said, choices=heard.choices)
    if not heard.understood:
        return _missed(turn, plan)
    if plan.asked == "confirm" and wish and heard.plan == plan and not heard.said and _repeats_with_yes(word):
        return settle(turn, plan)
    return proceed(turn, replace(heard.plan, misses=0), *heard.said, ask=heard.ask)


def tap(turn: Turn, fields: Mapping[str, str], picked: str | None) -> list[Reply]:
    """What a tapped button says; one of long ago starts from what it says."""
    if fields.get("act") == "book_resume":
        plan = open_plan(turn)
        return again(turn, plan) if plan else proceed(turn, Plan(), words.NOTHING_OPEN)
    return booking_taps.tap(turn, fields, picked)


def again(turn: Turn, plan: Plan) -> list[Reply]:
    """The question that is open, asked again."""
    return _ask_again(turn, replace(plan, misses=0))


def asked_again(turn: Turn) -> list[Reply] | None:
    """The question of the open booking, for something that says nothing, as a sticker; None when nothing is open."""
    plan = open_plan(turn)
    return again(turn, plan) if plan is not None else None


def wishes_anew(text: str) -> bool:
    """Whether the words wish for a queue, though not understood as a whole; not about one that exists."""
    return wants_booking(text) and not words.EXISTING.search(bare(text)) and not words.CANCELS.search(bare(text))


def not_bookable(turn: Turn, text: str, decision: Decision) -> list[Reply]:
    """The word that a service takes no bookings, where one was wished for; its article follows."""
    intent = turn.intent(decision.intent)
    if intent is None or intent.bookable or intent.kind != "faq" or not wishes_anew(text):
        return []
    return [Text(words.not_offered(intent.name))]


def cancelling(turn: Turn) -> bool:
    """Whether a booking is just being cancelled: then the word "cancel" means yes, not giving up."""
    plan = open_plan(turn)
    return plan is not None and plan.mode == "cancel"


def still_open(turn: Turn, before: Mapping[str, object] | None, replies: list[Reply]) -> list[Reply]:
    """The replies to something asked in the middle of a booking, and the way back to it.

    `before` is the memory's booking before the turn. LINE shows only the last message's quick replies, so those of the
    answer stand behind the way back.
    """
    if before is None or turn.memory.booking is not before or not replies or turn.conversation.state == "held":
        return replies
    plan = open_plan(turn)
    if plan is None:
        return replies
    intent, last = turn.intent(plan.intent), replies[-1]
    label = words.RESUME if plan.mode == "new" else words.RESUME_CHANGE
    line = words.still_open(plan.mode, intent.name if intent else None)
    back = Text(line, (Tap(label, data("book_resume")), *last.buttons))
    return [*replies[:-1], replace(last, buttons=()), back]


def _agrees(plan: Plan, word: str) -> bool:
    """Whether the words say yes to what is asked: "เลื่อนคิว" is no yes to a new booking, "จอง" none to a cancelling."""
    if (plan.mode != "move" and words.MOVES.search(word)) or (plan.mode == "cancel" and words.BOOKS.search(word)):
        return False
    return bool(words.SAYS_YES.match(word) or (plan.mode == "cancel" and words.SAYS_YES_CANCEL.match(word)))


def _repeats_with_yes(word: str) -> bool:
    """Whether the words begin with a yes and ask nothing; what follows must be the same day and hour."""
    return bool(words.BEGINS_WITH_YES.match(word)) and not words.ASKS_OR_DENIES.search(word)


def _gives_up(plan: Plan, text: str, word: str) -> bool:
    """Whether the words end it; "do not cancel, move it" does not."""
    if plan.mode == "new":
        return bool(words.SAYS_STOP.search(word))
    if booking_change.wish_of(text) not in ("change", plan.mode):
        return False
    refused = plan.mode == "cancel" and plan.asked == "confirm" and words.SAYS_NO.match(word)
    return bool(words.SAYS_KEEP.search(word) or refused)


def _changed(turn: Turn, plan: Plan, text: str, decision: Decision) -> list[Reply] | None:
    """What a text does to a change of a booking before the new time is asked for: which one, move or cancel."""
    wish = booking_change.wish_of(text)
    if plan.asked in ("which", "what") and (plan.booking_id is None or plan.mode == "change"):
        return booking_change.goes_on(turn, replace(plan, misses=0), text, decision)
    if wish == "cancel" and plan.mode == "move":
        return booking_change.start(turn, replace(plan, mode="cancel", misses=0))
    if plan.mode == "cancel" and (wish == "move" or has_wish(decision.entities)):
        moved = booking_change.with_times(replace(plan, mode="move", misses=0), decision)
        return booking_change.start(turn, moved)
    return None


def _missed(turn: Turn, plan: Plan) -> list[Reply]:
    """The question again; an officer is offered the second time in a row."""
    plan = replace(plan, misses=plan.misses + 1)
    if plan.misses < MISSES_BEFORE_OFFER:
        return _ask_again(turn, plan, words.MISSED)
    keep(turn, plan, plan.asked or "service")
    turn.memory.asking = "officer"
    resume = words.RESUME if plan.mode == "new" else words.RESUME_CHANGE
    buttons = (Tap(words.ASK_OFFICER, data("officer")), Tap(resume, data("book_resume")), stop(plan))
    return [Text(words.OFFER_OFFICER, buttons)]


def _ask_again(turn: Turn, plan: Plan, *said: str) -> list[Reply]:
    if plan.mode == "new" or (plan.mode == "move" and plan.booking_id is not None):
        return proceed(turn, plan, *said)
    if plan.booking_id is not None:
        return booking_change.start(turn, plan, *said)
    return booking_change.choose_for(turn, plan.mode, None)
