"""Two questions in one message: where it can be cut, and whether both parts are questions of their own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from intents.manner import asks
from intents.text import MAX_SIGNS, clean, compact
from intents.understand import AT_ONCE, About, Decision, Kinds, Matcher, understand, wants_booking

MOST_CUTS = 8  # tried, the clearest joints first
BOOKING, WISHED = "booking_create", 1.0
BESIDE_A_PERSON: tuple[Kinds, ...] = ("answer", "elsewhere", "handover")
PART_SIGNS = 4  # a part without spaces has at least as many
# How likely the matcher must hold the less likely topic in the message as a whole: the less a joint says, the more.
CLEAR, LISTED, LOOSE, IN_A_STORY = 0.005, 0.1, 0.04, 0.15
STORY_SIGNS = 100  # a longer message tells a story, where one topic leads to another

_CLEAR = re.compile(
    r"\s*(?:แล้วก็|แล้วกะ(?:อีก)?|(?:แล้ว|และ)?อีก(?:เรื่อง|อย่าง|ข้อ)(?:นึง|หนึ่ง|คือ|ก็คือ|นะคะ|ค่ะ|ครับ|\s)*|(?:เรื่อง|ข้อ|อัน)(?:ที่)?\s*(?:สอง|2)(?:คือ|ก็คือ)?|นอกจากนี้|"
    r"(?:แล้ว|และ)?(?:ขอ|จะ)ถาม(?:อีก|เพิ่ม)(?:ว่า|เรื่อง)?|ส่วนเรื่อง|\n+|(?<!\d)[2-9][.)](?!\d))\s*"
)
_LISTED = re.compile(r"\s*(?:และ(?:ก็)?|กับ(?:เรื่อง)?|รวมถึง|พร้อมกับ|\+|&|/)\s*")
_LOOSE = re.compile(
    r"(?P<kept>ไหม|มั้ย|มั๊ย|ไหร่|ไร|ยังไง|บ้าง|ที่ไหน|บาท|กี่วัน|คะ|ค่ะ|ครับ|คับ|ด้วย)(?:\s+(?:แล้ว)?|แล้ว)(?=\S)|\s*แล้ว(?=[ก-๙])|[,;]\s*|\.\s+|\s+"
)
_COMPARES = re.compile(r"พร้อมกัน|ร่วมกัน|ต่างกัน|บวกกัน|เหมือนกัน|คู่กัน|อันไหน|อย่างไหน|อันเดียวกัน|ทั้งสอง|ทั้งคู่|ได้ทั้ง")
_LEADS_ON = re.compile(r"แต่|ตอน(?!นี้)|เอาไป|จะไป|จะเอา|จะถาม|เพราะ|เพื่อ|ถ้า|หรือ|ถึง|ให้|แล้วต้อง|กว่า|คือ")
_WISHES = re.compile(r"(?:(?:ขอ|อยาก|อยากจะ|จะ|ช่วย)?จองคิว|ขอคิว|ขอนัดคิว|ลงคิว)(?!\S*(?:ไว้|แล้ว|ไหม|มั้ย))")


@dataclass(frozen=True)
class Part:
    """One of the questions of a message."""

    text: str
    decision: Decision


def two_questions(
    text: str, whole: Decision, matcher: Matcher, now: datetime, about: About | None = None
) -> tuple[Part, Part] | None:
    """The two questions that `text`, understood as `whole`, consists of; None where it is one, or that is not sure.

    Both parts alone are answered at once, with different intents that the matcher also sees in the whole.
    """
    seen = {candidate.intent: candidate.score for candidate in whole.candidates}
    kinds = BESIDE_A_PERSON if whole.kind == "handover" else AT_ONCE
    kinds = (*kinds, "emergency") if whole.hint_of_danger else kinds
    best: tuple[float, tuple[Part, Part]] | None = None
    for needed, left, right in _cuts(text):
        clear = needed == CLEAR
        first = _wish(left, understand(left, matcher, now, about), clear)
        if first.kind not in kinds or first.intent is None:
            continue
        second = _wish(right, understand(right, matcher, now, About(first.intent)), clear)
        if second.kind not in kinds or second.intent in (None, first.intent):
            continue
        likely, sure = min(_seen(first, seen), _seen(second, seen)), min(first.score, second.score)
        if likely >= needed and (best is None or sure > best[0]):
            best = (sure, (Part(left, first), Part(right, second)))
    return best[1] if best else None


def _wish(text: str, decision: Decision, clear: bool) -> Decision:
    """`decision`; a booking where the words wish for a queue though the service is not clear: that is asked then."""
    unclear = clear and decision.kind in ("clarify", "unknown") and _WISHES.match(compact(clean(text)))
    return replace(decision, kind="book", intent=BOOKING, score=WISHED) if unclear else decision


def _seen(part: Decision, whole: Mapping[str, float]) -> float:
    """How likely the matcher holds a part's topic in the whole message; a wish in plain words needs no matcher."""
    return WISHED if part.intent == BOOKING else whole.get(part.intent or "", 0.0)


def _cuts(text: str) -> Iterator[tuple[float, str, str]]:
    """Where the text may be cut: how likely the whole must hold both topics, and what stands before and after."""
    text, done = text[:MAX_SIGNS].strip(), set[int]()
    listed = _LISTED if not _COMPARES.search(text) else None
    books = wants_booking(text)  # "book A and B" asks nothing and wishes for both
    for needed, joint in ((CLEAR, _CLEAR), (LISTED, listed), (LOOSE, _LOOSE)):
        for match in joint.finditer(text) if joint else ():
            kept = match.end("kept") if "kept" in match.groupdict() and match["kept"] else match.start()
            left, right = text[:kept], text[match.end() :]
            before, after = compact(clean(left)), compact(clean(right))
            if len(done) == MOST_CUTS or len(before) in done or min(len(before), len(after)) < PART_SIGNS:
                continue
            asking = asks(before), asks(after)
            if joint is _LOOSE and (not all(asking) or _LEADS_ON.match(after)):
                continue
            if joint is _LISTED and not (asking[1] or books):
                continue
            done.add(len(before))
            story = joint is not _CLEAR and len(before) + len(after) > STORY_SIGNS
            yield IN_A_STORY if story else needed, left, right
