"""Every sentence the bot says, in one place: plain polite Thai, the answer first, always a next step."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.clock import thai_day, thai_moment


@dataclass(frozen=True)
class Hotline:
    """A number for danger, and the words by which its kind of danger is known."""

    name: str
    number: str
    words: str

    def fits(self, text: str) -> bool:
        return re.search(self.words, text) is not None


GREETING = (
    "สวัสดีค่ะ นี่คือบอทของศูนย์ราชการสะดวก\n"
    "ถามเรื่องเอกสาร ค่าธรรมเนียม เวลาทำการ จองคิว แจ้งเหตุ หรือคุยกับเจ้าหน้าที่ได้เลยค่ะ\n"
    'พิมพ์เหมือนคุยกับคนได้เลย เช่น "บัตรประชาชนหาย"'
)
HELLO = "สวัสดีค่ะ นี่คือบอทของศูนย์ราชการ อยากให้ช่วยเรื่องอะไรคะ"
THANKS = "ยินดีค่ะ มีเรื่องอื่นถามได้เสมอนะคะ"
THANKS_WAITING = "ยินดีค่ะ เจ้าหน้าที่จะตอบในแชทนี้นะคะ"
GOODBYE = "ขอบคุณที่ทักมานะคะ มีเรื่องอะไรพิมพ์มาได้ตลอดค่ะ"
IDENTITY = "นี่คือบอทค่ะ ไม่ใช่คน\nตอบคำถามงานราชการ จองคิว รับแจ้งเหตุ และส่งต่อให้เจ้าหน้าที่ได้ค่ะ\nถ้าอยากคุยกับคน กดปุ่มด้านล่างได้เลยค่ะ"
ASK_KINDLY = 'อยากให้ช่วยเรื่องอะไรคะ พิมพ์บอกสั้น ๆ ได้เลยค่ะ เช่น "ต่อใบขับขี่"'
GOT_MEDIA = "ได้รับแล้วค่ะ บอทดูรูปหรือไฟล์เองไม่ได้ พิมพ์บอกหน่อยนะคะว่าอยากให้ช่วยเรื่องอะไร"
NOT_UNDERSTOOD = 'ยังไม่เข้าใจตรงนี้ค่ะ ลองพิมพ์อีกแบบได้ไหมคะ เช่น "บัตรประชาชนหายต้องทำยังไง"'
OFFER_OFFICER = "ยังไม่เข้าใจค่ะ ให้เจ้าหน้าที่ช่วยตอบไหมคะ"
DECLINED_OFFICER = "ได้ค่ะ ถ้าอย่างนั้นลองพิมพ์บอกอีกแบบนะคะ"
ALSO_ASKED = 'ถามเรื่องอื่นด้วย กดปุ่ม "{label}" ด้านล่างได้ค่ะ'
NO_OFFICE = "ยังไม่มีข้อมูลสำนักงานในระบบค่ะ ให้เจ้าหน้าที่ช่วยตอบไหมคะ"
NOT_THIS = "ขอโทษค่ะ ลองบอกอีกนิดได้ไหมคะว่าอยากรู้เรื่องอะไร"
DID_YOU_MEAN = "หมายถึงเรื่องไหนคะ"
DID_YOU_MEAN_AGAIN = "หมายถึงเรื่องไหนในนี้ไหมคะ ถ้าไม่มี ให้เจ้าหน้าที่ช่วยได้ค่ะ"
SORRY_COMPLAIN = "ขอโทษที่ทำให้ลำบากค่ะ อยากร้องเรียน หรือคุยกับเจ้าหน้าที่คะ"
ASK_ABOUT_WHAT = 'ถามเรื่องไหนคะ บอกชื่อเรื่องมาได้เลย เช่น "บัตรประชาชนหาย"'
NOTHING_ASKED = "ได้ค่ะ มีอะไรให้ช่วยอีก พิมพ์มาได้เลยนะคะ"
FACET_UNKNOWN = "ยังไม่มีข้อมูลตรงนี้ ถามเจ้าหน้าที่ได้ค่ะ"
GIVEN_UP = "ได้ค่ะ ยกเลิกที่ทำค้างไว้แล้ว มีเรื่องอื่นพิมพ์มาได้เลยค่ะ"
JOINED_CASE = "ส่งข้อความนี้ให้เจ้าหน้าที่แล้วค่ะ รอคำตอบในแชทนี้ได้เลย"
JOINED_MEDIA = "ส่งให้เจ้าหน้าที่แล้วค่ะ รอคำตอบในแชทนี้ได้เลย"
GROUP_ONLY_GENERAL = "ในกลุ่มตอบได้เฉพาะเรื่องทั่วไปค่ะ เรื่องส่วนตัวทักมาในแชทตรงกับบอทนะคะ"
NO_ARTICLE = "เรื่องนี้ยังไม่มีคำตอบเขียนไว้ค่ะ ให้เจ้าหน้าที่ช่วยตอบไหมคะ"
TAP_OLD = "ปุ่มนี้ใช้ไม่ได้แล้วค่ะ พิมพ์บอกได้เลยว่าอยากให้ช่วยเรื่องอะไร"
BOOK_WHAT = "อยากจองคิวเรื่องอะไรคะ"
ONE_BY_ONE = "จองทีละเรื่องนะคะ เริ่มจาก{first} แล้วจะจอง{second}ต่อค่ะ"
NEXT_BOOKING = "ต่อไปคิว{name}ค่ะ"
SORRY_MISSED = "ขอโทษที่ทำให้เสียเวลาค่ะ"
WITHHELD = "ข้อมูลบางส่วนกำลังตรวจใหม่ ถามเจ้าหน้าที่ได้ค่ะ"

EMERGENCY_TITLE = "เหตุด่วน โทรได้เลยค่ะ"
EMERGENCY_LEAD = "ถ้ามีอันตรายตอนนี้ กดโทรเบอร์ด้านล่างได้ทันที"
EMERGENCY_TOLD = "แจ้งเจ้าหน้าที่ให้แล้ว เลขเรื่อง {number}"
EMERGENCY_LINES = (
    Hotline("เจ็บป่วยฉุกเฉิน", "1669", r"หมดสติ|หายใจ|เจ็บ|ป่วย|ชัก|เลือด|รถชน|อุบัติเหตุ|หัวใจ|จมน้ำ|เป็นลม|กินยา"),
    Hotline("ตำรวจ", "191", r"ขโมย|โจร|ปล้น|ยิง|มีด|ทำร้าย|ตามมา|มีคนตาม|งัด|ข่มขู่"),
    Hotline("ไฟไหม้ กู้ภัย", "199", r"ไฟไหม้|ไฟลุก|ไฟไหม|ระเบิด|แก๊ส|ควัน|ติดอยู่"),
    Hotline("ใจไม่ไหว อยากมีคนฟัง", "1323", r"อยากตาย|ไม่อยากอยู่|อยู่ไปทำไม|ฆ่าตัวตาย|ไม่ไหวแล้ว|จบชีวิต|หายไปจากโลก|ตายๆ"),
    Hotline("เด็กหรือผู้หญิงถูกทำร้าย", "1300", r"ผัวตี|แฟนตี|พ่อตี|ซ้อม|ข่มขืน|ลวนลาม|ทารุณ"),
)
EMERGENCY_WHERE = "ส่งตำแหน่งมาได้ เจ้าหน้าที่จะได้รู้ว่าอยู่ตรงไหน"
DANGER_HINT = "ถ้ามีอันตรายตอนนี้ โทร 191 เจ็บป่วยฉุกเฉิน โทร 1669 ใจไม่ไหว โทร 1323 ได้ทันทีค่ะ"

REPORT_ASK = "บอกจุดที่เกิดเหตุ แล้วส่งรูปมาได้เลยค่ะ ถ้าไม่มีรูปก็ไม่เป็นไร"
REPORT_STILL = "เรื่องที่จะแจ้งยังค้างอยู่ ({name}) บอกจุดที่เกิดเหตุหรือส่งรูปมาได้เลยค่ะ"
REPORT_LATER = "เรื่อง{name} จะถามจุดที่เกิดเหตุต่อหลังจากนี้นะคะ"
NEXT_REPORT = "ต่อไปเรื่อง{name} บอกจุดที่เกิดเหตุหรือส่งรูปมาได้เลยค่ะ"
REPORT_OPENED = "เรื่อง{name} ส่งให้เจ้าหน้าที่แล้วโดยยังไม่มีจุดที่เกิดเหตุ เลขเรื่อง {number} พิมพ์จุดหรือส่งรูปเพิ่มได้เลยค่ะ"
REPORT_MORE = "เพิ่มในเรื่อง {number} แล้วค่ะ มีรูปหรือตำแหน่งอีกส่งมาได้เลย"

PRIVACY_KEPT = (
    "เราเก็บข้อความที่คุยกัน ชื่อใน LINE การจองคิว และเรื่องที่แจ้งไว้ค่ะ\n"
    "เก็บไว้เพื่อตอบคุณและทำเรื่องให้คุณเท่านั้น เลขบัตรประชาชนถูกปิดไว้ก่อนเก็บ\n"
    "คุณขอดู ขอแก้ หรือขอลบได้ค่ะ"
)


def notice(public_url: str) -> str:
    """The privacy line of the first answer."""
    return f"ข้อความที่คุยกันถูกเก็บไว้เพื่อตอบคุณ อ่านเรื่องข้อมูลส่วนตัว {public_url}/privacy"


def greeting(public_url: str) -> str:
    return f"{GREETING}\n{notice(public_url)}"


def open_on(day: date, spans: list[tuple[time, time]]) -> str:
    told = ", ".join(f"{start.hour}:{start.minute:02d}-{end.hour}:{end.minute:02d}" for start, end in spans)
    return f"{thai_day(day)} เปิด {told} น. ค่ะ"


def other_office(name: str, hotline: str) -> str:
    """That the office of another agency is not known here."""
    ask = f" ถามที่เบอร์ {hotline} ได้ค่ะ" if hotline else ""
    return f"เวลาและที่ตั้งของ{name} ยังไม่มีในระบบค่ะ{ask}\nส่วนที่นี่เป็นตามนี้ค่ะ"


def handed_over(number: str, due_at: datetime, open_now: bool) -> str:
    """That an officer will answer: the case's number and when."""
    when = thai_moment(due_at)
    if open_now:
        return f"ส่งให้เจ้าหน้าที่แล้วค่ะ เลขเรื่อง {number}\nเจ้าหน้าที่จะตอบในแชทนี้ ไม่เกิน {when}"
    return f"รับเรื่องแล้วค่ะ เลขเรื่อง {number}\nตอนนี้นอกเวลาทำการ เจ้าหน้าที่จะตอบในแชทนี้ ไม่เกิน {when}"


def still_waiting(number: str, due_at: datetime) -> str:
    return f"เรื่อง {number} อยู่ในคิวเจ้าหน้าที่แล้วค่ะ จะตอบในแชทนี้ ไม่เกิน {thai_moment(due_at)}"


def complaint_taken(number: str) -> str:
    return f"ขอโทษกับเรื่องที่เกิดขึ้นค่ะ ส่งให้หัวหน้างานแล้ว เลขเรื่อง {number}\nหัวหน้างานเท่านั้นที่เห็นเรื่องนี้ และจะตอบในแชทนี้ค่ะ"


def report_taken(number: str, name: str, *, has_place: bool, has_photo: bool) -> str:
    missing = [word for word, known in (("ตำแหน่งหรือจุดสังเกต", has_place), ("รูป", has_photo)) if not known]
    more = f"\nส่ง{'และ'.join(missing)}เพิ่มได้เลย ถ้าไม่มีก็ไม่เป็นไรค่ะ" if missing else ""
    return f"รับเรื่องแล้วค่ะ เลขเรื่อง {number} ({name}){more}"


def privacy_taken(number: str, due_at: datetime) -> str:
    return f"รับคำขอแล้วค่ะ เลขเรื่อง {number}\nตามกฎหมายจะทำให้ภายใน 30 วัน ไม่เกิน {thai_moment(due_at)}"


def privacy_asked_before(number: str, due_at: datetime) -> str:
    return f"คำขอนี้รับไว้แล้วค่ะ เลขเรื่อง {number}\nจะทำให้ไม่เกิน {thai_moment(due_at)}"


def parked(number: str) -> str:
    """When the bot failed five times on one message."""
    return f"ขอโทษค่ะ ระบบตอบข้อความนี้ไม่ได้ ส่งให้เจ้าหน้าที่แล้ว เลขเรื่อง {number}"


def CASE_RESOLVED(number: str) -> str:  # noqa: N802 - reads as the constants beside it
    return f'เรื่อง {number} เสร็จแล้วค่ะ ถ้ายังไม่เรียบร้อย พิมพ์ว่า "คุยกับเจ้าหน้าที่" ได้เลยค่ะ'


def CASE_RETURNED(number: str) -> str:  # noqa: N802
    return f"เรื่อง {number} เจ้าหน้าที่ส่งกลับให้บอทแล้วค่ะ มีอะไรพิมพ์ถามต่อได้เลยค่ะ"


CASE_STATES = {
    "waiting": "รอเจ้าหน้าที่รับเรื่อง",
    "held": "เจ้าหน้าที่กำลังทำ",
    "resolved": "เสร็จแล้ว",
    "returned": "ปิดแล้ว",
}
NO_CASES = "ยังไม่มีเรื่องที่แจ้งไว้ในแชทนี้ค่ะ"
UNKNOWN_CASE = "ไม่พบเรื่อง {number} ในแชทนี้ค่ะ ดูเลขอีกครั้งได้ไหมคะ"
