"""How is a piece of JSON checked against a rule, and what does LINE say when it breaks it?

A `Check` takes a value and its place ("messages[0].text") and yields a `Fault` for everything wrong.
The rules themselves, with LINE's numbers, are in `limits` and `flex_limits`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import regex


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a request's body, in the shape of LINE's `details`."""

    message: str
    property: str
    value: Any = None


Check = Callable[[Any, str], Iterator[Fault]]

MUST_BE_HTTPS = "invalid uri scheme"


def utf16_units(text: str) -> int:
    """How many UTF-16 units `text` has: what LINE counts in message texts, altText and postback data.

    >>> utf16_units("ที่"), utf16_units("🍎")
    (3, 2)
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """How many grapheme clusters `text` has: what LINE counts in labels and templates.

    >>> graphemes("ที่อยู่")
    3
    """
    return len(regex.findall(r"\X", text))


def text(high: int, *, low: int = 1, count: Callable[[str], int] = utf16_units) -> Check:
    """A string of `low` to `high` units by `count`; one of blanks only counts as empty."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault("Must be a string", place, value)
        elif low and not value.strip():
            yield Fault("May not be empty", place, value)
        elif not low <= count(value) <= high:
            yield Fault(f"Length must be between {low} and {high}", place, value)

    return check


def matching(pattern: str, message: str) -> Check:
    """A string that matches `pattern` from end to end."""
    compiled = regex.compile(pattern)

    def check(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield Fault(message, place, value)

    return check


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        if value not in allowed:
            yield Fault(f"Must be one of the following values: [{', '.join(allowed)}]", place, value)

    return check


def number(low: float, high: float, *, whole: bool = False) -> Check:
    """A number from `low` to `high`, both included."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        kind = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kind):
            yield Fault("Must be a number", place, value)
        elif not low <= value <= high:
            yield Fault(f"Must be between {low} and {high}", place, value)

    return check


def boolean(value: Any, place: str) -> Iterator[Fault]:
    """True or false."""
    if not isinstance(value, bool):
        yield Fault("Must be true or false", place, value)


def uri(*schemes: str, high: int) -> Check:
    """An address with one of `schemes`, at most `high` characters, without blanks."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not value.strip():
            yield Fault("May not be empty", place, value)
        elif len(value) > high:
            yield Fault(f"Length must be between 0 and {high}", place, value)
        elif value.partition(":")[0].lower() not in schemes:
            yield Fault(MUST_BE_HTTPS, place, value)
        elif any(character.isspace() for character in value) or not _has_target(value):
            yield Fault("invalid uri", place, value)

    return check


def _has_target(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path) if parts.scheme in ("tel", "line") and not parts.netloc else bool(parts.netloc)


def array(item: Check, low: int, high: int) -> Check:
    """A list of `low` to `high` items that each pass `item`."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault("Must be an array", place, value)
        elif not low <= len(value) <= high:
            yield Fault(f"Size must be between {low} and {high}", place, len(value))
        else:
            for index, each in enumerate(value):
                yield from item(each, f"{place}[{index}]")

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """An object with all of `required`, any of `optional` and nothing else."""
    known = {**required, **optional}

    def check(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault("Must be an object", place, value)
            return
        dot = f"{place}." if place else ""
        for name in required:
            if value.get(name) is None:
                yield Fault("May not be empty", f"{dot}{name}")
        for name, each in value.items():
            if name not in known:
                yield Fault("invalid property", f"{dot}{name}", each)
            elif each is not None:
                yield from known[name](each, f"{dot}{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object checked by the rule its `type` names; another `type` is refused."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield Fault(f"Must be one of the following values: [{', '.join(kinds)}]", f"{place}.type", kind)
        else:
            yield from kinds[kind](value, place)

    return check


def anything(_value: Any, _place: str) -> Iterator[Fault]:
    """Whatever it is: for parts the project does not use."""
    yield from ()


def later(find: Callable[[], Check]) -> Check:
    """The rule `find` returns, looked up when used, for things that contain their own kind."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        yield from find()(value, place)

    return check
