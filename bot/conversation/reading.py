"""What a text says in its conversation: about what was talked of, as a correction, or as two questions at once."""

from dataclasses import dataclass, replace

from bot.conversation.context import Turn
from bot.conversation.handover import words_before
from intents.corrections import mended, spelled_out, what_is_meant
from intents.facets import find_facets, goes_on
from intents.joints import Part, two_questions
from intents.manner import asks
from intents.understand import AT_ONCE, About, Decision, understand
from knowledge.model import FACETS, Facet


@dataclass(frozen=True)
class Reading:
    """The text that counts, and what it means."""

    text: str
    decision: Decision


def read(turn: Turn, text: str) -> Reading:
    """The text as it stands, or where it corrects the message before, what is meant instead."""
    decision = understand(text, turn.matcher, turn.now, _about(turn))
    if decision.kind in ("emergency", "handover"):
        return Reading(text, decision)
    return _corrected(turn, text) or Reading(text, _asked_of_another(turn, text, decision))


def _asked_of_another(turn: Turn, text: str, decision: Decision) -> Decision:
    """`decision`, with the facets asked before for "and passports?": the same is asked of another thing."""
    same = decision.kind in ("answer", "clarify") and goes_on(text) and not decision.facets and not asks(text)
    return replace(decision, facets=_facets_before(turn)) if same else decision


def _facets_before(turn: Turn) -> tuple[Facet, ...]:
    return tuple(facet for name in turn.memory.facets for facet in FACETS if facet == name)


def read_both(turn: Turn, reading: Reading) -> tuple[Part, Part] | None:
    """The two questions of a text; None where it is one, or names a case or a booking by its number."""
    if any(ref.kind in ("case_number", "booking_number") for ref in reading.decision.entities.refs):
        return None
    return two_questions(reading.text, reading.decision, turn.matcher, turn.now, _about(turn))


def _about(turn: Turn) -> About:
    """What a bare "how much is it?" is about: the last article, or the only thing that was just offered."""
    only = turn.memory.choices[0] if turn.memory.asking == "meaning" and len(turn.memory.choices) == 1 else None
    return About(only or turn.memory.about, turn.memory.hours_told)


def _corrected(turn: Turn, text: str) -> Reading | None:
    """The last question with the correction put in, where that is clear; else what is meant, by itself."""
    if what_is_meant(text) is None and "ไม่ใช่" not in text and "บ่" not in text:
        return None  # most texts: no need to look into the record
    question = words_before(turn) or ""
    meant = what_is_meant(text, question)
    if meant is None:
        return None
    alone = understand(meant, turn.matcher, turn.now, _about(turn))
    if turn.memory.booking is not None:
        return Reading(spelled_out(meant) if alone.kind in AT_ONCE else meant, alone)
    if turn.memory.asking == "report" or asks(meant) or alone.facets or alone.followed:
        return Reading(meant, alone)
    last = turn.intent(turn.memory.about)
    names = (last.name, last.button, *last.names) if last else ()
    for put_in in mended(question, meant, names):
        decision = understand(put_in, turn.matcher, turn.now)
        if decision.kind in AT_ONCE:
            return Reading(put_in, decision)
    return Reading(meant, replace(alone, facets=find_facets(question) or _facets_before(turn)))
