"""How is a member of staff called in LINE? By first name, short enough for LINE's sender field."""

import re

from bot.line.limits import SENDER_UNITS, cut_units

OFFICER = "จนท."
NAMELESS = "เจ้าหน้าที่"
_TITLE = re.compile(r"^(?:นางสาว|นาย|นาง|น\.ส\.|ดร\.|คุณ)\s*(?=[ก-ฮเ-ไA-Za-z])")
_REFUSED = re.compile(r"line", re.IGNORECASE)  # LINE takes no sender name with its own in it


def sender_name(name: str) -> str:
    """The name above an officer's words, at most 20 UTF-16 units and never cut inside a sign.

    >>> sender_name("สมชาย ใจดี"), sender_name("นางสาววิภา ทองสุข"), sender_name("นายิกา ดี")
    ('จนท. สมชาย', 'จนท. วิภา', 'จนท. นายิกา')
    >>> sender_name("ปฐมพงศ์พิพัฒนวงศ์กุล")
    'จนท. ปฐมพงศ์พิพัฒน…'
    >>> sender_name("Airline ")
    'เจ้าหน้าที่'
    """
    words = name.split()
    title = _TITLE.match(name.strip()) if len(words) > 1 else None  # a single word may be a nickname like นางฟ้า
    words = name.strip()[title.end() :].split() if title else words
    if not words or _REFUSED.search(words[0]):
        return NAMELESS
    return cut_units(f"{OFFICER} {words[0]}", SENDER_UNITS)
