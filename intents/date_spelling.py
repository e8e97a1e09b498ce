"""One plain spelling of a message, so that the date and time patterns stay short.

`fold` changes characters only (digits, dashes, spaces, order of marks); `plain` also writes
number words as digits and brings mis-spelt, dialect and English day words to one form.
"""

import re

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio_alignment

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u301c\uff5e~\uff0d"
_CHARACTERS: dict[int, str | None] = {
    **{ord(c): str(i) for i, c in enumerate("๐๑๒๓๔๕๖๗๘๙")},
    **{ord(c): str(i) for i, c in enumerate("０１２３４５６７８９")},
    **{ord(c): "-" for c in _DASHES},
    **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]),
    **dict.fromkeys([*range(0x2066, 0x2070), 0xFEFF, 0xAD]),
    **dict.fromkeys([*range(32), *range(0x7F, 0xA1), 0x2028, 0x2029, 0x3000, 0x202F], " "),
    ord("："): ":",
    ord("／"): "/",
    ord("．"): ".",
}
_SPACES = re.compile(" {2,}")
_MARK_RUNS = re.compile("([่้๊๋์็ัิีึืุูๆ])\\1+")
_TONE_FIRST = re.compile("([่้๊๋])([ัิีึืุู])")


def fold(text: str) -> str:
    """`text` with Arabic digits, one kind of dash and space, and marks in their usual order.

    >>> fold("วันที่  ๕–๗")
    'วันที่ 5-7'
    """
    folded = text.translate(_CHARACTERS)
    if "  " in folded:
        folded = _SPACES.sub(" ", folded)
    folded = folded.replace("เเ", "แ").replace("ํา", "ำ")
    return _TONE_FIRST.sub(r"\2\1", _MARK_RUNS.sub(r"\1", folded))


_UNITS = {
    "หนึ่ง": 1,
    "หนึง": 1,
    "นึ่ง": 1,
    "นึง": 1,
    "สอง": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "เจด": 7,
    "แปด": 8,
    "เก้า": 9,
    "เก้": 9,
}
_UNIT = (
    "(?:หนึ่ง|หนึง|นึ่ง|นึง|สอง(?!แถว|ตอน)|สาม(?!ารถ|ี|ัญ|เณร|ล้อ|แยก|พราน|โคก|ชุก|เสน|ย่าน)"
    "|สี่(?!แยก|เหลี่ยม)|ห้า(?!ง|ม(?![กิี]|\\.|ค(?![ก-๎])))|หก(?!ล้ม|คะเมน)|เจ็ด|เจด(?!ี)|แปด|เก้า(?!อี้)|เก้(?!า|ง|อ))"
)
_TEN = "สิบ(?!ตรี|โท|เอก|ตำรวจ|ล้อ)"
_NUMBER = re.compile(f"(?:({_UNIT})พัน(?!ธ์))?(?:({_UNIT})ร้อย)?(?:(ยี่|(?!สอง|หนึ่ง|นึง){_UNIT})?({_TEN}))?(เอ็ด|{_UNIT})?")
_RUN = re.compile(f"(?:(?:ยี่(?=สิบ))?{_TEN}|{_UNIT})(?:{_UNIT}|{_TEN}|ยี่(?=สิบ)|เอ็ด|ร้อย|พัน(?!ธ์))*")
_ONE_AFTER = re.compile("(วัน|สัปดาห์|(?<!วัน)อาทิตย์|เดือน|ปี|ทุ่ม) ?(?:หนึ่ง(?!ทุ่ม|โมง|พัน|ร้อย)|หนึง|นึ่ง|นึง)")
_RANGE_UNIT = re.compile(" ?(?:โมง|ทุ่ม|วัน|คน|อาทิตย์|สัปดาห์|เดือน|ปี)")


def _value(found: re.Match[str]) -> int:
    thousands, hundreds, tens, ten, unit = found.groups()
    value = 1000 * _UNITS.get(thousands or "", 0) + 100 * _UNITS.get(hundreds or "", 0)
    if ten:
        value += 10 * (2 if tens == "ยี่" else _UNITS.get(tens or "", 1))
    return value + (1 if unit == "เอ็ด" else _UNITS.get(unit or "", 0))


def _digits(found: re.Match[str]) -> str:
    """The run of number words as digits: "สองสามวัน" is 2-3, "หกเก้า" is 69."""
    run = found.group()
    values = [_value(part) for part in _NUMBER.finditer(run) if part.group()]
    ranged = _RANGE_UNIT.match(found.string, found.end()) is not None
    if ranged and len(values) == 1 and values[0] in range(30, 100, 10) and found.string.startswith("โมง", found.end()):
        return f"{values[0] // 10}-10"
    if ranged and len(values) == 2 and values[1] == values[0] + 1:
        return f"{values[0]}-{values[1]}"
    glue = "" if all(value < 10 for value in values) else " "
    before = " " if found.start() and found.string[found.start() - 1].isdigit() else ""
    return before + glue.join(map(str, values))


_END = "(?![ก-ฮะ-ฺเ-์])"
_SPELLINGS = {
    "พรุ่งนี้": (
        "พ[รลฤ]?[ุูั][่้๊๋]?[งนก]?[่้๊๋]? ?(?:น[ีิึ][้่๊๋]?|เน้)|พรุ่ง(?=เช้า|บ่าย|เย็น|สาย)|มื[้่]?อ? ?อื[่้]?น"
        "|(?:วัน|มื้อ) ?พ[รล]?[ูุ][่้]?ก(?:นี้)?|(?:พ[รล]?[ูุ][่้]?ก|โพรก)นี้|พน(?:\\.|(?=เช้า|บ่าย|เย็น)|(?![ก-๎]))"
        "|ต่อเช้า(?:นี้)?|ต่อโพรก|\\btomm?or+ow\\b|\\btmrw?\\b"
    ),
    "วันที่": "วัน ?ที(?:้(?![ก-ฮ])|(?=[ 0-9]))",
    "วันนี้": "วัน ?นี[้่๊๋]?(?![ก-ฮ]์)|วัน ?น[ิึ]้|วันเน้|มื[้่]?อ ?นี[้่]|\\btoday\\b",
    "มะรืน": "(?:วัน)?(?:มะ|(?<![ก-๎])ม)[รล][ืึ][่้]?น(?: ?นี้)?|มื[้่]?อ ?เ?ฮื[อ่้]+|วันฮือ|(?:มะ|ต่อ)[รฮ]ือ",
    "มะเรื่อง": "(?:วัน)?มะเ[รล]ื[่้]?อง(?: ?นี้)?|ต่อเรื่อง",
    "เมื่อวานซืน": "เมื[่้]?อ ?วาน ?ซืน|วานซืน|มื[้่]?อซืน|เมื่อวันซืน",
    "เมื่อวาน": "เมื[่้]?อ ?วาน(?:นี้)?|มื[้่]?อวาน(?:นี้)?|วานนี้|เมื่อวา(?!น)|\\byesterday\\b",
    "จันทร์": "จันท์|วัน ?จัน(?!ท)|จัน(?= ?(?:นี้|หน้า))|\\bmon(?:day)?\\b",
    "อังคาร": "อั[งน]คา[นลณ]|อังคา(?![รนลณ])|\\btue(?:s|sday)?\\b",
    "พุธ": "วัน ?พ[ุู][ดท](?!ธ)|พุธ|พุ[ดท]ธ?(?= ?(?:นี้|หน้า))|\\bwed(?:nesday)?\\b",
    "พฤหัส": "พฤหั[สดษศ](?:ฯ|บดี|บดิ)?|พะ?[รล]?ึ?หั[สด](?:บดี)?|พฤ\\.?(?= ?(?:หน้า|[0-9]))|วัน ?พฤ(?!ก|ษ|ศ|ต|หั)\\.?"
    "|\\bthu(?:r|rs|rsday)?\\b",
    "ศุกร์": f"[ศส]ุกร์?(?!ณ)|วัน ?[ศส]ุก(?!ดิบ|ร)|ศุก{_END}|[ศส]ุก(?=นี้|หน้า|ที่)|\\bfri(?:day)?\\b",
    "เสาร์": "เส[า]ร์|วัน ?เสา(?!ร์|ว|ะ|เข็ม)|เสา(?=นี้|หน้า)|\\bsat(?:urday)?\\b",
    "อาทิตย์": "อาทิ[ตด]ย?์?|\\bsun(?:day)?\\b",
    "สัปดาห์": "สั[ปบ]ดา(?:ห์|ห(?!น)|ร์)?|วีค|\\bweek\\b",
    "เที่ยง": "เท[ี][่้]?ยง|\\bnoon\\b",
    "ทุ่ม": "ทุ[่้]?ม(?!เท)",
    "ครึ่ง": "ค[รล]?[ึืิ][่้]ง|ครึง",
    "เช้า": "เช[้๊]า|(?<!good )\\bmorning\\b|(?:ตอน|ช่วง|ยาม|มื้อ)เซ้า",
    "เย็น": "(?:ตอน|ช่วง)เยน|เยน(?=นี้|ๆ)|เย้น|(?:ตอน|ยาม|มื้อ)? ?แลง|(?<!good )\\bevening\\b",
    "บ่าย": "(?<!good )\\bafternoon\\b",
    "คืนนี้": "\\btonight\\b",
}
_DAY_NAMES = ("จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "เสาร์", "อาทิตย์")
_NAMES = tuple(_SPELLINGS)
_SPELLING = re.compile("|".join(f"({pattern})" for pattern in _SPELLINGS.values()), re.ASCII)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_WORD = "(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
_ENGLISH_MONTH = f"({'|'.join(_ENGLISH_MONTHS)}){_ENGLISH_WORD}\\b\\.?"
_ENGLISH = re.compile(
    f"([0-9]{{1,2}})(?:st|nd|rd|th)? ?{_ENGLISH_MONTH}|\\b{_ENGLISH_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9])",
    re.ASCII,
)
_NEXT_WEEK = re.compile(r"\bnext week\b")
_NEXT_DAY = re.compile(r"\bnext ((?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})")
_LATIN = re.compile("[a-z]{3}")
_SHORT_DAYS = {"จ": "จันทร์", "อ": "อังคาร", "พ": "พุธ", "พฤ": "พฤหัส", "ศ": "ศุกร์", "ส": "เสาร์", "อา": "อาทิตย์"}
_SHORT_DAY = re.compile(
    "(?<![ก-๎.])(?:วัน ?(พฤ|อา|[จอพศส])\\.|(พฤ|อา|[จอพศส])\\. ?(?=นี้|หน้า|ที่ ?[0-9]|[0-9]{1,2}(?:/| ?[ก-ฮ]{1,2}[.ี]))"
    "|(พฤ|อา|[จอพศส])\\.? ?- ?(พฤ|อา|[จอพศส])(?:\\.|(?![ก-๎]))(?![ก-ฮ]))"
)

# Words long enough that one wrong key still shows which is meant, under what is looked for first.
_LONG_NAMES = tuple(name for name in _DAY_NAMES if name != "พุธ")
_LONG_WORDS = {
    "": ("พรุ่งนี้", "มะรืนนี้", "สงกรานต์", "ลอยกระทง", "มาฆบูชา", "วิสาขบูชา", "อาสาฬหบูชา", "เข้าพรรษา", "ออกพรรษา"),
    "วัน": tuple(f"วัน{name}" for name in _LONG_NAMES),
    "หน้า": tuple(f"{name}หน้า" for name in _LONG_NAMES),
    "คม": ("มกราคม", "มีนาคม", "พฤษภาคม", "กรกฎาคม", "สิงหาคม", "ตุลาคม", "ธันวาคม"),
    "ยน": ("เมษายน", "มิถุนายน", "กันยายน", "พฤศจิกายน"),
}
_MOST_SIGNS = 1000  # a mistyped word further on is not looked for
_MARKS = re.compile("[ัิ-ฺ็-๎]*")


def _spelt(found: re.Match[str]) -> str:
    name = _NAMES[(found.lastindex or 1) - 1]
    written = found.group()
    kept = "วัน" if name in _DAY_NAMES and (written.startswith("วัน") or written.isascii()) else ""
    return kept + name


def _english(found: re.Match[str]) -> str:
    day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return f"{day} เดือน {_ENGLISH_MONTHS.index(month) + 1} "


def plain(folded: str) -> str:
    """The folded message with number words as digits and one spelling for each day word.

    >>> plain("พรุ้งนี้เก้าโมงครึ่ง")
    'พรุ่งนี้9โมงครึ่ง'
    >>> plain("วันพะรึหัดที่ยี่สิบเอ็ด")
    'วันพฤหัสที่21'
    """
    text = _ONE_AFTER.sub(r"1\1", _SHORT_DAY.sub(_long_day, folded.lower()))
    if _LATIN.search(text):
        text = _ENGLISH.sub(_english, text)
        text = _NEXT_WEEK.sub("สัปดาห์หน้า", text)
        text = _NEXT_DAY.sub(r"\1หน้า", text)
    return _mended(_SPELLING.sub(_spelt, _RUN.sub(_digits, text)))


def _long_day(found: re.Match[str]) -> str:
    return "-".join(_SHORT_DAYS[short] for short in found.groups() if short) + " "


def _mended(text: str) -> str:
    """`text` with long day words that lack a sign, have one too many, or one wrong, written out."""
    for whole, words in _LONG_WORDS.items():
        for word in words if whole in text else ():
            if word.removeprefix("วัน").removesuffix("หน้า") not in text:
                at = partial_ratio_alignment(word, text[:_MOST_SIGNS], score_cutoff=100 - 100 / len(word) - 0.01)
                if at is not None and len(text) >= len(word) - 1:
                    text = _with_word(text, word, at.dest_start, at.dest_end)
    return text


def _with_word(text: str, word: str, start: int, end: int) -> str:
    spans = ((first, last) for last in (end - 1, end, end + 1) for first in (start + 1, start, max(0, start - 1)))
    for first, last in spans:  # the shortest that is one step from the word
        if OSA.distance(word, text[first:last], score_cutoff=1) <= 1:
            marks = _MARKS.match(text, last)
            return text[:first] + word + text[marks.end() if marks else last :]
    return text
