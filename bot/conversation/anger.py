"""Somebody angry reaches a person sooner: no far-fetched guesses, a word of regret, and the offer at the first miss."""

from dataclasses import replace

from bot.conversation import answers, booking, wording
from bot.conversation.booking_hearing import has_wish
from bot.conversation.context import Turn
from bot.line.replies import Reply, Text
from intents.understand import Decision


def rather_missed(turn: Turn, decision: Decision) -> Decision:
    """`decision`, without guesses that would only make somebody angrier."""
    far = decision.score < turn.matcher.index.thresholds.answer / 2
    chat = turn.matcher.kinds.get(decision.intent or "", "smalltalk") == "smalltalk"
    guess = decision.kind == "clarify" and (far or chat)
    return replace(decision, kind="unknown") if guess else decision


def soothed(turn: Turn, decision: Decision) -> list[Reply] | None:
    """A person is offered to somebody angry who is not understood in the middle of a booking; None for the rest."""
    missed = decision.kind in ("clarify", "unknown") and not has_wish(decision.entities)
    if not missed or turn.memory.booking is None:
        return None
    return booking.still_open(turn, turn.memory.booking, answers.offer_officer(turn))


def sorry(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """A word of regret before the question back; after an answer the next miss still offers a person."""
    first = replies[0] if replies else None
    if turn.memory.misses == 0 and turn.conversation.state == "bot":
        turn.memory.misses = answers.MISSES_BEFORE_OFFER - 1
    if turn.memory.asking in ("officer", "meaning") and isinstance(first, Text):
        return [replace(first, text=f"{wording.SORRY_MISSED}\n{first.text}"), *replies[1:]]
    return replies
