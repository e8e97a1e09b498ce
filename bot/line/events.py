"""LINE's webhook events as values, read one by one and tolerantly: whatever is unknown or broken becomes `Other`."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from intents.refs import mask_ids

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_REF_SIGNS = 200  # LINE's ids are under 70; PostgreSQL indexes at most 2,700 bytes
CONTENT_KEYS = frozenset({"text", "fileName", "title", "address", "data"})  # where a citizen's own words can stand


class BodyError(ValueError):
    """A webhook body that is no list of events; the message says what is wrong."""


@dataclass(frozen=True)
class TextIn:
    text: str


@dataclass(frozen=True)
class StickerIn:
    package_ref: str
    sticker_ref: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class MediaIn:
    """A picture, video, sound or file; `external_url` when LINE says that it lies elsewhere."""

    kind: Literal["image", "video", "audio", "file"]
    file_name: str | None
    external_url: str | None


@dataclass(frozen=True)
class LocationIn:
    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True)
class PostbackIn:
    """A tapped button. `picked` is what a datetimepicker returned, in LINE's format without zone."""

    data: str
    picked: str | None


@dataclass(frozen=True)
class Followed:
    pass


@dataclass(frozen=True)
class Unfollowed:
    pass


@dataclass(frozen=True)
class Unsent:
    line_message_ref: str


@dataclass(frozen=True)
class Other:
    """Something this version does not know; kept as it came."""

    type: str


Content = TextIn | StickerIn | MediaIn | LocationIn | PostbackIn | Followed | Unfollowed | Unsent | Other


@dataclass(frozen=True)
class Event:
    """One event. `source_ref` is LINE's id of the person, group or room; None when LINE did not say."""

    webhook_event_id: str
    type: str
    active: bool
    is_redelivery: bool
    source_kind: Literal["user", "group", "room"] | None
    source_ref: str | None
    occurred_at: datetime
    reply_token: str | None
    line_message_ref: str | None
    quote_token: str | None
    mentions_bot: bool
    content: Content


def signature_fits(body: bytes, signature: str | None, secrets: tuple[str, ...]) -> bool:
    """Whether `signature` is one of the secrets' own over the raw bytes. Two secrets are accepted during a rotation.

    Source: developers.line.biz, Messaging API, "Verify webhook signature".
    """
    if not signature:
        return False
    given = signature.encode("utf-8", "replace")
    fits = [
        hmac.compare_digest(base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()), given)
        for secret in secrets
    ]
    return any(fits)


def raw_events(body: bytes) -> list[dict[str, Any]]:
    """The entries of `events` that are objects, with ids and card numbers masked; raises BodyError."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BodyError("the body is not JSON") from error
    events = parsed.get("events") if isinstance(parsed, dict) else None
    if not isinstance(events, list):
        raise BodyError("the body has no list named events")
    return [_masked(entry) for entry in events if isinstance(entry, dict)]


def read_event(raw: Mapping[str, Any], received_at: datetime) -> Event:
    """The event in `raw`. Never raises: a field that is missing or of another type counts as absent."""
    kind = _text(raw.get("type")) or "unknown"
    source = _dict(raw.get("source"))
    source_kind = _text(source.get("type"))
    ref = _ref(source.get({"user": "userId", "group": "groupId", "room": "roomId"}.get(source_kind or "", "")))
    message = _dict(raw.get("message"))
    return Event(
        webhook_event_id=_ref(raw.get("webhookEventId")) or _fingerprint(raw),
        type=kind,
        active=raw.get("mode", "active") == "active",
        is_redelivery=_dict(raw.get("deliveryContext")).get("isRedelivery") is True,
        source_kind=source_kind if source_kind in ("user", "group", "room") and ref else None,  # type: ignore[arg-type]
        source_ref=ref,
        occurred_at=_moment(raw.get("timestamp"), received_at),
        reply_token=_text(raw.get("replyToken")),
        line_message_ref=_ref(_dict(raw.get("unsend")).get("messageId")) or _ref(message.get("id")),
        quote_token=_text(message.get("quoteToken")),
        mentions_bot=_mentions_bot(message),
        content=_content(kind, raw, message),
    )


def storable(text: str) -> str:
    """`text` without what PostgreSQL refuses: NUL and halves of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _content(kind: str, raw: Mapping[str, Any], message: Mapping[str, Any]) -> Content:
    match kind:
        case "message":
            return _message(message)
        case "postback":
            postback = _dict(raw.get("postback"))
            params = _dict(postback.get("params"))
            picked = next((_text(params.get(k)) for k in ("datetime", "date", "time") if params.get(k)), None)
            data = _text(postback.get("data"))
            return PostbackIn(data, picked) if data is not None else Other("postback")
        case "follow":
            return Followed()
        case "unfollow":
            return Unfollowed()
        case "unsend":
            ref = _ref(_dict(raw.get("unsend")).get("messageId"))
            return Unsent(ref) if ref else Other("unsend")
        case _:
            return Other(kind)


def _message(message: Mapping[str, Any]) -> Content:
    kind = _text(message.get("type")) or "unknown"
    match kind:
        case "text":
            text = _text(message.get("text"))
            return TextIn(text) if text is not None else Other("message")
        case "sticker":
            keywords = message.get("keywords")
            words = tuple(storable(w) for w in keywords if isinstance(w, str)) if isinstance(keywords, list) else ()
            return StickerIn(_text(message.get("packageId")) or "", _text(message.get("stickerId")) or "", words)
        case "image" | "video" | "audio" | "file":
            provider = _dict(message.get("contentProvider"))
            url = _text(provider.get("originalContentUrl")) if provider.get("type") == "external" else None
            return MediaIn(kind, _text(message.get("fileName")), url)
        case "location":
            latitude, longitude = _degrees(message.get("latitude"), 90), _degrees(message.get("longitude"), 180)
            if latitude is not None and longitude is not None:
                title, address = _text(message.get("title")) or "", _text(message.get("address")) or ""
                return LocationIn(latitude, longitude, title, address)
    return Other(f"message:{kind}"[:60])


def _mentions_bot(message: Mapping[str, Any]) -> bool:
    mentionees = _dict(message.get("mention")).get("mentionees")
    return isinstance(mentionees, list) and any(_dict(m).get("isSelf") is True for m in mentionees)


def _masked(value: Any, key: str = "", depth: int = 0) -> Any:
    if isinstance(value, str):
        return mask_ids(value) if key in CONTENT_KEYS else value
    if depth > 40:
        return None  # no event of LINE's is nested so deep
    if isinstance(value, dict):
        return {k: _masked(v, k, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v, key, depth + 1) for v in value]
    return value


def _fingerprint(raw: Mapping[str, Any]) -> str:
    same = {key: value for key, value in raw.items() if key != "deliveryContext"}  # says whether it is a redelivery
    return "sha256:" + hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


def _moment(value: Any, otherwise: datetime) -> datetime:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**13:
        return datetime.fromtimestamp(value / 1000, UTC)
    return otherwise


def _ref(value: Any) -> str | None:
    """An id of LINE's; one that no index could hold counts as absent."""
    text = _text(value)
    return text if text and len(text) <= MAX_REF_SIGNS else None


def _degrees(value: Any, most: int) -> float | None:
    return float(value) if isinstance(value, int | float) and -most <= value <= most else None


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return storable(value) if isinstance(value, str) else None
