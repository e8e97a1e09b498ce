"""What an action may use in a turn: the session, the citizen, what came, what is known."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.clock import bangkok_day
from bot.conversation.memory import Memory
from bot.line.events import Event
from bot.messages.tables import Conversation, Message
from bot.reader.values import SecondReader
from intents.understand import Matcher
from knowledge.model import Agency, Intent


@dataclass
class Turn:
    """One event being handled, inside its one transaction."""

    session: Session
    conversation: Conversation
    memory: Memory
    matcher: Matcher
    event: Event
    message: Message | None
    now: datetime
    public_url: str
    reader: SecondReader | None = None

    @property
    def today(self) -> date:
        return bangkok_day(self.now)

    @property
    def private(self) -> bool:
        """Whether only this citizen reads along."""
        return self.conversation.kind == "user"

    def intent(self, intent_id: str | None) -> Intent | None:
        return self.matcher.pack.intent(intent_id) if intent_id else None

    def agency(self, intent: Intent) -> Agency | None:
        return self.matcher.pack.agency(intent.agency)
