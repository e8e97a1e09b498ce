"""What do the knowledge pages show? Lines of the list, the preview's cards, changes in order: values for templates."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.catalogue.changes import Changes, changes_of, phrase_owners
from bot.catalogue.entries import Entry, Listed
from bot.catalogue.forms import Fault
from bot.catalogue.search import Found, find
from bot.conversation.articles import article_card, facet_card, neighbour_card
from bot.line.limits import LimitError
from bot.line.render import render
from bot.line.replies import Card, Tap, read_data
from bot.web.knowledge_wording import ELSEWHERE, KIND_NAMES, NO_AGENCY
from knowledge.model import FACETS, Agency, Intent
from knowledge.review import is_overdue

_LEADING_VOWEL = re.compile(r"([เแโใไ])([ก-ฮ])")


@dataclass(frozen=True)
class Line:
    """One line of the list; `states` are codes of wording.STATES, the most urgent first."""

    item: Listed
    agency_id: str
    agency: str
    kind: str
    states: tuple[str, ...]
    review_by: date | None
    found: Found | None = None


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    query: str = ""
    agency: str = ""
    state: str = ""


@dataclass(frozen=True)
class Shown:
    """A card as citizens get it: on asking, or on tapping the button `tapped` (then `facet` names it)."""

    card: Card
    tapped: str = ""
    facet: str = ""


def lines_of(items: Sequence[Listed], agencies: Sequence[Agency], filters: Filters, on_day: date) -> list[Line]:
    """The list: best hits first when searched for, else what needs work first, then by name."""
    names = {agency.id: agency.short or agency.name for agency in agencies}
    lines = [_line(item, names, on_day) for item in items]
    lines = [
        line
        for line in lines
        if filters.agency in ("", line.agency_id) and (not filters.state or filters.state in line.states)
    ]
    if not filters.query.strip():
        return sorted(lines, key=lambda line: (line.states == ("published",), thai_order(line.item.entry.name)))
    texts = ((line.item.key, (line.item.entry, line.item.published)) for line in lines)
    by_key = {line.item.key: line for line in lines}
    return [_with(by_key[found.key], found) for found in find(filters.query, texts)]


def thai_order(name: str) -> str:
    """A key that sorts Thai names as a dictionary does: the consonant before the vowel written in front of it.

    >>> sorted(["แจ้งเกิด", "บัตรหาย", "เกณฑ์ทหาร"], key=thai_order)
    ['เกณฑ์ทหาร', 'แจ้งเกิด', 'บัตรหาย']
    """
    return _LEADING_VOWEL.sub(r"\2\1", name)


def _line(item: Listed, names: Mapping[str, str], on_day: date) -> Line:
    entry = item.entry
    states = []
    if item.job_id is not None:
        states.append("publishing")
    elif item.draft is not None:
        states.append("draft")
    if not isinstance(entry, Intent):
        return Line(item, "elsewhere", ELSEWHERE, KIND_NAMES["neighbour"], tuple(states) or ("published",), None)
    live = item.published.article if isinstance(item.published, Intent) else None
    if live is not None and is_overdue(live, on_day):
        states.append("overdue")
    agency = names.get(entry.agency, entry.agency) or NO_AGENCY
    review_by = live.review_by if live else None
    return Line(
        item, entry.agency or "none", agency, KIND_NAMES[entry.kind], tuple(states) or ("published",), review_by
    )


def _with(line: Line, found: Found) -> Line:
    return Line(line.item, line.agency_id, line.agency, line.kind, line.states, line.review_by, found)


def cards_of(entry: Entry, agencies: Iterable[Agency], on_day: date) -> list[Shown]:
    """The cards citizens get: first the answer, then one for each facet button below it; none without an article."""
    if not isinstance(entry, Intent):
        return [Shown(neighbour_card(entry))]
    if entry.article is None:
        return []
    agency = next((agency for agency in agencies if agency.id == entry.agency), None)
    first = article_card(entry, agency, on_day)
    shown = [Shown(first)]
    for button in first.buttons:
        wanted = read_data(button.data).get("facet") if isinstance(button, Tap) else None
        shown += [
            Shown(facet_card(entry, agency, on_day, facet), button.label, facet) for facet in FACETS if facet == wanted
        ]
    return shown


def line_faults(shown: Iterable[Shown]) -> list[Fault]:
    """Where LINE would refuse a card."""
    faults = []
    for each in shown:
        try:
            render(each.card)
        except LimitError as error:
            faults.append(Fault(f"facet_{each.facet}" if each.facet else "answer", "line_limit", str(error)))
    return faults


def needs_training(changes: Changes) -> bool:
    """Whether the bot has to learn before this can go live; names are learned from as phrases are."""
    return bool(changes.added or changes.removed or {field.field for field in changes.fields} & {"name", "names"})


def all_changes(items: Sequence[Listed], chosen: Iterable[str]) -> list[tuple[Listed, Changes]]:
    """Every draft with what it changes, by name; phrases are compared with the drafts that are chosen too."""
    owners = phrase_owners(items, chosen)
    drafts = [item for item in items if item.draft is not None]
    drafts.sort(key=lambda item: thai_order(item.entry.name))
    return [(item, changes_of(item.published, item.entry, owners)) for item in drafts]
