"""Replies as LINE's JSON, every limit checked before anything is queued."""

from typing import Any, assert_never

from bot.line.limits import (
    ALT_TEXT_UNITS,
    LABEL_SIGNS,
    QUICK_REPLIES,
    SENDER_UNITS,
    TEXT_UNITS,
    check,
    cut_signs,
    cut_units,
    pieces,
)
from bot.line.replies import AskPhoto, AskPlace, Button, Card, Open, PickDay, Reply, Row, Say, Tap, Text
from bot.messages.outbox import Outgoing

INK, GREY, ACCENT, LINE_COLOUR = "#1A1A1A", "#595959", "#0B5C3B", "#D9D9D9"


def render(reply: Reply) -> list[Outgoing]:
    """The messages of one reply: a text longer than LINE takes becomes several; buttons stand under the last one."""
    match reply:
        case Text():
            parts = [part for part in pieces(reply.text, TEXT_UNITS) if part.strip()]
            messages: list[dict[str, Any]] = [{"type": "text", "text": part} for part in parts]
            if reply.sender:
                for message in messages:
                    message["sender"] = {"name": cut_units(reply.sender, SENDER_UNITS)}
            shown = [(message, message["text"], "text") for message in messages]
        case Card():
            alt = cut_units(plain(reply), ALT_TEXT_UNITS)
            shown = [({"type": "flex", "altText": alt, "contents": _bubble(reply)}, plain(reply), "card")]
        case _:
            assert_never(reply)
    if reply.buttons and shown:
        shown[-1][0]["quickReply"] = {"items": [_quick(button) for button in reply.buttons[:QUICK_REPLIES]]}
    for message, _text, _kind in shown:
        check(message)
    return [Outgoing(message, text, kind) for message, text, kind in shown]


def plain(card: Card) -> str:
    """A card in words, for the notification, a screen reader and the record."""
    rows = [f"{row.label}: {' / '.join(row.lines)}" for row in card.rows]
    return "\n".join([card.title, card.lead, *rows, *card.small])


def _bubble(card: Card) -> dict[str, Any]:
    head: list[dict[str, Any]] = [_text(card.title, weight="bold", color=ACCENT, size="sm", flex=3)]
    if card.corner:
        head.append(_text(card.corner, color=GREY, size="xs", align="end", flex=2))
    body: list[dict[str, Any]] = [
        {"type": "box", "layout": "horizontal", "contents": head},
        _text(card.lead, size="lg", weight="bold", color=INK, margin="md"),
    ]
    if card.rows:
        body.append({"type": "separator", "margin": "lg", "color": LINE_COLOUR})
        body.extend(_row(row) for row in card.rows)
    if card.small:
        body.append({"type": "separator", "margin": "lg", "color": LINE_COLOUR})
        body.extend(_text(line, size="xs", color=GREY, margin="sm") for line in card.small)
    bubble: dict[str, Any] = {
        "type": "bubble",
        "size": "giga",
        "body": {"type": "box", "layout": "vertical", "contents": body, "paddingAll": "18px"},
    }
    if card.links:
        buttons = [
            {"type": "button", "style": "link", "height": "sm", "color": ACCENT, "action": _action(link)}
            for link in card.links
        ]
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": buttons}
    return bubble


def _row(row: Row) -> dict[str, Any]:
    lines = [
        _text(
            f"• {line}" if len(row.lines) > 1 else line,
            size="md" if row.strong else "sm",
            weight="bold" if row.strong else "regular",
            color=INK,
        )
        for line in row.lines
    ]
    name = _text(row.label, size="sm", color=GREY, flex=3)
    value = {"type": "box", "layout": "vertical", "flex": 7, "spacing": "xs", "contents": lines}
    return {"type": "box", "layout": "horizontal", "margin": "md", "spacing": "md", "contents": [name, value]}


def _text(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, "scaling": True, **style}


def _quick(button: Button) -> dict[str, Any]:
    return {"type": "action", "action": _action(button)}


def _action(button: Button) -> dict[str, Any]:
    label = cut_signs(button.label, LABEL_SIGNS)
    match button:
        case Say(text=text):
            return {"type": "message", "label": label, "text": text}
        case Tap(data=data, shown=shown):
            return {"type": "postback", "label": label, "data": data, "displayText": shown or button.label}
        case Open(uri=uri):
            return {"type": "uri", "label": label, "uri": uri}
        case AskPlace():
            return {"type": "location", "label": label}
        case AskPhoto():
            return {"type": "camera", "label": label}
        case PickDay(data=data, first=first, last=last):
            return {"type": "datetimepicker", "label": label, "data": data, "mode": "date", "min": first, "max": last}
    assert_never(button)
