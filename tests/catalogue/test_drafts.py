"""Drafts: what is kept, and that no editor's work overwrites another's unseen."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.catalogue.drafts import BeingPublished, DraftChanged, PublishedMeanwhile, discard_draft, save_draft
from bot.catalogue.entries import Entry, NoSuchEntry, list_all, listed
from bot.catalogue.publishing import request_publish
from bot.catalogue.tables import Draft, PublishJob
from bot.people.tables import JournalEntry
from bot.storage.engine import reading, transaction
from knowledge.model import Intent
from tests.catalogue.conftest import NOW, PACK

CARD = PACK.intents[0]


def with_fee(fee: str, intent: Intent = CARD) -> Intent:
    assert intent.article is not None
    return replace(intent, article=replace(intent.article, facets={**intent.article.facets, "fee": (fee,)}))


def save(engine: sa.Engine, entry: Entry, *, base: int = 1, seen: str = "", staff: int = 1) -> str:
    """Save, and return the mark an editor has on the page afterwards."""
    with transaction(engine) as session:
        save_draft(session, entry, base_version=base, seen=seen, staff_id=staff, now=NOW)
        work = listed(session, "id_card_lost").draft
        return work.mark if work else ""


def test_a_draft_is_seen_beside_what_is_published(centre: sa.Engine) -> None:
    save(centre, with_fee("120 บาท"), staff=2)
    with reading(centre) as session:
        item = listed(session, "id_card_lost")
        everything = list_all(session)
    assert item.published == CARD
    assert item.entry == with_fee("120 บาท")
    assert item.draft is not None
    assert item.draft.staff_name == "สมชาย"
    assert [each.key for each in everything if each.draft] == ["id_card_lost"]
    assert everything[-1].key == "elsewhere:student_loan"


def test_a_second_editor_is_told_and_the_first_ones_text_stays(centre: sa.Engine) -> None:
    save(centre, with_fee("120 บาท"), staff=1)
    with pytest.raises(DraftChanged):
        save(centre, with_fee("150 บาท"), staff=2)  # opened before the first one saved
    with reading(centre) as session:
        assert listed(session, "id_card_lost").entry == with_fee("120 บาท")


def test_an_editor_who_has_seen_the_other_draft_may_go_on_from_it(centre: sa.Engine) -> None:
    mark = save(centre, with_fee("120 บาท"), staff=1)
    save(centre, with_fee("150 บาท"), seen=mark, staff=2)
    with reading(centre) as session:
        assert listed(session, "id_card_lost").entry == with_fee("150 บาท")


def test_pressing_save_twice_is_no_conflict(centre: sa.Engine) -> None:
    save(centre, with_fee("120 บาท"))
    save(centre, with_fee("120 บาท"))


def test_an_editor_who_began_before_a_publish_is_told(centre: sa.Engine) -> None:
    save(centre, with_fee("120 บาท"), staff=1)
    with transaction(centre) as session:
        request_publish(session, ["id_card_lost"], 1, NOW)
    with pytest.raises(PublishedMeanwhile) as told:
        save(centre, with_fee("150 บาท"), base=1, staff=2)
    assert told.value.version == 2
    with reading(centre) as session:
        item = listed(session, "id_card_lost")
        assert (item.published, item.draft) == (with_fee("120 บาท"), None)


def test_a_text_set_back_to_what_is_published_leaves_no_draft(centre: sa.Engine) -> None:
    mark = save(centre, with_fee("120 บาท"))
    assert save(centre, CARD, seen=mark) == ""


def test_a_draft_on_its_way_to_the_citizens_does_not_change(centre: sa.Engine) -> None:
    mark = save(centre, with_fee("120 บาท"))
    with transaction(centre) as session:
        session.add(PublishJob(keys=["id_card_lost"], staff_id=1, asked_at=NOW, state="waiting", progress=0))
    with pytest.raises(BeingPublished):
        save(centre, with_fee("150 บาท"), seen=mark)
    with pytest.raises(BeingPublished), transaction(centre) as session:
        discard_draft(session, "id_card_lost", seen=mark, staff_id=1, now=NOW)


def test_only_the_draft_that_was_seen_is_thrown_away(centre: sa.Engine) -> None:
    mark = save(centre, with_fee("120 บาท"), staff=1)
    with pytest.raises(DraftChanged), transaction(centre) as session:
        discard_draft(session, "id_card_lost", seen="another", staff_id=2, now=NOW)
    with transaction(centre) as session:
        discard_draft(session, "id_card_lost", seen=mark, staff_id=2, now=NOW + timedelta(minutes=1))
    with reading(centre) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0
        acts = session.scalars(sa.select(JournalEntry.act).order_by(JournalEntry.id)).all()
    assert acts == ["draft.saved", "draft.discarded"]


def test_only_what_is_published_can_be_edited(centre: sa.Engine) -> None:
    with pytest.raises(NoSuchEntry):
        save(centre, replace(CARD, id="unknown"))


def test_of_two_first_drafts_at_once_one_is_kept_and_the_other_told(centre: sa.Engine) -> None:
    told: list[int] = []
    start = threading.Barrier(2)

    def edit(staff: int) -> None:
        start.wait()
        try:
            save(centre, with_fee(f"{staff} บาท"), staff=staff)
        except DraftChanged:
            told.append(staff)

    editors = [threading.Thread(target=edit, args=(staff,)) for staff in (1, 2)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    with reading(centre) as session:
        kept = listed(session, "id_card_lost").draft
    assert len(told) == 1
    assert kept is not None
    assert kept.staff_id not in told
