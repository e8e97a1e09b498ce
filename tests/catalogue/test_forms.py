"""Forms: an entry goes into a form and comes back the same; what is wrong is told at its field."""

from dataclasses import replace
from datetime import date

import pytest

from bot.catalogue.changes import changes_of, phrase_owners
from bot.catalogue.entries import Listed, key_of
from bot.catalogue.forms import read_day, read_form, typed_of
from knowledge.files import starter_pack
from knowledge.model import Intent
from tests.catalogue.conftest import PACK

CARD = PACK.intents[0]


def test_every_entry_of_the_starter_pack_survives_its_form() -> None:
    for entry in (*starter_pack().intents, *starter_pack().neighbours):
        read = read_form(entry, typed_of(entry))
        assert read.faults == (), entry.id
        assert read.entry == entry


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"name": " "}, "name", "empty"),
        ({"button": "ปุ่มที่ยาวเกินไปสำหรับ LINE แน่นอนเลย"}, "button", "too_long"),
        ({"answer": ""}, "answer", "empty"),
        ({"answer": "ก" * 201}, "answer", "too_long"),
        ({"reviewed_on": "31/2/2570"}, "reviewed_on", "day"),
        ({"review_by": "1/1/2580"}, "review_by", "too_late"),
        ({"review_by": "1/1/2560"}, "review_by", "before_review"),
        ({"hotline": "โทรมาเลย"}, "hotline", "phone"),
        ({"link_url_1": "http://a.go.th"}, "link_url_1", "https"),
        ({"link_url_1": ""}, "link_url_1", "link_without_url"),
        ({"link_label_2": "", "link_url_2": "https://a.go.th"}, "link_label_2", "link_without_label"),
        ({"phrases_typos": "ปชชหายทำไงดี"}, "phrases_typos", "twice"),
        ({"facet_documents": "ก\n" * 21}, "facet_documents", "too_many_lines"),
        ({f"phrases_{voice}": "" for voice in ("plain", "chat", "elder")}, "phrases_plain", "no_phrases"),
    ],
)
def test_a_fault_is_told_at_its_field(changed: dict[str, str], field: str, code: str) -> None:
    faults = read_form(CARD, {**typed_of(CARD), **changed}).faults
    assert [(fault.field, fault.code) for fault in faults] == [(field, code)]


def test_what_a_form_does_not_hold_stays_and_hostile_signs_go() -> None:
    entry = read_form(CARD, {**typed_of(CARD), "answer": "ทำ\u0000ใหม่\ud800ได้ค่ะ", "facet_fee": "• 120 บาท\r\n"}).entry
    assert isinstance(entry, Intent)
    assert (entry.service, entry.kind, entry.agency) == (CARD.service, CARD.kind, CARD.agency)
    assert entry.article is not None
    assert entry.article.answer == "ทำใหม่ได้ค่ะ"
    assert entry.article.facets["fee"] == ("120 บาท",)


@pytest.mark.parametrize(
    "text", ["22/5/2570", "22-05-2570", "22 พ.ค. 2570", "22 พฤษภาคม ๒๕๗๐", "22/5/2027", "2027-05-22"]
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == date(2027, 5, 22)


@pytest.mark.parametrize("text", ["", "พรุ่งนี้", "5/2570", "32/1/2570", "22/5/0000", "22/5/70"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_changes_name_fields_phrases_and_who_has_them_already() -> None:
    new = replace(CARD, button="บัตรหายทำใหม่", phrases={"plain": ("ใบขับขี่หมดละ", "ใบขับขี่หมดละค่ะ", "ปชชหายทำไงดี")})
    entries = [Listed(key_of(entry), entry, 1) for entry in (*PACK.intents, *PACK.neighbours)]
    changes = changes_of(CARD, new, phrase_owners(entries, []))
    assert [(each.field, each.old, each.new) for each in changes.fields] == [
        ("button", ("ทำบัตรที่หาย",), ("บัตรหายทำใหม่",))
    ]
    assert [(each.text, [(o.key, o.exact) for o in each.owners]) for each in changes.added] == [
        ("ใบขับขี่หมดละ", [("driving_licence_renew", True)]),
        ("ใบขับขี่หมดละค่ะ", [("driving_licence_renew", False)]),
    ]
    assert len(changes.removed) == 5
    assert changes.blocked
