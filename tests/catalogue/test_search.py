"""Search: inside Thai words, best places first, the hit as it was written."""

import pytest

from bot.catalogue.entries import key_of
from bot.catalogue.search import find, locate
from tests.catalogue.conftest import PACK

ENTRIES = [(key_of(entry), (entry,)) for entry in (*PACK.intents, *PACK.neighbours)]


@pytest.mark.parametrize(
    ("query", "key", "field", "hit"),
    [
        ("ประชา", "id_card_lost", "name", "ประชา"),
        ("แจ้งความ", "id_card_lost", "answer", "แจ้งความ"),
        ("ขับ ขี่", "driving_licence_renew", "name", "ขับขี่"),
        ("๕๐๕", "driving_licence_renew", "facet_fee", "505"),
        ("ปชชหายทำ", "id_card_lost", "phrases_chat", "ปชชหายทำ"),
        ("ปชชหายอ", "id_card_lost", "phrases_chat", "ปชช หายอ่"),
        ("กยศ", "elsewhere:student_loan", "name", "กยศ"),
        ("ป้า ตลาด", "id_card_lost", "phrases_elder", "ป้า"),
    ],
)
def test_found_where_it_stands(query: str, key: str, field: str, hit: str) -> None:
    best = find(query, ENTRIES)[0]
    assert (best.key, best.field, best.hit) == (key, field, hit)


def test_a_name_comes_before_a_phrase() -> None:
    assert [found.field for found in find("หาย", ENTRIES)] == ["name"]
    assert [found.key for found in find("เอกสาร", ENTRIES)] == ["elsewhere:student_loan"]


def test_a_word_that_is_nowhere_and_an_empty_question_find_nothing() -> None:
    assert find("ยานอวกาศ", ENTRIES) == []
    assert find(" ! ", ENTRIES) == []


@pytest.mark.parametrize(
    ("needle", "text", "there"),
    [("หา", "บัตรหาย", "หา"), ("ที", "ไปที่ไหน", "ที่"), ("abc", "x AB-C y", "AB-C"), ("กก", "กกกกก", "กก")],
)
def test_the_hit_is_marked_in_whole_signs(needle: str, text: str, there: str) -> None:
    start, end = locate(needle, text)
    assert text[start:end] == there
