"""What the bot can put on a citizen's screen, as values: texts and cards with buttons under them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True)
class Say:
    """A button that writes `text` for the citizen."""

    label: str
    text: str


@dataclass(frozen=True)
class Tap:
    """A button that tells the bot `data`; the citizen sees `label` said."""

    label: str
    data: str
    shown: str | None = None


@dataclass(frozen=True)
class Open:
    """A button that opens a page, a map or the phone (https:, tel:)."""

    label: str
    uri: str


@dataclass(frozen=True)
class AskPlace:
    """A button that lets the citizen share a place."""

    label: str = "ส่งตำแหน่ง"


@dataclass(frozen=True)
class AskPhoto:
    """A button that opens the camera."""

    label: str = "ถ่ายรูป"


@dataclass(frozen=True)
class PickDay:
    """A button that opens a calendar between two days (YYYY-MM-DD, included)."""

    label: str
    data: str
    first: str
    last: str


Button = Say | Tap | Open | AskPlace | AskPhoto | PickDay


@dataclass(frozen=True)
class Text:
    """Plain words; `sender` is an officer's name, shown above them."""

    text: str
    buttons: tuple[Button, ...] = ()
    sender: str | None = None


@dataclass(frozen=True)
class Row:
    """A line of a card: a name and one or more lines of text; the strong one is what was asked."""

    label: str
    lines: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class Card:
    """A card that fits one screen of a phone: what it is about, the answer large, then rows, then the source small."""

    title: str
    lead: str
    corner: str = ""
    rows: tuple[Row, ...] = ()
    small: tuple[str, ...] = ()
    links: tuple[Open, ...] = ()
    buttons: tuple[Button, ...] = ()


Reply = Text | Card


def data(act: str, **fields: str) -> str:
    """Postback data of an act.

    >>> data("facet", intent="id_card_lost", facet="fee")
    'act=facet&intent=id_card_lost&facet=fee'
    """
    return urlencode({"act": act, **fields})


def read_data(text: str) -> Mapping[str, str]:
    """The fields of postback data; an empty mapping for anything else.

    >>> read_data("act=facet&intent=id_card_lost")["intent"]
    'id_card_lost'
    """
    return dict(parse_qsl(text, max_num_fields=12)) if text.count("&") < 12 else {}
