"""Articles on the citizen's screen: a card with the answer, the asked facet first, and the next natural steps below."""

from datetime import date

from bot.clock import thai_date
from bot.conversation import wording
from bot.line.replies import Button, Card, Open, Row, Tap, data
from knowledge.model import Agency, Article, Facet, Intent, Neighbour
from knowledge.review import is_overdue, tellable

ROW_NAMES: dict[Facet, str] = {
    "fee": "ค่าธรรมเนียม",
    "documents": "เอกสาร",
    "time": "ใช้เวลา",
    "place": "ทำที่ไหน",
    "proxy": "ให้คนอื่นไปแทน",
    "late": "ถ้าช้าหรือเกินกำหนด",
    "online": "ทำออนไลน์",
}
BUTTON_NAMES: dict[Facet, str] = {
    "documents": "เอกสาร",
    "fee": "ค่าธรรมเนียม",
    "time": "ใช้เวลาเท่าไหร่",
    "place": "ทำที่ไหน",
    "proxy": "ให้คนอื่นไปแทน",
    "late": "ถ้าเกินกำหนด",
    "online": "ทำออนไลน์ได้ไหม",
}
FIRST_CARD: tuple[Facet, ...] = ("fee", "documents", "time", "place")
DOCUMENT_LINES = 4  # more would not fit one screen of a phone


def article_card(intent: Intent, agency: Agency | None, on_day: date, *facets: Facet | None) -> Card:
    """The card of an intent's article, the asked facets first and bold. The intent has an article."""
    assert intent.article is not None
    article = tellable(intent.article, on_day)
    wanted = [facet for facet in facets if facet is not None]
    asked = [facet for facet in wanted if facet in article.facets]
    unknown = (Row(ROW_NAMES[facet], (wording.FACET_UNKNOWN,), strong=True) for facet in wanted if facet not in asked)
    order = asked + [facet for facet in FIRST_CARD if facet not in asked and facet in article.facets]
    return Card(
        title=intent.name,
        corner=agency.short if agency else "",
        lead=article.answer,
        rows=(*unknown, *(_row(article, facet, strong=facet in asked) for facet in order)),
        small=_small(article, intent.article, on_day),
        links=_links(article),
        buttons=_buttons(intent, article, shown=tuple(order)),
    )


def facet_card(intent: Intent, agency: Agency | None, on_day: date, facet: Facet) -> Card:
    """One facet whole, for a tap on its button; the general answer where the facet is not known or withheld."""
    assert intent.article is not None
    article = tellable(intent.article, on_day)
    lines = article.facets.get(facet)
    if lines is None:
        return article_card(intent, agency, on_day)
    alone = len(lines) == 1
    return Card(
        title=f"{intent.name} · {ROW_NAMES[facet]}",
        corner=agency.short if agency else "",
        lead=lines[0] if alone else ROW_NAMES[facet],
        rows=() if alone else tuple(Row(f"{number}.", (line,)) for number, line in enumerate(lines, 1)),
        small=_small(article, intent.article, on_day),
        links=_links(article),
        buttons=_buttons(intent, article, shown=(facet,)),
    )


def neighbour_card(neighbour: Neighbour) -> Card:
    """That a topic is not ours, and where to ask."""
    phone = () if not neighbour.hotline else (Open(f"โทร {neighbour.hotline}", f"tel:{_digits(neighbour.hotline)}"),)
    page = () if not neighbour.website else (Open("เปิดเว็บไซต์", neighbour.website),)
    rows: tuple[Row, ...] = (Row("ถามที่", (neighbour.belongs_to,)),) if neighbour.belongs_to else ()
    if neighbour.hotline:
        rows += (Row("โทร", (neighbour.hotline,)),)
    return Card(
        title=neighbour.name,
        corner="ไม่ใช่งานของศูนย์นี้",
        lead=neighbour.answer,
        rows=rows,
        small=("เบอร์โทรอาจเปลี่ยนได้ โปรดตรวจสอบกับหน่วยงานนั้น",) if neighbour.hotline else (),
        links=(*phone, *page),
        buttons=(NOT_THIS, OFFICER),
    )


OFFICER = Tap("คุยกับเจ้าหน้าที่", data("officer"))
NOT_THIS = Tap("ไม่ใช่เรื่องนี้", data("not_this"))


def near_me(agency_id: str) -> Button:
    """The button that shows the nearest office of an agency."""
    return Tap("สำนักงานใกล้ฉัน", data("near", agency=agency_id))


def _row(article: Article, facet: Facet, *, strong: bool) -> Row:
    lines = article.facets[facet]
    if facet == "documents" and len(lines) > DOCUMENT_LINES and not strong:
        lines = (*lines[: DOCUMENT_LINES - 1], f'และอีก {len(lines) - DOCUMENT_LINES + 1} อย่าง กดปุ่ม "เอกสาร"')
    return Row(ROW_NAMES[facet], lines, strong)


def _small(article: Article, whole: Article, on_day: date) -> tuple[str, ...]:
    lines = []
    if is_overdue(whole, on_day):
        lines.append(wording.WITHHELD)
    if article.note:
        lines.append(article.note)
    told = []
    if article.reviewed_on:
        told.append(f"ข้อมูล ณ {thai_date(article.reviewed_on)}")
    if article.source:
        told.append(f"อ้างอิง {article.source}")
    if told:
        lines.append(" · ".join(told))
    return tuple(lines)


def _links(article: Article) -> tuple[Open, ...]:
    phone = (Open(f"โทรสายด่วน {article.hotline}", f"tel:{_digits(article.hotline)}"),) if article.hotline else ()
    return (*phone, *(Open(link.label, link.url) for link in article.links))


def _buttons(intent: Intent, article: Article, *, shown: tuple[Facet, ...]) -> tuple[Button, ...]:
    buttons: list[Button] = []
    if intent.bookable:
        buttons.append(Tap("จองคิว", data("book", intent=intent.id)))
    if intent.kind == "report":
        buttons.append(Tap("แจ้งเรื่องนี้", data("report", intent=intent.id)))
    for facet, label in BUTTON_NAMES.items():
        hidden = facet not in shown or (facet == "documents" and len(article.facets.get(facet, ())) > DOCUMENT_LINES)
        if facet in article.facets and (hidden and shown != (facet,)):
            buttons.append(Tap(label, data("facet", intent=intent.id, facet=facet)))
    if intent.agency and intent.agency != "centre":
        buttons.append(near_me(intent.agency))
    return (*buttons, OFFICER, NOT_THIS)


def _digits(phone: str) -> str:
    first = phone.split("กด")[0].split("หรือ")[0]
    return "".join(sign for sign in first if sign.isdigit() or sign == "+")
