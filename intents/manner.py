"""How something is said: whether it asks or wishes, whether it only thanks, whether it is angry."""

import re

from intents.text import clean, compact

_ASKS = re.compile(
    r"ไหม|มั้ย|มั๊ย|ไม๊|ม้าย|หม้าย|ม่าย|ป่าว|เปล่า|ยังไง|ยังงัย|ไง(?:ดี|บ้าง|ต่อ|$)|ไร(?:บ้าง|มั่ง|ดี)|[จใ]ั?[งจ่]+ได๋|จะใด|พรือ|อะไร|หยัง|ไหร|เท่า[ไใ]|"
    r"กี่|จั๊?ก|ไหน|อยู่ไส|ไปไส|[ใไ]ด๋|เมื่อ[ไใ]ห|อยาก|ขอ(?![งบใ])|จอง|ถาม|บ่$|ก่อ$|ใคร|ไผ|ก็\S{0,16}(?:ด้วย|คือกัน|เหมือนกัน)"
)
_POLITE = (
    r"(?:มาก+|มกา|ๆ|หลาย|เด้อ|นะ|น้า|นิ|งับ|คะ|ค่ะ|ค่า|ครับ|คับ|ค้าบ|จ้า|จ้ะ|จ๊ะ|จ๋า|เจ้า|เน้อ|เหอ|ล่วงหน้า|แอดมิน|แอด|พี่|น้อง|หนู|ลูก|หลาน|เลย|จริง|จังหู|จัง|"
    r"[\s,.!~]|[^\w\s\u0e00-\u0e7f])*"
)
_THANKS = r"(?:ขอบ(?:พระ)?(?:คุณ|คุน|ใจ)|แต[๊้]งกิ้ว|thank\s?you|thanks|thx)" + _POLITE
_HEARD = r"(?:โอเค|ok|อ๋อ|อ้อ|อืม|เข้าใจ(?:แล้ว|ละ)?|รับทราบ|ทราบแล้ว|ได้เลย|ดีเลย|เยี่ยม|ป้า|ลุง|ยาย|ตา)?" + _POLITE
_THANKS_FIRST = re.compile(_HEARD + _THANKS)
_THANKS_LAST = re.compile(_THANKS + "$")
_TELLS = re.compile(
    r"^(?:ที่|สำหรับ|เรื่อง|จะ|เดี๋ยว|ไว้|พรุ่งนี้|ได้(?!ไหม|มั้ย)|ช่วยได้|บอก|แนะนำ)|(?:แล้ว|ละ|เรียบร้อย|เคลียร์|เสร็จ)(?:นะ|ค่ะ|คะ|ครับ|คับ|จ้า|เด้อ)*$|เดี๋ยวไป|ไว้จะไป|เข้าใจ|หายสงสัย"
)
_ANGRY = re.compile(
    r"ห่วย|โง่|ควาย|เหี้ย|สัส|สัด(?!ส่วน|ดี)|เชี่ย|กากมาก|โคตรกาก|เฮงซวย|ปัญญาอ่อน|ไร้สาระ|กวนตีน|กวนประสาท|ส้นตีน|ทุเรศ|มึง|(?<![ก-๙])กู(?![้ก-ฮ])|ฉิบหาย|ชิบหาย|บักห่า|บักหมา|"
    r"ไม่ได้(?:เรื่อง|ความ)|บ่ได้เรื่อง|แย่มาก|โคตรแย่|แย่สุด|(?:บอท|ระบบ)\S{0,6}ใช้ไม่ได้|ตอบไม่ตรง|ตอบบ่ตรง|ตอบมั่ว|ตอบอะไร(?:ของ|ก็ไม่|เนี่ย)|ถามอย่างตอบอย่าง|คนละเรื่อง|ไม่ช่วยอะไร|ไม่เห็นช่วย|"
    r"(?:ถาม|บอก|พูด|พิมพ์|ตอบ|ทัก)(?:ไป|มา)?(?:ตั้ง)?(?:กี่|หลาย|จัก)(?:รอบ|ครั้ง|ที|เทื่อ|หน)|วนไปวนมา|ตอบวน|ซ้ำซาก|ซ้ำๆ|เสียเวลา|หงุดหงิด|โมโห|โกรธ|เซ็ง(?:มาก|จริง|เลย)|เบื่อ(?:มาก|จริง|แล้ว)|สุดจะทน|พอกันที|คุยไม่รู้เรื่อง|คุยบ่ฮู้เรื่อง|โว้ย|(?<!ภา)วะ$"
)
_LOUD = re.compile(r"[!?]{3,}|！{2,}|？{2,}|😡|🤬|😠|👿")


def asks(text: str) -> bool:
    """Whether `text` has the words of a question or a wish in it.

    >>> asks("ต่อใบขับขี่กี่บาท"), asks("อยากจองคิว"), asks("ได้บัตรใหม่แล้ว")
    (True, True, False)
    """
    return bool(_ASKS.search(compact(clean(text))))


def beside_thanks(text: str) -> str | None:
    """What a text that begins or ends with thanks says besides; None for one that does not.

    >>> beside_thanks("ขอบคุณค่ะ แล้วบัตรทองทำที่ไหน"), beside_thanks("บัตรหาย"), beside_thanks("ขอบคุณครับ")
    ('แล้วบัตรทองทำที่ไหน', None, '')
    """
    cleaned = clean(text)
    found = _THANKS_FIRST.match(cleaned)
    if found is not None:
        cleaned = cleaned[found.end() :]
    last = _THANKS_LAST.search(cleaned)
    if last is not None:
        cleaned = cleaned[: last.start()]
    return cleaned.strip() if found or last else None


def only_tells(text: str) -> bool:
    """Whether what stands beside thanks asks nothing: why one is thankful, what was done, what one will do.

    >>> only_tells("ที่ช่วยเรื่องบัตรหาย"), only_tells("ได้บัตรใหม่แล้ว"), only_tells("ไฟถนนดับ")
    (True, True, False)
    """
    return not asks(text) and bool(_TELLS.search(compact(clean(text))))


def is_angry(text: str) -> bool:
    """Whether somebody is angry with us: insults, "how often have I asked", rows of marks.

    >>> is_angry("ถามกี่รอบแล้ว"), is_angry("ตอบหน่อย!!!"), is_angry("กู้ กยศ ยังไง")
    (True, True, False)
    """
    return bool(_ANGRY.search(compact(clean(text))) or _LOUD.search(text))
