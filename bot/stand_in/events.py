"""What does LINE's event look like for each thing a citizen does?

Fields as in https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects.
"""

from datetime import datetime

from bot.stand_in.ids import event_id, message_id, opaque_token
from bot.stand_in.records import Json
from bot.stand_in.schema import utf16_units
from bot.stand_in.state import StandIn

QUOTABLE = ("text", "image", "video", "sticker")


def event(
    stand_in: StandIn,
    citizen_id: str,
    kind: str,
    payload: Json,
    *,
    in_group: bool = False,
    event_ref: str | None = None,
    at: datetime | None = None,
) -> Json:
    """An event of `kind` with `payload` beside the fields all events have; a reply token unless LINE gives none.

    `event_ref` sets the webhookEventId, `at` the timestamp (the stand-in's clock by default).
    """
    moment = at or stand_in.now()
    receiver_id = stand_in.group_id if in_group else citizen_id
    source: Json = {"type": "user", "userId": citizen_id}
    if in_group:
        source = {"type": "group", "groupId": stand_in.group_id, "userId": citizen_id}
    made: Json = {"type": kind, **payload}
    if kind not in ("unfollow", "unsend", "leave", "memberLeft"):
        made["replyToken"] = stand_in.issue_token(receiver_id)
    return {
        **made,
        "webhookEventId": event_ref or event_id(moment),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": int(moment.timestamp() * 1000),
        "source": source,
        "mode": "active",
    }


def message(kind: str, fields: Json, *, content_id: str | None = None) -> Json:
    """The `message` of an event: an id, the tokens that kind has, and `fields`; `content_id` when a file lies behind."""
    made: Json = {"type": kind, "id": content_id or message_id(), "markAsReadToken": opaque_token()}
    if kind in QUOTABLE:
        made["quoteToken"] = opaque_token()
    if kind in ("image", "video", "audio"):
        made["contentProvider"] = {"type": "line"}
    return {**made, **fields}


def text_fields(stand_in: StandIn, text: str) -> Json:
    """The fields of a text; every "@" and bot's name in it is a mention of the bot itself."""
    mentionees = []
    name = f"@{stand_in.bot_name}"
    start = text.find(name)
    while start >= 0:
        mentionees.append(
            {
                "index": utf16_units(text[:start]),
                "length": utf16_units(name),
                "type": "user",
                "userId": stand_in.bot_user_id,
                "isSelf": True,
            }
        )
        start = text.find(name, start + len(name))
    return {"text": text, "mention": {"mentionees": mentionees}} if mentionees else {"text": text}
