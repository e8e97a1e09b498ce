"""What makes a pack unfit to publish: broken references, texts too long for a card, phrases that stand twice."""

from collections.abc import Iterator
from datetime import timedelta

import regex

from knowledge.model import Article, Intent, Pack

BUTTON_GRAPHEMES = 20
ANSWER_GRAPHEMES = 200
REVIEW_DAYS = 366
REVIEW_DAYS_PERISHABLE = 190

NEEDS_ARTICLE = ("faq", "faq+booking", "report", "privacy")


def graphemes(text: str) -> int:
    """The number of signs a reader sees.

    >>> graphemes("ที่")
    1
    """
    return len(regex.findall(r"\X", text))


def faults_of(pack: Pack) -> Iterator[str]:
    """One line a fault: whose it is, the field, and what is wrong."""
    agencies = {agency.id for agency in pack.agencies}
    seen: dict[str, str] = {}
    for intent in pack.intents:
        yield from intent_faults(intent)
        if intent.agency and intent.agency not in agencies:
            yield f"{intent.id}: agency: {intent.agency!r} is not in agencies.yaml"
        for texts in intent.phrases.values():
            yield from _repeated(texts, intent.id, seen)
    for neighbour in pack.neighbours:
        if graphemes(neighbour.button) > BUTTON_GRAPHEMES:
            yield f"{neighbour.id}: button: longer than {BUTTON_GRAPHEMES} signs"
        yield from _repeated(neighbour.phrases, f"elsewhere:{neighbour.id}", seen)
    known = {intent.id for intent in pack.intents} | {f"elsewhere:{n.id}" for n in pack.neighbours} | {"oos"}
    for lookalike in pack.lookalikes:
        if lookalike.intent not in known:
            yield f"lookalikes: intent: {lookalike.intent!r} is not known ({lookalike.text[:30]!r})"


def intent_faults(intent: Intent) -> Iterator[str]:
    """The faults of one intent by itself, as an editor's form shows them."""
    if not 1 <= graphemes(intent.button) <= BUTTON_GRAPHEMES:
        yield f"{intent.id}: button: write 1 to {BUTTON_GRAPHEMES} signs"
    if not intent.name:
        yield f"{intent.id}: name: is empty"
    if intent.bookable and intent.service is None:
        yield f"{intent.id}: service: a bookable intent needs one"
    if intent.article is None:
        if intent.kind in NEEDS_ARTICLE:
            yield f"{intent.id}: article: is missing"
    else:
        yield from article_faults(intent.id, intent.article)


def article_faults(owner: str, article: Article) -> Iterator[str]:
    """The faults of one article."""
    if not 1 <= graphemes(article.answer) <= ANSWER_GRAPHEMES:
        yield f"{owner}: answer: write 1 to {ANSWER_GRAPHEMES} signs"
    for link in article.links:
        if not link.url.startswith("https://"):
            yield f"{owner}: links: {link.url!r} does not start with https://"
    if article.reviewed_on and article.review_by:
        days = REVIEW_DAYS_PERISHABLE if article.perishable else REVIEW_DAYS
        if article.review_by - article.reviewed_on > timedelta(days=days):
            yield f"{owner}: review_by: at most {days} days after reviewed_on"
        if article.review_by < article.reviewed_on:
            yield f"{owner}: review_by: is before reviewed_on"


def _repeated(texts: tuple[str, ...], owner: str, seen: dict[str, str]) -> Iterator[str]:
    for text in texts:
        if text in seen:
            yield f"{owner}: phrases: {text!r} stands in {seen[text]} too"
        seen[text] = owner
