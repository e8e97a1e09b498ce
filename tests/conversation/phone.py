"""A citizen's phone in conversations with the real understanding. It is Monday 23 November 2026, 10:00."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.cases.tables import Case
from bot.catalogue.live import LiveCatalogue
from bot.conversation.turn import take_turn
from bot.line.events import read_event
from bot.messages import inbox
from bot.messages.tables import Message
from bot.storage.engine import reading, transaction
from tests.town import actions

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
MOST_MESSAGES = 5  # what one delivery carries


@dataclass
class Phone:
    """A citizen's phone: every message is one real turn, without LINE."""

    engine: sa.Engine
    catalogue: LiveCatalogue
    now: datetime = MONDAY
    user_ref: str = field(default_factory=lambda: "U" + secrets.token_hex(16))
    screen: list[tuple[str, Any]] = field(default_factory=list)

    def says(self, text: str) -> "Phone":
        return self._sends(type="text", text=text)

    def sends_photo(self) -> "Phone":
        return self._sends(type="image", contentProvider={"type": "line"})

    def sends_place(self) -> "Phone":
        return self._sends(type="location", title="", address="ซอย 5", latitude=13.7, longitude=100.5)

    def sends_sticker(self) -> "Phone":
        return self._sends(type="sticker", packageId="1", stickerId="1")

    def taps(self, label: str) -> "Phone":
        action = next(a for a in actions([payload for _, payload in self.screen]) if a["label"] == label)
        return self._turn({"type": "postback", "postback": {"data": action["data"]}})

    def hears(self, *words: str) -> "Phone":
        assert all(word in self.words for word in words), f"{words} not all in:\n{self.words}\n{self.buttons}"
        return self

    def hears_no(self, *words: str) -> "Phone":
        assert not any(word in self.words for word in words), f"one of {words} in:\n{self.words}"
        return self

    def sees(self, *labels: str) -> "Phone":
        assert set(labels) <= set(self.buttons), f"{labels} not all among {self.buttons}"
        return self

    @property
    def words(self) -> str:
        return "\n".join(text for text, _ in self.screen)

    @property
    def buttons(self) -> list[str]:
        """The labels of the quick replies that LINE shows: those of the last message."""
        items = self.screen[-1][1].get("quickReply", {}).get("items", []) if self.screen else []
        return [item["action"]["label"] for item in items]

    @property
    def cases(self) -> list[Case]:
        with reading(self.engine) as session:
            return list(session.scalars(sa.select(Case).order_by(Case.id)))

    def _sends(self, **message: Any) -> "Phone":
        return self._turn({"type": "message", "message": {"id": secrets.token_hex(8), **message}})

    def _turn(self, raw: dict[str, Any]) -> "Phone":
        self.now += timedelta(seconds=20)
        raw |= {
            "webhookEventId": secrets.token_hex(13),
            "mode": "active",
            "timestamp": int(self.now.timestamp() * 1000),
            "source": {"type": "user", "userId": self.user_ref},
        }
        with transaction(self.engine) as session:
            last = session.scalar(sa.select(sa.func.max(Message.id))) or 0
            event = read_event(json.loads(json.dumps(raw)), self.now)
            inbox.store_events(session, [(raw, event)], secret_key="test", now=self.now)
            conversation = inbox.next_conversation(session, self.now)
            assert conversation is not None
            row = inbox.next_event(session, conversation, self.now)
            assert row is not None
            take_turn(
                session, row, conversation, catalogue=self.catalogue, public_url="https://desk.example", now=self.now
            )
            said = sa.select(Message).where(Message.id > last, Message.author == "bot").order_by(Message.id)
            self.screen = [(message.text or "", message.payload or {}) for message in session.scalars(said)]
        assert 0 < len(self.screen) <= MOST_MESSAGES
        assert "!" not in self.words
        return self
