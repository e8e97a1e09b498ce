"""Which messages does LINE accept, and with which words does it refuse the others?

Numbers: https://developers.line.biz/en/reference/messaging-api/#message-objects, line-openapi 2026-07 and
https://developers.line.biz/en/docs/messaging-api/text-character-count/. Unknown properties are refused, which is
stricter than LINE outside flex.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.stand_in.flex_limits import container
from bot.stand_in.schema import (
    MUST_BE_HTTPS,
    Check,
    Fault,
    anything,
    array,
    boolean,
    by_type,
    fields,
    graphemes,
    matching,
    number,
    one_of,
    text,
    uri,
)

MESSAGES_A_REQUEST = 5
MESSAGE_TEXT = 5000
QUICK_REPLY_ITEMS = 13
ALT_TEXT = 1500
USER_OR_GROUP_ID = r"[UCR][0-9a-f]{32}"

IMAGE_ADDRESS = uri("https", high=2000)
MEDIA_ADDRESS = uri("https", high=2000)
_PICKED = matching(r"\d{4}-\d\d-\d\d|\d\d:\d\d|\d{4}-\d\d-\d\d[Tt]\d\d:\d\d", "invalid date format")


def action(label: int, *, label_required: bool = True, device: bool = False) -> Check:
    """The rule for an action; `device` adds camera, camera roll and location, which only quick replies may carry."""
    label_check = {"label": text(label, count=graphemes)}
    must, may = (label_check, {}) if label_required else ({}, label_check)
    kind = {"type": anything}
    data = text(300)
    kinds = {
        "message": fields({**kind, **must, "text": text(300, count=graphemes)}, may),
        "postback": fields(
            {**kind, **must, "data": data},
            {
                **may,
                "displayText": text(300, count=graphemes),
                "text": text(300, count=graphemes),
                "inputOption": one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
                "fillInText": text(300, count=graphemes),
            },
        ),
        "uri": fields(
            {**kind, **must, "uri": uri("http", "https", "line", "tel", high=1000)}, {**may, "altUri": anything}
        ),
        "datetimepicker": fields(
            {**kind, **must, "data": data, "mode": one_of("date", "time", "datetime")},
            {**may, "initial": _PICKED, "min": _PICKED, "max": _PICKED},
        ),
        "clipboard": fields({**kind, **must, "clipboardText": text(1000)}, may),
        "richmenuswitch": fields({**kind, "richMenuAliasId": text(32)}, {**must, **may, "data": data}),
    }
    if device:
        for name in ("camera", "cameraRoll", "location"):
            kinds[name] = fields({**kind, **label_check}, {})
    return by_type(kinds)


_ACTION = action(20)
_DEFAULT_ACTION = action(20, label_required=False)


def _sender_name(value: Any, place: str) -> Iterator[Fault]:
    yield from text(20)(value, place)
    if isinstance(value, str) and "line" in value.lower():
        yield Fault("may not contain certain words such as LINE", place, value)


_COMMON: dict[str, Check] = {
    "quickReply": fields(
        {
            "items": array(
                fields({"type": one_of("action"), "action": action(20, device=True)}, {"imageUrl": IMAGE_ADDRESS}),
                1,
                QUICK_REPLY_ITEMS,
            )
        },
        {},
    ),
    "sender": fields({}, {"name": _sender_name, "iconUrl": IMAGE_ADDRESS}),
}
_TYPE: dict[str, Check] = {"type": anything}


def _body(long: int, short: int) -> Check:
    """A template's own rule for `text`: `short` graphemes beside a title or an image, else `long`."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        crowded = isinstance(value, dict) and (value.get("title") or value.get("thumbnailImageUrl"))
        if isinstance(value, dict) and "text" in value:
            yield from text(short if crowded else long, count=graphemes)(value["text"], f"{place}.text")

    return check


def both(first: Check, second: Check) -> Check:
    """What passes both rules."""

    def check(value: Any, place: str) -> Iterator[Fault]:
        yield from first(value, place)
        yield from second(value, place)

    return check


def _same_count(value: Any, place: str) -> Iterator[Fault]:
    """Every column of a carousel has as many actions, and as much of title and image, as the first."""
    columns = value.get("columns") if isinstance(value, dict) else None
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        return
    shapes = {
        (len(column.get("actions") or ()), "title" in column, "thumbnailImageUrl" in column) for column in columns
    }
    if len(shapes) > 1:
        yield Fault("must have the same number of actions, titles and images in every column", f"{place}.columns")


_PICTURE = {
    "imageAspectRatio": one_of("rectangle", "square"),
    "imageSize": one_of("cover", "contain"),
}
_TITLED = {
    "title": text(40, count=graphemes),
    "thumbnailImageUrl": IMAGE_ADDRESS,
    "imageBackgroundColor": matching(r"#[0-9a-fA-F]{6}", "invalid color"),
    "defaultAction": _DEFAULT_ACTION,
}
_COLUMN = both(fields({"text": anything, "actions": array(_ACTION, 1, 3)}, _TITLED), _body(120, 60))
_TEMPLATE = by_type(
    {
        "buttons": both(
            fields({**_TYPE, "text": anything, "actions": array(_ACTION, 1, 4)}, {**_TITLED, **_PICTURE}),
            _body(160, 60),
        ),
        "confirm": fields({**_TYPE, "text": text(240, count=graphemes), "actions": array(_ACTION, 2, 2)}, {}),
        "carousel": both(fields({**_TYPE, "columns": array(_COLUMN, 1, 10)}, _PICTURE), _same_count),
        "image_carousel": fields(
            {
                **_TYPE,
                "columns": array(
                    fields({"imageUrl": IMAGE_ADDRESS, "action": action(12, label_required=False)}, {}), 1, 10
                ),
            },
            {},
        ),
    }
)

message: Check = by_type(
    {
        "text": fields(
            {**_TYPE, "text": text(MESSAGE_TEXT)}, {**_COMMON, "quoteToken": text(1000), "emojis": anything}
        ),
        "textV2": fields(
            {**_TYPE, "text": text(MESSAGE_TEXT)}, {**_COMMON, "quoteToken": text(1000), "substitution": anything}
        ),
        "sticker": fields(
            {**_TYPE, "packageId": text(20), "stickerId": text(20)}, {**_COMMON, "quoteToken": text(1000)}
        ),
        "image": fields({**_TYPE, "originalContentUrl": MEDIA_ADDRESS, "previewImageUrl": MEDIA_ADDRESS}, _COMMON),
        "video": fields(
            {**_TYPE, "originalContentUrl": MEDIA_ADDRESS, "previewImageUrl": MEDIA_ADDRESS},
            {**_COMMON, "trackingId": text(100)},
        ),
        "audio": fields({**_TYPE, "originalContentUrl": MEDIA_ADDRESS, "duration": number(1, 10**9)}, _COMMON),
        "location": fields(
            {
                **_TYPE,
                "title": text(100),
                "address": text(100),
                "latitude": number(-90, 90),
                "longitude": number(-180, 180),
            },
            _COMMON,
        ),
        "imagemap": fields(
            {
                **_TYPE,
                "baseUrl": IMAGE_ADDRESS,
                "altText": text(ALT_TEXT),
                "baseSize": anything,
                "actions": array(anything, 1, 50),
            },
            {**_COMMON, "video": anything},
        ),
        "template": fields({**_TYPE, "altText": text(ALT_TEXT), "template": _TEMPLATE}, _COMMON),
        "flex": fields({**_TYPE, "altText": text(ALT_TEXT), "contents": container(_ACTION, _DEFAULT_ACTION)}, _COMMON),
    }
)


def _steps_of_five(value: Any, place: str) -> Iterator[Fault]:
    if isinstance(value, int) and value % 5:
        yield Fault("Must be a multiple of 5", place, value)


_MESSAGES = {"messages": array(message, 1, MESSAGES_A_REQUEST)}
_RECEIVER = matching(USER_OR_GROUP_ID, "invalid user id")
REPLY = fields({"replyToken": text(1000), **_MESSAGES}, {"notificationDisabled": boolean})
PUSH = fields(
    {"to": _RECEIVER, **_MESSAGES}, {"notificationDisabled": boolean, "customAggregationUnits": array(text(30), 0, 1)}
)
VALIDATE = fields(_MESSAGES, {})
LOADING = fields(
    {"chatId": matching(r"U[0-9a-f]{32}", "invalid user id")},
    {"loadingSeconds": both(number(5, 60, whole=True), _steps_of_five)},
)


def faults(rule: Check, body: Any, *, local_http: bool) -> list[Fault]:
    """Everything wrong with `body`; `local_http` lets image addresses of this machine be plain http."""
    return [fault for fault in rule(body, "") if not (local_http and _is_local_picture(fault))]


def _is_local_picture(fault: Fault) -> bool:
    if fault.message != MUST_BE_HTTPS or not isinstance(fault.value, str):
        return False
    parts = urlsplit(fault.value)
    return parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
