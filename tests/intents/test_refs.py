"""Ids, cards, phones, case and booking numbers: found, masked, and never taken for dates."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bookings.acts import SIGNS
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
    ("เลขบัตร 1101700230700", "national_id", "1-xxxx-xxxxx-xx-0"),
    ("081.234.5678", "phone", "0812345678"),
    ("(02) 123 4567", "phone", "021234567"),
    ("0-2123-4567", "phone", "021234567"),
    ("02-123-4567-8", "phone", "021234567"),
    ("02-123-4567 ext. 12", "phone", "021234567"),
    ("+66 (0)81 234 5678", "phone", "0812345678"),
    ("+66 2 123 4567", "phone", "021234567"),
    ("66812345678", "phone", "0812345678"),
    ("0066812345678", "phone", "0812345678"),
    ("191", "phone", "191"),
    ("2569/00123", "case_number", "2569-00123"),
    ("เคส 2569 00123", "case_number", "2569-00123"),
    ("เรื่อง 256900123", "case_number", "2569-00123"),
    ("Q-HKMPR", "booking_number", "Q-HKMPR"),
    ("รหัสจอง 7F3K9", "booking_number", "Q-7F3K9"),
    ("หมายเลขจอง 12345", "booking_number", "12345"),
    ("เลขจอง BK-2024", "booking_number", "BK-2024"),
    ("เลขรับเรื่อง 12345", "case_number", "12345"),
    ("มาตรา 39/1", "section", "39/1"),
    ("อยู่คอนโด 5/6", "house_number", "5/6"),
    ("ค่าปรับ 10.30", "price", "10.30"),
    ("ค่าปรับ 1300 บาท", "price", "1300"),
]


@pytest.mark.parametrize(("text", "kind", "value"), REFS)
def test_a_reference_is_found_and_is_no_date(text: str, kind: str, value: str) -> None:
    found = find_entities(text, NOW).as_json()
    assert found["refs"] == [{"kind": kind, "value": value}]
    assert {found[key] for key in ("date", "date_to", "time", "time_to", "part_of_day", "problem")} == {None}


@pytest.mark.parametrize(
    "text",
    [
        *("queues", "request", "5-12-2569", "08-12-2569 10.30 น.", "q lists", "30 บาทรักษาทุกโรค"),
        *("05.12.2569 9.00", "02.12.2569 10.30 น.", "06-12-69 0930", "5.12.69 ถึง 7.12.69"),
        *("จอง 25dec", "q-learning", "คิว 12345", "เวลา 1330", "ทะเบียนบ้าน 5/12 ได้ไหม"),
    ],
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


_AROUND = st.sampled_from(["{}", "{}ค่ะ", "ของผม{}ครับ", "ขอถามเรื่อง {} หน่อย", "สวัสดีค่ะ {} ค่ะ รบกวนด้วยนะคะ", "นี่ {}"])
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def _grouped(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    return sign.join(digits[start : start + size] for start, size in zip(starts, sizes, strict=True))


def _only(text: str) -> tuple[object, object]:
    found = find_entities(text, NOW).as_json()
    assert {found[key] for key in ("date", "date_to", "time", "time_to", "part_of_day", "problem")} == {None}
    assert isinstance(found["refs"], list)
    assert len(found["refs"]) == 1
    return found["refs"][0]["kind"], found["refs"][0]["value"]


@given(
    st.from_regex("[1-8][0-9]{11}", fullmatch=True),
    st.sampled_from([((13,), ""), ((1, 4, 5, 2, 1), "-"), ((1, 4, 5, 2, 1), " "), ((1, 4, 5, 2, 1), ".")]),
    _AROUND,
    st.booleans(),
)
def test_every_national_id_is_found(
    twelve: str, shape: tuple[tuple[int, ...], str], around: str, thai_digits: bool
) -> None:
    digits = next(f"{twelve}{last}" for last in range(10) if is_national_id(f"{twelve}{last}"))
    text = around.format(_grouped(digits, *shape))
    text = text.translate(_THAI_DIGITS) if thai_digits else text
    assert _only(text) == ("national_id", f"{digits[0]}-xxxx-xxxxx-xx-{digits[-1]}")


@given(
    st.from_regex("0[689][0-9]{8}|02[0-9]{7}", fullmatch=True),
    st.sampled_from(["-", " ", "."]),
    st.sampled_from(["in groups", "in two", "together", "from abroad"]),
    _AROUND,
    st.booleans(),
)
def test_every_phone_is_found(digits: str, sign: str, how: str, around: str, thai_digits: bool) -> None:
    area = 3 if len(digits) == 10 else 2
    written = {
        "in groups": _grouped(digits, (area, 3, 4), sign),
        "in two": f"{digits[:area]}-{digits[area:]}",
        "together": digits,
        "from abroad": "+66" + _grouped(digits[1:], (area - 1, 3, 4), "" if sign == "." else sign),
    }[how]
    text = around.format(written)
    text = text.translate(_THAI_DIGITS) if thai_digits else text
    assert _only(text) == ("phone", digits)


@given(st.integers(2560, 2599), st.integers(0, 99999), st.sampled_from(["-", " - ", "–", "/"]), _AROUND, st.booleans())
def test_every_case_number_is_found(year: int, number: int, sign: str, around: str, thai_digits: bool) -> None:
    text = around.format(f"{year}{sign}{number:05d}")
    text = text.translate(_THAI_DIGITS) if thai_digits else text
    assert _only(text) == ("case_number", f"{year}-{number:05d}")


@given(st.from_regex(f"[{SIGNS}]{{5}}", fullmatch=True), st.sampled_from(["Q-{}", "q-{}", "Q - {}", "Q–{}"]), _AROUND)
def test_every_booking_number_is_found(signs: str, written: str, around: str) -> None:
    given_out = written.format(signs.lower() if written[0] == "q" else signs)
    assert _only(around.format(given_out)) == ("booking_number", f"Q-{signs}")
