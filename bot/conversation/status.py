"""How far a case is."""

import sqlalchemy as sa

from bot.cases.acts import cases_of
from bot.cases.tables import Case
from bot.clock import thai_moment
from bot.conversation import wording
from bot.conversation.articles import OFFICER
from bot.conversation.context import Turn
from bot.line.replies import Card, Reply, Row, Text
from intents.understand import Decision


def tell(turn: Turn, decision: Decision) -> list[Reply]:
    """The case whose number stands in the text, else the citizen's last ones. Only the citizen's own are ever told."""
    numbers = [ref.value for ref in decision.entities.refs if ref.kind == "case_number"]
    if numbers:
        own = sa.select(Case).where(Case.conversation_id == turn.conversation.id, Case.number == numbers[0])
        case = turn.session.scalar(own)
        if case is None:
            return [Text(wording.UNKNOWN_CASE.format(number=numbers[0]), (OFFICER,))]
        return [_card(turn, case)]
    cases = cases_of(turn.session, turn.conversation.id, most=3)
    return [_card(turn, case) for case in cases] or [Text(wording.NO_CASES, (OFFICER,))]


def _card(turn: Turn, case: Case) -> Card:
    intent = turn.intent(case.intent_id)
    rows = [Row("รับเรื่องเมื่อ", (thai_moment(case.opened_at),))]
    if case.state in ("waiting", "held"):
        rows.append(Row("จะตอบไม่เกิน", (thai_moment(case.due_at),)))
    if case.ended_at is not None:
        rows.append(Row("ปิดเมื่อ", (thai_moment(case.ended_at),)))
    return Card(
        title=f"เรื่อง {case.number}",
        corner=intent.name if intent else "",
        lead=wording.CASE_STATES.get(case.state, case.state),
        rows=tuple(rows),
        buttons=(OFFICER,),
    )
