"""Publishing: live from the next message on, by a worker where the matcher has to learn, and never lost."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.catalogue import publishing
from bot.catalogue.drafts import save_draft
from bot.catalogue.entries import Entry, as_json, listed
from bot.catalogue.history import versions
from bot.catalogue.indexes import BuildFailed
from bot.catalogue.live import LiveCatalogue
from bot.catalogue.publishing import (
    AlreadyAsked,
    DraftGone,
    DraftOutdated,
    NotAsSeen,
    NotFit,
    request_publish,
    run_next_job,
)
from bot.catalogue.store import current_version
from bot.catalogue.tables import Draft, PublishJob
from bot.messages.tables import Worker
from bot.people.tables import JournalEntry
from bot.storage.engine import reading, transaction
from knowledge.model import Intent
from tests.catalogue.conftest import NOW, PACK
from tests.catalogue.test_drafts import with_fee

CARD, LICENCE, _GREETING = PACK.intents


def draft(engine: sa.Engine, *entries: Entry, base: int = 1) -> None:
    with transaction(engine) as session:
        for entry in entries:
            save_draft(session, entry, base_version=base, seen="", staff_id=1, now=NOW)


def ask(engine: sa.Engine, *keys: str, staff: int = 1) -> PublishJob:
    with transaction(engine) as session:
        return request_publish(session, keys, staff, NOW)


def worker(engine: sa.Engine) -> int:
    with transaction(engine) as session:
        row = Worker(started_at=NOW, host="here")
        session.add(row)
        session.flush()
        return row.id


def work(engine: sa.Engine, worker_id: int, living: frozenset[int] | None = None) -> int | None:
    alive = frozenset({worker_id}) if living is None else living
    return run_next_job(engine, worker_id, alive, lambda: NOW, lambda percent: None)


def job(engine: sa.Engine, job_id: int) -> PublishJob:
    with reading(engine) as session:
        return session.get_one(PublishJob, job_id)


def with_phrase(intent: Intent, phrase: str) -> Intent:
    return replace(intent, phrases={**intent.phrases, "short": (phrase,)})


def test_a_changed_fee_is_what_the_bot_says_next(centre: sa.Engine) -> None:
    live = LiveCatalogue()
    with reading(centre) as session:
        before = live.matcher(session)
    draft(centre, with_fee("120 บาท"))
    done = ask(centre, "id_card_lost")
    assert (done.state, done.version) == ("done", 2)
    with reading(centre) as session:
        after = live.matcher(session)
        assert listed(session, "id_card_lost").draft is None
    told = after.pack.intent("id_card_lost")
    assert told is not None
    assert told.article is not None
    assert told.article.facets["fee"] == ("120 บาท",)
    assert after.index is before.index  # nothing was trained again


def test_a_new_phrase_goes_through_the_worker_and_is_understood(
    centre: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # nothing was trained on this machine before
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"))
    asked = ask(centre, "id_card_lost")
    assert asked.state == "waiting"
    heard: list[int] = []
    me = worker(centre)
    assert run_next_job(centre, me, frozenset({me}), lambda: NOW, heard.append) == asked.id
    done = job(centre, asked.id)
    assert (done.state, done.version, done.progress, done.error) == ("done", 2, 100, None)
    assert heard[-1] == 100
    with reading(centre) as session:
        best = LiveCatalogue().matcher(session).index.candidates("กระเป๋าตกน้ำ")[0]
        acts = session.scalars(sa.select(JournalEntry.act).order_by(JournalEntry.id)).all()
    assert (best.intent, best.score) == ("id_card_lost", 0.99)
    assert acts == ["draft.saved", "publish.asked", "publish"]
    assert work(centre, me) is None


def test_two_publishes_with_phrases_both_land(centre: sa.Engine) -> None:
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"), with_phrase(LICENCE, "ใบขับขี่เก่า"))
    jobs = [ask(centre, "id_card_lost"), ask(centre, "driving_licence_renew")]
    workers = [worker(centre), worker(centre)]
    threads = [threading.Thread(target=work, args=(centre, me, frozenset(workers))) for me in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [job(centre, asked.id).error for asked in jobs] == [None, None]
    assert sorted(job(centre, asked.id).version or 0 for asked in jobs) == [2, 3]
    with reading(centre) as session:
        index = LiveCatalogue().matcher(session).index
    assert {"กระเป๋าตกน้ำ", "ใบขับขี่เก่า"} <= set(index.phrases)


def test_a_fee_published_during_the_training_is_not_undone(centre: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"), with_fee("600 บาท", LICENCE))
    asked = ask(centre, "id_card_lost")
    trains = publishing.ensure_built

    def train_while_another_publishes(*given: object) -> None:
        trains(*given)  # type: ignore[arg-type]
        with reading(centre) as session:
            waiting = session.get(Draft, "driving_licence_renew") is not None
        if waiting:
            assert ask(centre, "driving_licence_renew", staff=2).state == "done"

    monkeypatch.setattr(publishing, "ensure_built", train_while_another_publishes)
    work(centre, worker(centre))
    assert job(centre, asked.id).version == 3
    with reading(centre) as session:
        assert listed(session, "driving_licence_renew").published == with_fee("600 บาท", LICENCE)
        assert listed(session, "id_card_lost").published == with_phrase(CARD, "กระเป๋าตกน้ำ")


def test_what_a_dead_worker_began_is_taken_over_and_what_a_living_one_does_is_not(centre: sa.Engine) -> None:
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"))
    asked = ask(centre, "id_card_lost")
    dead, me = worker(centre), worker(centre)
    with transaction(centre) as session:
        row = session.get_one(PublishJob, asked.id)
        row.state, row.worker_id = "building", dead
    assert work(centre, me, frozenset({dead, me})) is None
    assert work(centre, me, frozenset({me})) == asked.id
    assert job(centre, asked.id).state == "done"


def test_a_failed_training_says_so_and_keeps_the_draft(centre: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise BuildFailed("MemoryError")

    monkeypatch.setattr(publishing, "ensure_built", fail)
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"))
    asked = ask(centre, "id_card_lost")
    work(centre, worker(centre))
    failed = job(centre, asked.id)
    assert (failed.state, failed.error) == ("failed", "build_failed: MemoryError")
    with reading(centre) as session:
        assert listed(session, "id_card_lost").draft is not None
        assert current_version(session) == 1
    assert ask(centre, "id_card_lost").state == "waiting"  # and it may be tried again


def test_progress_is_written_every_two_seconds_at_most(centre: sa.Engine) -> None:
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"))
    asked = ask(centre, "id_card_lost")
    moment = [NOW]
    hears = publishing._Progress(centre, asked.id, lambda: moment[0], lambda percent: None)
    written = []
    for percent in (10, 20, 30, 40, 50, 60, 70):
        hears(percent)
        written.append(job(centre, asked.id).progress)
        moment[0] += timedelta(seconds=1)
    assert written == [10, 10, 30, 30, 50, 50, 70]


def test_a_draft_is_published_by_one_only(centre: sa.Engine) -> None:
    draft(centre, with_phrase(CARD, "กระเป๋าตกน้ำ"))
    first = ask(centre, "id_card_lost")
    with pytest.raises(AlreadyAsked) as told:
        ask(centre, "id_card_lost", staff=2)
    assert told.value.job_id == first.id


def test_what_the_publisher_did_not_read_is_not_published(centre: sa.Engine) -> None:
    draft(centre, with_fee("120 บาท"))
    with pytest.raises(NotAsSeen), transaction(centre) as session:
        request_publish(session, ["id_card_lost"], 1, NOW, seen={"id_card_lost": "what stood there before"})
    with pytest.raises(DraftGone):
        ask(centre, "greeting")


def test_a_draft_older_than_what_is_published_is_refused(centre: sa.Engine) -> None:
    draft(centre, with_fee("120 บาท"))
    ask(centre, "id_card_lost")
    with transaction(centre) as session:  # as when a new pack was loaded meanwhile
        session.add(Draft(key="id_card_lost", content=as_json(CARD), base_version=1, staff_id=2, edited_at=NOW))
    with pytest.raises(DraftOutdated):
        ask(centre, "id_card_lost")


def test_a_sentence_of_another_intent_is_refused_unless_both_are_published(centre: sa.Engine) -> None:
    draft(centre, with_phrase(CARD, "ใบขับขี่หมดละ"))
    with pytest.raises(NotFit) as told:
        ask(centre, "id_card_lost")
    assert "driving_licence_renew" in told.value.faults[0]
    draft(centre, replace(LICENCE, phrases={**LICENCE.phrases, "chat": ("ต่อใบขับขี่ไงดี",)}))
    assert ask(centre, "id_card_lost", "driving_licence_renew").state == "waiting"


def test_versions_tell_who_changed_what(centre: sa.Engine) -> None:
    draft(centre, with_fee("120 บาท"))
    ask(centre, "id_card_lost", staff=2)
    with reading(centre) as session:
        newest, first = versions(session)
    assert (newest.number, newest.staff_name, newest.changed) == (2, "สมชาย", (("id_card_lost", "บัตรประชาชนหาย"),))
    assert (first.number, first.staff_name, first.count) == (1, None, 4)
