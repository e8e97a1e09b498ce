"""The worker: takes turns, sends deliveries, and does the chores. Any number of workers may run on one database."""

import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from bot import chores
from bot.catalogue.live import LiveCatalogue
from bot.catalogue.publishing import run_next_job
from bot.clock import utc_now
from bot.conversation.turn import park, take_turn
from bot.line.client import LineClient
from bot.messages import inbox, outbox
from bot.messages.claims import Life, living
from bot.messages.outcomes import Accepted, Outcome, TokenInvalid, Unclear
from bot.messages.tables import Conversation, InboundEvent
from bot.reader.desk import Desk
from bot.reader.values import AskReader
from bot.settings import Settings
from bot.storage.engine import is_sqlite, reading, transaction
from bot.storage.wake import Alarm, listening
from bot.telemetry import DELIVERIES, EVENTS, TURN_SECONDS, log

SENDERS = 40  # requests to LINE under way at once: LINE's answer takes longer than ours
TURN_THREADS = 3  # on PostgreSQL; SQLite has one writer, more threads would only queue for it
OUTCOMES_AT_ONCE = 30  # written down in one transaction
CHORES_SECONDS = 0.5
DATABASE_PAUSE_SECONDS = 1.0


@dataclass
class TurnFailed(Exception):
    """A turn raised; carries which event it was."""

    event_id: int
    cause: Exception


@dataclass
class Sender:
    """Whether one of the senders is free, and what it is to send."""

    free: bool
    request: outbox.Request | None = None


class NewVersion(Exception):
    """Another catalogue was published: it is loaded outside of any transaction, then the turn is taken."""


class Worker:
    """One worker process, from start() to stop()."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._catalogue = LiveCatalogue()
        self._line = LineClient(settings)
        self._reader = Desk(settings, engine, self._ring) if settings.reader_url else None
        self._life = Life(engine, utc_now())
        self._alarms: list[Alarm] = []
        self._stopping = threading.Event()
        self._free_senders = threading.Semaphore(SENDERS)
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="send")
        self._outcomes: queue.SimpleQueue[tuple[outbox.Request, Outcome]] = queue.SimpleQueue()
        self._outcomes_at_once = OUTCOMES_AT_ONCE
        self._threads: list[threading.Thread] = []

    def run(self) -> None:
        """Work until stop() is called; then what was begun is finished."""
        alarm = Alarm()
        count = 1 if is_sqlite(self._engine) else TURN_THREADS
        self._alarms = [Alarm() for _ in range(count)]
        loops: list[Callable[[], None]] = [partial(self._turns, alarm) for alarm in self._alarms]
        loops += [partial(self._every_half_second, chore) for chore in (self._rescue, self._fetch, self._publish)]
        self._threads = [threading.Thread(target=loop, name=f"work-{n}") for n, loop in enumerate(loops)]
        with listening(self._engine, alarm):
            for thread in self._threads:
                thread.start()
            while not self._stopping.is_set():
                alarm.wait()
                for one in self._alarms:
                    one.ring()
            for thread in self._threads:
                thread.join()
        if self._reader is not None:
            self._reader.close()
        self._senders.shutdown(wait=True)
        while self._record_outcomes():
            pass
        self._life.end()

    def stop(self) -> None:
        """Ask run() to end."""
        self._stopping.set()
        self._ring()

    def _ring(self) -> None:
        for alarm in self._alarms:
            alarm.ring()

    def _turns(self, alarm: Alarm) -> None:
        while not self._stopping.is_set():
            try:
                written = self._record_outcomes()
                found = self._take_one_turn() or self._claim_one_delivery() or written
            except (OperationalError, IntegrityError) as error:
                log().warning("database.retry", error=type(error).__name__)
                self._stopping.wait(DATABASE_PAUSE_SECONDS)
                continue
            except Exception as error:  # a bug beside any event: say so and go on, the work is still in the database
                log().error("worker.failed", error=type(error).__name__, at=_place(error))
                self._stopping.wait(DATABASE_PAUSE_SECONDS)
                continue
            if not found:
                alarm.wait()

    def _take_one_turn(self) -> bool:
        """Take a turn; when it fails, note that. False when no event waits."""
        try:
            return self._turn()
        except NewVersion:
            with reading(self._engine) as session:
                self._catalogue.matcher(session)
            return True
        except AskReader as asked:
            assert self._reader is not None
            self._reader.ask(asked)
            return True
        except TurnFailed as failed:
            return self._note_failure(failed)

    def _turn(self) -> bool:
        """Handle the next event, if any; its delivery is claimed in the same transaction and sent after the commit."""
        begun = time.perf_counter()
        with self._sender() as sender, transaction(self._engine, patient=True) as session:
            now = utc_now()
            heard = self._reader.next_conversation(session, now) if self._reader is not None else None
            conversation = heard or inbox.next_conversation(session, now)
            if conversation is None:
                return False
            if not self._catalogue.is_loaded(session):
                raise NewVersion
            due = inbox.next_event(session, conversation, now)
            if due is None:
                return True
            event_id, worker_id, public_url = due.event.id, self._life.worker_id, self._settings.public_url
            try:
                said = take_turn(
                    session,
                    due,
                    conversation,
                    catalogue=self._catalogue,
                    public_url=public_url,
                    now=now,
                    reader=self._reader,
                )
                if sender.free:
                    sender.request = outbox.claim_answer(session, conversation, due, said, worker_id=worker_id, now=now)
                session.flush()
            except (OperationalError, AskReader):
                raise  # the database, or a question to ask first: not the event
            except Exception as error:
                raise TurnFailed(event_id, error) from error
        TURN_SECONDS.observe(time.perf_counter() - begun)
        EVENTS.labels("done").inc()
        return True

    @contextmanager
    def _sender(self) -> Iterator[Sender]:
        """A sender for what is claimed inside the block: it sends when the block, and its transaction, has ended well.
        Where none is free nothing may be claimed, and the messages stay in the outbox."""
        sender = Sender(free=self._free_senders.acquire(blocking=False))
        handed_over = False
        try:
            yield sender
            if sender.request is not None:
                self._senders.submit(self._send, sender.request)
                handed_over = True
        finally:
            if sender.free and not handed_over:
                self._free_senders.release()

    def _note_failure(self, failed: TurnFailed) -> bool:
        log().error("turn.failed", event_id=failed.event_id, error=type(failed.cause).__name__, at=_place(failed.cause))
        EVENTS.labels("failed").inc()
        with transaction(self._engine, patient=True) as session:
            now = utc_now()
            row = session.get_one(InboundEvent, failed.event_id)
            conversation = session.get_one(Conversation, row.conversation_id, with_for_update={"key_share": True})
            session.refresh(row)  # as it is under the lock: another worker may have taken the turn meanwhile
            if row.state == "pending" and inbox.note_failure(
                session, failed.event_id, type(failed.cause).__name__, now
            ):
                park(session, row, conversation, now=now)
        return True

    def _claim_one_delivery(self) -> bool:
        """Claim waiting messages of some conversation (an officer's answer, a retry after a rate limit) and send them."""
        with self._sender() as sender, transaction(self._engine, patient=True) as session:
            now = utc_now()
            conversation = outbox.next_conversation(session, now) if sender.free else None
            if conversation is not None:
                sender.request = outbox.claim(session, conversation, worker_id=self._life.worker_id, now=now)
        return sender.request is not None

    def _send(self, request: outbox.Request) -> None:
        """Send; how it went is written down by a turn thread, so that not every sender queues for the database."""
        try:
            outcome = self._line.send(request)
            DELIVERIES.labels(type(outcome).__name__).inc()
            self._outcomes.put((request, outcome))
        except Exception as error:  # the claim stays with this worker: recover() takes it up
            log().error("send.failed", delivery_id=request.delivery_id, error=type(error).__name__, at=_place(error))
        finally:
            self._free_senders.release()
            self._ring()

    def _record_outcomes(self) -> bool:
        """Write down how deliveries went, many at once, and go on with what has gathered for those citizens meanwhile."""
        batch: list[tuple[outbox.Request, Outcome]] = []
        with suppress(queue.Empty):
            while len(batch) < self._outcomes_at_once:
                batch.append(self._outcomes.get_nowait())
        if not batch:
            self._outcomes_at_once = OUTCOMES_AT_ONCE
            return False
        batch.sort(key=lambda one: one[0].conversation_id)  # locks in one order: two batches never wait in a circle
        try:
            self._write_down(batch)
        except (OperationalError, IntegrityError):
            for one in batch:  # nothing was written: once more, later
                self._outcomes.put(one)
            raise
        except Exception as error:
            if len(batch) == 1:  # the claim stays with this worker: recover() takes it up
                raise
            log().error("outcomes.one_by_one", count=len(batch), error=type(error).__name__, at=_place(error))
            for one in batch:  # one of them is at fault, and only that one is to wait
                self._outcomes.put(one)
            self._outcomes_at_once = 1
        return True

    def _write_down(self, batch: Sequence[tuple[outbox.Request, Outcome]]) -> None:
        go_on = {
            request.conversation_id
            for request, outcome in batch
            if isinstance(outcome, Accepted | TokenInvalid | Unclear)
        }
        with ExitStack() as senders, transaction(self._engine, patient=True) as session:
            now, worker_id = utc_now(), self._life.worker_id
            for conversation in outbox.record(session, batch, worker_id=worker_id, now=now):
                if conversation.id in go_on and not self._stopping.is_set():
                    sender = senders.enter_context(self._sender())
                    if sender.free:
                        sender.request = outbox.claim(session, conversation, worker_id=worker_id, now=now)

    def _every_half_second(self, chore: Callable[[], object]) -> None:
        """Do a chore again and again; what goes wrong in one does not stop the others."""
        while not self._stopping.wait(CHORES_SECONDS):
            try:
                chore()
            except (OperationalError, IntegrityError) as error:
                log().warning("chore.retry", error=type(error).__name__)
            except Exception as error:
                log().error("chore.failed", error=type(error).__name__, at=_place(error))

    def _rescue(self) -> None:
        """Retries that are due, and what dead workers left."""
        self._life.keep()
        alive = living(self._engine)
        while self._recover_one(alive):
            pass

    def _fetch(self) -> None:
        """Citizens' pictures and names."""
        chores.fetch_media(self._engine, self._line, utc_now)
        chores.fetch_names(self._engine, self._line, utc_now)

    def _publish(self) -> None:
        """A publish that needs a new index; the build takes long, in a child process."""
        run_next_job(self._engine, self._life.worker_id, living(self._engine), utc_now, lambda _percent: None)

    def _recover_one(self, alive: frozenset[int]) -> bool:
        with self._sender() as sender, transaction(self._engine, patient=True) as session:
            if sender.free:
                sender.request = outbox.recover(session, worker_id=self._life.worker_id, living=alive, now=utc_now())
        return sender.request is not None


def _place(error: Exception) -> str:
    """Where an error was raised: files and lines, without its message, which may quote a citizen."""
    return " < ".join(
        f"{Path(f.filename).name}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__))
    )
