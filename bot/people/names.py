"""What is a member of staff called: above an answer in LINE, and by colleagues on the desk?"""

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
    'จนท. ปฐมพงศ์พิพัฒนว…'
    >>> sender_name("Airline ")
    'เจ้าหน้าที่'
    """
    words = untitled(name).split()
    if not words or _REFUSED.search(words[0]):
        return NAMELESS
    return cut_units(f"{OFFICER} {words[0]}", SENDER_UNITS)


def called(name: str) -> str:
    """How colleagues read a name on the desk.

    >>> called("นางสาววิภา ทองสุข"), called("สมชาย ใจดี")
    ('คุณวิภา ทองสุข', 'คุณสมชาย ใจดี')
    """
    return f"คุณ{untitled(name)}"


def untitled(name: str) -> str:
    """A full name without its title; a single word stays as it is, for it may be a nickname.

    >>> untitled("นาย สมชาย ใจดี"), untitled("นางฟ้า")
    ('สมชาย ใจดี', 'นางฟ้า')
    """
    name = name.strip()
    return _TITLE.sub("", name, count=1) if len(name.split()) > 1 else name
