"""A citizen who books by chat: every text and tap is one turn of the real conversation; only the matcher is by keywords."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import sqlalchemy as sa

from bot.bookings.acts import Visit, bookings_of, reserve
from bot.clock import thai_moment
from bot.conversation.context import Turn
from bot.conversation.memory import as_json, read_memory
from bot.conversation.turn import respond
from bot.line.events import Event, PostbackIn, TextIn
from bot.line.render import plain, render
from bot.line.replies import Button, Card, PickDay, Reply, Say, Tap, Text
from bot.messages.tables import Conversation
from bot.storage.engine import make_engine, reading, transaction
from intents.entities import find_entities
from intents.facets import find_facets, is_bare_question
from intents.index import Candidate
from intents.understand import About, Decision, Kinds, Matcher, wants_booking
from knowledge.files import starter_pack
from tests.bookings.centre import FRIDAY, NOW, at, citizens, open_centre, service_of
from tests.conftest import Databases

KEYWORDS = (  # the first that is found decides; "?" in front: it is asked back
    ("ไฟไหม้", "emergency"),
    ("เจ้าหน้าที่", "talk_to_officer"),
    ("เปิดกี่โมง|เปิดไหม", "opening_hours"),
    ("ขอบคุณ", "thanks"),
    ("เลื่อน|ยกเลิกคิว|ยกเลิกนัด|ไปไม่ได้แล้ว|เปลี่ยนวันนัด", "booking_change"),
    ("คิวของฉัน|ดูคิว|จองไว้วันไหน", "booking_check"),
    ("พาสปอร์ต", "passport_new"),
    ("ต่อใบขับขี่", "driving_licence_renew"),
    ("ใบขับขี่", "?driving_licence_renew"),
    ("บัตรหาย|บัตรประชาชนหาย", "id_card_lost"),
    ("รังวัด", "land_survey"),
    ("จอง|คิว", "booking_create"),
    ("กู้เรียน", "elsewhere:student_loan"),
)


def decide(text: str, matcher: Matcher, now: datetime, about: About | None = None) -> Decision:
    """A decision made by keywords where the trained index would make it: these tests are about what follows from it."""
    found = next((intent for words, intent in KEYWORDS if re.search(words, text)), "?nothing")
    intent, facets, entities = found.removeprefix("?"), find_facets(text), find_entities(text, now)
    followed = facets and is_bare_question(text) and about is not None and about.intent is not None
    if followed and about is not None:
        return Decision("answer", about.intent, 1.0, entities=entities, facets=facets, followed=True)
    candidates = [Candidate(intent, 0.9), Candidate("driving_licence_new", 0.3), Candidate("house_move", 0.01)]
    kinds: dict[str | None, Kinds] = {
        "faq": "answer",
        "faq+booking": "book" if wants_booking(text) else "answer",
        "booking": "book",
        "escalate": "emergency" if intent == "emergency" else "handover",
        "smalltalk": "smalltalk",
        None: "elsewhere",
    }
    kind = kinds[matcher.kinds.get(intent)]
    if found.startswith("?"):
        kind = "unknown" if intent == "nothing" else "clarify"
        candidates = candidates[1:] if intent == "nothing" else candidates
    return Decision(kind, candidates[0].intent, candidates[0].score, tuple(candidates), entities, facets)


def keywords_matcher() -> Matcher:
    return Matcher(starter_pack(), cast(Any, SimpleNamespace(thresholds=SimpleNamespace(answer=0.5, ask=0.2))))


@contextmanager
def fresh_chat(databases: Databases, kind: str = "sqlite") -> Iterator["Chat"]:
    """A citizen of a new centre with the demo offices."""
    url = databases.fresh(kind, "empty")
    engine = make_engine(url)
    open_centre(engine)
    yield Chat(engine, citizens(engine, 1)[0])
    engine.dispose()
    databases.drop(url)


def fill(engine: sa.Engine, intent: str, hour: int, minute: int) -> None:
    """Others take every place of this hour on Friday."""
    with transaction(engine) as session:
        service, starts_at = service_of(session, intent), at(FRIDAY, hour, minute)
        for number in range(service.capacity):
            other = Conversation(
                kind="user", line_hash=f"other-{number}", line_id="U", memory={}, created_at=NOW, last_seen_at=NOW
            )
            session.add(other)
            session.flush()
            reserve(session, office_service_id=service.id, starts_at=starts_at, conversation_id=other.id, now=NOW)


@dataclass
class Chat:
    """One citizen and what is on the screen."""

    engine: sa.Engine
    citizen: int
    now: datetime = NOW
    matcher: Matcher = field(default_factory=keywords_matcher)
    screen: list[Reply] = field(default_factory=list)

    def say(self, text: str) -> "Chat":
        return self._turn(TextIn(text))

    def tap(self, label: str, *, picked: str | None = None) -> "Chat":
        button = next((b for b in self.buttons if b.label == label), None)
        assert button is not None, f"no button {label!r} among {self.labels}"
        if isinstance(button, Say):
            return self.say(button.text)
        assert isinstance(button, Tap | PickDay)
        return self.tap_old(button.data, picked=picked)

    def tap_old(self, data: str, *, picked: str | None = None) -> "Chat":
        """A button of an earlier message."""
        return self._turn(PostbackIn(data, picked))

    def hears(self, *words: str) -> "Chat":
        for word in words:
            assert word in self.words, f"{word!r} is not in:\n{self.words}\n{self.labels}"
        return self

    def hears_no(self, *words: str) -> "Chat":
        for word in words:
            assert word not in self.words, f"{word!r} is in:\n{self.words}"
        return self

    def has(self, *visits: str) -> "Chat":
        """The coming bookings are exactly these, as "service, day and hour"."""
        found = [f"{v.service.intent_id}, {thai_moment(v.slot.starts_at)}" for v in self.visits]
        assert found == list(visits), found
        return self

    @property
    def visits(self) -> list[Visit]:
        with reading(self.engine) as session:
            return list(bookings_of(session, self.citizen, self.now))

    @property
    def words(self) -> str:
        return "\n".join(reply.text if isinstance(reply, Text) else plain(reply) for reply in self.screen)

    @property
    def card(self) -> Card:
        last = self.screen[-1]
        assert isinstance(last, Card), self.words
        return last

    @property
    def buttons(self) -> tuple[Button, ...]:
        return self.screen[-1].buttons if self.screen else ()

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def button(self, label: str) -> Tap:
        """A button to be tapped later."""
        return next(button for button in self.buttons if isinstance(button, Tap) and button.label == label)

    def _turn(self, content: TextIn | PostbackIn) -> "Chat":
        event = Event("e", "message", True, False, "user", "U", self.now, None, None, None, False, content)
        with transaction(self.engine) as session:
            conversation = session.get_one(Conversation, self.citizen, with_for_update=True)
            memory = read_memory(conversation.memory)
            turn = Turn(session, conversation, memory, self.matcher, event, None, self.now, "https://desk.example")
            with patch("bot.conversation.reading.understand", decide), patch("intents.joints.understand", decide):
                self.screen = respond(turn)
            conversation.memory = as_json(memory)
        for reply in self.screen:
            assert len(reply.buttons) <= 13
            assert all(isinstance(b, Tap) is False or (b.data.isascii() and len(b.data) <= 300) for b in reply.buttons)  # type: ignore[union-attr]
            render(reply)  # within all of LINE's limits
        return self
