"""Reports of what is broken or disturbs: place and photo are asked for once, then there is a case."""

from typing import Any

from bot.cases.acts import open_case
from bot.cases.tables import Case
from bot.conversation import wording
from bot.conversation.articles import OFFICER, article_card
from bot.conversation.context import Turn
from bot.line.events import LocationIn, MediaIn, TextIn
from bot.line.replies import AskPhoto, AskPlace, Reply, Say, Tap, Text, data
from intents.understand import Decision
from knowledge.model import Intent

_PLACE_WORDS = (
    "ซอย",
    "ซ.",
    "ถนน",
    "ถ.",
    "หน้า",
    "แยก",
    "หมู่",
    "ตรง",
    "แถว",
    "ปากทาง",
    "หมู่บ้าน",
    "สะพาน",
    "ตลาด",
    "บ้านเลขที่",
)
_ENOUGH = ("ไม่มีรูป", "ไม่มีรูปค่ะ", "แจ้งเลย", "ไม่มีแล้ว")


def begin(turn: Turn, decision: Decision) -> list[Reply]:
    """A report that was understood: a question about it is answered, a report becomes a case or is asked for its place."""
    intent = turn.intent(decision.intent)
    assert intent is not None
    turn.memory.about = intent.id
    if decision.facet is not None and intent.article is not None:
        return [article_card(intent, turn.agency(intent), turn.today, decision.facet)]
    return ask_or_open(turn, intent)


def ask_or_open(turn: Turn, intent: Intent) -> list[Reply]:
    """Open the case when the words tell a place; else ask for it once."""
    words = turn.message.text if turn.message else None
    if words and any(word in words for word in _PLACE_WORDS):
        return _open(turn, intent, {"place": words})
    turn.memory.asking, turn.memory.report_intent = "report", intent.id
    buttons = (AskPlace(), AskPhoto(), Say("ไม่มีรูป แจ้งเลย", "แจ้งเลย"), OFFICER, Tap("ไม่ใช่เรื่องนี้", data("not_this")))
    return [Text(f"{intent.name}ใช่ไหมคะ\n{wording.REPORT_ASK}", buttons)]


def goes_on(turn: Turn) -> list[Reply] | None:
    """What came is the place or photo that was asked for, or belongs to the report just made; None when it is not."""
    content = turn.event.content
    if turn.memory.asking == "report":
        intent = turn.intent(turn.memory.report_intent)
        if intent is not None and isinstance(content, LocationIn | MediaIn | TextIn):
            return _open(turn, intent, _details(turn))
    if turn.memory.report_case is not None and isinstance(content, LocationIn | MediaIn):
        case = turn.session.get(Case, turn.memory.report_case)
        if case is not None and case.state in ("waiting", "held"):
            case.report = _merged(case.report or {}, _details(turn))
            return [Text(wording.REPORT_MORE.format(number=case.number))]
    return None


def _open(turn: Turn, intent: Intent, details: dict[str, Any]) -> list[Reply]:
    case = open_case(
        turn.session,
        turn.conversation,
        reason="report",
        question=turn.message.text if turn.message else None,
        now=turn.now,
        intent_id=intent.id,
        agency_id=intent.agency,
        report=details,
    )
    turn.memory.asking, turn.memory.report_intent, turn.memory.report_case = None, None, case.id
    has_place = "place" in details or "latitude" in details
    return [Text(wording.report_taken(case.number, intent.name, has_place=has_place, has_photo="photos" in details))]


def _details(turn: Turn) -> dict[str, Any]:
    match turn.event.content:
        case LocationIn() as place:
            words = turn.message.text if turn.message else None  # as recorded, or unsending would not find it
            return {"place": words or "", "latitude": place.latitude, "longitude": place.longitude}
        case MediaIn():
            return {"photos": [turn.message.id]} if turn.message else {}
        case TextIn(text=text) if text.strip() not in _ENOUGH:
            return {"place": turn.message.text if turn.message else text}
    return {}


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {**old, **new, "photos": [*old.get("photos", []), *new.get("photos", [])]}
