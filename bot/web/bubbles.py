"""How does one message look on the desk? Every kind shows as something, with who said it and how it went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from bot.cases.talk import Spoken
from bot.messages.tables import Delivery, Message
from bot.web import wording
from bot.web.wording import Sign

Body = Literal[
    "text", "sticker", "image", "video", "audio", "file", "fetching", "location", "tap", "other", "withdrawn", "veiled"
]


@dataclass(frozen=True)
class Bubble:
    """A message as the template draws it."""

    id: int
    side: str  # citizen, bot, officer
    author: str
    at: datetime
    body: Body
    text: str = ""
    buttons: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    link: str | None = None
    went: Sign | None = None
    understood: str | None = None
    understood_as: str | None = None
    sureness: int | None = None  # percent


def bubbles_of(spoken: Sequence[Spoken], citizen: str | None, names: Mapping[str, str]) -> list[Bubble]:
    """The bubbles of a part of a conversation; `names` are intents' names by id."""
    labels = _labels(one.message.payload for one in spoken if one.message.author != "citizen")
    return [_bubble(one, citizen or wording.CITIZEN, names, labels) for one in spoken]


def intents_in(spoken: Iterable[Spoken]) -> set[str | None]:
    """The ids of the intents the bot understood."""
    found = ((one.message.understanding or {}).get("intent") for one in spoken)
    return {intent for intent in found if isinstance(intent, str)}


def _bubble(one: Spoken, citizen: str, names: Mapping[str, str], labels: Mapping[str, str]) -> Bubble:
    message = one.message
    incoming = message.author == "citizen"
    author = citizen if incoming else message.author_name or wording.BOT
    plain = Bubble(message.id, message.author, author, message.created_at, "text", text=message.text or "")
    if one.veiled:
        return replace(plain, side="citizen", author="", body="veiled", text="")
    if message.withdrawn_at is not None:
        return replace(plain, body="withdrawn", text="")
    if not incoming:
        return replace(plain, buttons=_buttons(message.payload), went=went(message, one.delivery, one.opens_delivery))
    return _understood(_incoming(plain, one, labels), message, names)


def _incoming(plain: Bubble, one: Spoken, labels: Mapping[str, str]) -> Bubble:
    message, payload = one.message, one.message.payload or {}
    match message.kind:
        case "text":
            return plain
        case "sticker":
            words = payload.get("keywords")
            return replace(
                plain, body="sticker", text=", ".join(map(str, words[:3])) if isinstance(words, list) else ""
            )
        case "image" | "video" | "audio" | "file" as kind:
            if one.media is None:  # it lies elsewhere: only its address came
                return replace(plain, body="file", link=_https(payload.get("url")))
            if one.media.state == "kept":
                return replace(plain, body=kind if shows_in_place(one.media.content_type, kind) else "file")
            return replace(plain, body="fetching" if one.media.state == "due" else "other", text=plain.text)
        case "location":
            latitude, longitude = payload.get("latitude"), payload.get("longitude")
            if isinstance(latitude, int | float) and isinstance(longitude, int | float):
                return replace(plain, body="location", place=(latitude, longitude))
            return replace(plain, body="location")
        case "postback":
            label = labels.get(str(payload.get("data")), "")
            return replace(plain, body="tap", text=" ".join(filter(None, (label, message.text))))
    return replace(plain, body="other", text="")


def _understood(bubble: Bubble, message: Message, names: Mapping[str, str]) -> Bubble:
    found = message.understanding
    if not found:
        return bubble
    intent, score = found.get("intent"), found.get("score")
    return replace(
        bubble,
        understood=wording.DECISIONS.get(str(found.get("decision")), ""),
        understood_as=names.get(intent, intent) if isinstance(intent, str) else None,
        sureness=round(score * 100) if isinstance(score, int | float) else None,
    )


def went(message: Message, delivery: Delivery | None, opens_delivery: bool) -> Sign:
    """How an outgoing message went."""
    match message.state:
        case "sent" if delivery is None or delivery.cost == 0:
            return wording.SENT_FREE
        case "sent" if not opens_delivery:
            return wording.SENT_TOGETHER
        case "sent":
            cost = delivery.cost if delivery else 0
            return replace(wording.SENT_PAID, word=wording.SENT_PAID.word.format(cost=cost))
        case "failed":
            why = wording.NOT_SENT_REASONS.get(message.reason or "", wording.NOT_SENT_OTHERWISE)
            return replace(wording.NOT_SENT, word=wording.NOT_SENT.word.format(why=why))
        case "unknown":
            return wording.UNSURE
        case _ if message.reason == "monthly_limit":
            return wording.WAITS_FOR_QUOTA
        case _:
            return wording.SENDING


IN_PLACE = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"}),
    "video": frozenset({"video/mp4"}),
    "audio": frozenset({"audio/mp4", "audio/x-m4a", "audio/m4a", "audio/mpeg", "audio/aac"}),
}


def shows_in_place(content_type: str | None, kind: str) -> bool:
    """Whether a browser may show this content itself; everything else is only ever downloaded."""
    return _bare(content_type) in IN_PLACE.get(kind, frozenset())


def _bare(content_type: str | None) -> str:
    return (content_type or "").split(";")[0].strip().lower()


def _https(url: object) -> str | None:
    return url if isinstance(url, str) and url.startswith("https://") else None


def _buttons(payload: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The labels of the quick replies under a message."""
    items = ((payload or {}).get("quickReply") or {}).get("items") or []
    return tuple(str((item.get("action") or {}).get("label", "")) for item in items)


def _labels(payloads: Iterable[Mapping[str, Any] | None]) -> dict[str, str]:
    """What stood on the buttons that sent these postback data."""
    found: dict[str, str] = {}
    todo: list[Any] = list(payloads)
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if isinstance(part.get("data"), str) and part.get("type") in ("postback", "datetimepicker"):
                found[part["data"]] = str(part.get("displayText") or part.get("label") or "")
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return found
