"""LINE's limits on messages, counted as LINE counts: grapheme clusters for labels and template texts, UTF-16 units for
message texts. Source: developers.line.biz, Messaging API reference, and "Character counting in a text" (2026-08)."""

import json
from collections.abc import Iterator
from typing import Any

import regex

TEXT_UNITS = 5000
ALT_TEXT_UNITS = 1500
SENDER_UNITS = 20
LABEL_SIGNS = 20
POSTBACK_UNITS = 300
QUICK_REPLIES = 13
URI_SIGNS = 1000
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
CAROUSEL_BUBBLES = 12


class LimitError(ValueError):
    """A message that LINE would refuse; the text names the field and its limit."""


def units(text: str) -> int:
    """UTF-16 code units.

    >>> units("ที่"), units("😀")
    (3, 2)
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def signs(text: str) -> int:
    """Grapheme clusters: what a reader sees as one sign.

    >>> signs("ที่"), signs("กำ")
    (1, 1)
    """
    return sum(1 for _ in _clusters(text))


def cut_signs(text: str, most: int) -> str:
    """`text`, or its beginning and "…" where it has more than `most` signs; never cut inside one.

    >>> cut_signs("ต่ออายุบัตร", 6)
    'ต่ออายุ…'
    """
    clusters = list(_clusters(text))
    return text if len(clusters) <= most else "".join(clusters[: most - 1]) + "…"


def cut_units(text: str, most: int) -> str:
    """The same, counted in UTF-16 units."""
    return text if units(text) <= most else next(pieces(text, most - 1)) + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """`text` in pieces of at most `most` UTF-16 units, broken at a line, else a space, else between two signs."""
    while units(text) > most:
        head, length = "", 0
        for cluster in _clusters(text):
            length += units(cluster)
            if length > most:
                break
            head += cluster
        if not head:  # one cluster longer than the limit: hostile input; break it anywhere
            head = text[: most // 2]
        at = max(head.rfind("\n"), head.rfind(" "))
        if at > len(head) // 2:
            head = head[: at + 1]
        yield head
        text = text[len(head) :]
    yield text


def check(message: dict[str, Any]) -> None:
    """Raise LimitError where LINE would refuse `message` (text, flex, image or sticker)."""
    kind = message.get("type")
    if kind == "text":
        text = message.get("text", "")
        _at_most("text", units(text), TEXT_UNITS)
        if not text.strip():
            raise LimitError("text: is empty")
    elif kind == "flex":
        _at_most("altText", units(message.get("altText", "")), ALT_TEXT_UNITS)
        if not message.get("altText"):
            raise LimitError("altText: is empty")
        _flex(message["contents"])
    elif kind not in ("image", "sticker"):
        raise LimitError(f"type: {kind!r} is not one this bot sends")
    if "sender" in message:
        _at_most("sender.name", units(message["sender"].get("name", "x")), SENDER_UNITS)
    items = message.get("quickReply", {}).get("items", [])
    _at_most("quickReply", len(items), QUICK_REPLIES)
    for action in _actions(message):
        _action(action)


def _flex(contents: dict[str, Any]) -> None:
    if contents["type"] == "carousel":
        _at_most("carousel", len(contents["contents"]), CAROUSEL_BUBBLES)
        _at_most("carousel bytes", _size(contents), CAROUSEL_BYTES)
        bubbles = contents["contents"]
    else:
        bubbles = [contents]
    for bubble in bubbles:
        _at_most("bubble bytes", _size(bubble), BUBBLE_BYTES)
    for part in _dicts(contents):
        if part.get("type") == "text" and not part.get("text"):
            raise LimitError("flex text: is empty")


def _action(action: dict[str, Any]) -> None:
    _at_most("label", signs(action.get("label", "")), LABEL_SIGNS)
    match action["type"]:
        case "postback" | "datetimepicker":
            _at_most("data", units(action["data"]), POSTBACK_UNITS)
            _at_most("displayText", signs(action.get("displayText", "")), POSTBACK_UNITS)
        case "message":
            _at_most("text", signs(action["text"]), POSTBACK_UNITS)
        case "uri":
            _at_most("uri", len(action["uri"]), URI_SIGNS)
            if not action["uri"].startswith(("https://", "http://", "line://", "tel:")):
                raise LimitError("uri: LINE takes http, https, line and tel")


def _actions(value: Any) -> Iterator[dict[str, Any]]:
    for part in _dicts(value):
        action = part.get("action")
        if isinstance(action, dict):
            yield action


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts(inner)


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def _at_most(name: str, found: int, most: int) -> None:
    if found > most:
        raise LimitError(f"{name}: {found}, LINE takes {most}")


def _clusters(text: str) -> Iterator[str]:
    # SARA AM (ำ, ຳ) belongs to the consonant before it, as in UAX 29; the regex module agrees.
    return (match.group() for match in regex.finditer(r"\X", text))
