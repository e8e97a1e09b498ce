"""Thai text made comparable, safely: every step is linear and hostile input is cut down first."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

MAX_SIGNS = 500  # what is read of a message; measured on public data: no loss of accuracy beyond
MAX_WORD_RUN = 60  # signs handed to the word cutter without a break

_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"\s+")
_MARKS_RUN = re.compile(r"([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\1+")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_PARTICLES = re.compile(r"(?:\s*(?:นะคะ|นะค่ะ|นะครับ|ค่ะ|คะ|คับ|ครับ|ครัช|จ้า|จ้ะ|จ๊ะ|ฮะ|ฮับ|เด้อ|เจ้า|น้อ|\.|!|\?|~|ๆ))+$")
_NOT_COMPACT = re.compile(r"[^0-9a-z\u0e01-\u0e4e]+")
_TONES = re.compile(r"[\u0e47-\u0e4e]")  # tone marks, ็, ์ and the rare signs
_DEAD = re.compile(r"[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")  # a silenced letter with its ์
_HOMOPHONES = str.maketrans(
    {
        "ศ": "ส", "ษ": "ส", "ณ": "น", "ฎ": "ด", "ฏ": "ต", "ฐ": "ถ", "ฑ": "ท", "ฒ": "ท", "ธ": "ท", "ฌ": "ช",
        "ญ": "ย", "ฆ": "ค", "ฅ": "ค", "ฃ": "ข", "ฬ": "ล", "ภ": "พ", "ใ": "ไ", "ี": "ิ", "ื": "ิ", "ึ": "ิ", "ู": "ุ",
        "ฤ": "ร", "ๅ": "า",
    }
)  # fmt: skip
_HAS_LETTER = re.compile(r"[0-9a-zก-ฮ]")


def clean(text: str) -> str:
    """`text` in NFC and lower case, at most 500 signs, with Arabic digits, single spaces, runs cut to two, nothing invisible.

    >>> clean("ต่อบัตร  ๒ ใบบบบบ\u200b")
    'ต่อบัตร 2 ใบบ'
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[: 4 * MAX_SIGNS]))
    text = text.lower().translate(_THAI_DIGITS).replace("ํา", "ำ").replace("เเ", "แ")
    text = _MARKS_RUN.sub(r"\1", _RUN.sub(r"\1\1", text))
    return _SPACES.sub(" ", text).strip()[:MAX_SIGNS]


def normalise(text: str) -> str:
    """`text` cleaned, without closing particles.

    >>> normalise("ต่อบัตร  ๒ ใบค่ะ")
    'ต่อบัตร 2 ใบ'
    """
    cleaned = clean(text)
    return _PARTICLES.sub("", cleaned) or cleaned


def compact(cleaned: str) -> str:
    """Letters and digits only.

    >>> compact("ต่อบัตร 2 ใบ!")
    'ต่อบัตร2ใบ'
    """
    return _NOT_COMPACT.sub("", cleaned)


def skeleton(compacted: str) -> str:
    """The text without tone marks and silenced letters, letters that sound alike written alike.

    >>> skeleton("ใบขับขี่") == skeleton("ไบขับขี")
    True
    """
    return _TONES.sub("", _DEAD.sub("", compacted)).translate(_HOMOPHONES)


def words(cleaned: str) -> list[str]:
    """The text cut into words by PyThaiNLP's newmm, spaces left out.

    >>> words("ต่อใบขับขี่")
    ['ต่อ', 'ใบขับขี่']
    """
    cut = _cutter()
    found = []
    for part in cleaned.split():
        for start in range(0, len(part), MAX_WORD_RUN):
            found += cut(part[start : start + MAX_WORD_RUN])
    return [word for word in found if _HAS_LETTER.search(word)]


def says_something(text: str) -> bool:
    """Whether there is a letter or a digit in it: emoji and stickers' signs say nothing that could be looked up."""
    return bool(_HAS_LETTER.search(clean(text)))


@cache
def _cutter() -> Callable[[str], list[str]]:
    from pythainlp.tokenize import word_tokenize

    def cut(part: str) -> list[str]:
        return list(word_tokenize(part, engine="newmm", join_broken_num=False, keep_whitespace=False))

    return cut
