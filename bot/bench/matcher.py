"""How long does `understand` take? Measured in a process of its own: python -m bot.bench.matcher prints one JSON line."""

import csv
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from bot.catalogue.offline import offline_matcher
from bot.clock import utc_now
from intents.understand import Matcher, understand
from knowledge.files import starter_pack

HELD_BACK = Path(__file__).parents[2] / "tests" / "held_back" / "questions.csv"
LONG = 5000
ROUNDS = 3
TRIES = 5


def real_texts() -> list[str]:
    """Questions as citizens ask them: every phrase of the starter pack, shuffled the same way each time."""
    texts = sorted({text for intent in starter_pack().intents for voice in intent.phrases.values() for text in voice})
    random.Random(7).shuffle(texts)
    return texts


def questions() -> list[str]:
    """The held-back questions where they are (a checkout), else the pack's own phrases."""
    if not HELD_BACK.exists():
        return real_texts()
    with HELD_BACK.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def hostile() -> dict[str, str]:
    """Texts of 5,000 signs that are known to trouble word cutters, date readers and regular expressions."""
    thai = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
    draw = random.Random(11)
    units = {
        "one letter": "ก",
        "ambiguous words": "ตากลม",
        "tone marks": "่้๊๋",
        "vowels in front": "เแโใไ",
        "silenced letters": "ก์",
        "digits": "1",
        "13-digit ids": "1101700203451 ",
        "dates": "1/1/69 ",
        "broken dates": "31/2/2569-",
        "day and month": "วันที่ 12 มกราคม ",
        "hours": "บ่ายสองโมงครึ่ง",
        "ranges of hours": "9.00-10.00-",
        "number words": "หนึ่งร้อยยี่สิบเอ็ด",
        "persons": "2 คน",
        "spaces": "ก ",
        "booking words": "ต้องจอง",
        "particles": "นะคะ",
        "repeat marks": "ๆ",
        "emoji": "😀",
        "joined emoji": "👨‍👩‍👧‍👦",
        "invisible": "ก\u200b",
        "combining": "e\u0301\u0323",
        "Arabic ligature": "\ufdfa",
        "brackets": "((",
        "quotes and slashes": "\\\"'",
        "a phone number": "081-234-5678 ",
        "e-mail": "a@a.",
        "addresses": "http://a.b/",
        "new lines": "\n",
        "surrogate": "\ud800",
        "NUL": "\x00ก",
        "a real question": "บัตรประชาชนหายต้องทำยังไง ",
        "Chinese": "身份证",
        "Latin": "passport",
        "Thai digits": "๑๒/๓/๒๕๖๙ ",
    }
    texts = {name: (unit * (LONG // len(unit) + 1))[:LONG] for name, unit in units.items()}
    texts["random letters"] = "".join(draw.choice(thai) for _ in range(LONG))
    texts["random letters and marks"] = "".join(draw.choice(thai + "ะาิีึืุูเแโ่้็์ ") for _ in range(LONG))
    texts["random dates"] = "".join(draw.choice("0123456789/.:- นาทีโมงบ่ายวันที่") for _ in range(LONG))
    return texts


def measure(matcher: Matcher, tell: Callable[[int], None] = lambda _percent: None) -> dict[str, object]:
    """Milliseconds for each question, and for each hostile text the middle one of a few tries."""
    asked = questions()
    for text in asked[:200]:
        understand(text, matcher, utc_now())
    took: list[float] = []
    for number in range(1, ROUNDS + 1):
        took += [_ms(text, matcher) for text in asked]
        tell(80 * number // ROUNDS)
    worst = {name: sorted(_ms(text, matcher) for _ in range(TRIES))[TRIES // 2] for name, text in hostile().items()}
    slowest = max(worst, key=lambda name: worst[name])
    return {
        "questions": len(asked),
        "ms": took,
        "hostile": slowest,
        "hostile_ms": worst[slowest],
        "hostile_each": worst,
    }


def _ms(text: str, matcher: Matcher) -> float:
    begun = time.perf_counter()
    understand(text, matcher, utc_now())
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    print(json.dumps(measure(offline_matcher())), flush=True)
