"""Ids, cards, phones, case and booking numbers: found, masked, and never taken for dates."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.entities import find_entities
from intents.refs import is_national_id, mask_ids

NOW = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Asia/Bangkok"))

REFS = [
    ("เลขบัตร 1-1017-00230-70-8", "national_id", "1-xxxx-xxxxx-xx-8"),
    ("1101700230708", "national_id", "1-xxxx-xxxxx-xx-8"),
    ("๑๑๐๑๗๐๐๒๓๐๗๐๘", "national_id", "1-xxxx-xxxxx-xx-8"),
    ("1 1017 00230 70 8", "national_id", "1-xxxx-xxxxx-xx-8"),
    ("1-1017-00230-70-0", "national_id", "1-xxxx-xxxxx-xx-0"),
    ("เลขบัตร 1-xxxx-xxxxx-xx-8 ครับ", "national_id", "1-xxxx-xxxxx-xx-8"),
    ("บัตร 4111 1111 1111 1111", "card_number", "4xxxxxxxxxxxxxx1"),
    ("4xxxxxxxxxxxxxx1", "card_number", "4xxxxxxxxxxxxxx1"),
    ("378282246310005", "card_number", "3xxxxxxxxxxxxx5"),
    ("โทร 081-234-5678", "phone", "0812345678"),
    ("08 1234 5678", "phone", "0812345678"),
    ("+66 81 234 5678", "phone", "0812345678"),
    ("๐๘๑๒๓๔๕๖๗๘", "phone", "0812345678"),
    ("02-123-4567 ต่อ 12", "phone", "021234567"),
    ("053-123-456", "phone", "053123456"),
    ("สายด่วน 1548", "phone", "1548"),
    ("1548", "phone", "1548"),
    ("เรื่อง 2569-00123 ถึงไหนแล้ว", "case_number", "2569-00123"),
    ("๒๕๖๙-๐๐๑๒๓", "case_number", "2569-00123"),
    ("คิว Q-7F3K9", "booking_number", "Q-7F3K9"),
    ("q7f3k9 ค่ะ", "booking_number", "Q-7F3K9"),
    ("ม.40", "section", "40"),
    ("ผู้ประกันตนม.33", "section", "33"),
    ("มาตรา 39", "section", "39"),
    ("บ้านเลขที่ 12/5", "house_number", "12/5"),
    ("อยู่ 99/5 หมู่ 3 ต.บางพลี", "house_number", "99/5"),
    ("ค่าธรรมเนียม 100 บาท", "price", "100"),
    ("ราคา 9.50 บาท", "price", "9.50"),
    ("1,500.50 บาท", "price", "1500.50"),
    ("ทะเบียน 1กข 1234", "plate", "1กข1234"),
]


@pytest.mark.parametrize(("text", "kind", "value"), REFS)
def test_a_reference_is_found_and_is_no_date(text: str, kind: str, value: str) -> None:
    found = find_entities(text, NOW).as_json()
    assert found["refs"] == [{"kind": kind, "value": value}]
    assert {found[key] for key in ("date", "date_to", "time", "time_to", "part_of_day", "problem")} == {None}


@pytest.mark.parametrize(
    "text", ["queues", "request", "5-12-2569", "08-12-2569 10.30 น.", "q lists", "30 บาทรักษาทุกโรค"]
)
def test_what_is_no_reference(text: str) -> None:
    assert find_entities(text, NOW).refs == ()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("บัตร 1101700230708 ค่ะ", "บัตร 1-xxxx-xxxxx-xx-8 ค่ะ"),
        ("1-1017-00230-70-0", "1-xxxx-xxxxx-xx-0"),
        ("1\u200b101700230708", "1-xxxx-xxxxx-xx-8"),
        ("1101700230708 0812345678", "1-xxxx-xxxxx-xx-8 0812345678"),
        ("0812345678 1101700230708", "0812345678 1-xxxx-xxxxx-xx-8"),
        ("5555-5555-5555-4444 กับ 1101700230708", "5xxxxxxxxxxxxxx4 กับ 1-xxxx-xxxxx-xx-8"),
        ("1 1 0 1 7 0 0 2 3 0 7 0 8", "1-xxxx-xxxxx-xx-8"),
        ("1101700230700", "1101700230700"),
        ("0812345678 2569-00123 Q-7F3K9", "0812345678 2569-00123 Q-7F3K9"),
        ("5/12/2569 10.30", "5/12/2569 10.30"),
    ],
)
def test_only_ids_and_cards_are_masked(text: str, masked: str) -> None:
    assert mask_ids(text) == masked
    assert mask_ids(masked) == masked


@given(st.integers(10**11, 9 * 10**11), st.sampled_from(["{}", "เลข{}ครับ", "{} 0812345678", "๕ ใบ {}"]), st.booleans())
def test_every_valid_id_is_masked(twelve: int, around: str, dashed: bool) -> None:
    digits = next(f"{twelve}{last}" for last in range(10) if is_national_id(f"{twelve}{last}"))
    written = "-".join((digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12])) if dashed else digits
    masked = mask_ids(around.format(written))
    assert written not in masked
    assert f"{digits[0]}-xxxx-xxxxx-xx-{digits[-1]}" in masked


def test_phones_and_case_numbers_in_a_row_stay() -> None:
    draw = random.Random(7)
    for _ in range(2000):
        phone = "0" + draw.choice("689") + "".join(draw.choices("0123456789", k=8))
        case = f"25{draw.randint(60, 75)}-{draw.randint(0, 99999):05d}"
        text = draw.choice(
            [f"{phone} {case}", f"{case} {phone}", f"{phone} {phone}", f"{phone[:3]}-{phone[3:6]}-{phone[6:]} {case}"]
        )
        assert mask_ids(text) == text
