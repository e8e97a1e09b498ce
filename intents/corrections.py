"""Corrections: "*พรุ่งนี้", "ไม่ใช่ หมายถึงใบขับขี่". What is meant, and the last question with it put in."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from intents.text import clean, compact

ALIKE = 60  # of 100, rapidfuzz's partial ratio, of a word and its mended spelling
MOST_SIGNS = 80  # of what is meant; more is a message of its own
NAME_SIGNS = 3  # shorter names stand in other words too

_END = r"(?:ค่ะ|คะ|ค่า|ครับ|คับ|ค้าบ|จ้า|จ้ะ|จ๊ะ|นะ|แล้ว|ละ|สิ|ซิ|เด้อ|เจ้า|หนู|แอด|ลูก|หลาน|ๆ)*"
_DENIES = (
    r"(?:(?:ไม่ใช่|ไม่ช่าย|ม่ายช่าย|มะใช่|บ่แม่น|บ่ใจ้|บ่ใช่|ไม่ได้(?:ถาม|หมายถึง|พูดถึง)|ผิด)(?:เรื่อง|อัน|ตัว|ใบ)?(?:นี้|นั้น)?|"
    r"เข้าใจผิด|(?:พิมพ์?|พิม)(?:ผิด|พลาด|ตก)|เอ้ย|เอ๊ย|อุ้ย|อุ๊ย)"
)
_SELF = r"(?:ฉัน|ผม|หนู|เรา|ยาย|ตา|ป้า|ลุง|ข่อย|ข้าเจ้า|คือ|ที่)?"
_MEANS = (
    rf"(?:{_SELF}(?:หมายถึง(?:ว่า|เรื่อง)?|หมายความว่า|จะถาม(?:ว่า|เรื่อง|ถึง|คือ)?|ถาม(?:ว่า|เรื่อง|ถึง|คือ|หา)|"
    r"ตั้งใจ(?:จะ)?ถาม(?:ว่า|เรื่อง)?|อยาก(?:ถาม|รู้)(?:ว่า|เรื่อง)?|แก้เป็น|แก้ว่า|ต้องเป็น))"
)
_SORRY = rf"(?:(?:ขอโทษ(?:ที)?|โทษ(?:ที)?){_END}[\s,.]*)?"
_STARRED = re.compile(r"\*+\s*(?P<meant>[^*]+)|(?P<before>[^*]+?)\s*\*+")
_DENIED = re.compile(
    rf"{_SORRY}(?:{_DENIES}{_END}[\s,.]*)*{_DENIES}{_END}(?:[\s,.:!]+{_MEANS}?|{_MEANS})\s*(?P<meant>.+)"
)
_MEANT = re.compile(
    rf"{_SORRY}(?:คือ)?{_SELF}(?:หมายถึง(?:ว่า|เรื่อง)?|หมายความว่า|แก้เป็น|แก้ว่า|(?:ที่|ที่จะ)ถามคือ)\s*(?P<meant>.+)"
)
_NOT_BUT = re.compile(rf"(?:ไม่ใช่|บ่แม่น|บ่ใจ้)(?P<denied>\S+?){_END}[\s,]+(?:แต่)?(?:เป็น|คือ|เอา|หมายถึง)?\s*(?P<meant>.+)")
_RATHER = re.compile(rf"(?P<meant>.+?)\s*ต่างหาก{_END}")


def what_is_meant(text: str, question: str = "") -> str | None:
    """What `text` puts in the place of something said before; None for a text that corrects nothing.

    "Not this one but that one" is a correction only where `question`, the message before, spoke of this one.

    >>> what_is_meant("*พรุ่งนี้"), what_is_meant("ไม่ใช่ค่ะ หมายถึงใบขับขี่"), what_is_meant("ไม่ใช่คนไทย ทำบัตรได้ไหม")
    ('พรุ่งนี้', 'ใบขับขี่', None)
    >>> what_is_meant("ไม่ใช่พาสปอร์ต ใบขับขี่", "ค่าทำพาสปอร์ตเท่าไหร่")
    'ใบขับขี่'
    """
    cleaned = clean(text)
    starred = _STARRED.fullmatch(cleaned)
    found = _DENIED.fullmatch(cleaned) or _MEANT.fullmatch(cleaned) or _RATHER.fullmatch(cleaned)
    if found is None and (instead := _NOT_BUT.fullmatch(cleaned)) is not None:
        found = instead if compact(instead["denied"]) in compact(clean(question)) else None
    meant = (starred["meant"] or starred["before"]) if starred else found["meant"] if found else None
    if meant is None or not compact(meant) or len(meant) > MOST_SIGNS:
        return None
    return meant.strip()


def spelled_out(meant: str) -> str:
    """The correction as a sentence, for who must not take it for a topic of its own."""
    return f"หมายถึง{meant}"


def mended(question: str, meant: str, names: Iterable[str]) -> Iterator[str]:
    """`question` with `meant` in the place of one of the `names` it spoke of, or of the words most like it.

    >>> list(mended("ค่าทำพาสปอร์ตเท่าไหร่", "ใบขับขี่", ["พาสปอร์ต"]))
    ['ค่าทำใบขับขี่เท่าไหร่']
    >>> list(mended("ต่อใบขัขขี่", "ใบขับขี่", []))
    ['ต่อใบขับขี่']
    """
    asked = clean(question)
    named = [name for name in sorted(map(clean, names), key=len, reverse=True) if len(name) >= NAME_SIGNS]
    for name in named:
        if name in asked:
            yield asked.replace(name, meant, 1)
            break
    alike = fuzz.partial_ratio_alignment(meant, asked, score_cutoff=ALIKE)
    if alike is not None and alike.dest_end > alike.dest_start:
        yield asked[: alike.dest_start] + meant + asked[alike.dest_end :]
