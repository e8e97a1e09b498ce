"""The booking that is being made, moved or cancelled: what is known of it so far, kept in the conversation's memory."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from bot.conversation.context import Turn
from intents.times import PartOfDay

Mode = Literal["new", "move", "cancel", "change"]  # change: moved or cancelled is not said yet
Asked = Literal["service", "office", "day", "hour", "confirm", "which", "what"]
FORGOTTEN_AFTER = timedelta(hours=12)  # a "yes" of another day is no answer to this question


@dataclass(frozen=True)
class Plan:
    """What the citizen wants. `day` alone is one day; with `day_to` a range, included, whose start may be open.

    The same for `hour`, where a range only narrows what is offered.
    """

    mode: Mode = "new"
    intent: str | None = None
    office: str | None = None
    day: date | None = None
    day_to: date | None = None
    hour: time | None = None
    hour_to: time | None = None
    part: PartOfDay | None = None
    soonest: bool = False
    near: date | None = None  # the days offered last begin here
    booking_id: int | None = None
    asked: Asked | None = None
    misses: int = 0
    at: datetime | None = None

    @property
    def one_day(self) -> date | None:
        return self.day if self.day_to is None or self.day_to == self.day else None

    @property
    def one_hour(self) -> time | None:
        return self.hour if self.hour_to is None else None

    @property
    def wish(self) -> tuple[object, ...]:
        """What a confirmation is about."""
        return (self.mode, self.intent, self.office, self.booking_id, self.day, self.hour)

    def with_day(self, day: date | None, day_to: date | None = None) -> "Plan":
        return replace(self, day=day, day_to=day_to, soonest=False)

    def with_hour(self, hour: time | None, hour_to: time | None = None, part: PartOfDay | None = None) -> "Plan":
        return replace(self, hour=hour, hour_to=hour_to, part=part, soonest=False)


_SHAPE: TypeAdapter[Plan] = TypeAdapter(Plan)


def open_plan(turn: Turn) -> Plan | None:
    """The booking that is open; one that is broken or was left long ago is forgotten."""
    if turn.memory.booking is None:
        return None
    try:
        plan = _SHAPE.validate_python(turn.memory.booking)
    except ValidationError:
        plan = None
    if plan is None or plan.at is None or turn.now - plan.at > FORGOTTEN_AFTER:
        turn.memory.booking = None
        return None
    return plan


def keep(turn: Turn, plan: Plan, asked: Asked) -> None:
    """Remember the booking and what was asked last."""
    kept = replace(plan, asked=asked, at=turn.now)
    turn.memory.booking = _SHAPE.dump_python(kept, mode="json", exclude_defaults=True)
    turn.memory.asking, turn.memory.misses = None, 0
    if plan.intent is not None:
        turn.memory.about = plan.intent


def forget(turn: Turn) -> None:
    """Nothing is open any more."""
    turn.memory.booking, turn.memory.asking, turn.memory.misses = None, None, 0
