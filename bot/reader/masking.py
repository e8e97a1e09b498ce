"""A citizen's text as a second reader may see it: without numbers that name a person, addresses of mail and pages, plates."""

import re

from intents.text import clean

MOST_SIGNS = 1_000  # read before cutting to what the matcher reads too
_DIGIT = r"(?:\d|ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_APART = r"[\s\-_./()\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u206f\u2212\ufeff]{0,3}"
_SECRETS = re.compile(
    "|".join(
        (
            r"\d-x{4}-x{5}-x{2}-\d|\dx{11,17}\d",  # ids as they are masked in the record already
            rf"\+?{_DIGIT}(?:{_APART}{_DIGIT}){{4,}}",  # five digits and more: ids, phones, accounts, cases, days
            r"(?<![a-z0-9])q ?- ?[2-9a-z]{5}(?![a-z0-9])",  # a booking
            r"(?:https?://|www\.)[^\sก-๙]+|[\w.%+-]{1,64}@[\w.-]*",  # pages, mail, names in LINE
            r"(?:ทะเบียน|ป้าย)(?:รถ)? ?\d?[ก-ฮ]{2} ?-? ?\d{1,4}",
        )
    ),
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """`text`, cleaned as for the matcher, with "…" for what could name a person; linear in time. Names of people stay.

    >>> masked("บัตร 1-1017-00230-70-8 หาย โทรกลับ 081-234-5678 หรือ ๐๒ ๑๒๓ ๔๕๖๗ นะ ใช้สิทธิ 30 บาท")
    'บัตร … หาย โทรกลับ … หรือ … นะ ใช้สิทธิ 30 บาท'
    """
    return clean(_SECRETS.sub("…", text[:MOST_SIGNS]))
