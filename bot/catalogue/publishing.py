"""Publishing drafts: at once when people's words keep their meaning, else by a worker that trains the matcher first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.catalogue.entries import OPEN_STATES, as_entry, mark_of, open_jobs, place_of, published_entry, replaced
from bot.catalogue.indexes import BuildFailed, Tell, ensure_built
from bot.catalogue.store import NotBuilt, current_version, publish, read_catalogue
from bot.catalogue.tables import CatalogueVersion, Draft, IndexBuild, PublishJob
from bot.people.journal import record
from bot.storage.engine import reading, transaction
from bot.storage.wake import wake
from knowledge.check import faults_of
from knowledge.files import phrases_hash
from knowledge.model import Pack

TELL_EVERY = timedelta(seconds=2)
TRIES = 5  # a publish that trained for a catalogue which changed meanwhile trains again for the new one

log = structlog.get_logger()


class PublishRefused(Exception):
    """These drafts cannot be published as they are; `keys` names them. Nothing was written."""

    code = "refused"

    def __init__(self, *keys: str) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class NothingChosen(PublishRefused):
    """No draft was named."""

    code = "nothing_chosen"


class DraftGone(PublishRefused):
    """There is no such draft (any more)."""

    code = "draft_gone"


class DraftOutdated(PublishRefused):
    """The entry was published after the draft was begun: publishing it would undo that unseen."""

    code = "draft_outdated"


class NotAsSeen(PublishRefused):
    """The draft was saved again after its publisher read it."""

    code = "not_as_seen"


class AlreadyAsked(PublishRefused):
    """Another publish has one of these drafts; `job_id` is that."""

    code = "already_asked"

    def __init__(self, job_id: int, *keys: str) -> None:
        super().__init__(*keys)
        self.job_id = job_id


class NotFit(PublishRefused):
    """The catalogue would have faults (knowledge/check.py); `faults` are the new ones, one line each."""

    code = "not_fit"

    def __init__(self, faults: Sequence[str], *keys: str) -> None:
        super().__init__(*keys)
        self.faults = tuple(faults)


def request_publish(
    session: Session, keys: Sequence[str], staff_id: int, now: datetime, *, seen: Mapping[str, str] | None = None
) -> PublishJob:
    """The job that publishes these drafts: `done`, live from the next message on, when no phrase changed (or these
    phrases were trained before); else `waiting` for a worker. Until it has ended its drafts cannot change.

    `seen` has the mark of each draft as its publisher read it. Raises PublishRefused.
    """
    _lock_catalogue(session)
    drafts = _lock_drafts(session, keys)
    jobs = open_jobs(session)
    for key in drafts:
        if key in jobs:
            raise AlreadyAsked(jobs[key], key)
    changed = [key for key, draft in drafts.items() if seen is not None and seen.get(key) != mark_of(draft.content)]
    if changed:
        raise NotAsSeen(*changed)
    pack = _pack_with(session, drafts)
    job = PublishJob(keys=list(drafts), staff_id=staff_id, asked_at=now, state="waiting", progress=0)
    session.add(job)
    session.flush()
    subject = f"publish_job:{job.id}"
    record(session, act="publish.asked", subject=subject, staff_id=staff_id, now=now, keys=_joined(drafts))
    if _is_trained(session, phrases_hash(pack)):
        _go_live(session, job, drafts, now)
    else:
        wake(session)
    return job


def run_next_job(
    engine: sa.Engine, worker_id: int, living: frozenset[int], now_fn: Callable[[], datetime], tell: Tell
) -> int | None:
    """Take the next waiting publish, or one a dead worker began, to its end; returns its id, None when there is none.

    The matcher is trained in a child process outside any transaction; `tell` hears the progress in percent, and the
    job's row at most every two seconds. One call at a time for a `worker_id`. Whatever goes wrong is written to the job
    (`failed`); only a database that does not answer raises, and then the job is taken up again.
    """
    with transaction(engine) as session:
        job = _claim(session, worker_id, living)
        if job is None:
            return None
        job_id, keys = job.id, list(job.keys)
    try:
        _build_and_publish(engine, job_id, keys, worker_id, now_fn, _Progress(engine, job_id, now_fn, tell))
    except PublishRefused as error:
        _fail(engine, job_id, worker_id, now_fn(), f"{error.code}: {error}")
    except BuildFailed as error:
        _fail(engine, job_id, worker_id, now_fn(), f"build_failed: {error}")
    except Exception as error:
        log.exception("publish_failed", job=job_id)
        _fail(engine, job_id, worker_id, now_fn(), f"unexpected: {type(error).__name__}")
    return job_id


class _Progress:
    """Hears the training's percent and writes it to the job's row, not more often than TELL_EVERY."""

    def __init__(self, engine: sa.Engine, job_id: int, now_fn: Callable[[], datetime], tell: Tell) -> None:
        self._engine, self._job_id, self._now, self._tell = engine, job_id, now_fn, tell
        self._next_at = now_fn()

    def __call__(self, percent: int) -> None:
        self._tell(percent)
        if self._now() < self._next_at:
            return
        self._next_at = self._now() + TELL_EVERY
        shown = min(percent, 99)  # 100 is for what citizens get
        with transaction(self._engine) as session:
            session.execute(sa.update(PublishJob).where(PublishJob.id == self._job_id).values(progress=shown))


def _build_and_publish(
    engine: sa.Engine, job_id: int, keys: Sequence[str], worker_id: int, now_fn: Callable[[], datetime], tell: Tell
) -> None:
    for _ in range(TRIES):
        with reading(engine) as session:
            pack = _pack_with(session, {draft.key: draft for draft in _drafts(session, keys)})
        try:
            ensure_built(engine, pack, now_fn(), tell)
        except IntegrityError:  # another worker kept the same training a moment earlier
            log.info("index_kept_by_another", job=job_id)
        try:
            with transaction(engine) as session:
                job = _mine(session, job_id, worker_id)
                if job is not None:
                    _lock_catalogue(session)
                    _go_live(session, job, _lock_drafts(session, keys), now_fn())
            return
        except (NotBuilt, IntegrityError):  # another publish came first: train and try again on top of it
            log.info("publish_again", job=job_id)
    raise PublishRefused(*keys)


def _go_live(session: Session, job: PublishJob, drafts: Mapping[str, Draft], now: datetime) -> None:
    _pack_with(session, drafts)  # refuses what became unfit or outdated since the publish was asked for
    changed = {place_of(key): draft.content for key, draft in drafts.items()}
    version = publish(session, changed, staff_id=job.staff_id, note="", now=now)
    for draft in drafts.values():
        session.delete(draft)
    job.state, job.progress, job.version, job.finished_at = "done", 100, version, now
    record(
        session, act="publish", subject=f"catalogue:{version}", staff_id=job.staff_id, now=now, job=job.id,
        keys=_joined(drafts),
    )  # fmt: skip


def _is_trained(session: Session, phrases: str) -> bool:
    """Whether these phrases have an index made like the one in use: one of an older release or another encoder is no good."""
    in_use = session.get(CatalogueVersion, current_version(session))
    used, kept = (session.get(IndexBuild, key) for key in (in_use.phrases_hash if in_use else "", phrases))
    return used is not None and kept is not None and kept.recipe == used.recipe


def _pack_with(session: Session, drafts: Mapping[str, Draft]) -> Pack:
    """The current catalogue with these drafts in it; raises DraftOutdated or NotFit."""
    for key, draft in drafts.items():
        _entry, version = published_entry(session, key)
        if version > draft.base_version:
            raise DraftOutdated(key)
    old = read_catalogue(session, current_version(session))
    new = replaced(old, {key: as_entry(key, draft.content) for key, draft in drafts.items()})
    known = set(faults_of(old))  # a fault that citizens live with already is not this publisher's to mend
    faults = [fault for fault in faults_of(new) if fault not in known]
    if faults:
        raise NotFit(faults, *drafts)
    return new


def _lock_catalogue(session: Session) -> None:
    """Publishers queue here: the newest version's row is locked, so that one at a time counts the next number."""
    newest = sa.select(CatalogueVersion.version).order_by(CatalogueVersion.version.desc()).limit(1)
    session.scalar(newest.with_for_update())


def _drafts(session: Session, keys: Sequence[str]) -> Sequence[Draft]:
    return session.scalars(sa.select(Draft).where(Draft.key.in_(keys)).order_by(Draft.key)).all()


def _lock_drafts(session: Session, keys: Sequence[str]) -> dict[str, Draft]:
    """These drafts, locked in the order of their keys; raises NothingChosen or DraftGone."""
    if not keys:
        raise NothingChosen
    query = sa.select(Draft).where(Draft.key.in_(keys)).order_by(Draft.key).with_for_update()
    found = {row.key: row for row in session.scalars(query.execution_options(populate_existing=True))}
    gone = [key for key in keys if key not in found]
    if gone:
        raise DraftGone(*gone)
    return found


def _claim(session: Session, worker_id: int, living: frozenset[int]) -> PublishJob | None:
    left_behind = PublishJob.worker_id.not_in(living - {worker_id})
    free = sa.or_(PublishJob.state == "waiting", sa.and_(PublishJob.state == "building", left_behind))
    job = session.scalar(
        sa.select(PublishJob).where(free).order_by(PublishJob.id).limit(1).with_for_update(skip_locked=True)
    )
    if job is not None:
        job.state, job.worker_id, job.progress = "building", worker_id, 0
    return job


def _mine(session: Session, job_id: int, worker_id: int) -> PublishJob | None:
    """The job, locked, unless another worker has taken it over or ended it."""
    job = session.get(PublishJob, job_id, with_for_update=True)
    return job if job is not None and job.state in OPEN_STATES and job.worker_id == worker_id else None


def _fail(engine: sa.Engine, job_id: int, worker_id: int, now: datetime, error: str) -> None:
    with transaction(engine) as session:
        job = _mine(session, job_id, worker_id)
        if job is not None:
            job.state, job.error, job.finished_at = "failed", error, now
            record(
                session, act="publish.failed", subject=f"publish_job:{job_id}", staff_id=job.staff_id, now=now,
                error=error.split(":")[0],
            )  # fmt: skip


def _joined(drafts: Mapping[str, Draft]) -> str:
    return ",".join(drafts)
