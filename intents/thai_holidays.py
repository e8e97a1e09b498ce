"""The date of a Thai holiday called by the name people use."""

import re
from datetime import date, timedelta
from functools import lru_cache

import holidays

# Days people name that are not public holidays: (month, day).
_FIXED = {"วาเลนไทน์": (2, 14), "คริสต์มาส": (12, 25), "วันครู": (1, 16), "ฮาโลวีน": (10, 31)}
_CHINESE_NEW_YEAR = {
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
}
# Days after วันอาสาฬหบูชา (15th waxing of month 8): fixed by the lunar months' lengths 30-29-30-29.
_AFTER_ASALHA = {"ออกพรรษา": 89, "ลอยกระทง": 118}
# What people write -> a part of the name in the `holidays` package, or a key above.
_SPOKEN = (
    ("สงกรานต์", "สงกราน(?:ต์|ต|ณ์|)|(?:วัน)?(?:ขึ้น)?ปีใหม่ไทย", "สงกรานต์"),
    ("ปีใหม่", "(?:วัน)?(?:ขึ้น)?ปี[ใไ]หม่", "ขึ้นปีใหม่"),
    ("วันแม่", "วันแม่(?:แห่งชาติ)?", "วันแม่แห่งชาติ"),
    ("วันพ่อ", "วันพ่อ(?:แห่งชาติ)?|วันชาติ", "วันพ่อแห่งชาติ"),
    ("วันเด็ก", "วันเด็ก(?:แห่งชาติ)?", "วันเด็กแห่งชาติ"),
    ("วันแรงงาน", "วันแรงงาน(?:แห่งชาติ)?", "วันแรงงานแห่งชาติ"),
    ("มาฆบูชา", "(?:วัน)?มาฆ(?:ะ|ะบูชา|บูชา)", "วันมาฆบูชา"),
    ("วิสาขบูชา", "(?:วัน)?วิสาข(?:ะบูชา|บูชา|ะ)", "วันวิสาขบูชา"),
    ("อาสาฬหบูชา", "(?:วัน)?อาสา[ฬล]?ห?(?:ะบูชา|บูชา|ะ)", "วันอาสาฬหบูชา"),
    ("เข้าพรรษา", "(?:วัน)?เข้าพรรษา", "วันเข้าพรรษา"),
    ("ปิยมหาราช", "(?:วัน)?ปิยะ?(?:มหาราช)|วันปิยะ", "วันปิยมหาราช"),
    ("จักรี", "วัน(?:มหา)?จักร[ีิ](?:วงศ์)?", "จักรีบรมราชวงศ์"),
    ("ฉัตรมงคล", "(?:วัน)?ฉัตรมงคล", "วันฉัตรมงคล"),
    ("รัฐธรรมนูญ", "วันรัฐธรรมน[ูุ]ญ?", "วันรัฐธรรมนูญ"),
    ("นวมินทร์", "(?:วัน)?นวมินทร(?:มหาราช|์)", "วันนวมินทรมหาราช"),
    ("พระราชินี", "วันเฉลิม(?:ฯ|พระชนมพรรษา)? ?(?:สมเด็จ)?(?:พระ)?ราชินี", "สมเด็จพระนางเจ้าสุทิดา"),
    ("ร.10", "วันเฉลิม(?:ฯ|พระชนมพรรษา)?(?: ?(?:ร\\. ?10|ในหลวง|รัชกาลที่ 10))?", "วชิรเกล้าเจ้าอยู่หัว"),
    ("สิ้นปี", "(?:วัน)?ส่งท้ายปี(?:เก่า)?", "วันสิ้นปี"),
    ("ออกพรรษา", "(?:วัน)?ออกพรรษา", "ออกพรรษา"),
    ("ลอยกระทง", "(?:วัน)?ลอยกระทง", "ลอยกระทง"),
    ("ตรุษจีน", "(?:วัน)?ตร[ุู][ษศสดต]จีน", "ตรุษจีน"),
    ("วาเลนไทน์", "(?:วัน)?วาเลนไท(?:น์|น)", "วาเลนไทน์"),
    ("คริสต์มาส", "(?:วัน)?คริ[สต]ต?์?มา[สต]", "คริสต์มาส"),
    ("วันครู", "วันครู(?!พี่)", "วันครู"),
    ("ฮาโลวีน", "(?:วัน)?ฮาโลวีน", "ฮาโลวีน"),
)
HOLIDAY = "(?:" + "|".join(pattern for _, pattern, _ in _SPOKEN) + ")"
_WHICH = re.compile("|".join(f"({pattern})" for _, pattern, _ in _SPOKEN))


@lru_cache(maxsize=64)
def _year_table(year: int) -> tuple[tuple[date, str], ...]:
    days = holidays.country_holidays("TH", years=[year], language="th")
    return tuple(sorted((day, name) for day, name in days.items()))


@lru_cache(maxsize=512)
def holiday_on(key: str, year: int) -> tuple[date, date] | None:
    """First and last day of the holiday in `year`; None when the year's date is not known.

    >>> holiday_on("สงกรานต์", 2027)
    (datetime.date(2027, 4, 13), datetime.date(2027, 4, 15))
    """
    if key in _FIXED:
        month, day = _FIXED[key]
        return date(year, month, day), date(year, month, day)
    if key == "ตรุษจีน":
        known = _CHINESE_NEW_YEAR.get(year)
        return (date(year, *known), date(year, *known)) if known else None
    if key in _AFTER_ASALHA:
        asalha = holiday_on("วันอาสาฬหบูชา", year)
        if asalha is None:
            return None
        day_ = asalha[0] + timedelta(days=_AFTER_ASALHA[key])
        return day_, day_
    found = [
        day
        for day, names in _year_table(year)
        if any(key in name and not name.startswith("ชดเชย") for name in names.split("; "))
    ]
    return (found[0], found[-1]) if found else None


def next_holiday(written: str, today: date, *, years_ahead: int = 0) -> tuple[date, date] | None:
    """First and last day of the next such holiday (today included); `years_ahead` -1 is the last one.

    >>> next_holiday("วันพ่อ", date(2026, 11, 22))
    (datetime.date(2026, 12, 5), datetime.date(2026, 12, 5))
    """
    found = _WHICH.match(written)
    if found is None:
        return None
    key = _SPOKEN[(found.lastindex or 1) - 1][2]
    for year in range(today.year, today.year + 4):
        days = holiday_on(key, year)
        if days is not None and days[1] >= today:
            return days if years_ahead == 0 else holiday_on(key, days[0].year + years_ahead)
    return None
