"""Hours people name on the Thai clock and in digits, and how the parser bears any text."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.entities import find_entities
from intents.refs import mask_ids

BANGKOK = ZoneInfo("Asia/Bangkok")
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=BANGKOK)


def short(text: str, now: datetime = SUNDAY) -> str:
    """Everything found, on one line: from/to day, from/to hour, part, persons, problem."""
    found = find_entities(text, now).as_json()
    spans = [
        f"{found[key] or '..'}" + (f"/{found[key + '_to']}" if found[key + "_to"] else "")
        for key in ("date", "time")
        if found[key] or found[key + "_to"]
    ]
    persons = f"p{found['persons']}" if found["persons"] else None
    return " ".join(str(word) for word in (*spans, found["part_of_day"], persons, found["problem"]) if word)


HOURS = [
    ("ตีห้า", "05:00"),
    ("หกโมงเช้า", "06:00"),
    ("เจ็ดโมง", "07:00"),
    ("แปดโมงครึ่ง", "08:30"),
    ("สามโมงเช้า", "09:00"),
    ("สิบโมงครึ่ง", "10:30"),
    ("เที่ยง", "12:00"),
    ("เที่ยงครึ่ง", "12:30"),
    ("บ่ายโมง", "13:00"),
    ("บ่ายโมงครึ่ง", "13:30"),
    ("บ่ายสอง", "14:00"),
    ("บ่ายสามโมงครึ่ง", "15:30"),
    ("สามโมง", "15:00"),
    ("ห้าโมง", "17:00"),
    ("สี่โมงเย็น", "16:00"),
    ("หกโมงเย็น", "18:00"),
    ("ทุ่มนึง", "19:00"),
    ("สองทุ่ม", "20:00"),
    ("เที่ยงคืน", "00:00"),
    ("9:30", "09:30"),
    ("9โมง", "09:00"),
    ("0930 น.", "09:30"),
    ("14.00-15.00", "14:00/15:00"),
    ("เก้าโมงสิบห้า", "09:15"),
    ("ก่อนเที่ยง", "../12:00"),
    ("หลังบ่ายสอง", "14:00"),
    ("ช่วงบ่าย", "afternoon"),
    ("บ่ายสามสิบห้า", "15:15"),
    ("บ่ายสองสามสิบ", "14:30"),
    ("แปดเก้าโมง", "08:00/09:00"),
    ("บ่าย 1-3 โมง", "13:00/15:00"),
    ("ย้ายจาก 9 โมงเป็นบ่ายสอง", "14:00"),
    ("ไปกันสามคน", "p3"),
    ("1 คนไปได้ไหม", "p1"),
    ("ขอย้ายคิวจากสิบโมงเป็นบ่ายสามโมง", "15:00"),
    ("ไม่ใช่เก้าโมง สิบโมงต่างหาก", "10:00"),
    ("ตั้งแต่บ่ายโมงเป็นต้นไป", "13:00"),
    ("หลังสี่โมงเย็น", "16:00"),
    ("ก่อนเก้าโมง", "../09:00"),
    ("ไปถึงประมาณ 9 โมงครึ่ง", "09:30"),
    ("เก้าโมงถึงสิบเอ็ดโมงครึ่ง", "09:00/11:30"),
    ("สิบโมงหรือบ่ายโมงก็ได้", "10:00/13:00"),
    ("บ่ายสองหรือบ่ายสาม", "14:00/15:00"),
    ("13.30-14.30 น.", "13:30/14:30"),
    ("8:30 ถึง 16:30", "08:30/16:30"),
    ("ประมาณบ่ายสามครึ่ง", "15:30"),
    ("หกโมงครึ่งตอนเย็น", "18:30"),
    ("1 ทุ่ม", "19:00"),
    ("3ทุ่มครึ่ง", "21:30"),
    ("ตีสี่ครึ่ง", "04:30"),
    ("ตี5", "05:00"),
    ("สิบเอ็ดโมงสี่สิบห้า", "11:45"),
    ("สี่โมงครึ่ง", "16:30"),
    ("4โมงเย็น", "16:00"),
    ("เจ็ดโมงครึ่งเช้า", "07:30"),
    ("๐๙.๓๐ น.", "09:30"),
    ("25:00 น.", "impossible_time"),
    ("ภายใน 10 โมง", "../10:00"),
    ("จาก 9 โมงถึง 11 โมง", "09:00/11:00"),
    ("เปลี่ยนเวลาจาก 9.00 เป็น 10.30", "10:30"),
    ("เปลี่ยนเป็นบ่ายโมงแทนเก้าโมง", "13:00"),
    ("ไม่ใช่ 9 โมง เป็น 10 โมง", "10:00"),
    ("ไม่เอาเช้า ขอบ่าย", "afternoon"),
    ("ตอนเที่ยงคืน", "00:00"),
    ("เที่ยงสิบห้า", "12:15"),
    ("เที่ยงตรง", "12:00"),
    ("บ่ายสี่", "16:00"),
    ("บ่ายสี่โมงเย็น", "16:00"),
    ("ห้าโมงเย็นครึ่ง", "17:30"),
    ("เจ็ดโมงเช้า", "07:00"),
    ("หนึ่งทุ่ม", "19:00"),
    ("ตีหนึ่ง", "01:00"),
    ("09.00น", "09:00"),
    ("9.00-11.30น.", "09:00/11:30"),
    ("9.00 น. - 11.30 น.", "09:00/11:30"),
    ("9 น.", "09:00"),
    ("10 นาฬิกา", "10:00"),
    ("10 นาฬิกา 30 นาที", "10:30"),
    ("1330 น.", "13:30"),
    ("แปดโมงสิบ", "08:10"),
    ("แปดโมงห้านาที", "08:05"),
    ("24.30 น.", "impossible_time"),
    ("9.75 น.", "impossible_time"),
    ("สิบสามทุ่ม", "impossible_time"),
    ("เปลี่ยนจากเช้าเป็นบ่าย", "afternoon"),
    ("ก่อนสิบเอ็ดโมง", "../11:00"),
    ("ไม่เกินสี่โมงเย็น", "../16:00"),
    ("ตั้งแต่แปดโมงถึงสิบโมง", "08:00/10:00"),
    ("ระหว่าง 9 โมงกับ 10 โมง", "09:00/10:00"),
    ("9-10 โมงเช้า", "09:00/10:00"),
    ("1-2 ทุ่ม", "19:00/20:00"),
    ("บ่ายโมงถึงบ่ายสาม", "13:00/15:00"),
    ("บ่ายโมง-บ่ายสอง", "13:00/14:00"),
    ("สิบโมงเช้าหรือไม่ก็บ่ายสอง", "10:00/14:00"),
    ("เลื่อนจากเก้าโมงไปสิบโมง", "10:00"),
    ("ย้ายจากเช้าเป็นบ่ายวันเดียวกัน", "afternoon"),
    ("ไม่เอาตอนเช้า เอาบ่ายสาม", "15:00"),
    ("แปดโมงตรง", "08:00"),
    ("แปดโมงครึ่งเช้า", "08:30"),
    ("บ่าย 3", "15:00"),
    ("บ่าย3โมง", "15:00"),
    ("3 โมงครึ่ง", "15:30"),
    ("11.00", "11:00"),
    ("16:00น", "16:00"),
    ("เวลา 10.00-10.30 น.", "10:00/10:30"),
    ("สิบนาฬิกา", "10:00"),
    ("สิบสามนาฬิกาสามสิบนาที", "13:30"),
    ("ตีสองครึ่ง", "02:30"),
    ("สี่ทุ่มครึ่ง", "22:30"),
    ("เที่ยงสี่สิบห้า", "12:45"),
    ("เที่ยงคืนครึ่ง", "00:30"),
    ("ห้าทุ่ม", "23:00"),
    ("พาพ่อแม่ไปด้วย รวมสี่คนครับ", "p4"),
    ("25.30 น.", "impossible_time"),
]


@pytest.mark.parametrize(("text", "expected"), HOURS)
def test_the_hour_wished_for(text: str, expected: str) -> None:
    assert short(text) == expected


_WORDS = """
วันที่ 5 / - . ธ.ค. 2569 โมง บ่าย เป็น จาก ก่อน หลัง ถึง หรือ ไม่ใช่ ศุกร์ อาทิตย์ หน้า ต้นเดือน สองสาม สิบ คน อีก 999
99999999 สงกรานต์ เดือน แรกของ ปีหน้า 0 ๙ ² ٣ เลื่อน ภายใน ที่แล้ว ครึ่ง น. Q- ม. วันศุกร์ เมื่อ เที่ยง กุมภา 29 31 ปีที่แล้ว :
"""
_PIECES = [*_WORDS.split(), " ", "\u200b", "\ud800", "\x01", "\x02"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join), st.integers(0, 130 * 365))
def test_no_text_made_of_date_words_raises(text: str, days: int) -> None:
    found = find_entities(text, datetime(1990, 1, 1, 23, tzinfo=BANGKOK) + timedelta(days=days))
    if found.date is not None and found.date_to is not None:
        assert found.date <= found.date_to
    assert mask_ids(mask_ids(text)) == mask_ids(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_no_text_at_all_raises(text: str) -> None:
    find_entities(text, SUNDAY)
    mask_ids(text)


_BAD_WORDS = """
1 1- 1. 1/ ่ ที่ สิบ หนึ่งสองร้อย พรุ่งนี้หรือ 9.00- a@ www.a x1 5x a. เลื่อน5เป็น จันทร์ถึง จะก็ พรุ่งนี้จะก็ ํา ้ี อีก เมื่อ
"""
_BAD_SIGNS = ["1 ", "1\u200b", "5 ธ.ค. ", "2 คน", "\ud83d", "\x01\x02", "1101700230708 ", "5 ก็จะ"]


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(4):
        started = time.perf_counter()
        find_entities(text, SUNDAY)
        mask_ids(text)
        best = min(best, time.perf_counter() - started)
    return best


@pytest.mark.parametrize("piece", [*_BAD_WORDS.split(), *_BAD_SIGNS])
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    # The floor keeps the ratio of two texts read in microseconds from being noise.
    floor = _seconds("สวัสดี 5" * 100)
    half, whole = _seconds(piece * (2500 // len(piece))), _seconds(piece * (2 * (2500 // len(piece))))
    assert whole <= 3.2 * max(half, floor)
