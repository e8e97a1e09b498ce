"""A conversation in the terminal: the real turn on a database that is forgotten at the end; no LINE, no settings."""

import json
import secrets
import tempfile
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.catalogue.live import LiveCatalogue
from bot.clock import utc_now
from bot.conversation.turn import take_turn
from bot.demo import prepare
from bot.line.events import read_event
from bot.messages import inbox
from bot.messages.tables import Message
from bot.storage.engine import make_engine, transaction
from bot.storage.types import use_data_keys

HELP = "พิมพ์ข้อความ หรือเลขของปุ่ม · Ctrl+D เพื่อจบ"


def talk() -> None:
    """Read lines, show replies with numbered buttons; a number taps the button."""
    use_data_keys((Fernet.generate_key().decode(),))
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'talk.sqlite3'}")
        prepare(engine, demo=True)
        catalogue = LiveCatalogue()
        buttons: list[dict[str, Any]] = []
        print(HELP)
        while True:
            try:
                line = input("คุณ: ").strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return
            if line.isdigit() and 1 <= int(line) <= len(buttons):
                raw = _tapped(buttons[int(line) - 1])
            else:
                raw = {"type": "message", "message": {"type": "text", "id": secrets.token_hex(8), "text": line}}
            buttons = _turn(engine, catalogue, raw)


def _turn(engine: sa.Engine, catalogue: LiveCatalogue, raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the turn, print the replies; returns the buttons shown."""
    now = utc_now()
    raw |= {"webhookEventId": uuid.uuid4().hex, "mode": "active", "source": {"type": "user", "userId": "U" + "0" * 32}}
    with transaction(engine) as session:
        last = session.scalar(sa.select(sa.func.max(Message.id))) or 0
        inbox.store_events(session, [(json.loads(json.dumps(raw)), read_event(raw, now))], secret_key="talk", now=now)  # noqa: S106
        conversation = inbox.next_conversation(session, now)
        assert conversation is not None
        row = inbox.next_event(session, conversation, now)
        assert row is not None
        take_turn(session, row, conversation, catalogue=catalogue, public_url="http://127.0.0.1:8000", now=now)
        said = session.scalars(
            sa.select(Message).where(Message.id > last, Message.author != "citizen").order_by(Message.id)
        ).all()
    buttons: list[dict[str, Any]] = []
    for message in said:
        print("บอท:", (message.text or "").replace("\n", "\n     "))
        items = (message.payload or {}).get("quickReply", {}).get("items", [])
        buttons = [item["action"] for item in items if item["action"]["type"] in ("message", "postback")]
    for number, button in enumerate(buttons, 1):
        print(f"     [{number}] {button['label']}")
    return buttons


def _tapped(button: dict[str, Any]) -> dict[str, Any]:
    if button["type"] == "message":
        return {"type": "message", "message": {"type": "text", "id": secrets.token_hex(8), "text": button["text"]}}
    return {"type": "postback", "postback": {"data": button["data"]}}
