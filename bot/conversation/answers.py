"""Answers, questions back, and small talk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.cases.acts import open_case_of
from bot.conversation import places, wording
from bot.conversation.articles import OFFICER, article_card, facet_card, neighbour_card
from bot.conversation.context import Turn
from bot.conversation.short_answers import says_no, says_not_this, says_yes
from bot.line.replies import Card, Reply, Tap, Text, data
from intents.facets import asks_hours
from intents.understand import CHOICES, HOURS, Decision
from knowledge.model import FACETS, Intent

CENTRE = ("opening_hours", "office_location", "office_contact")
SMALLTALK = {"greeting": wording.HELLO, "thanks": wording.THANKS, "goodbye": wording.GOODBYE}
MISSES_BEFORE_OFFER = 2


def article(turn: Turn, decision: Decision, text: str = "") -> list[Reply]:
    """The article of the decision's intent, the asked facet first; a second topic in the same words gets a button."""
    intent = turn.intent(decision.intent)
    assert intent is not None
    hours = asks_hours(text)
    replies = show(turn, intent, decision.facets, hours=hours, day=decision.entities.date)
    second = decision.candidates[1] if len(decision.candidates) > 1 and not decision.followed else None
    card = replies[0]
    if second is None or second.score < turn.matcher.index.thresholds.answer or not isinstance(card, Card):
        return replies
    if not _is_choice(turn, second.intent, decision) or intent.id in CENTRE:
        return replies
    also = choice(turn, second.intent)  # two things were asked at once
    small = (wording.ALSO_ASKED.format(label=also.label), *card.small)
    return [replace(card, small=small, buttons=(also, *card.buttons)), *replies[1:]]


def show(
    turn: Turn,
    intent: Intent,
    facets: Sequence[str] = (),
    *,
    only: bool = False,
    hours: bool = False,
    day: date | None = None,
) -> list[Reply]:
    """An intent's article, whole or `only` the first of the facets; an officer is offered where none is written.

    With `hours` the hours of its office come first, those of `day` where one was named.
    """
    known = [facet for name in facets for facet in FACETS if facet == name]
    turn.memory.misses, turn.memory.asking, turn.memory.facets = 0, None, [*known]
    turn.memory.hours_told = hours or intent.id == HOURS
    if intent.id in CENTRE:
        return places.centre_answer(turn, intent.id, day)
    turn.memory.about = intent.id
    if intent.article is None:
        turn.memory.asking = "officer"
        return [Text(wording.NO_ARTICLE, (OFFICER,))]
    if only and known:
        return [facet_card(intent, turn.agency(intent), turn.today, known[0])]
    office = places.own_office(turn, intent)
    rows = [places.hours_row(turn, office, day)] if hours else []
    if office is not None and "place" in known and "place" not in intent.article.facets:
        rows.append(places.place_row(office))
        known.remove("place")
    card = article_card(intent, turn.agency(intent), turn.today, *known)
    return [replace(card, rows=(*rows, *card.rows))]


def elsewhere(turn: Turn, decision: Decision) -> list[Reply]:
    """A topic that is not ours: where to ask."""
    neighbour = turn.matcher.pack.neighbour(decision.intent or "")
    if neighbour is None:
        return not_understood(turn)
    turn.memory.misses, turn.memory.asking, turn.memory.about = 0, None, decision.intent
    turn.memory.hours_told = False
    return [neighbour_card(neighbour)]


def small_talk(turn: Turn, decision: Decision) -> list[Reply]:
    """A greeting, thanks, a good-bye, or who this is."""
    turn.memory.misses = 0
    if decision.intent == "bot_identity":
        return [Text(wording.IDENTITY, (OFFICER,))]
    if turn.conversation.state == "waiting":
        if decision.intent == "greeting":
            return [Text(wording.JOINED_CASE)]
        case = open_case_of(turn.session, turn.conversation.id)
        return [
            Text(f"{wording.THANKS_WAITING}\n{wording.DANGER_HINT}" if case and case.urgent else wording.THANKS_WAITING)
        ]
    return [Text(SMALLTALK.get(decision.intent or "", wording.HELLO))]


def did_you_mean(turn: Turn, decision: Decision) -> list[Reply]:
    """One question with up to three choices in people's words, and an officer; the second time in a row he is offered."""
    likely = turn.matcher.index.thresholds.ask
    choices = [c.intent for c in decision.candidates if c.score >= likely and _is_choice(turn, c.intent, decision)]
    if decision.intent == "complain_service":
        turn.memory.asking = None
        return [Text(wording.SORRY_COMPLAIN, (choice(turn, "complain_service"), OFFICER, NONE_OF_THESE))]
    if decision.intent == "talk_to_officer":
        return offer_officer(turn)
    if not choices:
        return not_understood(turn)
    turn.memory.misses += 1
    turn.memory.facets = list(decision.facets)
    return ask_which(turn, choices[:CHOICES])


def ask_which(turn: Turn, choices: list[str]) -> list[Reply]:
    """Which of the choices was meant."""
    turn.memory.asking, turn.memory.choices = "meaning", choices
    question = wording.DID_YOU_MEAN if turn.memory.misses < MISSES_BEFORE_OFFER else wording.DID_YOU_MEAN_AGAIN
    return [Text(question, (*(choice(turn, i) for i in choices), OFFICER, NONE_OF_THESE))]


def not_understood(turn: Turn) -> list[Reply]:
    """Say it otherwise; the second time in a row an officer is offered."""
    turn.memory.misses += 1
    if turn.memory.misses >= MISSES_BEFORE_OFFER:
        return offer_officer(turn)
    return [Text(wording.NOT_UNDERSTOOD, (OFFICER,))]


def not_this(turn: Turn) -> list[Reply]:
    """The citizen says that the answer was about something else: a misunderstanding like any other."""
    turn.memory.about = None
    turn.memory.misses += 1
    if turn.memory.misses >= MISSES_BEFORE_OFFER:
        return offer_officer(turn)
    return [Text(wording.NOT_THIS, (OFFICER,))]


def to_nothing(turn: Turn, word: str) -> list[Reply] | None:
    """A yes or no where nothing was asked is no misunderstanding; "not this" is about the last answer; None for the rest."""
    if turn.conversation.state != "bot":
        return None
    if says_not_this(word) and turn.memory.about is not None:
        return not_this(turn)
    if says_yes(word) or says_no(word) or says_not_this(word):
        turn.memory.misses = 0
        return [Text(wording.NOTHING_ASKED, (OFFICER,))]
    return None


NONE_OF_THESE = Tap("ไม่ใช่ทั้งหมดนี้", data("not_this"))
NO_CHOICES = ("greeting", "thanks", "goodbye", "talk_to_officer")  # an officer stands beside the choices anyway


def offer_officer(turn: Turn) -> list[Reply]:
    """Ask whether an officer shall answer."""
    turn.memory.asking = "officer"
    return [Text(wording.OFFER_OFFICER, (Tap("ให้เจ้าหน้าที่ช่วย", data("officer")), Tap("ลองพิมพ์ใหม่", data("decline"))))]


def _is_choice(turn: Turn, intent_id: str, decision: Decision) -> bool:
    """Whether it may be offered; danger only where the words hint at it."""
    if intent_id in NO_CHOICES or (intent_id == "emergency" and not decision.hint_of_danger):
        return False
    return _button(turn, intent_id) is not None


def choice(turn: Turn, intent_id: str) -> Tap:
    """The button that means this intent; what was asked of it is told first."""
    asked = {"facets": ",".join(turn.memory.facets)} if turn.memory.facets else {}
    return Tap(_button(turn, intent_id) or "", data("choose", intent=intent_id, **asked))


def _button(turn: Turn, intent_id: str) -> str | None:
    intent = turn.intent(intent_id)
    if intent is not None:
        return intent.button
    neighbour = turn.matcher.pack.neighbour(intent_id)
    return neighbour.button if neighbour else None
