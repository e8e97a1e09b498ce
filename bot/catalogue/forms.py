"""An entry as the texts of a form, and back: every field is one text a person types; every fault is named by field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.catalogue.entries import Entry
from bot.clock import MONTHS
from intents.text import MAX_SIGNS
from knowledge.check import ANSWER_GRAPHEMES, BUTTON_GRAPHEMES, NEEDS_ARTICLE, graphemes, intent_faults
from knowledge.model import FACETS, Article, Facet, Intent, Link, Neighbour

VOICES = ("plain", "short", "chat", "elder", "dialect", "typos", "facet", "indirect")
LINKS = 3
FACET_LINES = 20
BUDDHIST = 543

_NOT_TEXT = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]")  # PostgreSQL refuses NUL and lone surrogates
_BULLET = re.compile(r"^\s*[•\-–*]\s+")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_NAMED_DAY = re.compile(r"(\d{1,2})\s*([ก-ฮ][ก-๎.]+)\s*(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PHONE = re.compile(r"[0-9][0-9 ,*#\-]*(?:(?:กด|ต่อ|หรือ)[0-9 ,*#\-]+)*")
_FULL_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong in a field: a code that the page has a sentence for, and what was found or how much."""

    field: str
    code: str
    found: str = ""


@dataclass(frozen=True)
class Read:
    """What a form says: the entry as far as it could be read, and what is wrong. Without faults it may be saved."""

    entry: Entry
    faults: tuple[Fault, ...]


def typed_of(entry: Entry) -> dict[str, str]:
    """The texts a form is filled with, in the order of the page."""
    if isinstance(entry, Neighbour):
        fields = ("name", "button", "answer", "belongs_to", "hotline", "website")
        return {field: getattr(entry, field) for field in fields} | {"phrases": "\n".join(entry.phrases)}
    article = entry.article or Article(answer="")
    typed = {"name": entry.name, "answer": article.answer, "note": article.note}
    for facet in FACETS:
        typed[f"facet_{facet}"] = "\n".join(article.facets.get(facet, ()))
        typed[f"perishable_{facet}"] = "on" if facet in article.perishable else ""
    typed["source"] = article.source
    typed["reviewed_on"], typed["review_by"] = day_text(article.reviewed_on), day_text(article.review_by)
    typed["hotline"] = article.hotline
    for number in range(1, LINKS + 1):
        link = article.links[number - 1] if number <= len(article.links) else Link("", "")
        typed[f"link_label_{number}"], typed[f"link_url_{number}"] = link.label, link.url
    typed |= {"button": entry.button, "names": "\n".join(entry.names)}
    return typed | {f"phrases_{voice}": "\n".join(entry.phrases.get(voice, ())) for voice in VOICES}


def read_form(current: Entry, typed: Mapping[str, str]) -> Read:
    """The entry that `typed` makes of `current`; what the form does not hold (id, kind, agency, service) stays."""
    texts = {field: _NOT_TEXT.sub("", text).replace("\r\n", "\n").strip() for field, text in typed.items()}
    if isinstance(current, Neighbour):
        return _neighbour(current, texts)
    return _intent(current, texts)


def _neighbour(current: Neighbour, texts: Mapping[str, str]) -> Read:
    fields = ("name", "button", "answer", "belongs_to", "hotline", "website")
    entry = replace(current, **{f: texts.get(f, "") for f in fields}, phrases=_lines(texts.get("phrases", "")))
    faults = [*_text_faults(entry.name, entry.button, entry.answer), *_phone_faults(entry.hotline)]
    if entry.website and not entry.website.startswith("https://"):
        faults.append(Fault("website", "https", entry.website))
    faults += _phrase_faults({"phrases": entry.phrases})
    return Read(entry, tuple(faults))


def _intent(current: Intent, texts: Mapping[str, str]) -> Read:
    article, faults = _article(texts, current.article.links if current.article else ())
    phrases = {voice: lines for voice in VOICES if (lines := _lines(texts.get(f"phrases_{voice}", "")))}
    phrases |= {voice: lines for voice, lines in current.phrases.items() if voice not in VOICES}
    entry = replace(
        current,
        name=texts.get("name", ""),
        button=texts.get("button", ""),
        names=_lines(texts.get("names", "")),
        article=article if article != Article(answer="") or current.kind in NEEDS_ARTICLE else None,
        phrases=phrases,
    )
    answer = article.answer if entry.article else None
    faults += [*_text_faults(entry.name, entry.button, answer), *_phone_faults(article.hotline)]
    faults += _phrase_faults({f"phrases_{voice}": lines for voice, lines in phrases.items()})
    told = {fault.field for fault in faults}
    faults += [fault for fault in _pack_faults(entry) if fault.field not in told]
    return Read(entry, tuple(faults))


def _article(texts: Mapping[str, str], old_links: tuple[Link, ...]) -> tuple[Article, list[Fault]]:
    faults: list[Fault] = []
    facets: dict[Facet, tuple[str, ...]] = {}
    for facet in FACETS:
        lines = tuple(_BULLET.sub("", line) for line in _lines(texts.get(f"facet_{facet}", "")))
        if lines:
            facets[facet] = lines
        if len(lines) > FACET_LINES:
            faults.append(Fault(f"facet_{facet}", "too_many_lines", str(len(lines))))
    days: dict[str, date | None] = {}
    for field in ("reviewed_on", "review_by"):
        text = texts.get(field, "")
        days[field] = read_day(text)
        if text and days[field] is None:
            faults.append(Fault(field, "day", text))
    links = []
    for number in range(1, LINKS + 1):
        label, url = texts.get(f"link_label_{number}", ""), texts.get(f"link_url_{number}", "")
        link = Link(label, url)
        fits = bool(label) and url.startswith("https://") and graphemes(label) <= BUTTON_GRAPHEMES
        if fits or link in old_links:  # an old fault is not this editor's to mend
            links.append(link)
        elif label or url:
            faults.append(_link_fault(number, label, url))
    article = Article(
        answer=texts.get("answer", ""),
        facets=facets,
        note=texts.get("note", ""),
        perishable=tuple(facet for facet in FACETS if texts.get(f"perishable_{facet}") and facet in facets),
        hotline=texts.get("hotline", ""),
        links=tuple(links),
        source=texts.get("source", ""),
        reviewed_on=days["reviewed_on"],
        review_by=days["review_by"],
    )
    return article, faults


def _link_fault(number: int, label: str, url: str) -> Fault:
    if not url.startswith("https://"):
        return Fault(f"link_url_{number}", "https" if url else "link_without_url", url)
    if not label:
        return Fault(f"link_label_{number}", "link_without_label")
    return Fault(f"link_label_{number}", "too_long", f"{graphemes(label)}/{BUTTON_GRAPHEMES}")


def _text_faults(name: str, button: str, answer: str | None) -> Iterator[Fault]:
    limits = (("name", name, 60), ("button", button, BUTTON_GRAPHEMES), ("answer", answer, ANSWER_GRAPHEMES))
    for field, text, most in limits:
        if text == "":
            yield Fault(field, "empty")
        elif text is not None and graphemes(text) > most:
            yield Fault(field, "too_long", f"{graphemes(text)}/{most}")


def _phone_faults(hotline: str) -> Iterator[Fault]:
    if hotline and not _PHONE.fullmatch(hotline):
        yield Fault("hotline", "phone", hotline)


def _phrase_faults(fields: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for field, lines in fields.items():
        for line in lines:
            if line in seen:
                yield Fault(field, "twice", line)
            elif len(line) > MAX_SIGNS:
                yield Fault(field, "phrase_too_long", line[:40])
            seen[line] = field
    if not seen:
        yield Fault(next(iter(fields), "phrases_plain"), "no_phrases")


def _pack_faults(entry: Intent) -> Iterator[Fault]:
    """What knowledge/check.py says of the whole entry, by the form's field."""
    for line in intent_faults(entry):
        _owner, field, what = line.split(": ", 2)
        if field == "review_by":
            yield Fault(field, "before_review") if "before" in what else Fault(field, "too_late", _number(what))
        else:
            yield Fault("answer" if field == "article" else field, "other", what)


def _number(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def day_text(day: date | None) -> str:
    """A day as a form shows it, in the Buddhist era.

    >>> day_text(date(2027, 5, 22))
    '22/5/2570'
    """
    return "" if day is None else f"{day.day}/{day.month}/{day.year + BUDDHIST}"


def read_day(text: str) -> date | None:
    """The day a person wrote, Buddhist or Christian era; None when it is none.

    >>> read_day("22/5/2570"), read_day("22 พ.ค. 2570") == read_day("22 พฤษภาคม 2570") == read_day("2027-05-22")
    (datetime.date(2027, 5, 22), True)
    """
    text = text.strip().translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
    if found := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NAMED_DAY.fullmatch(text):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year - BUDDHIST if year >= 2400 else year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    if name in _FULL_MONTHS:
        return _FULL_MONTHS.index(name) + 1
    bare = name.replace(".", "")
    return next((n for n, short in enumerate(MONTHS, 1) if short.replace(".", "") == bare), 0)
