"""What the words around a date or a time do to it: before, after, not, from-to, or no wish at all."""

import re
from typing import Literal

CLOCK = "\x01"  # stands where a time was, in the text that dates are read from

Bound = Literal["before", "until", "after", "since", "not", "instead", "moved_from"]
Link = Literal["range", "or", "to", "is"]

_BEFORE = re.compile(
    "(?:(?P<before>ก่อน(?:ถึง|ช่วง|สิ้น)?)"
    "|(?P<until>ภายใน(?:ช่วง)?|ไม่เกิน|อย่างช้า(?:ที่สุด)?|ช้าสุด|(?<!ไป)(?<!มา)(?<!จะ)"
    "(?<!ใกล้)(?<!เมื่อ)(?<!หมาย)(?<!คิด)(?<!พูด)(?:จน)?ถึง(?! ?(?:ประมาณ|ราว|สัก))|จนกว่า|ไม่ให้เกิน|ให้ทัน|ให้เสร็จ)"
    "|(?P<after>หลัง(?:จาก)?|พ้น|(?<![ก-๎])เลย|ถัดจาก|ผ่าน)"
    "|(?P<since>ตั้งแต่|เริ่ม(?:ตั้งแต่)?|ตั้งแต่ช่วง|นับจาก|จากนี้)"
    "|(?P<not>ไม่ใช่(?:ว่า)?|ไม่เอา|มิใช่|ไม่ได้(?:หมายถึง|จะไป|จอง|เอา)|ไม่(?:ค่อย)?ว่าง"
    "|ไม่สะดวก|ยกเว้น|เว้น|แทนที่จะ(?:เป็น|ไป|มา)?|ไม่อยาก(?:ได้|ไป)|ไม่ไป|ไม่มา)"
    "|(?P<instead>แทน)"
    "|(?P<moved_from>จาก))"
    "(?: ?(?:ช่วง|ตอน|เวลา|ราว ?ๆ?|ประมาณ|เป็น|วันที่|วัน|นัด|คิว|เดิม))? ?$"
)
_REFUSED = re.compile(
    "^(?:นี้|นั้น)? ?(?:ก็|คง|ผม|หนู|ฉัน|เรา|ดิฉัน|ติดงาน|ติดธุระ)? ?(?:นะ)? ?"
    "(?:ไม่(?:ค่อย)?ว่าง|ไม่สะดวก|ไม่เอา|(?:ไป|มา)ไม่(?:ได้|ทัน|ไหว)|ติด(?:งาน|ธุระ"
    "|ประชุม|สอบ|เรียน)|ไม่ใช่|ยกเลิก)(?!ไหม|มั้ย|ปะ|หรอ|เหรอ|ใช่ไหม)"
    f"(?! ?(?:ช่วง|ตอน|เวลา|เป็น)?(?:วัน|[0-9{CLOCK}]|จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์"
    "|อาทิตย์|พรุ่ง|มะ|เดือน|สัปดาห์))"
)
_FULL = re.compile("^(?:นี้)? ?(?:คิว)? ?(?:ก็)?(?:เต็ม|ไม่ได้|ไม่มีคิว|ปิด|ไม่ทัน)(?!ไหม|มั้ย|ปะ|หรอ|เหรอ|หรือ|ยัง|ใช่|รึ)")
_LATE_IN_SENTENCE = re.compile("เพราะ|เนื่องจาก|เดิม(?:จอง|นัด)")

_BORN = (
    "(?:(?<!แจ้ง)(?<!ใบ)(?<!ทะเบียน)(?<!จด)(?<!สูติบัตร)เกิด(?!อะไร|เหตุ|อุบัติ|ปัญหา|ขึ้น)|คลอด)(?:แล้ว)?"
    "(?:(?:ของ)?(?:ลูก|บุตร|น้อง|แม่|พ่อ|ผม|หนู|ฉัน)|ที่[ก-๎.]{1,16})?"
)
_DUE = (
    "(?:(?:หมด|สิ้น)(?:อายุ|สภาพ)|(?:บัตร|ภาษี(?:รถ)?|ใบขับขี่|ทะเบียน|พาส(?:ปอร์ต)?|วีซ่า|พ\\.?ร\\.?บ\\.?)(?:จะ)?(?:หมด|ขาด)"
    "|อายุ(?:ถึง|หมด|ครบ)|ออก(?:บัตร|ให้)|(?:หนังสือ|คำสั่ง|ประกาศ|ใบเสร็จ)ลง|ใช้ได้ถึง|มีอายุถึง|ครบ(?:กำหนด|อายุ)"
    "|\\bexp[a-z.]*|\\bdob)(?: ?[0-9]{1,3} ?(?:ปี|ขวบ|เดือน))?"
)
_BEGINS_A_WISH = (
    "ขอ(?!ง)|จอง|นัด|คิว|แจ้ง|(?:ไป|มา)(?!แล้ว|เมื่อ|ตั้งแต่)|(?<!ไป)(?<!มา)แล้ว|จะ|อยาก|ต่อ(?!อายุ)|ทำ|ว่าง|เลื่อน|ไหม|มั้ย|ยัง|ได้"
)
_NOT_A_WISH_BEFORE = re.compile(
    f"(?:{_BORN}|{_DUE}(?:(?!{_BEGINS_A_WISH})[ก-๎.:]){{0,16}})"
    " ?(?:ใน|ของ|ณ|เมื่อ|คือ|เป็น|ตรงกับ|ช่วง|ประมาณ|ตั้งแต่|:)? ?(?:วันที่|วัน|เดือน|ปี)? ?$"
)
_NOT_A_WISH_AFTER = re.compile(
    "^(?:นี้|ที่แล้ว|ที่ผ่านมา)? ?(?:เป็น|คือ|นี่)?(?:ผม|หนู|ฉัน|แม่|พ่อ|ลูก)? ?(?:บัตร"
    "(?:ประชาชน|ปชช\\.?)?|ใบขับขี่|พาสปอร์ต|ภาษี(?:รถ)?|วีซ่า|ใบอนุญาต)?"
    "(?:ของ(?:ผม|หนู|ฉัน|แม่|พ่อ))? ?(?:จะ|ก็|มัน|ก็จะ)? ?(?:หมดอายุ|วันเกิด|สิ้นอายุ"
    "|ภาษีขาด|คลอด|เป็นวันเกิด|ครบ(?:กำหนด| ?[0-9]{1,3} ?(?:ขวบ|ปี))|บัตรหมด)"
)
_REPEATED_BEFORE = re.compile("(?:(?:มา|ไว้|แล้ว) ?ตั้งแต่|ทุก|แต่ละ|เว้น(?=วันเว้น)|ราย|ของทุก) ?(?:ๆ)? ?(?:วัน|เดือน)? ?$")
_REPEATED_AFTER = re.compile("^ ?(?:ของทุก|ทุก(?:สัปดาห์|อาทิตย์|เดือน)|เข้าเสาร์|แทรก|ที่เท่าไ|ที่กี่)")

_RANGE = re.compile("^(?:เป็นต้นไป|ไป)?(?:จน|ไปจน)?(?:ถึง|-|--|ยัน|to|จนถึง|ไปถึง)(?:ที่|ช่วง|วัน)?$")
_OR = re.compile(
    "^(?:ก็ได้)?,?(?:หรือ(?:ไม่ก็|ว่า|จะเป็น|เป็น)?|รึ|ไม่ก็|ก็ได้|กับ|และ|,|/|or|กะ|หรือไม่(?:งั้น)?ก็|"
    "ถ้าไม่(?:ได้|ว่าง|มี|ทัน)(?:ก็)?(?:เอา|ขอ|เป็น)?|ไม่งั้น(?:ก็)?)(?:เป็น|ขอ|เอา|ช่วง|ตอน|ที่|วัน)?$"
)
_TO = re.compile(
    "^(?:เดิม|ที่จองไว้|ไว้|นะ)?(?:ขอ|ให้|แต่)?(?:เลื่อน|เปลี่ยน|ย้าย)?(?:ไป|มา|เอา)?"
    "(?:เป็น|เอา|ขอ|ไป|มา|หมายถึง|แต่|->|=>|→|>)(?:ช่วง|ตอน|ที่|วัน)?$"
)
_IS = re.compile("^(?:\\(|ตรงกับ|คือ|ที่เป็น|เป็น|ซึ่งเป็น|เนี่ย|,|นี้|ที่จะถึง(?:นี้)?)?$")
_MOVING = re.compile("เลื่อน|เปลี่ยน|ย้าย|ขยับ|แก้|จาก|ไม่ใช่|ไม่เอา|ผิด")
_WEAK_LINK = str.maketrans("", "", f"{CLOCK} ")
_FILLING = re.compile(f"[{CLOCK} ]|(?:ตอน|ช่วง)?(?:เช้า|สาย|บ่าย|เย็น|ค่ำ)ๆ?|นะ(?:ค่ะ|คะ|ครับ|จ๊ะ|จ้ะ)?|ค่ะ|คะ|ครับ")


_TURN = re.compile("เป็น|เอา|ขอ|ไป|มา|หมายถึง|แต่|[>→]")
_MOVED_TO = re.compile(
    "(?:เลื่อน|เปลี่ยน|ย้าย|ขยับ)(?:วัน)?(?:นัด|คิว|จอง)?(?:ออก|เข้า)? ?(?:เป็น|ไป(?:เป็น)?|มา(?:เป็น)?) ?(?:ช่วง|ตอน)? ?$"
)


def moved_to(text: str, start: int) -> bool:
    """Whether the words just before `start` move a booking to the day that begins there."""
    return _MOVED_TO.search(text[max(0, start - 30) : start]) is not None


def turn(text: str, start: int, end: int) -> int:
    """Where, between two days of a move, the words about the wanted one begin."""
    at = start
    for found in _TURN.finditer(text, start, end):
        at = found.end()
    return at


def moving(text: str, start: int) -> bool:
    """Whether something is moved or corrected just before `start`, so that bare numbers may be days."""
    return _MOVING.search(text[max(0, start - 40) : start].replace("จาก", "")) is not None


def bound(text: str, start: int) -> Bound | None:
    """What the words just before `start` make of the day or hour that begins there.

    >>> bound("ขอก่อนวันที่ 10", 6)
    'before'
    """
    found = _BEFORE.search(text[max(0, start - 30) : start])
    return found.lastgroup if found else None  # type: ignore[return-value]


def refused(text: str, end: int) -> bool:
    """Whether the words after `end` turn the day or hour down ("ศุกร์ไม่ว่าง")."""
    return _REFUSED.search(_after(text, end)) is not None


def full(text: str, end: int) -> bool:
    """Whether the words after `end` say there is no room then, so that another day is meant."""
    return _FULL.search(_after(text, end)) is not None


def no_wish(text: str, start: int, end: int, *, exact: bool) -> bool:
    """Whether it is a birthday, an expiry or something repeated.

    "หมดอายุ พรุ่งนี้ไป…" with a space before a day that is not `exact` begins a new sentence.
    """
    before = text[max(0, start - 48) : start].replace(CLOCK, "")
    after = _after(text, end)
    if _REPEATED_BEFORE.search(before) or _REPEATED_AFTER.search(after):
        return True
    if _NOT_A_WISH_AFTER.search(after):
        return True
    if not _NOT_A_WISH_BEFORE.search(before):
        return False
    new_sentence = not exact and before.endswith(" ") and _ACTS.search(after) is not None
    return not new_sentence


_ACTS = re.compile("^ ?(?:จะ|ขอ|ค่อย|ว่าง|สะดวก)? ?(?:ไป|มา|จอง|เข้า|ทำ|ต่อ|ว่าง|ขอ|ได้|สะดวก|เปิด)")


def _after(text: str, end: int) -> str:
    return text[end : end + 48].lstrip(f"{CLOCK} ")


def reason_before(text: str, start: int) -> bool:
    """Whether the mention stands in a because-clause, which is not the wish."""
    return _LATE_IN_SENTENCE.search(text[max(0, start - 30) : start]) is not None


def link(gap: str, before: str) -> Link | None:
    """How two neighbours are joined by the words between them; `before` is the text up to the gap.

    >>> link(" ถึง ", "วันที่ 5")
    'range'
    """
    if len(gap) > 40:
        return None
    words = _FILLING.sub("", gap)
    if _RANGE.match(words):
        return "range"
    if _TO.match(words) and (words not in ("เป็น", "ไป", "มา", "ขอ") or _MOVING.search(before[-60:])):
        return "to"
    if _OR.match(words):
        return "or"
    return "is" if _IS.match(gap.translate(_WEAK_LINK)) else None
