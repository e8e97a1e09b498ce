"""Short words that say nothing alone: yes, no, "the second one", never mind. They answer what was asked last."""

import re

from bot.conversation.booking_wording import ORDINALS

_END = r"(?:ค่ะ|คะ|ค่า|ครับ|คับ|ฮะ|จ้า|จ้ะ|จ๊ะ|นะ|เลย|แล้ว|ละ|ล่ะ|เด้อ|ๆ)*$"
_YES = re.compile(
    r"^(?:ใช่|ไช่|ช่าย|ได้|เอา|ตกลง|โอเค|โอเคร|ok|okay|yes|ต้องการ|ถูก(?:ต้อง)?|ค่ะ|ครับ|คับ|คะ|จ้า|จ้ะ|อือ|อืม|แม่น|เจ้า)" + _END
)
_NO = re.compile(r"^(?:ไม่(?:ใช่|ต้อง|เอา|เป็น(?:ไร|หยัง)|ต้องการ)?|no|บ่(?:แม่น|เอา|เป็นหยัง)?)" + _END)
_NOT_THIS = re.compile(r"^(?:ไม่ใช่|บ่แม่น)(?:เรื่อง)?(?:ทั้งหมด)?(?:นี้|นั้น)?" + _END)
_GIVE_UP = re.compile(r"^(?:ยกเลิก|(?:ไม่|บ่)(?:เอา|ทำ|เฮ็ด|จอง|แจ้ง|ต้อง)แล้ว|พอแล้ว|เลิก)" + _END)
_CALLS_FOR_HELP = frozenset({"ช่วยด้วย"})  # a yes to "shall an officer help?"; alone it can be danger


def says_yes(word: str, *, to_help: bool = False) -> bool:
    """Whether a text without spaces and closing particles is a bare yes.

    >>> says_yes("โอเค"), says_yes("ใช่ไหม"), says_yes("ช่วยด้วย"), says_yes("ช่วยด้วย", to_help=True)
    (True, False, False, True)
    """
    return bool(_YES.match(word)) or (to_help and word in _CALLS_FOR_HELP)


def says_no(word: str) -> bool:
    """Whether it is a bare no.

    >>> says_no("ไม่ต้องแล้ว"), says_no("ไม่ใช่"), says_no("ไม่ไหวแล้ว")
    (True, True, False)
    """
    return bool(_NO.match(word))


def says_not_this(word: str) -> bool:
    """Whether it says that something else was meant.

    >>> says_not_this("ไม่ใช่เรื่องนี้"), says_not_this("ไม่ใช่ทั้งหมดนี้"), says_not_this("ไม่")
    (True, True, False)
    """
    return bool(_NOT_THIS.match(word))


def gives_up(word: str) -> bool:
    """Whether it ends what is open.

    >>> gives_up("ไม่เอาแล้ว"), gives_up("ยกเลิก"), gives_up("ยกเลิกคิว")
    (True, True, False)
    """
    return bool(_GIVE_UP.match(word))


def is_short_answer(word: str) -> bool:
    """Whether it is any of these: then it is no cry for help, however much its words look like one."""
    return says_yes(word) or says_no(word) or says_not_this(word) or gives_up(word)


def chosen(word: str, choices: list[str]) -> str | None:
    """Which of the choices the words name by its place, or by a yes when there is only one.

    >>> chosen("อันที่สอง", ["a", "b"]), chosen("2", ["a", "b"]), chosen("ใช่", ["a"]), chosen("ใช่", ["a", "b"])
    ('b', 'b', 'a', None)
    """
    if len(choices) == 1 and says_yes(word):
        return choices[0]
    if len(word) > 12:
        return None
    return next((choice for choice, ordinal in zip(choices, ORDINALS, strict=False) if ordinal.search(word)), None)
