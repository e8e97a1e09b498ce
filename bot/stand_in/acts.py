"""What can a citizen do in LINE? Each act shows in the chat and sends its event; all return at once.

`sender` comes first; `.wait()` on what comes back waits for the webhook's answer.
"""

from datetime import datetime

from bot.stand_in.events import event, message, text_fields
from bot.stand_in.records import Citizen, Entry, Json
from bot.stand_in.webhook import Sent, WebhookSender


class NothingToDo(Exception):
    """There is no message or event this could be about."""


def new_citizen(sender: WebhookSender, name: str) -> Citizen:
    """A new citizen who has just added the bot as a friend."""
    citizen = sender.stand_in.add_citizen(name)
    _act(sender, citizen.user_id, "follow", {"follow": {"isUnblocked": False}}, {"type": "note", "text": "เพิ่มเพื่อน"})
    return citizen


def say(
    sender: WebhookSender,
    citizen_id: str,
    text: str,
    *,
    in_group: bool = False,
    mentions_bot: bool = True,
    event_ref: str | None = None,
    at: datetime | None = None,
) -> Sent:
    """A text. In the group it begins with a mention of the bot unless `mentions_bot` is False."""
    name = f"@{sender.stand_in.bot_name}"
    if in_group and mentions_bot and name not in text:
        text = f"{name} {text}"
    fields = text_fields(sender.stand_in, text)
    return send_message(sender, citizen_id, "text", fields, in_group=in_group, event_ref=event_ref, at=at)


def send_message(
    sender: WebhookSender,
    citizen_id: str,
    kind: str,
    fields: Json,
    *,
    content_id: str | None = None,
    in_group: bool = False,
    event_ref: str | None = None,
    at: datetime | None = None,
) -> Sent:
    """A message of any kind with its own `fields`, as sticker {packageId, stickerId} or location {…}."""
    made = message(kind, fields, content_id=content_id)
    if in_group:
        sender.stand_in.change_citizen(citizen_id, in_group=True)
    return _act(sender, citizen_id, "message", {"message": made}, made, in_group=in_group, event_ref=event_ref, at=at)


def send_sticker(sender: WebhookSender, citizen_id: str, package_id: str, sticker_id: str, *words: str) -> Sent:
    """A sticker with LINE's keywords for it."""
    fields: Json = {"packageId": package_id, "stickerId": sticker_id, "stickerResourceType": "STATIC"}
    if words:
        fields["keywords"] = list(words)
    return send_message(sender, citizen_id, "sticker", fields)


def send_location(
    sender: WebhookSender, citizen_id: str, title: str, address: str, latitude: float, longitude: float
) -> Sent:
    """A place; LINE leaves out an empty title and address."""
    fields: Json = {"latitude": latitude, "longitude": longitude}
    fields |= {name: value for name, value in (("title", title), ("address", address)) if value}
    return send_message(sender, citizen_id, "location", fields)


def send_file(
    sender: WebhookSender,
    citizen_id: str,
    data: bytes,
    content_type: str,
    name: str,
    *,
    not_ready: int = 0,
    in_group: bool = False,
) -> Sent:
    """A picture, a video, a sound or another file by its content type; `not_ready` calls for it are answered 202."""
    content_id = sender.stand_in.chats.keep_content(data, content_type, not_ready=not_ready)
    kind = content_type.partition("/")[0]
    fields: Json = {"duration": 5000} if kind in ("video", "audio") else {}
    if kind not in ("image", "video", "audio"):
        kind, fields = "file", {"fileName": name, "fileSize": len(data)}
    return send_message(sender, citizen_id, kind, fields, content_id=content_id, in_group=in_group)


def tap(
    sender: WebhookSender,
    citizen_id: str,
    data: str,
    *,
    display_text: str = "",
    picked: Json | None = None,
    in_group: bool = False,
    event_ref: str | None = None,
) -> Sent:
    """A postback; `picked` is what a date picker gives: {"date"}, {"time"} or {"datetime"}."""
    postback: Json = {"data": data, **({"params": picked} if picked else {})}
    shown: Json = {"type": "tap", "text": display_text or " ".join((picked or {}).values())}
    return _act(sender, citizen_id, "postback", {"postback": postback}, shown, in_group=in_group, event_ref=event_ref)


def block(sender: WebhookSender, citizen_id: str) -> Sent:
    """The citizen blocks the bot: unfollow, no token."""
    sender.stand_in.change_citizen(citizen_id, is_blocking=True, is_friend=False)
    return _act(sender, citizen_id, "unfollow", {}, {"type": "note", "text": "บล็อก"})


def unblock(sender: WebhookSender, citizen_id: str) -> Sent:
    """The citizen unblocks the bot: follow with isUnblocked."""
    sender.stand_in.change_citizen(citizen_id, is_blocking=False, is_friend=True)
    return _act(sender, citizen_id, "follow", {"follow": {"isUnblocked": True}}, {"type": "note", "text": "เลิกบล็อก"})


def unsend(sender: WebhookSender, citizen_id: str, message_id: str | None = None) -> Sent:
    """The message (by default the citizen's last) is withdrawn, with its file; NothingToDo when there is none."""
    entry = _last(sender, citizen_id, message_id)
    sender.stand_in.chats.change(entry.entry_id, message={"type": "unsent"}, event=None)
    sender.stand_in.chats.drop_content(entry.message_id)
    made = event(
        sender.stand_in, citizen_id, "unsend", {"unsend": {"messageId": entry.message_id}}, in_group=entry.in_group
    )
    sender.stand_in.chats.change(entry.entry_id, event=made)
    return sender.send(made, entry.entry_id)


def redeliver_last(sender: WebhookSender, citizen_id: str) -> Sent:
    """The citizen's last event comes again; NothingToDo when there is none."""
    for entry in reversed(sender.stand_in.chats.of(citizen_id)):
        if entry.event is not None:
            sender.stand_in.chats.change(entry.entry_id, state="sending", redelivered=entry.redelivered + 1)
            return sender.redeliver(entry.event, entry.entry_id)
    raise NothingToDo


def _last(sender: WebhookSender, citizen_id: str, message_id: str | None) -> Entry:
    for entry in reversed(sender.stand_in.chats.of(citizen_id)):
        is_message = entry.by == "citizen" and entry.message_id and entry.message["type"] != "unsent"
        if is_message and message_id in (None, entry.message_id):
            return entry
    raise NothingToDo


def _act(
    sender: WebhookSender,
    citizen_id: str,
    kind: str,
    payload: Json,
    shown: Json,
    *,
    in_group: bool = False,
    event_ref: str | None = None,
    at: datetime | None = None,
) -> Sent:
    made = event(sender.stand_in, citizen_id, kind, payload, in_group=in_group, event_ref=event_ref, at=at)
    entry = sender.stand_in.chats.add(
        citizen_id,
        "citizen",
        shown,
        message_id=str(shown.get("id", "")),
        event=made,
        state="sending",
        in_group=in_group,
    )
    if "markAsReadToken" in shown:
        sender.stand_in.chats.remember_read_token(shown["markAsReadToken"], entry.entry_id)
    return sender.send(made, entry.entry_id)
