"""What a publish would change: field by field, phrase by phrase, and which phrases another entry has already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.catalogue.entries import Entry, Listed, key_of
from bot.catalogue.forms import LINKS, typed_of
from bot.clock import thai_date
from intents.index import phrase_key
from knowledge.model import FACETS, Article, Intent


@dataclass(frozen=True)
class FieldChange:
    """A field's lines before and after; an empty tuple where there is nothing."""

    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """Another entry that has a phrase too: the very same sentence (`exact`), or one that sounds the same."""

    key: str
    name: str
    exact: bool


@dataclass(frozen=True)
class PhraseChange:
    """A phrase that is added or taken away, in the field of its voice; `owners` has it already."""

    field: str
    text: str
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What one draft changes."""

    key: str
    fields: tuple[FieldChange, ...]
    added: tuple[PhraseChange, ...]
    removed: tuple[PhraseChange, ...]

    @property
    def blocked(self) -> bool:
        """Whether a sentence would stand in two entries: then no one could say what it means."""
        return any(owner.exact for phrase in self.added for owner in phrase.owners)


def changes_of(old: Entry, new: Entry, owners: Mapping[str, tuple[tuple[str, Owner], ...]]) -> Changes:
    """What becomes different when `new` replaces `old`; `owners` is phrase_owners() of everything as it will be."""
    before, after = dict(phrases_of(old)), dict(phrases_of(new))
    added = tuple(
        PhraseChange(field, text, _others(text, key_of(new), owners))
        for text, field in after.items()
        if text not in before
    )
    removed = tuple(PhraseChange(field, text) for text, field in before.items() if text not in after)
    return Changes(key_of(new), field_changes(old, new), added, removed)


def field_changes(old: Entry, new: Entry) -> tuple[FieldChange, ...]:
    """The fields that differ, phrases left out, in the order of the form."""
    before, after = _fields(old), _fields(new)
    changed = (field for field in after if before.get(field, ()) != after[field])
    return tuple(FieldChange(field, before.get(field, ()), after[field]) for field in changed)


def phrase_owners(entries: Iterable[Listed], chosen: Iterable[str]) -> dict[str, tuple[tuple[str, Owner], ...]]:
    """How a phrase sounds → (its text, its entry) for all entries, with the drafts of those `chosen`."""
    drafts, found = set(chosen), dict[str, list[tuple[str, Owner]]]()
    for item in entries:
        entry = item.entry if item.key in drafts else item.published
        for text, _field in phrases_of(entry):
            found.setdefault(phrase_key(text), []).append((text, Owner(item.key, entry.name, False)))
    return {key: tuple(pairs) for key, pairs in found.items()}


def phrases_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every phrase with the form's field it stands in."""
    if isinstance(entry, Intent):
        for voice, phrases in entry.phrases.items():
            yield from ((phrase, f"phrases_{voice}") for phrase in phrases)
    else:
        yield from ((phrase, "phrases") for phrase in entry.phrases)


def _others(text: str, key: str, owners: Mapping[str, tuple[tuple[str, Owner], ...]]) -> tuple[Owner, ...]:
    found: dict[str, Owner] = {}
    for other, owner in owners.get(phrase_key(text), ()):
        if owner.key != key and (owner.key not in found or other == text):
            found[owner.key] = Owner(owner.key, owner.name, other == text)
    return tuple(found.values())


def _fields(entry: Entry) -> dict[str, tuple[str, ...]]:
    typed = typed_of(entry)
    fields = {
        field: tuple(text.split("\n")) if text else ()
        for field, text in typed.items()
        if not field.startswith(("phrases", "perishable_", "link_"))
    }
    if isinstance(entry, Intent):
        fields["perishable"] = tuple(facet for facet in FACETS if typed[f"perishable_{facet}"])
        pairs = [(typed[f"link_label_{n}"], typed[f"link_url_{n}"]) for n in range(1, LINKS + 1)]
        article = entry.article or Article(answer="")
        for field, day in (("reviewed_on", article.reviewed_on), ("review_by", article.review_by)):
            fields[field] = (thai_date(day),) if day else ()
        fields["links"] = tuple(f"{label} {url}" for label, url in pairs if url)
    return fields
