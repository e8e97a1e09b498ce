"""What the bot remembers between two turns of a citizen: what was talked of, what was asked and is still open."""

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

Asking = Literal["officer", "report", "meaning"]


@dataclass
class Memory:
    """Kept as JSON in the conversation's row; unknown or broken content is forgotten, not an error."""

    about: str | None = None  # intent of the last article
    hours_told: bool = False  # the last answer was when an office is open
    misses: int = 0  # misunderstandings in a row
    asking: Asking | None = (
        None  # officer: "shall an officer answer?"; report: place and photo; meaning: which of these
    )
    choices: list[str] = field(default_factory=list)  # intents offered in "did you mean"
    facets: list[str] = field(default_factory=list)  # what was asked last of an article, or of the choices
    report_intent: str | None = None  # a report that lacks its place: asked for now, or to be taken up again
    report_said: int | None = None  # the message that began it
    later_report: str | None = None  # another one, after it
    later_booking: dict[str, Any] | None = None  # another wish of the same message, after the open one: later.py
    report_case: int | None = None  # the report that later places and photos belong to
    booking: dict[str, Any] | None = None  # a booking being made, moved or cancelled: booking.py


_SHAPE: TypeAdapter[Memory] = TypeAdapter(Memory)


def read_memory(value: Any) -> Memory:
    """The memory in a conversation's row."""
    try:
        return _SHAPE.validate_python(value or {})
    except ValidationError:
        return Memory()


def as_json(memory: Memory) -> dict[str, Any]:
    """The memory as it is kept."""
    return {key: value for key, value in vars(memory).items() if value not in (None, [], 0)}
