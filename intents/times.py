"""The hour a message asks for, read from the Thai clock (ตี, โมง, บ่าย, ทุ่ม) and from digits."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from intents.date_context import CLOCK, bound, full, link, refused
from intents.date_patterns import COUNTED, DAYS_COUNTED, THINGS, WEEKDAYS

PartOfDay = Literal["morning", "afternoon", "evening"]

_MONTH_AHEAD = (
    "(?:ม\\.?ค|ก\\.?พ|มี\\.?ค|เม|พ\\.?ค|มิ|ก\\.?ค|ส\\.?ค|ก\\.?ย|ต\\.?ค|พ\\.?ย|ธ\\.?ค|มกร"
    "|กุม|มีน|พฤษ|กรก|สิง|กัน|ตุล|พฤศ|ธัน|เดือน)"
)
_NO_DATE = f"(?![0-9]|/[0-9]| ?{_MONTH_AHEAD}|-[0-9]+ ?{_MONTH_AHEAD})"
_NO_COUNT = f"{_NO_DATE}(?! ?(?:{COUNTED}))"
_HALF = f"ครึ่ง(?!ชั่วโมง|{DAYS_COUNTED}|ปี|เดือน|หนึ่ง|ราคา|โล)"
_MINUTE = (
    f"(?:(?P<{{k}}_half>{_HALF})|(?P<{{k}}_min>[0-5]?[0-9])(?= ?นาที)|(?P<{{k}}_min2>[1-5][0-9])(?![.:]| ?-){_NO_COUNT})"
)
_N_END = "(?:น\\.?(?![ก-๎])|นาฬิกา)"


def _minute(kind: str) -> str:
    return _MINUTE.replace("{k}", kind)


_CLOCK = re.compile(
    "|".join(
        (
            f"(?P<noon>เที่ยง(?P<noon_night>คืน)?(?:{DAYS_COUNTED}|ตรง)?(?: ?{_minute('noon')})?)",
            (
                f"(?P<bai>บ่าย(?:(?P<bai_one>โมง)| ?(?P<bai_h>[0-9]{{1,2}})(?:[.:]"
                f"(?P<bai_m>[0-5][0-9]))?{_NO_DATE}(?! ?(?:{THINGS}))(?: ?โมง(?:เย็น)?)?(?: ?{_N_END})?)"
                f"(?: ?{_minute('bai')})?)"
            ),
            (
                f"(?P<ti>ตี ?(?P<ti_h>[0-9]{{1,2}})(?:[.:](?P<ti_m>[0-5][0-9]))?{_NO_DATE}(?: ?โมง)?"
                f"(?! ?(?:{COUNTED}))(?: ?{_minute('ti')})?)"
            ),
            (
                f"(?P<mong>(?:(?P<mong_pre>เช้า|เย็น) ?)?(?<![0-9.:/])(?P<mong_h>[0-9]{{1,2}})(?:[.:]"
                "(?P<mong_m>[0-5][0-9]))? ?โมง ?(?:(?P<mong_part>เช้า|เย็น|บ่าย)(?!นี้)|(?=(?P<mong_post>เช้า|เย็น|บ่าย)นี้))?"
                f"(?: ?{_minute('mong')})?)"
            ),
            f"(?P<thum>(?:(?<![0-9.:/])(?P<thum_h>[0-9]{{1,2}}) ?)?(?<!กี่)(?<!กี่ )ทุ่ม(?: ?{_minute('thum')})?)",
            (
                "(?P<ampm>(?<![0-9.:/])(?P<ampm_h>[0-9]{1,2})(?:[.:](?P<ampm_m>[0-5][0-9]))? ?"
                "(?P<ampm_half>a\\.?m\\b\\.?|p\\.?m\\b\\.?))"
            ),
            (
                "(?P<hm>(?:(?P<hm_pre>เช้า|เย็น) ?)?(?<![0-9.:/,])(?<!วันที่)(?<!วันที่ )"
                f"(?P<hm_h>[0-9]{{1,2}})(?P<hm_sep>[.:])(?P<hm_m>[0-9]{{2}})(?![0-9]|[.:/][0-9])(?: ?"
                f"(?P<hm_n>{_N_END}))?(?: ?(?P<hm_post>เย็น|บ่าย|ทุ่ม))?)"
            ),
            "(?P<four>(?<![0-9./-])(?P<four_h>[0-9]{2})(?P<four_m>[0-9]{2}) ?น(?:\\.|(?![ก-๎a-z])))",
            f"(?P<nor>(?<![0-9.:/])(?P<nor_h>[0-9]{{1,2}}) ?{_N_END}(?: ?(?P<nor_min>[0-5]?[0-9]) ?นาที)?)",
            f"(?P<half>(?<![0-9.:/])(?P<half_h>[0-9]{{1,2}}) ?{_HALF})",
            (
                "(?P<sharp>(?:(?:ตอน|(?<!ใช้)เวลา) ?(?=[0-9]{4})|(?<![0-9./:-])(?=0[6-9][0-5][05]))"
                "(?P<sharp_h>[0-9]{2})(?P<sharp_m>[0-9]{2})(?![0-9/.:-]))"
            ),
            f"(?P<bare>(?:ตอน|(?<!ใช้)เวลา) ?(?P<bare_h>[0-9]{{1,2}})(?![.:][0-9]|-[0-9]| ?{_N_END}){_NO_COUNT})",
        )
    ),
    re.ASCII,
)
_HOUR_BEFORE = re.compile("(?<![0-9./:-])([0-9]{1,2})(?:[.:]([0-5][0-9]))? ?(-|ถึง|หรือ|เป็น) ?$")
_DAY_BEFORE = re.compile("(?:วันที่|ที่|อีก|จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์) ?$")
_HOUR_AFTER = re.compile(
    f" ?(?:-|ถึง|หรือ|เป็น) ?(?:ตอน|เวลา)? ?([0-9]{{1,2}})(?:[.:]([0-5][0-9]))?{_NO_COUNT}(?![.:][0-9]| ?(?:น\\.|-))"
)
_LUNCH = re.compile("(?<!ตอน)(?<!ช่วง)พัก ?(?:กลางวัน)? ?$")
_MOST_MENTIONS = 60  # more is no message of a person; the rest is not read
_CUE = re.compile("[0-9]|เที่ยง|บ่าย|ทุ่ม")


@dataclass(frozen=True, slots=True)
class Hour:
    """One clock time in the text; `at` is None when there is no such time on a clock."""

    start: int
    end: int
    kind: str
    part: str
    at: time | None


def _clock(hour: int, minute: int) -> time | None:
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None


def _hour_of(kind: str, hour: int, part: str) -> int:
    """The 24-hour hour of a spoken `hour`; 99 when nobody says so."""
    match kind:
        case "noon":
            return 0 if part == "คืน" else 12
        case "bai":
            return hour + 12 if 1 <= hour <= 6 else hour if 12 <= hour <= 18 else 99
        case "ti":
            return hour if 1 <= hour <= 6 else 99
        case "thum":
            return 18 + hour if 1 <= hour <= 6 else 99
        case "mong" if part == "เช้า":
            return hour + 6 if 1 <= hour <= 5 else hour if hour <= 12 else 99
        case "mong" | "half" | "bare" if not part:
            return hour + 12 if 1 <= hour <= 6 else hour if hour <= 24 else 99
        case "pm":
            return hour + 12 if 1 <= hour <= 11 else hour
        case "am":
            return 0 if hour == 12 else hour
        case _:
            return hour + 12 if part in ("เย็น", "บ่าย") and 1 <= hour <= 7 else hour


def _read(found: re.Match[str]) -> Hour | None:
    kind = found.lastgroup or ""  # the outermost group closes last
    groups = found.groupdict()
    hour = int(groups.get(f"{kind}_h") or 1)
    part = groups.get(f"{kind}_part") or groups.get(f"{kind}_pre") or groups.get(f"{kind}_post") or ""
    if kind == "noon":
        part = "คืน" if groups["noon_night"] else ""
    minute = int(groups.get(f"{kind}_m") or groups.get(f"{kind}_min") or groups.get(f"{kind}_min2") or 0)
    if kind != "ampm" and groups.get(f"{kind}_half"):
        minute = 30
    if kind == "half":
        minute = 30
        if not 1 <= hour <= 12:
            return None
    if kind == "bai" and 20 <= hour < 60 and minute == 0:  # บ่าย|สาม|สิบห้า is written 35 by now
        hour, minute = hour // 10, 10 + hour % 10
    if kind == "hm" and groups["hm_n"] is None and groups["hm_sep"] == "." and (hour > 24 or minute > 59):
        return None
    if kind == "bare" and hour > 24:
        return None
    name = ("am" if groups["ampm_half"].startswith("a") else "pm") if kind == "ampm" else kind
    return Hour(found.start(), found.end(), name, part, _clock(_hour_of(name, hour, part), minute))


def _beside(text: str, hour: Hour, *, floor: int) -> list[Hour]:
    """`hour` with the bare number joined to it: the 9 of "9-11 โมง", the 4 of "บ่าย 2 ถึง 4"."""
    start, end, out = hour.start, hour.end, [hour]
    before = _HOUR_BEFORE.search(text, max(floor, start - 14), start)
    if before and not _DAY_BEFORE.search(text, max(floor, before.start() - 10), before.start()):
        kind, part = hour.kind, hour.part
        if kind == "mong" and not part and hour.at is not None and hour.at.hour <= 12:
            kind = "hm"
        first = _clock(_hour_of(kind, int(before[1]), part), int(before[2] or 0))
        if first is not None:
            out.insert(0, Hour(before.start(), before.end(2) if before[2] else before.end(1), kind, part, first))
    after = _HOUR_AFTER.match(text, end)
    if after and hour.at is not None and hour.kind != "ti":
        number, minute = int(after[1]), int(after[2] or 0)
        later = [_clock(h, minute) for h in (number, number + 12) if h <= 24]
        if hour.kind == "thum":
            later = [_clock(_hour_of("thum", number, ""), minute)]
        good = [at for at in later if at is not None and at > hour.at]
        if good:
            last = after.end(2) if after[2] else after.end(1)
            out.append(Hour(after.start(1), last, hour.kind, hour.part, good[0]))
    return out


def _hours(text: str) -> list[Hour]:
    found: list[Hour] = []
    for match in _CLOCK.finditer(text):
        if match["noon"] and _LUNCH.search(text, max(0, match.start() - 14), match.start()):
            continue
        floor = found[-1].end if found else 0
        if match.start() < floor:
            continue
        hour = _read(match)
        if hour is not None:
            found += _beside(text, hour, floor=floor)
        if len(found) >= _MOST_MENTIONS:
            break
    return found


@dataclass(frozen=True, slots=True)
class Times:
    """What was asked, and `rest`: the text with every clock time blanked, same length."""

    start: time | None
    end: time | None
    impossible: bool
    rest: str


def find_times(text: str, *, from_: int = 0) -> Times:
    """The hour or hours wished for in a plain text; mentions before `from_` are blanked and not used.

    >>> found = find_times("9โมงครึ่งถึงเที่ยง")
    >>> found.start, found.end
    (datetime.time(9, 30), datetime.time(12, 0))
    """
    hours = _hours(text) if _CUE.search(text) else []
    if not hours:
        return Times(None, None, False, text)
    pieces: list[str] = []
    done = 0
    for hour in hours:
        pieces += text[done : hour.start], CLOCK * (hour.end - hour.start)
        done = hour.end
    rest = "".join([*pieces, text[done:]])
    start, end, impossible = _wish(rest, [hour for hour in hours if hour.start >= from_])
    return Times(start, end, impossible, rest)


def _wish(rest: str, hours: list[Hour]) -> tuple[time | None, time | None, bool]:
    """The last wish that is not turned down: (start, end, whether it is impossible)."""
    chosen: tuple[time | None, time | None, bool] = None, None, False
    index = 0
    while index < len(hours):
        first = last = hours[index]
        how = None
        if index + 1 < len(hours):
            how = link(rest[first.end : hours[index + 1].start], rest[: first.end])
            if how in ("range", "or"):
                last = hours[index + 1]
                index += 1
        index += 1
        before = bound(rest, first.start)
        if (
            before in ("not", "instead", "moved_from")
            and how not in ("range", "or")
            and (before == "not" or len(hours) > 1)
        ):
            continue
        if refused(rest, last.end) or (full(rest, last.end) and index < len(hours)):
            continue
        if first.at is None or last.at is None:
            chosen = None, None, True
        elif first is not last:
            low, high = (first.at, last.at) if how == "range" else sorted((first.at, last.at))
            chosen = low, high, False
        elif before in ("before", "until"):
            low_ = chosen[0] if chosen[0] is not None and chosen[1] is None and chosen[0] < first.at else None
            chosen = low_, first.at, False
        else:
            chosen = first.at, None, False
    return chosen


_PARTS = re.compile(
    "(?P<morning>(?<!อาหาร)(?<!ทุก)เช้า(?!มา)|สาย ?ๆ|(?:ตอน|ช่วง|นี้ ?)สาย(?!ด่วน|ไม่|หลุด)|สาย(?:หน่อย|วัน))"
    "|(?P<afternoon>(?<!ทุก)บ่าย(?!เบี่ยง|เบน))"
    f"|(?P<evening>(?:ตอน|ช่วง|พอ|นี้|วัน|วาน|รืน|หรือ|ขอ|บ่าย ?|{'|'.join(WEEKDAYS)}|[0-9])\x02? ?เย็น"
    "|เย็น(?:นี้|วัน|หน่อย)|(?<!ตัว)เย็น ?ๆ|(?<![ก-๎])เย็น(?=$|ได้|ว่าง|นะ|ค่ะ|คะ|ครับ)"
    "|(?<!ทุก)(?<!มื้อ)(?<!อาหาร)(?<!ข้าว)(?<![0-9])(?<![0-9] )ค่ำ"
    "|(?<!มา)(?<!ขอ)(?<!ไป)(?<!จะ)คืนพรุ่ง|คืน(?:นี้|วัน(?!ไหน))|(?<!วัน)กลางคืน|ตอนมืด)"
)


def part_of_day(text: str) -> PartOfDay | None:
    """The one part of the day named in a plain text, or None when there is none or more than one.

    >>> part_of_day("พรุ่งนี้ช่วงบ่ายว่างไหม")
    'afternoon'
    """
    parts = {
        found.lastgroup
        for found in _PARTS.finditer(text)
        if bound(text, found.start()) not in ("not", "instead", "moved_from") and not refused(text, found.end())
    }
    if len(parts) != 1:
        return None
    return parts.pop()  # type: ignore[return-value]
