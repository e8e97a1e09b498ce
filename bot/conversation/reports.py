"""Reports of what is broken or disturbs: place and photo are asked for once, then there is a case."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from bot.cases.acts import OPEN_STATES, open_case
from bot.cases.tables import Case
from bot.conversation import wording
from bot.conversation.articles import OFFICER, article_card
from bot.conversation.booking_hearing import bare
from bot.conversation.context import Turn
from bot.conversation.handover import last_words
from bot.conversation.short_answers import says_no, says_not_this, says_yes
from bot.line.events import LocationIn, MediaIn, TextIn
from bot.line.replies import AskPhoto, AskPlace, Button, Reply, Say, Tap, Text, data
from bot.messages.tables import Message
from intents.understand import Decision
from knowledge.model import Intent

_PLACE = re.compile(
    r"ซอย|ซ\.|(?<!ไฟ)ถนน(?!\s|$|เป็น|พัง|ชำรุด|ดับ|เสีย|มืด|ทรุด|แตก|ขาด|ลื่น|น้ำ|หน้าบ้าน|มี|ไม่|แถวนี้|ตรงนี้)|(?<![ก-๙])ถ\.|"
    r"หน้า(?:วัด|ตลาด|โรง|ร้าน|หมู่บ้าน|ปาก|เซเว่น|ธนาคาร|สถานี|บ้านเลขที่|อำเภอ|เทศบาล|โลตัส|บิ๊กซี)|แยก(?!ขยะ)|"
    r"หมู่(?:ที่)?\s*[0-9๐-๙]|หมู่บ้าน[ก-๙]{2,}|(?<![ก-๙])ม\.\s*[0-9๐-๙]|ปากทาง|สะพาน(?!พัง|ขาด|ชำรุด|ทรุด)|ตลาด|บ้านเลขที่|"
    r"ข้าง(?:วัด|ตลาด|โรง|ร้าน|เซเว่น)|หลัง(?:วัด|ตลาด|โรง)|ใกล้|ตรงข้าม|แถว(?!นี้|บ้าน|นั้น)|ตำบล|(?<![ก-๙])ต\.|กม\."
)
_ENOUGH = re.compile(r"^(?:ไม่มี(?:รูป|แล้ว)?|แจ้งเลย|ไม่ทราบ|ไม่รู้|ไม่แน่ใจ)(?:แจ้งเลย|เหมือนกัน|ค่ะ|คะ|ครับ|คับ)*$")
PLACE_AFTER = timedelta(minutes=30)  # a place written that soon after a report belongs to it
SENT_BEFORE = timedelta(minutes=15)  # as do a picture and a place sent that shortly before
SURELY_ANOTHER = 0.9  # a place that sounds like another report ("ซอยข้างท่อ") is less sure than that
SENT = ("image", "video", "location")


def begin(turn: Turn, decision: Decision) -> list[Reply]:
    """A report that was understood: a question about it is answered, a report becomes a case or is asked for its place."""
    intent = turn.intent(decision.intent)
    assert intent is not None
    turn.memory.about = intent.id
    if decision.facet is not None and intent.article is not None:
        return [article_card(intent, turn.agency(intent), turn.today, decision.facet)]
    return ask_or_open(turn, intent)


def ask_or_open(turn: Turn, intent: Intent) -> list[Reply]:
    """Open the case when the words tell a place, or a picture or place came just before; else ask for it once."""
    words, before = last_words(turn), _sent_before(turn)
    place = {"place": words} if words and _PLACE.search(words) else {}
    if place or before:
        return _open(turn, intent, {**before, **place}, question=words)
    turn.session.flush()  # gives the message its id
    turn.memory.report_said = turn.message.id if turn.message else None
    turn.memory.asking, turn.memory.report_intent = "report", intent.id
    return [Text(f"{intent.name}ใช่ไหมคะ\n{wording.REPORT_ASK}", ASKING)]


def asked(turn: Turn) -> str | None:
    """The intent of the report whose place and photo are being asked for."""
    return turn.memory.report_intent if turn.memory.asking == "report" else None


def asked_again(turn: Turn) -> list[Reply] | None:
    """The question for place and photo once more; None when it is not open."""
    return [Text(wording.REPORT_ASK, ASKING)] if asked(turn) else None


def ask_for_place(turn: Turn, replies: list[Reply], question: str) -> list[Reply]:
    """The replies to something else, and then the question for the place of the report that waits."""
    turn.memory.asking = "report"
    last = replies[-1]
    rest = [button for button in last.buttons if button not in ASKING]
    return [*replies[:-1], replace(last, buttons=()), Text(question, (*ASKING, *rest))]


def open_as_it_is(turn: Turn, intent: Intent) -> str:
    """A case without a place, where nobody will ask for it any more; returns what to tell."""
    _open(turn, intent, {})
    case = turn.session.get_one(Case, turn.memory.report_case)
    return wording.REPORT_OPENED.format(name=intent.name, number=case.number)


def hear(turn: Turn, text: str, word: str, decision: Decision) -> list[Reply] | None:
    """What a text says to the question for place and photo; None when it is about something else."""
    if says_no(word) or says_not_this(word):
        turn.memory.asking, turn.memory.report_intent = None, None
        return [Text(wording.NOT_THIS, (OFFICER,))]
    if says_yes(word):
        return asked_again(turn)
    same = decision.kind == "report" and decision.intent == turn.memory.report_intent and decision.facet is None
    if decision.kind == "report" and not same and decision.score >= SURELY_ANOTHER:
        return None
    if same or _PLACE.search(text) or decision.kind in ("clarify", "unknown"):
        return goes_on(turn)
    return None


def adds_place(turn: Turn, text: str, decision: Decision) -> list[Reply] | None:
    """A place written shortly after the report that lacked it; None when the text is something else."""
    case = _open_report(turn)
    if case is None or turn.now - case.opened_at > PLACE_AFTER or not _PLACE.search(text):
        return None
    other = decision.kind == "report" and decision.intent != case.intent_id
    if other or decision.facet is not None or decision.kind not in ("clarify", "unknown", "answer", "report"):
        return None
    mended = isinstance(turn.event.content, TextIn) and turn.event.content.text != text  # "*ซอย 8"
    if mended or not (case.report or {}).get("place"):
        case.report = _merged(case.report or {}, {"place": turn.message.text if turn.message else text})
    return [Text(wording.REPORT_MORE.format(number=case.number))]


def goes_on(turn: Turn) -> list[Reply] | None:
    """What came is the place or photo that was asked for, or belongs to the report just made; None when it is not."""
    content = turn.event.content
    if turn.memory.asking == "report":
        intent = turn.intent(turn.memory.report_intent)
        if intent is not None and isinstance(content, LocationIn | MediaIn | TextIn):
            return _open(turn, intent, _details(turn))
    case = _open_report(turn)
    if case is not None and isinstance(content, LocationIn | MediaIn):
        case.report = _merged(case.report or {}, _details(turn))
        return [Text(wording.REPORT_MORE.format(number=case.number))]
    return None


ASKING: tuple[Button, ...] = (
    AskPlace(),
    AskPhoto(),
    Say("ไม่มีรูป แจ้งเลย", "แจ้งเลย"),
    OFFICER,
    Tap("ไม่ใช่เรื่องนี้", data("not_this")),
)


def _open_report(turn: Turn) -> Case | None:
    """The report that was made last, while nobody has ended it."""
    case = turn.session.get(Case, turn.memory.report_case) if turn.memory.report_case is not None else None
    return case if case is not None and case.state in OPEN_STATES else None


def _sent_before(turn: Turn) -> dict[str, Any]:
    """The pictures and the place that the citizen sent just before writing, with nothing written in between."""
    turn.session.flush()  # gives the message its id
    found = turn.session.scalars(
        sa.select(Message)
        .where(Message.conversation_id == turn.conversation.id, Message.author == "citizen")
        .where(Message.id < (turn.message.id if turn.message else 0), Message.created_at >= turn.now - SENT_BEFORE)
        .order_by(Message.id.desc())
        .limit(5)
    )
    earlier = _open_report(turn)
    used = (earlier.report or {}).get("photos", []) if earlier else []
    details: dict[str, Any] = {}
    for message in takewhile(lambda message: message.kind in SENT and message.withdrawn_at is None, found):
        if message.kind == "location" and "latitude" not in details:
            at = message.payload or {}
            details |= {"place": message.text or "", "latitude": at["latitude"], "longitude": at["longitude"]}
        elif message.kind != "location" and message.id not in used:
            details["photos"] = [message.id, *details.get("photos", [])]
    return details


def _open(turn: Turn, intent: Intent, details: dict[str, Any], *, question: str | None = None) -> list[Reply]:
    begun_by = turn.session.get(Message, turn.memory.report_said) if turn.memory.report_said is not None else None
    said = begun_by.text if begun_by is not None and begun_by.withdrawn_at is None else None
    case = open_case(
        turn.session,
        turn.conversation,
        reason="report",
        question=question or said or (turn.message.text if turn.message else None),
        now=turn.now,
        intent_id=intent.id,
        agency_id=intent.agency,
        report=details,
    )
    turn.memory.asking, turn.memory.report_intent, turn.memory.report_said = None, None, None
    turn.memory.report_case = case.id
    has_place, has_photo = "place" in details or "latitude" in details, "photos" in details
    told = wording.report_taken(case.number, intent.name, has_place=has_place, has_photo=has_photo)
    missing: list[Button] = [
        button for button, known in ((AskPlace(), has_place), (AskPhoto(), has_photo)) if not known
    ]
    return [Text(told, tuple(missing))]


def _details(turn: Turn) -> dict[str, Any]:
    match turn.event.content:
        case LocationIn() as place:
            words = turn.message.text if turn.message else None  # as recorded, or unsending would not find it
            return {"place": words or "", "latitude": place.latitude, "longitude": place.longitude}
        case MediaIn():
            return {"photos": [turn.message.id]} if turn.message else {}
        case TextIn(text=text) if not _ENOUGH.match(bare(text)):
            return {"place": turn.message.text if turn.message else text}
    return {}


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {**old, **new, "photos": [*old.get("photos", []), *new.get("photos", [])]}
