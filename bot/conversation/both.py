"""Two questions in one message: both are answered, at most two cards; what has to ask something back comes last."""

from collections.abc import Callable
from dataclasses import replace

from bot.conversation import answers, later, reports, wording
from bot.conversation.booking_hearing import has_wish
from bot.conversation.context import Turn
from bot.conversation.reading import Reading
from bot.line.replies import Reply, Tap, Text
from intents.entities import Entities
from intents.joints import Part
from intents.understand import Decision, wants_booking

Act = Callable[[Turn, str, Decision], list[Reply]]

ASKING_BACK = ("report", "book", "handover")


def answer_both(turn: Turn, reading: Reading, parts: tuple[Part, Part], act: Act) -> list[Reply]:
    """The replies to both parts of a text; `act` is what a decision leads to."""
    if wants_booking(reading.text) and all(_bookable(turn, part) for part in parts):
        return _two_bookings(turn, reading, parts, act)
    first, second = sorted(parts, key=lambda part: part.decision.kind in ASKING_BACK)
    kinds = (first.decision.kind, second.decision.kind)
    shared = first.decision.facets or second.decision.facets  # "A and B: what do I need?"
    one = act(turn, first.text, replace(first.decision, facets=shared))
    if kinds[0] == "report" and reports.asked(turn) is not None:
        return _report_first(turn, one, second, act)
    two = act(turn, second.text, second.decision)
    if kinds[1] not in ASKING_BACK:
        two = [replace(two[0], buttons=(_back_to(turn, first), *two[0].buttons))]
    return [*(replace(reply, buttons=()) for reply in one[:1]), *two]


def as_json(parts: tuple[Part, Part]) -> dict[str, object]:
    """For the record: the first decision, and what was asked also."""
    first, second = parts
    return {**first.decision.as_json(), "also": second.decision.as_json()}


def _back_to(turn: Turn, part: Part) -> Tap:
    """The button to the first card again: LINE shows only the last one's buttons."""
    return answers.choice(turn, part.decision.intent or "")


def _bookable(turn: Turn, part: Part) -> bool:
    intent = turn.intent(part.decision.intent)
    return intent is not None and intent.bookable and part.decision.kind in ("answer", "book")


def _two_bookings(turn: Turn, reading: Reading, parts: tuple[Part, Part], act: Act) -> list[Reply]:
    """The first is begun, the second waits; a day named once is meant for both."""
    first, second = (_with_day(part, reading.decision.entities) for part in parts)
    names = [intent.name for part in parts if (intent := turn.intent(part.decision.intent)) is not None]
    later.remember_booking(turn, second)
    begun = act(turn, first.text, replace(first.decision, kind="book"))
    return [Text(wording.ONE_BY_ONE.format(first=names[0], second=names[1])), *begun]


def _and_then(turn: Turn, asked: Reply, second: Part) -> Reply:
    """The question about the first report, and that the second one comes after it."""
    turn.memory.later_report = second.decision.intent
    intent = turn.intent(second.decision.intent)
    if intent is None or not isinstance(asked, Text):
        return asked
    return replace(asked, text=f"{asked.text}\n{wording.REPORT_LATER.format(name=intent.name)}")


def _with_day(part: Part, named: Entities) -> Part:
    decision = part.decision
    return part if has_wish(decision.entities) else replace(part, decision=replace(decision, entities=named))


def _report_first(turn: Turn, asked: list[Reply], second: Part, act: Act) -> list[Reply]:
    """A report that is asked for its place, and something else that asks too: the one waits for the other."""
    if second.decision.kind == "report":
        return [*asked[:-1], _and_then(turn, asked[-1], second)]
    report = turn.intent(turn.memory.report_intent)
    said = Text(wording.REPORT_LATER.format(name=report.name if report else ""))
    return [said, *act(turn, second.text, second.decision)]
