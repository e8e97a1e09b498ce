"""The starter pack as it is told: complete, plain, within LINE's limits, without the outdated values of the web."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation import wording
from bot.conversation.articles import BUTTON_NAMES, ROW_NAMES, article_card, facet_card, neighbour_card
from bot.line.render import render
from bot.line.replies import Card
from bot.line.replies import Open as Link
from knowledge.check import ANSWER_GRAPHEMES, BUTTON_GRAPHEMES, faults_of, graphemes
from knowledge.files import starter_pack
from knowledge.model import FACETS, Article, Facet, Intent

CATALOGUE = Path(__file__).parents[3] / "shared" / "catalogue" / "intents.csv"
PACK = starter_pack()
TOLD = [intent for intent in PACK.intents if intent.article is not None]
ASKED = [intent for intent in PACK.intents if intent.kind in ("faq", "faq+booking", "report")]
OF_AGENCIES = [intent for intent in ASKED if intent.agency != "centre"]  # the centre's own are lists of its offices
NOVEMBER = date(2026, 11, 22)
CHIT_CHAT = {
    "lottery", "weather", "horoscope", "recipes", "football", "photo_translate_shop", "homework", "small_talk",
    "gold_price", "entertainment",
}  # fmt: skip

OFFICIALESE = (
    "ยื่นคำร้อง", "ยื่นคำขอ", "ดำเนินการ", "ประสงค์", "ณ ที่", "ณ สถาน", "กรณี", "ดังกล่าว", "ทั้งนี้", "อนึ่ง", "ผู้ยื่น",
    "ผู้เยาว์", "โดยชอบ", "เจ้าพนักงาน", "ข้าพเจ้า", "บิดา", "มารดา", "ครับ", "จักต้อง", "พึง",
)  # fmt: skip

# What the facts call outdated or wrong and what is still found on the web: never told about these intents.
TRAPS = {
    "id_card_first": ("15 ปี", "200 บาท", "90 วัน", "30 วัน"),
    "id_card_renew": ("6 ปี", "90 วัน", "200 บาท", "D.DOPA", "60 คน"),
    "id_card_lost": ("20 บาท", "200 บาท", "1 บาท", "ใบแจ้งความ", "แจ้งความก่อน"),
    "id_card_change": ("20 บาท", "200 บาท", "15 วัน"),
    "house_move": ("ย้ายปลายทางฟรี", "3 คน", "เฉพาะเจ้าบ้าน", "20 บาท"),
    "house_copy": ("คัดสำเนาฟรี", "ใบแจ้งความ", "แจ้งความก่อน", "10 บาท"),
    "house_number": ("ขอเลขที่บ้านไม่ได้", "ทุกพื้นที่"),
    "birth_registration": ("30 วัน", "ข้าราชการ", "20 บาท"),
    "death_registration": ("ภายใน 7 วัน", "ตามทะเบียนบ้านของคนที่เสีย", "20 บาท"),
    "marriage_registration": ("17 ปี", "ชายกับหญิง", "22 ม.ค.", "310 วัน", "1 บาท"),
    "divorce_registration": ("2.50 บาท", "ทำออนไลน์ได้", "แยกกันอยู่"),
    "name_change": ("1 บาท", "20 บาท", "เปลี่ยนชื่อ 100 บาท", "เปลี่ยนชื่อ 25 บาท", "30 นาที"),
    "surname_change": ("200 บาท", "ต้องใช้นามสกุลสามี"),
    "driving_licence_new": ("ใช้ได้ 1 ปี", "4 ชั่วโมง", "30 ข้อ", "ตลอดชีพ", "ไม่ต้องใช้ใบรับรองแพทย์"),
    "driving_licence_renew": ("3 เดือน", "90 วัน", "50 ปี", "70 ปี", "ตลอดชีพ", "2564"),
    "driving_licence_lost": ("50 บาท", "55 บาท", "105 บาท", "155 บาท"),
    "vehicle_tax": ("dlte-serv", "80%", "ทะเบียนถูกยกเลิก"),
    "vehicle_transfer": ("1%", "ใช้ใบจาก ตรอ. ได้"),
    "licence_plate": ("60 วัน", "ป้ายแดงถูกยกเลิก", "ร้านทั่วไป"),
    "passport_new": ("35 บาท", "4 ถึง 6 สัปดาห์", "วันถัดไป", "ทะเบียนบ้าน"),
    "passport_lost": ("mfa.go.th/web", "ไปประเทศอื่น"),
    "document_legalisation": ("400 บาท แบบด่วน 800", "800 บาท", "www.consular.go.th", "14 ธ.ค. 2568"),
    "sso_unemployment": ("50%", "70%", "45%", "200 วัน", "7,500 บาท", "8,750 บาท", "9,000 บาท", "empui"),
    "sso_maternity": ("12,000 บาท", "13,000 บาท", "1,000 บาท", "98 วัน", "45 วัน", "22,500 บาท"),
    "sso_child": ("200 บาท", "400 บาท", "600 บาท", "800 บาท", "3,000 บาท"),
    "sso_register": ("750 บาท", "42 บาท", "60 บาท", "180 บาท", "38 บาท", "216 บาท", "235 บาท", "50 บาท", "60 ปี"),
    "sso_hospital": ("SSO Connect", "บัตรรับรองสิทธิ"),
    "elderly_allowance": ("850 บาท", "1,250 บาท", "500 บาท", "เดือนพฤศจิกายน", "ถ้วนหน้า"),
    "disability_card": ("6 ปี", "18 ปี"),
    "disability_allowance": ("500 บาท", "30 พ.ย.", "ถ้วนหน้า"),
    "newborn_subsidy": ("400 บาท", "36,000 บาท", "3 ปี", "31 ก.ค. 2562", "ถ้วนหน้า", "4 เดือน"),
    "welfare_card": ("200 บาท", "500 บาท", "45 บาท", "850 บาท", "1,150 บาท", "1,545 บาท", "ทางรัฐ"),
    "gold_card": ("15 วัน", "ปีละ 2 ครั้ง", "4 จังหวัด", "46 จังหวัด", "ใบเหลือง"),
    "income_tax": ("30 มิ.ย.", "31 ส.ค.", "9 เม.ย.", "10 เม.ย.", "SSF", "Easy E-Receipt"),
    "tax_refund": ("เช็คทางไปรษณีย์", "ภายใน 3 วัน", "ด้วยเบอร์โทร"),
    "land_tax": ("6 เดือน", "90%", "15%", "31 ส.ค.", "ภาษีโรงเรือน", "ภาษีบำรุงท้องที่"),
    "signboard_tax": ("อัตรา 3 บาท", "อัตรา 20 บาท", "อัตรา 40 บาท", "จ่ายภายในเดือนมีนาคม"),
    "commercial_registration": ("พาณิชย์จังหวัด", "ไม่ต้องจด"),
    "company_registration": ("3 คน", "7 คน", "e-Registration", "3 เดือน", "10 ปี", "หนังสือพิมพ์"),
    "food_permit": ("ฟรี", "เลข อย.", "ไม่ต้องแจ้ง"),
    "building_permit": ("160 ตาราง", "สร้าง 10 บาท", "รื้อ 30 บาท"),
    "land_transfer": ("1%", "3 ล้านบาท", "31 ธ.ค. 2567", "30 มิ.ย. 2569", "ราคาที่สูงกว่า"),
    "land_survey": ("40 บาท", "15 บาท", "พ.ศ. 2522"),
    "land_price": ("2559", "2562 ใช้", "2564", "0 2059 4999"),
    "water_outage": ("ตรวจท่อรั่วฟรี",),
    "power_outage": ("50 บาท", "2,000 บาท"),
    "electric_meter": ("700 บาท", "2,000 บาท", "4,000 บาท", "6,000 บาท"),
    "garbage": ("30 ก.ย. 2568", "20 บาททุกบ้าน"),
    "flood_drain": ("5,000 บาท", "7,000 บาท", "9,000 บาท"),
    "nuisance": ("1 เดือน", "2,000 บาท"),
    "stray_animal": ("10 ม.ค. 2569", "9 เม.ย. 2569"),
    "consumer_protection": ("สคบ. อายัด",),
    "online_scam": ("thaipoliceonline.com", "1212", "081", "ปปง."),
    "conscription": ("พ.ย.", "พฤศจิกายน", "ยกเลิกเกณฑ์ทหาร"),
}  # fmt: skip


def told(intent: Intent) -> str:
    """Everything a citizen can read about an intent, but the source."""
    article = intent.article
    assert article is not None
    bring = intent.service.bring if intent.service else ()
    lines = [line for facet in article.facets.values() for line in facet]
    return "\n".join([article.answer, *lines, article.note, article.hotline, *bring])


def says(text: str, forbidden: str) -> bool:
    """Whether `forbidden` stands in `text`, not as the end of a longer number ("20 บาท" in "120 บาท")."""
    return re.search(rf"(?<![\d,.]){re.escape(forbidden)}", text) is not None


def cards(intent: Intent, on_day: date) -> Iterator[tuple[Facet | None, Card]]:
    agency = PACK.agency(intent.agency)
    yield None, article_card(intent, agency, on_day)
    for facet in FACETS:
        yield facet, article_card(intent, agency, on_day, facet)
        yield facet, facet_card(intent, agency, on_day, facet)


def ids(intents: list[Intent]) -> list[str]:
    return [intent.id for intent in intents]


def article_of(intent: Intent) -> Article:
    assert intent.article is not None
    return intent.article


def test_the_intents_are_those_of_the_catalogue() -> None:
    if not CATALOGUE.exists():
        pytest.skip(f"{CATALOGUE} is not here")
    with CATALOGUE.open(encoding="utf-8") as file:
        wanted = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    assert len(wanted) == 71
    assert {intent.id: intent.kind for intent in PACK.intents} == wanted


def test_the_pack_is_fit_to_publish() -> None:
    assert list(faults_of(PACK)) == []


@pytest.mark.parametrize("intent", PACK.intents, ids=ids(list(PACK.intents)))
def test_enough_phrases_in_enough_voices(intent: Intent) -> None:
    assert sum(map(len, intent.phrases.values())) >= 15
    assert sum(1 for texts in intent.phrases.values() if texts) >= 5


def test_no_phrase_stands_twice() -> None:
    texts = [text for intent in PACK.intents for voice in intent.phrases.values() for text in voice]
    texts += [text for neighbour in PACK.neighbours for text in neighbour.phrases]
    count = Counter(" ".join(text.split()) for text in texts)
    assert [text for text, times in count.items() if times > 1] == []


@pytest.mark.parametrize("intent", OF_AGENCIES, ids=ids(OF_AGENCIES))
def test_an_article_says_what_where_from_and_until_when(intent: Intent) -> None:
    article = article_of(intent)
    assert article.answer and article.source
    assert article.reviewed_on and article.review_by
    assert PACK.agency(intent.agency) is not None
    assert article.facets.get("documents") or article.facets.get("place")
    assert all(line for lines in article.facets.values() for line in lines)
    if article.perishable:
        assert article.review_by <= date(2027, 5, 22)
        assert set(article.perishable) <= set(article.facets)


@pytest.mark.parametrize("intent", [i for i in ASKED if i.agency == "centre"], ids=lambda intent: intent.id)
def test_the_centres_own_articles_lead_to_its_offices(intent: Intent) -> None:
    article = article_of(intent)
    assert "ด้านล่าง" in article.answer and article.reviewed_on and article.review_by


@pytest.mark.parametrize("intent", TOLD, ids=ids(TOLD))
def test_an_article_is_plain_thai(intent: Intent) -> None:
    article = article_of(intent)
    text = told(intent)
    assert graphemes(article.answer) <= ANSWER_GRAPHEMES
    assert text.count("ค่ะ") == article.answer.count("ค่ะ") == 1
    assert article.answer.endswith("ค่ะ")
    assert "!" not in text
    assert [word for word in OFFICIALESE if word in text] == []
    assert re.search("[๐-๙]", text) is None
    assert not intent.service or len(intent.service.bring) <= 4


@pytest.mark.parametrize("intent", TOLD, ids=ids(TOLD))
def test_what_has_to_be_checked_says_with_whom(intent: Intent) -> None:
    article = article_of(intent)
    for line in (article.answer, article.note, *(line for lines in article.facets.values() for line in lines)):
        for asked in re.findall("โปรดตรวจสอบ(.*)", line):
            assert re.search(r"\d{4}|เทศบาล|สัสดี|ธนารักษ์|สคส\.", asked), line


@pytest.mark.parametrize("intent", TOLD, ids=ids(TOLD))
def test_a_card_never_cuts_off_the_line_that_says_where_to_check(intent: Intent) -> None:
    whole = article_of(intent).facets.get("documents", ())
    if whole and whole[-1].startswith("โปรดตรวจสอบ"):
        card = article_card(intent, PACK.agency(intent.agency), NOVEMBER)
        assert any(whole[-1] in row.lines for row in card.rows)


@pytest.mark.parametrize("overdue", [False, True], ids=["in time", "overdue"])
@pytest.mark.parametrize("intent", TOLD, ids=ids(TOLD))
def test_every_facet_fits_a_card_of_line(intent: Intent, overdue: bool) -> None:
    article = article_of(intent)
    assert article.review_by is not None
    on_day = article.review_by + timedelta(days=1) if overdue else NOVEMBER
    gone = {line for facet in article.perishable for line in article.facets[facet]}
    gone -= {line for facet, lines in article.facets.items() if facet not in article.perishable for line in lines}
    for facet, card in cards(intent, on_day):
        messages = render(card)  # checks every limit
        assert len(messages) == 1
        if overdue:
            shown = {card.lead, *card.small, *(line for row in card.rows for line in row.lines)}
            assert not shown & gone
            withheld = [row for row in card.rows if row.label in {ROW_NAMES[f] for f in article.perishable}]
            assert all(row.lines == (wording.FACET_UNKNOWN,) for row in withheld)
            assert {button.label for button in card.buttons}.isdisjoint(BUTTON_NAMES[f] for f in article.perishable)
        elif facet in article.facets:
            shown = {card.lead, *(line for row in card.rows for line in row.lines)}
            assert set(article.facets[facet]) <= shown


def test_buttons_and_links() -> None:
    for entry in (*PACK.intents, *PACK.neighbours):
        assert 1 <= graphemes(entry.button) <= BUTTON_GRAPHEMES, entry.id
    for intent in TOLD:
        article = article_of(intent)
        assert len(article.links) <= 3
        for link in article.links:
            assert link.url.startswith("https://"), intent.id
            assert re.search(r"(\.go\.th|\.p[ew]a\.co\.th)(/|$)", link.url), f"{intent.id}: is {link.url} official?"


def test_enough_outdated_values_are_watched() -> None:
    assert set(TRAPS) <= {intent.id for intent in TOLD}
    assert sum(map(len, TRAPS.values())) >= 60


@pytest.mark.parametrize(
    ("intent_id", "forbidden"),
    [(intent_id, text) for intent_id, texts in TRAPS.items() for text in texts],
)
def test_no_outdated_value_is_told(intent_id: str, forbidden: str) -> None:
    intent = PACK.intent(intent_id)
    assert intent is not None
    assert not says(told(intent), forbidden)


@pytest.mark.parametrize(
    ("text", "forbidden", "said"),
    [
        ("ค่าทำบัตร 20 บาท", "20 บาท", True),
        ("ค่าทำบัตร 120 บาท", "20 บาท", False),
        ("1,000 บาท", "000 บาท", False),
        ("ลดเหลือ 0.01%", "1%", False),
    ],
)
def test_a_number_is_not_found_inside_a_longer_one(text: str, forbidden: str, said: bool) -> None:
    assert says(text, forbidden) is said


def test_a_neighbour_belongs_to_somebody_or_is_chit_chat() -> None:
    for neighbour in PACK.neighbours:
        assert neighbour.answer and neighbour.phrases, neighbour.id
        assert bool(neighbour.belongs_to) is (neighbour.id not in CHIT_CHAT), neighbour.id
        assert not neighbour.website or neighbour.website.startswith("https://")
        assert "!" not in neighbour.answer
        card = neighbour_card(neighbour)
        assert len(render(card)) == 1
        assert all(isinstance(link, Link) for link in card.links)


def test_who_is_responsible_is_reached_where_the_articles_say() -> None:
    """An agency's hotline is one its articles tell; where the two differ, one of them is wrong."""
    for agency in PACK.agencies:
        hotlines = {article_of(i).hotline for i in OF_AGENCIES if i.agency == agency.id} - {""}
        if agency.hotline:
            assert any(agency.hotline in told(i) for i in OF_AGENCIES if i.agency == agency.id), agency.id
        elif agency.id not in ("centre", "LAO"):  # each municipality has a phone of its own
            assert not hotlines, agency.id
