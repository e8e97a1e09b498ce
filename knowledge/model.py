"""The values the centre's knowledge is made of; the pack format (packs/README.md) names every field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar, Literal

from pydantic import ConfigDict

Kind = Literal["faq", "faq+booking", "report", "booking", "case", "privacy", "escalate", "smalltalk"]
Facet = Literal["documents", "fee", "time", "place", "proxy", "late", "online"]
FACETS: tuple[Facet, ...] = ("documents", "fee", "time", "place", "proxy", "late", "online")
IdentityLevel = Literal["none", "phone", "card", "in_person"]

STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class Link:
    """A page the citizen may open; https only."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    label: str
    url: str


@dataclass(frozen=True)
class Article:
    """The answer to one intent. Texts are plain Thai; a facet is one or more short lines."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    answer: str
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    perishable: tuple[Facet, ...] = ()
    hotline: str = ""
    links: tuple[Link, ...] = ()
    source: str = ""
    reviewed_on: date | None = None
    review_by: date | None = None


@dataclass(frozen=True)
class Service:
    """What can be booked: the proof of identity it needs and the minutes a visit takes and is promised to take."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    identity_level: IdentityLevel = "none"
    visit_minutes: int = 15
    promised_minutes: int | None = None
    bring: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intent:
    """What can be asked: its names, the phrases people ask it with (by voice), its article and its service."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: str
    kind: Kind
    agency: str
    name: str
    button: str
    scope: str
    names: tuple[str, ...] = ()
    service: Service | None = None
    article: Article | None = None
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def bookable(self) -> bool:
        return self.kind == "faq+booking"


@dataclass(frozen=True)
class Neighbour:
    """A topic people often bring that is not ours, and where to ask instead; intent id `elsewhere:<id>`."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: str
    name: str
    button: str
    answer: str
    belongs_to: str = ""
    hotline: str = ""
    website: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agency:
    """Who is responsible for an intent."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: str
    name: str
    short: str = ""
    hotline: str = ""


@dataclass(frozen=True)
class Lookalike:
    """A harmless sentence with words of danger in it; `intent` is what it really asks, or `oos`."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    text: str
    intent: str


@dataclass(frozen=True)
class Pack:
    """One consistent set of knowledge: what a catalogue version, or a pack folder, contains."""

    agencies: tuple[Agency, ...]
    intents: tuple[Intent, ...]
    neighbours: tuple[Neighbour, ...] = ()
    lookalikes: tuple[Lookalike, ...] = ()

    def intent(self, intent_id: str) -> Intent | None:
        return next((intent for intent in self.intents if intent.id == intent_id), None)

    def neighbour(self, intent_id: str) -> Neighbour | None:
        """The neighbour behind `elsewhere:<id>`, or None."""
        return next((n for n in self.neighbours if f"elsewhere:{n.id}" == intent_id), None)

    def agency(self, agency_id: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.id == agency_id), None)


@dataclass(frozen=True)
class Interval:
    """Opening hours of one weekday (0 = Monday), Bangkok time, `closes_at` excluded; lunch is the gap between two."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class OfferedService:
    """A service as one office gives it: how many citizens at once, and how many days ahead one may book."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    intent: str
    capacity: int = 1
    days_ahead: int = 30


@dataclass(frozen=True)
class Office:
    """A counter citizens go to, of one agency."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: str
    agency: str
    name: str
    short: str
    address: str
    phone: str
    latitude: float
    longitude: float
    travel: str = ""
    front_desk: bool = False
    hours: tuple[Interval, ...] = ()
    services: tuple[OfferedService, ...] = ()


@dataclass(frozen=True)
class Holiday:
    """A day on which government offices are closed."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    on_date: date
    name: str
