"""Every sentence about bookings, and the words by which citizens' short answers inside a booking are known."""

import re
from datetime import date, datetime, time

from bot.clock import BANGKOK, MONTHS, WEEKDAYS, thai_day, thai_moment, thai_time

# --- what is asked ---
ASK_SERVICE = "อยากจองคิวเรื่องไหนคะ"
ASK_SERVICE_AGAIN = "ใช่เรื่องไหนในนี้ไหมคะ"
ASK_OFFICE = "สะดวกไปที่ไหนคะ"
ASK_DAY = "สะดวกวันไหนคะ"
ASK_HOUR = "สะดวกกี่โมงคะ"
ASK_WHICH = "คิวไหนคะ"
ASK_WHAT_TO_CHANGE = "ได้ค่ะ อยากเปลี่ยนตรงไหนคะ"
ASK_MOVE_OR_CANCEL = "จะเลื่อนหรือยกเลิกคิวนี้คะ"
HINT_DAY = 'กดเลือกด้านล่าง หรือพิมพ์ เช่น "พุธหน้า"'
HINT_HOUR = 'กดเลือกด้านล่าง หรือพิมพ์ เช่น "สิบโมง"'

# --- what is told ---
CONFIRM_NEW = "จองคิวนี้ใช่ไหมคะ"
CONFIRM_MOVE = "เลื่อนคิวไปเวลานี้ใช่ไหมคะ"
CONFIRM_CANCEL = "ยกเลิกคิวนี้ใช่ไหมคะ"
SAY_YES = 'ถูกต้องแล้วกด "ยืนยัน" หรือพิมพ์ว่า ยืนยัน ค่ะ'
BOOKED = "จองคิวแล้วค่ะ"
MOVED = "เลื่อนคิวแล้วค่ะ"
BOOKED_BEFORE = "คิวนี้จองไว้แล้วค่ะ"
YOUR_BOOKING = "คิวของคุณ"
IF_NOT_COMING = 'ไปไม่ได้ พิมพ์ว่า "เลื่อนคิว" หรือ "ยกเลิกคิว" ได้เลยค่ะ'
STOPPED_NEW = 'ได้ค่ะ ไม่จองแล้ว อยากจองใหม่พิมพ์ว่า "จองคิว" ได้เลยค่ะ'
STOPPED_KEPT = "ได้ค่ะ คิวยังอยู่เหมือนเดิมค่ะ"
NO_BOOKINGS = "ตอนนี้ยังไม่มีคิวที่จองไว้ในแชทนี้ค่ะ"
NOTHING_OPEN = "ตอนนี้ไม่มีการจองที่ค้างอยู่ค่ะ"
GONE = "คิวนี้ไม่มีแล้วหรือผ่านไปแล้วค่ะ"
CANCELLED_BEFORE = "คิวนี้ยกเลิกไปแล้วค่ะ"
NO_SERVICES = "ตอนนี้ยังไม่มีเรื่องที่เปิดให้จองคิวค่ะ ให้เจ้าหน้าที่ช่วยไหมคะ"
JUST_TAKEN = "ขอโทษค่ะ คิวนี้เพิ่งมีคนจองไปเมื่อกี้"
OVER_TODAY = "วันนี้หมดเวลารับคิวแล้วค่ะ"
SAME_TIME = "คิวของคุณอยู่เวลานี้แล้วค่ะ"
SAME_HOUR = "ใช้เวลาเดิมนะคะ เปลี่ยนได้ค่ะ"
NO_DAYS = "ตอนนี้ทุกวันเต็มหมดค่ะ ลองถามใหม่วันหลัง หรือคุยกับเจ้าหน้าที่ได้ค่ะ"
RANGE_FULL = "ช่วงที่บอกมาไม่มีคิวว่างค่ะ"
WINDOW_FULL = "ช่วงเวลาที่บอกมาไม่มีคิวว่างค่ะ"
MISSED = "ยังไม่เข้าใจตรงนี้ค่ะ"
OFFER_OFFICER = "ยังไม่เข้าใจค่ะ ให้เจ้าหน้าที่ช่วยจองไหมคะ"
ONE_EACH = "1 คิวใช้ได้ 1 คนค่ะ มาหลายคน จองคนละเวลานะคะ"
PROBLEMS = {
    "impossible_date": "วันที่นี้ไม่มีในปฏิทินค่ะ ขอวันที่อีกครั้งนะคะ",
    "weekday_mismatch": "วันกับวันที่ที่พิมพ์มาไม่ตรงกันค่ะ ขอวันที่อีกครั้งนะคะ",
    "impossible_time": "เวลานี้ไม่มีค่ะ ขอเวลาอีกครั้งนะคะ",
}
IDENTITY = {
    "card": "บัตรประชาชนตัวจริง",
    "in_person": "บัตรประชาชนตัวจริง หรือเอกสารราชการที่มีรูปถ่าย",
    "phone": "โทรศัพท์ที่ใช้เบอร์ของคุณ",
}

# --- rows and buttons ---
ROW_SERVICE, ROW_OFFICE, ROW_ADDRESS, ROW_NUMBER, ROW_BRING, ROW_BEFORE = (
    "เรื่อง",
    "ที่",
    "ที่อยู่",
    "เลขคิว",
    "เอาไปด้วย",
    "จากเดิม",
)
YES, STOP, KEEP, CANCEL_IT, RESUME = "ยืนยัน", "ไม่จองแล้ว", "เก็บคิวไว้", "ยกเลิกคิวนี้", "จองต่อ"
STOP_MOVING, RESUME_CHANGE = "ไม่เลื่อนแล้ว", "ทำต่อ"
OTHER_SERVICE, OTHER_OFFICE, OTHER_DAY, OTHER_HOUR = "เรื่องอื่น", "เปลี่ยนสถานที่", "วันอื่น", "เวลาอื่น"
CALENDAR, MORNING, AFTERNOON, MAP = "เลือกจากปฏิทิน", "ช่วงเช้า", "ช่วงบ่าย", "แผนที่"
MOVE, CANCEL, BOOK, SEE, ASK_OFFICER = "เลื่อนคิว", "ยกเลิกคิว", "จองคิว", "ดูคิวที่จองไว้", "ให้เจ้าหน้าที่ช่วย"


def told(*lines: str) -> str:
    """The lines that say something, under each other."""
    return "\n".join(line for line in lines if line)


def day_label(day: date) -> str:
    """A day short enough for a button.

    >>> day_label(date(2026, 11, 26))
    'พฤ. 26 พ.ย.'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def moment_label(when: datetime) -> str:
    """A day and hour short enough for a button.

    >>> moment_label(datetime(2026, 11, 26, 13, 30, tzinfo=BANGKOK))
    'พฤ. 26 พ.ย. 13:30 น.'
    """
    there = when.astimezone(BANGKOK)
    return f"{day_label(there.date())} {thai_time(there.time())}"


def free_days(days: list[date]) -> str:
    return f"ว่าง: {', '.join(day_label(day) for day in days)}"


def free_hours(hours: list[time]) -> str:
    return f"ว่าง: {', '.join(f'{hour.hour}:{hour.minute:02d}' for hour in hours)} น."


def about(service: str, office: str | None = None) -> str:
    return f"จองคิว{service}" + (f" {at_office(office)}" if office else "")


def at_office(office: str) -> str:
    """At an office.

    >>> at_office("ที่ว่าการอำเภอ"), at_office("สำนักงานขนส่ง")
    ('ที่ว่าการอำเภอ', 'ที่สำนักงานขนส่ง')
    """
    return office if office.startswith("ที่") else f"ที่{office}"


def moving(service: str, before: datetime) -> str:
    return f"เลื่อนคิว{service} จาก {thai_moment(before)}"


def past(day: date) -> str:
    return f"{thai_day(day)} ผ่านไปแล้วค่ะ"


def too_far(last: date) -> str:
    return f"ตอนนี้จองได้ถึง {thai_day(last)} ค่ะ"


def closed_day(day: date, holiday: str | None) -> str:
    """Why nobody is there on a day."""
    return f"{thai_day(day)} หยุดค่ะ เป็น{holiday}" if holiday else f"{thai_day(day)} ปิดค่ะ"


def full_day(day: date) -> str:
    return f"{thai_day(day)} เต็มแล้วค่ะ"


def full_hour(day: date, hour: time) -> str:
    return f"{thai_day(day)} เวลา {thai_time(hour)} เต็มแล้วค่ะ ใกล้ที่สุดคือ"


def past_hour(hour: time) -> str:
    return f"{thai_time(hour)} ผ่านไปแล้วค่ะ"


def busy_hour(hour: time, reference: str) -> str:
    return f"{thai_time(hour)} ชนกับคิว {reference} ของคุณค่ะ"


def closed_hour(hour: time, intervals: list[tuple[time, time]]) -> str:
    """That nobody is served at an hour, and when they are."""
    told = ", ".join(f"{a.hour}:{a.minute:02d}-{b.hour}:{b.minute:02d}" for a, b in intervals)
    return f"เวลา {thai_time(hour)} ไม่มีคิวค่ะ วันนั้นเปิด {told} น."


def nearest_start(wished: time, found: time) -> str:
    return f"ไม่มีรอบ {thai_time(wished)} รอบใกล้ที่สุดคือ {thai_time(found)}"


def not_offered(service: str) -> str:
    return f"{service} ยังไม่เปิดให้จองคิวที่นี่ค่ะ"


def too_many(most: int) -> str:
    return f"คุณมีคิวที่จองไว้ {most} คิวแล้วค่ะ ซึ่งเป็นจำนวนมากที่สุด เลื่อนหรือยกเลิกสักคิวก่อนนะคะ"


def also_booked(when: datetime, reference: str) -> str:
    return f'คุณมีคิวเรื่องนี้แล้ว {thai_moment(when)} ({reference}) ถ้าจะเปลี่ยนวัน กด "เลื่อนคิว" แทนได้ค่ะ'


def cancelled(reference: str, when: datetime) -> str:
    return f"ยกเลิกคิว {reference} {thai_moment(when)} แล้วค่ะ"


def unknown_reference(reference: str) -> str:
    return f"ไม่พบคิว {reference} ในแชทนี้ค่ะ ดูเลขอีกครั้งได้ไหมคะ"


def not_on(day: date) -> str:
    return f"ไม่มีคิวของคุณใน {thai_day(day)} ค่ะ"


def in_line(number: int, service: str, office: str, when: datetime) -> str:
    return f"{number}. {thai_moment(when)} {service} {at_office(office)}"


def still_open(mode: str, service: str | None) -> str:
    """The short line that leads back to a booking."""
    what = {"move": "เลื่อนคิว", "cancel": "ยกเลิกคิว", "change": "เปลี่ยนคิว"}.get(mode, "จองคิว")
    return f"ที่{what}{service or ''}ค้างไว้ ทำต่อได้เลยนะคะ"


# --- what citizens say; all are read on text without spaces and closing particles ---
_END = r"(?:ค่ะ|คะ|ค่า|ครับ|คับ|ค้าบ|คร้าบ|ฮะ|จ้า|จ้ะ|จ๊ะ|นะ|เลย|แล้ว|ละ|สิ|ซิ|คิว|นี้|นั้น|ตาม|จอง|เลื่อน|ให้|ที|ด้วย|ขอบคุณ|ๆ)*$"
SAYS_YES = re.compile(
    r"^(?:ยืนยัน|คอนเฟิร์ม|คอนเฟิม|confirm|ใช่|ไช่|ช่าย|ถูก(?:ต้อง)?|ตกลง|โอเค|โอเช|โอเคร|ok|okay|oke|ได้|เอา|จอง(?:เลย|ได้)|จอง|ตามนี้|ตามนั้น|"
    r"เรียบร้อย|yes|yep|ค่ะ|ครับ|คับ|จ้า|จ้ะ|อือ|อืม|เลื่อนเลย|เลื่อน|แม่น|แม่นแล้ว|เจ้า)" + _END
)
SAYS_YES_CANCEL = re.compile(r"^(?:ยืนยัน)?(?:ขอ)?ยกเลิก" + _END)
BEGINS_WITH_YES = re.compile(r"^(?:ยืนยัน|คอนเฟิร์ม|ใช่|ช่าย|ตกลง|โอเค|ok|ถูกต้อง)")
ASKS_OR_DENIES = re.compile(r"ไหม|มั้ย|มั๊ย|ไม๊|หรือ|หรอ|เหรอ|ป่าว|เปล่า|กี่|ไม่|ยัง(?!ไง)|แต่|บ่(?!าย)|ก่อ$")
SAYS_NO = re.compile(r"^(?:ไม่(?:ใช่|ถูก|ได้|เอา|ตกลง|โอเค|ยืนยัน)?|ยัง(?:ไม่)?|no|nope|ผิด|แก้|เปลี่ยน|บ่|บ่แม่น)" + _END)
SAYS_STOP = re.compile(
    r"ไม่จอง|เลิกจอง|ยกเลิก(?:การ|ที่)?จอง|ไม่เอา(?:คิว)?แล้ว|ไม่ต้อง(?:จอง|แล้ว)|พอแล้ว|ไว้ก่อน|ไว้คราวหน้า|ไว้วันหลัง|ช่างมัน|cancel$"
)
SAYS_KEEP = re.compile(r"ไม่(?:ต้อง)?(?:เลื่อน|ยกเลิก|เปลี่ยน)|เหมือนเดิม|คงเดิม|เก็บ(?:คิว)?ไว้|พอแล้ว|ไว้ก่อน|ช่างมัน")
SOONEST = re.compile(
    r"เร็ว(?:ที่)?สุด|ไว(?:ที่)?สุด|(?:คิว|วัน|รอบ|อัน|เวลา)แรก|(?:วัน|เวลา|รอบ|ตอน|อัน)(?:ไหน|ใด|ใด๋)ก็ได้|เมื่อไ[หร]+่?ก็ได้|กี่โมงก็ได้|asap|soonest|earliest"
)
OTHER_DAY_WORDS = re.compile(r"วันอื่น|เปลี่ยนวัน|วันใหม่|เลือกวัน")
OTHER_HOUR_WORDS = re.compile(r"เวลาอื่น|เปลี่ยนเวลา|รอบอื่น|ช่วงอื่น|เวลาใหม่|เลือกเวลา")
OTHER_OFFICE_WORDS = re.compile(r"สาขาอื่น|ที่อื่น|เปลี่ยนสาขา|เปลี่ยนที่|เปลี่ยนสถานที่|สำนักงานอื่น")
OTHER_SERVICE_WORDS = re.compile(r"เรื่องอื่น|บริการอื่น|เปลี่ยนเรื่อง|ผิดเรื่อง")
INSTEAD = re.compile(r"เปลี่ยน|ไม่ใช่|เอาเป็น|ขอเป็น|หมายถึง|จองเป็น|แทน")
NOT_FREE = re.compile(r"ไม่ว่าง|ไม่สะดวก|ไปไม่ได้|บ่ว่าง|ติดธุระ|ติดงาน")
WISHED = re.compile(r"เป็น|ขอ|เอา|เปลี่ยน|แทน|ได้ไหม|ได้มั้ย|จอง")
TO = re.compile(r"เป็น|ไป(?!ไม่)|แทน|ย้าย")
ASKS_HOURS = re.compile(r"เปิด|ปิด|หยุด(?:ไหม|มั้ย|หรือ|รึ|ป่าว)")
GO_ON = re.compile(r"^(?:จองต่อ|ทำต่อ|ต่อเลย|ต่อ|เอาต่อ|จองคิวต่อ|กลับมาจอง)" + _END)
CANCELS = re.compile(
    r"ยก ?เล[ิอ]?[กด]|ยกเลอก|ยกเริก|แคนเซิล|cancel|ไม่ไปแล้ว|ไม่ไปละ|บ่ไปแล้ว|ถอนคิว|คืนคิว|เทคิว|ลบ|เอาออก|ไม่ต้องเก็บ"
)
MOVES = re.compile(r"เลื่อน|เลือน|เลื่น|เลื่อย|เปลี่ย[นร]|เปี่ยน|ย้าย|ขยับ|แก้|ผิดวัน|ผิดสาขา|reschedule|move")
BOOKS = re.compile(r"^จอง")
NOT_MOVING = re.compile(r"ไม่(?:ต้อง)?(?:เลื่อน|เปลี่ยน|ย้าย)")
NOT_CANCELLING = re.compile(r"ไม่(?:ต้อง|อยาก)?(?:ยกเลิก|แคนเซิล|ลบ)")
EXISTING = re.compile(r"จองไว้|นัดไว้|คิวเดิม|นัดเดิม|ที่จองแล้ว|ของเดิม")
ORDINALS = (
    re.compile(r"แรก|^1$|ที่1|อัน1|ข้อ1"),
    re.compile(r"สอง|^2$|ที่2|อัน2|ข้อ2"),
    re.compile(r"สาม|^3$|ที่3|อัน3|ข้อ3|สุดท้าย"),
)
ASKS_FREE = re.compile(r"ว่าง|มีคิว|เหลือ|วันไหน|วันใด|มื้อใด|กี่โมง|เวลาไหน|รอบไหน")
WEEKDAY = re.compile(r"จันทร?์?|อังคาร|พุธ|พฤหัส|ศุกร์?|เสาร์?|อาทิตย์?")
EXACT_DAY = re.compile(r"[0-9]|นี้|หน้า|ถัดไป")
A_DAY = "วัน"
ONLY_DAY, ONLY_HOUR = re.compile(r"^วัน(?:ที่)?$"), re.compile(r"^(?:เวลา|ชั่วโมง)$")
DAY_OF_MONTH = "วันที่ {}"
