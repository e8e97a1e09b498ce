"""The citizen's rights over personal data: what is kept is told; a request becomes a case with the legal period."""

import sqlalchemy as sa

from bot.cases.acts import OPEN_STATES, open_case
from bot.cases.tables import Case
from bot.conversation import wording
from bot.conversation.articles import OFFICER
from bot.conversation.context import Turn
from bot.line.replies import Open, Reply, Tap, Text, data

_REQUESTS = ("ลบ", "ขอดู", "สำเนา", "แก้ไขข้อมูล", "ถอนความยินยอม", "เพิกถอน")


def tell(turn: Turn, text: str) -> list[Reply]:
    """What is kept; a case at once when the words already ask for a copy, a change or deletion."""
    if any(word in text for word in _REQUESTS):
        return request(turn, "words")
    buttons = (
        Tap("ขอดูข้อมูลของฉัน", data("privacy", wish="copy")),
        Tap("ขอลบข้อมูลของฉัน", data("privacy", wish="erase")),
        Open("อ่านรายละเอียด", f"{turn.public_url}/privacy"),
        OFFICER,
    )
    return [Text(wording.PRIVACY_KEPT, buttons)]


def request(turn: Turn, wish: str) -> list[Reply]:
    """Open the case that answers a request within thirty days."""
    before = sa.select(Case).where(Case.conversation_id == turn.conversation.id, Case.reason == "privacy")
    for case in turn.session.scalars(before.where(Case.state.in_(OPEN_STATES))):
        if _wish(case.question or "") == _wish(_words(turn) or wish):
            return [Text(wording.privacy_asked_before(case.number, case.due_at))]
    case = open_case(
        turn.session,
        turn.conversation,
        reason="privacy",
        question=_words(turn) or wish,
        now=turn.now,
        intent_id="privacy_rights",
    )
    return [Text(wording.privacy_taken(case.number, case.due_at))]


def _words(turn: Turn) -> str | None:
    return turn.message.text if turn.message else None


def _wish(text: str) -> str:
    """Which right the words are about."""
    if "erase" in text or "ลบ" in text or "ถอน" in text:
        return "erase"
    return "correct" if "แก้" in text else "copy"
