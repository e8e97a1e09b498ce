"""Answers, questions back, and small talk."""

from bot.conversation import places, wording
from bot.conversation.articles import OFFICER, article_card, facet_card, neighbour_card
from bot.conversation.context import Turn
from bot.line.replies import Button, Reply, Tap, Text, data
from intents.understand import CHOICES, Decision
from knowledge.model import FACETS, Intent

CENTRE = ("opening_hours", "office_location", "office_contact")
SMALLTALK = {"greeting": wording.HELLO, "thanks": wording.THANKS, "goodbye": wording.GOODBYE}
MISSES_BEFORE_OFFER = 2


def article(turn: Turn, decision: Decision) -> list[Reply]:
    """The article of the decision's intent, the asked facet first."""
    intent = turn.intent(decision.intent)
    assert intent is not None
    return show(turn, intent, decision.facet)


def show(turn: Turn, intent: Intent, facet: str | None = None, *, only: bool = False) -> list[Reply]:
    """An intent's article, whole or `only` one facet of it; an officer is offered where none is written."""
    turn.memory.misses, turn.memory.asking = 0, None
    if intent.id in CENTRE:
        return places.centre_answer(turn, intent.id)
    turn.memory.about = intent.id
    if intent.article is None:
        return [Text(wording.NO_ARTICLE, (OFFICER,))]
    known = next((f for f in FACETS if f == facet), None)
    if only and known is not None:
        return [facet_card(intent, turn.agency(intent), turn.today, known)]
    return [article_card(intent, turn.agency(intent), turn.today, known)]


def elsewhere(turn: Turn, decision: Decision) -> list[Reply]:
    """A topic that is not ours: where to ask."""
    neighbour = turn.matcher.pack.neighbour(decision.intent or "")
    turn.memory.misses, turn.memory.asking = 0, None
    return [neighbour_card(neighbour)] if neighbour else not_understood(turn)


def small_talk(turn: Turn, decision: Decision) -> list[Reply]:
    """A greeting, thanks, a good-bye, or who this is."""
    turn.memory.misses = 0
    if decision.intent == "bot_identity":
        return [Text(wording.IDENTITY, (OFFICER,))]
    return [Text(SMALLTALK.get(decision.intent or "", wording.HELLO))]


def did_you_mean(turn: Turn, decision: Decision) -> list[Reply]:
    """One question with up to three choices in people's words, and an officer."""
    likely = turn.matcher.index.thresholds.ask
    choices = [c.intent for c in decision.candidates if c.score >= likely and _button(turn, c.intent)][:CHOICES]
    turn.memory.misses += 1
    if turn.memory.misses >= MISSES_BEFORE_OFFER:
        turn.memory.asking = "officer"
    else:
        turn.memory.asking, turn.memory.choices = "meaning", choices
    buttons: tuple[Button, ...] = tuple(Tap(_button(turn, i) or "", data("choose", intent=i)) for i in choices)
    return [Text(wording.DID_YOU_MEAN, (*buttons, OFFICER, Tap("ไม่ใช่ทั้งหมดนี้", data("not_this"))))]


def not_understood(turn: Turn) -> list[Reply]:
    """Say it otherwise; the second time in a row an officer is offered."""
    turn.memory.misses += 1
    if turn.memory.misses >= MISSES_BEFORE_OFFER:
        turn.memory.asking = "officer"
        return [Text(wording.OFFER_OFFICER, (Tap("ให้เจ้าหน้าที่ช่วย", data("officer")), Tap("ลองพิมพ์ใหม่", data("decline"))))]
    return [Text(wording.NOT_UNDERSTOOD, (OFFICER,))]


def not_this(turn: Turn) -> list[Reply]:
    """The citizen says that the answer was about something else: a misunderstanding like any other."""
    turn.memory.about = None
    turn.memory.misses += 1
    if turn.memory.misses >= MISSES_BEFORE_OFFER:
        turn.memory.asking = "officer"
        return [Text(wording.OFFER_OFFICER, (Tap("ให้เจ้าหน้าที่ช่วย", data("officer")), Tap("ลองพิมพ์ใหม่", data("decline"))))]
    return [Text(wording.NOT_THIS, (OFFICER,))]


def _button(turn: Turn, intent_id: str) -> str | None:
    intent = turn.intent(intent_id)
    if intent is not None:
        return intent.button
    neighbour = turn.matcher.pack.neighbour(intent_id)
    return neighbour.button if neighbour else None
