"""Numbers in a message that name something (ids, phones, cases, houses, prices) and are no dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

RefKind = Literal[
    "national_id", "card_number", "phone", "case_number", "booking_number", "section", "house_number", "price", "plate"
]
SecretKind = Literal["national_id", "card_number"]
BLANK = "\x02"  # stands where a reference was; `fold` removes it from what people write


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference as found; ids and card numbers are masked in `value`, other values have no spaces."""

    kind: RefKind
    value: str


# --- ids and cards: found in the text as written, before anything is stored ---
_DIGIT = "[0-9๐-๙０-９]"
_APART = "[ \\-_./\u00a0\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]"
_LONG = re.compile(f"{_DIGIT}(?:{_APART}{{0,3}}{_DIGIT}){{12,}}")
_UNSEEN = "­​-‏⁠﻿"
_GROUP = re.compile(f"{_DIGIT}(?:[{_UNSEEN}]{{0,3}}{_DIGIT})*")
_ARABIC = str.maketrans(
    "๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９",
    "01234567890123456789",
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff",
)
_ID_SHAPE = (1, 4, 5, 2, 1)
_MOST_GROUPS = 7  # nobody writes one number in more pieces, save digit by digit and alone


def is_national_id(digits: str) -> bool:
    """Whether 13 Arabic digits carry the check digit of a Thai national id.

    >>> is_national_id("1101700230708"), is_national_id("1101700230700")
    (True, False)
    """
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return len(digits) == 13 and (11 - total % 11) % 10 == int(digits[12])


def is_card_number(digits: str) -> bool:
    """Whether 13 to 19 Arabic digits pass Luhn's check, as bank cards do.

    >>> is_card_number("4111111111111111"), is_card_number("4111111111111112")
    (True, False)
    """
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


_PHONE_SHAPES = {(10,), (9,), (3, 7), (3, 3, 4), (2, 4, 4), (2, 3, 4), (3, 3, 3), (2, 7), (3, 6), (6, 4), (2,) * 5}


def _kept(groups: list[str], at: int) -> int:
    """How many groups from `at` are a phone or case number, which stay readable; 0 when none."""
    if groups[at].startswith("25") and [len(group) for group in groups[at : at + 2]] == [4, 5]:
        return 2
    if groups[at].startswith("0") and len(groups[at]) > 1:
        for many in (5, 3, 2, 1):
            if tuple(len(group) for group in groups[at : at + many]) in _PHONE_SHAPES:
                return many
    return 0


def _secret_kind(groups: list[str]) -> SecretKind | None:
    """What the digit groups are when read together."""
    digits = "".join(groups)
    shape = tuple(map(len, groups))
    if len(digits) == 13 and (shape == _ID_SHAPE or is_national_id(digits)):
        return "national_id"
    if is_card_number(digits) and (len(groups) == 1 or max(shape) == 1 or min(shape[:-1]) >= 3):
        return "card_number"
    return None


def _secret_at(groups: list[str], first: int, reach: int) -> tuple[int, SecretKind] | None:
    """The longest id or card number that begins with group `first`: how many groups, and which."""
    lengths = tuple(map(len, groups[first : first + reach]))
    if sum(lengths) < 13:
        return None
    if lengths[:5] == _ID_SHAPE:
        return 5, "national_id"
    best: tuple[int, SecretKind] | None = None
    size = 0
    for last in range(first, min(first + reach, len(groups))):
        size += len(groups[last])
        if size > 19 or (last > first and _kept(groups, last)):
            break
        kind = _secret_kind(groups[first : last + 1]) if size >= 13 else None
        if kind is not None:
            best = last - first + 1, kind
    return best


def _secrets(text: str) -> Iterator[tuple[int, int, SecretKind, str]]:
    """(start, end, kind, Arabic digits) of every id and card number, left to right, none overlapping."""
    for run in _LONG.finditer(text):
        spans = [found.span() for found in _GROUP.finditer(text, run.start(), run.end())]
        groups = [text[start:end].translate(_ARABIC) for start, end in spans]
        reach = 19 if len(groups) <= 19 else _MOST_GROUPS
        first = 0
        while first < len(groups):
            kept = _kept(groups, first)
            best = None if kept else _secret_at(groups, first, reach)
            taken = best[0] if best else kept or 1
            if best:
                yield spans[first][0], spans[first + taken - 1][1], best[1], "".join(groups[first : first + taken])
            first += taken


def _masked(kind: str, digits: str) -> str:
    if kind == "national_id":
        return f"{digits[0]}-xxxx-xxxxx-xx-{digits[-1]}"
    return digits[0] + "x" * (len(digits) - 2) + digits[-1]


def mask_ids(text: str) -> str:
    """`text` with the inside of every national id and bank card number written as x.

    Ids are 13 digits with a valid check digit, or any written 1-4-5-2-1; cards are 13-19 digits
    passing Luhn. Phones and case numbers stay. Masking twice changes nothing. Linear in time.

    >>> mask_ids("บัตร ๑๑๐๑๗๐๐๒๓๐๗๐๘ โทร 0812345678")
    'บัตร 1-xxxx-xxxxx-xx-8 โทร 0812345678'
    """
    pieces: list[str] = []
    done = 0
    for start, end, kind, digits in _secrets(text):
        pieces += text[done:start], _masked(kind, digits)
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


# --- the other references: found in folded text, in this order, each blanked before the next ---
_NO_UNIT = "(?![0-9])(?! ?(?:น|บาท|คน|ใบ|วัน|ปี))"
_GAP = "[ .)-]{1,2}"  # between the groups of a phone number
_GAP_ = f"(?:{_GAP})?"
_MOBILE = (
    f"[689](?:[0-9]{_GAP_}[0-9]{{3}}{_GAP_}[0-9]{{4}}|{_GAP}[0-9]{{4}}{_GAP_}[0-9]{{4}}|[0-9]{_GAP}[0-9]{{4}}{_GAP_}[0-9]{{3}}"
    f"|[0-9]{_GAP}[0-9]{{2}}{_GAP}[0-9]{{5}}|[0-9]{_GAP}[0-9]{{5}}{_GAP}[0-9]{{2}}|[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}|[0-9]{{3}}{_GAP}[0-9]{{5}}"
    "|(?:[ -][0-9]{2}){4})"
)
_LANDLINE = (
    f"(?:2{_GAP_}[0-9]{{3}}{_GAP_}[0-9]{{4}}|[3-57][0-9]{_GAP_}(?:[0-9]{{3}}{_GAP_}[0-9]{{3,4}}|[0-9]{{2}}{_GAP}[0-9]{{4}})"
    "|[3-57][ -]?[0-9]{3}[ -]?[0-9]{3,4})"
)
_ABROAD = "(?:\\(?\\+ ?66\\)?|00 ?66)[ -]?(?:\\(?0\\)?)?[ -]?|(?<![0-9-])66(?=[689])"
_BOOKED = "[2-9a-hjkmnp-z]{5}(?![a-z0-9])"
_PATTERNS: tuple[tuple[RefKind | None, str], ...] = (
    ("national_id", "([0-9]-x{4}-x{5}-x{2}-[0-9])"),
    ("national_id", "(?<![0-9])([1-8][0-9]{12})(?![0-9])"),
    ("card_number", "(?<![0-9x])([0-9]x{11,17}[0-9])(?![0-9x])"),
    (None, "(?:https?://|www\\.)[^ ก-๙]{1,500}|[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,200}"),
    (
        None,
        "(?<![a-z0-9.-])[a-z0-9-]{1,60}(?:\\.[a-z0-9-]{1,60}){0,4}\\.(?:com|org|net|th|io|me)\\b(?:/[^ ก-๙]{0,300})?",
    ),
    ("booking_number", f"(?<![a-z0-9])q ?[-_./] ?({_BOOKED})"),
    ("booking_number", f"(?<![a-z0-9])q ?((?=[a-z]{{0,4}}[2-9]){_BOOKED})"),
    (
        "booking_number",
        "(?:คิว|จอง|นัด)(?:ที่|เลขที่|หมายเลข|เลข|รหัส)? ?[-:]? ?"
        f"((?=[a-z]{{0,4}}[2-9])(?![0-9]+[a-z]*(?![a-z0-9])){_BOOKED})",
    ),
    ("case_number", "(?<![0-9/-])(2[45][0-9]{2} ?[-/] ?[0-9]{5})(?![0-9/-])"),
    (
        "booking_number",
        "(?:หมายเลข|เลขที่|เลข|รหัส)(?:การ)?(?:จอง|คิว|นัดหมาย|นัด) ?[:#]? ?([a-z]{0,3}-?[0-9]{4,8})(?![0-9/-])",
    ),
    (
        "case_number",
        "(?:หมายเลข|เลขที่|เลข|รหัส)(?:รับเรื่อง|เรื่อง|คำร้อง|เคส|ติดตาม) ?[:#]? ?(?!2[45][0-9]{2} ?[-/])"
        "([0-9]{4,10})(?![0-9/-])",
    ),
    ("case_number", "(?:เคส|เรื่อง|คำร้อง|หมายเลข|เลข|case)(?:ที่)? ?:? ?(2[45][0-9]{2} ?[-/]? ?[0-9]{5})(?![0-9/-])"),
    (
        "phone",
        f"(?<![0-9])((?:{_ABROAD}|\\(?0[ -]?)(?:{_MOBILE}|{_LANDLINE}))"
        "(?:[ ,-]{0,2}(?:ต่อ|#|ext\\.?|กด) ?[0-9]{1,5}|-[0-9]{1,2})?(?![0-9])",
    ),
    ("phone", "(?:โทร\\.? ?(?:หา)?|สายด่วน|เบอร์(?:โทร)?|hotline|call) ?([0-9]{4}|1[0-9]{2}|[0-9]{7,10})(?![0-9])"),
    (
        "phone",
        "(?<![0-9])(?<!เวลา)(?<!เวลา )(?<!ตอน)(?<!ตอน )"
        f"(191|199|1548|1111|1567|1584|1330|1669|1556|1506|1161|1694|1546|1300){_NO_UNIT}",
    ),
    ("section", "มาตรา ?([0-9]{1,3}(?:/[0-9]{1,2})?)(?![0-9])"),
    ("section", "(?:ม\\.|(?<![ก-๙])ม|(?<=ตน)ม) ?(33|39|40)(?![0-9])"),
    (
        "house_number",
        ("(?:บ้าน ?เลข ?ที่|เลข ?ที่ ?บ้าน|บ้านเลข|(?<!กที่)เลข ?ที่|ที่อยู่) ?([0-9]{1,5}(?: ?/ ?[0-9]{1,5})?)(?![0-9])"),
    ),
    (
        "house_number",
        "(?<![0-9/])([0-9]{1,5}/[0-9]{1,5})(?= ?(?:หมู่|ม\\. ?[0-9]|ซอย|ซ\\.|ถนน|ถ\\.|ต\\.|ตำบล|แขวง))",
    ),
    (
        "house_number",
        "(?:(?<!ว่าง)อยู่|(?<!ทะเบียน)บ้าน|คอนโด|แฟลต|หอพัก|อพาร์ทเม้นท?์) ?([0-9]{1,5}/[0-9]{1,5})(?![0-9/])",
    ),
    (
        None,
        "(?:ซอย|ซ\\.|หมู่(?:ที่|บ้าน)?|ถนน|ถ\\.|ห้อง|ชั้น(?:ที่)?|ช่อง(?:ที่)?|เคาน์เตอร์|ข้อ"
        "|รุ่น|คิวที่|ลำดับ(?:ที่)?|ตึก|อาคาร|พระราม|รามคำแหง|ลาดพร้าว)"
        " ?[0-9]{1,5}(?:[/.][0-9]{1,5})?(?![0-9/:.])(?! ?น\\.)",
    ),
    (None, "(?:(?<![ก-๙])ม\\.|\\bv(?:er(?:sion)?)?\\.? ?|เวอร์ชั่?น ?) ?[0-9]{1,3}(?:\\.[0-9]{1,3})?(?![0-9])"),
    (None, "30 ?บาท(?: ?รักษา| ?พลัส)? ?(?:ทุกโรค|ทุกที่)?(?=รักษา|ทุก|พลัส|\\b)|(?:บัตร|สิทธิ์?|โครงการ) ?30 ?บาท"),
    (
        "price",
        (
            "(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\\.[0-9]{1,2})?|[0-9]{1,9}"
            "(?:\\.[0-9]{1,2})?) ?(?:บาท|฿|thb\\b|baht)"
        ),
    ),
    ("price", "(?:ราคา|ค่าปรับ|ค่าธรรมเนียม|฿) ?([0-9]{1,9}(?:\\.[0-9]{1,2})?)(?![0-9/:])(?! ?(?:น\\.|โมง))"),
    (None, "(?:(?<!หมด)(?<!สิ้น)อายุ|งวดที่|ครั้งที่|คนที่|เกรด|แบบ) ?[0-9]{1,3}(?:\\.[0-9]{1,2})?(?![0-9])"),
    (None, "(?<![0-9.])[0-9]{1,9}\\.[0-9]{1,4} ?(?:%|กม|กิโล|กก|ล้าน|เมตร|ไร่|งาน|ตร|mb|gb|km|kg)"),
    ("plate", "(?:ทะเบียน|ป้าย)(?:รถ)? ?([0-9]?[ก-ฮ]{2} ?-? ?[0-9]{1,4})(?![0-9])"),
    (None, "(?<![0-9])[0-9]{7,}(?![0-9])"),
)
_SIMPLE = tuple((kind, re.compile(pattern, re.ASCII | re.IGNORECASE)) for kind, pattern in _PATTERNS)
_CUE = re.compile("[0-9@]|www|q", re.IGNORECASE)


def find_refs(folded: str) -> tuple[tuple[Ref, ...], str]:
    """The references in folded text, in order, and the text with each one blanked, same length.

    >>> find_refs("เรื่อง 2569-00123 โทร 081-234-5678")[0]
    (Ref(kind='case_number', value='2569-00123'), Ref(kind='phone', value='0812345678'))
    """
    if not _CUE.search(folded):
        return (), folded
    found: list[tuple[int, Ref]] = []
    pieces: list[str] = []
    done = 0
    for start, end, kind, digits in _secrets(folded):
        found.append((start, Ref(kind, _masked(kind, digits))))
        pieces += folded[done:start], BLANK * (end - start)
        done = end
    text = "".join([*pieces, folded[done:]])
    for kind_, pattern in _SIMPLE:
        text = _take(kind_, pattern, text, found)
    return tuple(ref for _, ref in sorted(found, key=lambda at: at[0])), text


def _take(kind: RefKind | None, pattern: re.Pattern[str], text: str, found: list[tuple[int, Ref]]) -> str:
    def blank(match: re.Match[str]) -> str:
        if kind is not None:
            found.append((match.start(), Ref(kind, _value(kind, match[1]))))
        return BLANK * len(match.group())

    return pattern.sub(blank, text)


def _value(kind: RefKind, written: str) -> str:
    value = written.replace(" ", "")
    if kind == "phone":
        digits = re.sub("[^0-9]", "", value)
        return re.sub("^(?:00)?660?(?=[2-9])", "0", digits)
    if kind == "booking_number":
        return f"Q-{value.upper()}" if re.fullmatch(_BOOKED, value, re.IGNORECASE) else value.upper()
    if kind == "case_number":  # 2569-00123 is ours; another form is kept as it was written
        return f"{value[:4]}-{value[-5:]}" if re.fullmatch("2[45][0-9]{2}[-/]?[0-9]{5}", value) else value
    if kind == "national_id" and value.isdigit():
        return _masked(kind, value)
    return value.replace(",", "") if kind == "price" else value
