"""Which one thing about a service is asked: its documents, fee, time, place, proxy, lateness or online channel."""

import re

from intents.text import clean, compact
from knowledge.model import Facet

_PATTERNS: tuple[tuple[Facet, re.Pattern[str]], ...] = (
    ("proxy", re.compile(r"แทน(?!ใบ|บัตร|เล่ม)|มอบอำนาจ|ฝาก(?:คน|แม่|พ่อ|ลูก|เพื่อน|แฟน|ญาติ|ไป)|ให้(?:คนอื่น|ญาติ|ลูก|แฟน|เพื่อน|แม่|พ่อ)\S{0,6}(?:ไป|ทำ|ยื่น)|ไม่ไปเอง|ไม่ต้องไปเอง|ไปเอง(?:ไหม|มั้ย|มั๊ย|ป่าว|รึ|หรือ|ไม่)")),
    ("late", re.compile(r"เกินกำหนด|เลยกำหนด|เลยมา|ค่าปรับ|โดนปรับ|ปรับไหม|ปรับมั้ย|ปรับเท่า|ปรับกี่|เสียปรับ|ล่าช้า|ไปช้า|ขาดมา|ขาดต่อ|หมดอายุมา|ไม่ทัน")),
    ("online", re.compile(r"ออนไลน์|ออนลาย|อ่อนไลน์|online|ผ่านแอ[ปพ]|ในแอ[ปพ]|ทางแอ[ปพ]|แอ[ปพ]ไหน|ผ่านเว[็]?บ|ทางเน็ต|ผ่านเน็ต|ผ่านมือถือ|ในมือถือ|อินเท[อร]ร?์?เน็ต")),
    ("documents", re.compile(r"เอกสาร|เอกสาน|หลักฐาน|ใช้อะไร|ใช้ไร|ไช้ไร|เตรียมอะไร|เตรียมไร|เอาอะไรไป|เอาไรไป|พกอะไร|ต้องมีอะไร|มีอะไรบ้าง|ใช้อิหยัง|เอาหยังไป|ใช้หยัง|เอาไหร|documents?")),
    ("fee", re.compile(r"ค่าธรรมเนียม|ค่าทำ|ค่าต่อ|เท่าไ[รห]|เท่าไห|เท่าได๋|เท่าใด|เท่าใ[ดห]|กี่บาท|จั๊กบาท|จักบาท|กี่ตัง|เสียเงิน|เสียตัง|เสียค่า|ค่าใช้จ่าย|ค่าบริการ|ราคา|ฟรี|แพง|fee|กี่เบี้ย")),
    ("time", re.compile(r"กี่วัน|กี่ชั่วโมง|กี่ชม|กี่นาที|จั๊กมื้อ|นานไหม|นานมั้ย|นานป่าว|นานเท่า|นานแค่ไหน|ใช้เวลา|รอนาน|รอกี่|ได้เลยไหม|ได้เลยมั้ย|วันเดียว|กี่เดือน|เมื่อไหร่ได้|ได้ตอนไหน|ได้เมื่อไ")),
    ("place", re.compile(r"ที่ไหน|ที่ใหน|ไปไหน|ทีไหน|แถวไหน|เขตไหน|อำเภอไหน|ตรงไหน|สาขาไหน|อยู่ไส|หม่องได๋|บ่อนได๋|ตี้ไหน|ที่ใด|ใกล้ๆ|ใกล้บ้าน|ต่างจังหวัด|ต่างอำเภอ|ข้ามเขต|ที่อื่น")),
)  # fmt: skip
_EMPTY_WORDS = re.compile(
    r"แล้ว|ละ|ล่ะ|อ่ะ|อะ|ต้อง|ได้|ไหม|มั้ย|มั๊ย|ไหน|ป่าว|เปล่า|รึ|หรือ|คะ|ค่ะ|ครับ|คับ|นะ|จ้า|ใช้|มี|ไป|ทำ|เอา|อะไร|บ้าง|ไร|กี่|บาท|ๆ|ขอ|ถาม|อยากรู้|หน่อย|ด้วย|ต่อ|เสีย|คน|อื่น|ที่|โมง|เปิด|ปิด|เรื่องนี้|อันนี้|นี้|มัน|ให้|ยัง|ยังไง|เลย|ก็|จะ|เขา"
)
LEFT_OVER_SIGNS = 4  # what may be left of a bare question about the same article


def find_facet(text: str) -> Facet | None:
    """The facet asked about, or None.

    >>> find_facet("ต่อใบขับขี่เสียกี่บาท"), find_facet("บัตรหาย")
    ('fee', None)
    """
    compacted = compact(clean(text))
    return next((facet for facet, pattern in _PATTERNS if pattern.search(compacted)), None)


def is_bare_question(text: str) -> bool:
    """Whether nothing is left of `text` but a facet: then it is about what was talked of before.

    >>> is_bare_question("แล้วค่าธรรมเนียมล่ะ"), is_bare_question("แล้วค่าธรรมเนียมใบขับขี่ล่ะ")
    (True, False)
    """
    rest = compact(clean(text))
    for _facet, pattern in _PATTERNS:
        rest = pattern.sub("", rest)
    return len(_EMPTY_WORDS.sub("", rest)) <= LEFT_OVER_SIGNS
