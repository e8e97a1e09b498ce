"""A second reader's view of a text the matcher is not sure of, where a centre has one (bot/reader)."""

from bot.conversation.context import Turn
from bot.reader.values import apply, question_for
from intents.understand import Decision


def read_again(turn: Turn, text: str, decision: Decision) -> Decision:
    """`decision` with the reader's choice taken as sure (`reader` is then true), else as it is; what he said is recorded.

    Raises AskReader while he has not been asked.
    """
    if turn.reader is None or turn.message is None or turn.message.event_id is None:
        return decision
    question = question_for(text, decision, turn.matcher)
    if question is None:
        return decision
    verdict = turn.reader.verdict(turn.message.event_id, turn.conversation.id, question)
    read = apply(verdict, question, decision, text, turn.matcher)
    turn.message.understanding = {**read.as_json(), "reader": {**verdict.as_json(), "instead_of": decision.kind}}
    return read
