"""A worker's desk for the second reader: which questions are under way, which verdicts have come. Off without READER_URL.

A turn never waits for the reader. It is rolled back, the citizen's events are put off for a little longer than an answer
may take, and others' turns go on; with the verdict (or the failure) the turn is taken again by the worker that has it.
Should that worker die, the time passes and another one asks.
"""

import asyncio
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.clock import bangkok_day, utc_now
from bot.messages import inbox
from bot.messages.tables import Conversation
from bot.reader.client import TIME_LIMIT_SECONDS, Reader
from bot.reader.limits import Breaker, Budget
from bot.reader.values import AskReader, Question, Verdict
from bot.settings import ReaderSettings
from bot.storage.engine import transaction
from bot.telemetry import READER, log

PUT_OFF = timedelta(seconds=TIME_LIMIT_SECONDS + 0.5)
MOST_UNDER_WAY = 16  # at once: a reader that is asked more waits, and answers late
MOST_KEPT = 2_000  # verdicts; one is read within moments of its coming

Key = tuple[int, int]  # AskReader.key

_LOCK = (
    sa.select(Conversation)
    .where(Conversation.id == sa.bindparam("id"))
    .with_for_update(of=Conversation, skip_locked=True, key_share=True)
)


class Desk:
    """Shared by a process's turn threads; the questions themselves go out from one thread of its own."""

    def __init__(self, settings: ReaderSettings, engine: sa.Engine, wake: Callable[[], None]) -> None:
        """`wake` is called, from another thread, when next_conversation() has something."""
        self._reader = Reader(settings)
        self._engine = engine
        self._wake = wake
        self._budget = Budget(settings.reader_daily_budget)
        self._breaker = Breaker()
        self._lock = threading.Lock()
        self._let_through: set[Key] = set()  # paid for and about to be asked
        self._under_way: set[Key] = set()
        self._verdicts: OrderedDict[Key, Verdict] = OrderedDict()
        self._ready: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def verdict(self, event_id: int, conversation_id: int, question: Question) -> Verdict:
        """The verdict on an event's text, or why the reader is not asked; raises AskReader when he is to be."""
        asked = AskReader(event_id, conversation_id, question)
        with self._lock:
            known = self._verdicts.get(asked.key)
            if known is None and asked.key not in self._let_through:  # another thread may be at the same turn
                known = self._why_not(asked.key)
            if known is not None:
                return known
            self._let_through.add(asked.key)
        raise asked

    def _why_not(self, key: Key) -> Verdict | None:
        if key in self._under_way:  # and yet its time has passed
            return Verdict("late")
        if len(self._under_way) >= MOST_UNDER_WAY:
            return Verdict("busy")
        if not self._breaker.lets_through(time.monotonic()):
            return Verdict("paused")
        return None if self._budget.spend(bangkok_day(utc_now())) else Verdict("spent")

    def ask(self, asked: AskReader) -> None:
        """Put the citizen's events off and send the question, unless another thread at the same turn has done so; returns
        before it is answered."""
        if asked.key not in self._let_through:
            return
        with transaction(self._engine, patient=True) as session:
            session.get_one(Conversation, asked.conversation_id, with_for_update={"key_share": True})
            inbox.postpone(session, asked.conversation_id, utc_now() + PUT_OFF)
        with self._lock:
            if asked.key not in self._let_through:
                return
            self._let_through.remove(asked.key)
            self._under_way.add(asked.key)
        asyncio.run_coroutine_threadsafe(self._answer(asked), self._loop)

    def next_conversation(self, session: Session, now: datetime) -> Conversation | None:
        """A conversation whose verdict has come, locked, its events due again; None when there is none."""
        try:
            conversation_id = self._ready.get_nowait()
        except queue.Empty:
            return None
        conversation = session.scalar(_LOCK, {"id": conversation_id})
        if conversation is not None:
            inbox.make_due(session, conversation_id, now, within=PUT_OFF)
        return conversation

    def close(self) -> None:
        """Let the questions under way go: their events are taken up again when their time has passed."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(2 * TIME_LIMIT_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_closed())

    async def _until_closed(self) -> None:
        await self._closing.wait()
        await self._reader.close()

    async def _answer(self, asked: AskReader) -> None:
        try:
            verdict = await self._reader.read(asked.question)
        except Exception as error:  # a fault of ours, not the endpoint's: the citizen is answered as without a reader
            log().error("reader.broke", event_id=asked.event_id, error=type(error).__name__)
            verdict = Verdict("failed")
        self._breaker.note(well=verdict.outcome in ("chosen", "none"), now=time.monotonic())
        READER.labels(verdict.outcome).inc()
        log().info("reader.verdict", event_id=asked.event_id, outcome=verdict.outcome, took_ms=verdict.took_ms)
        with self._lock:
            self._under_way.discard(asked.key)
            self._verdicts[asked.key] = verdict
            if len(self._verdicts) > MOST_KEPT:
                self._verdicts.popitem(last=False)
        self._ready.put(asked.conversation_id)
        self._wake()
