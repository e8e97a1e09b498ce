"""Booking by chat. (Being written.)"""

from collections.abc import Mapping

from bot.conversation.context import Turn
from bot.line.replies import Reply
from intents.understand import Decision


def begin(turn: Turn, decision: Decision) -> list[Reply]:
    return []


def goes_on(turn: Turn, text: str, decision: Decision) -> list[Reply] | None:
    return None


def tap(turn: Turn, fields: Mapping[str, str], picked: str | None) -> list[Reply]:
    return []
