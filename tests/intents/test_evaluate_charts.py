"""The picture of an evaluation: shown by <img>, so it stands alone and carries no script."""

import re
from xml.etree import ElementTree

from intents.evaluation.charts import evaluation_chart
from intents.evaluation.judge import Judged
from tests.intents.judged import LOST, RENEW, asked

SVG = "{http://www.w3.org/2000/svg}"


def some(right: int, wrong: int) -> list[Judged]:
    judged = [asked(LOST, "book", LOST, score=0.9 - at / 100) for at in range(right)]
    return judged + [asked(LOST, "clarify", RENEW, LOST, score=0.5 - at / 100) for at in range(wrong)]


def test_the_picture_stands_alone() -> None:
    picture = evaluation_chart([("", some(30, 10))])
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(picture).iter()}
    assert "path" in tags
    assert not tags & {"script", "foreignObject", "image", "link", "iframe"}
    assert not re.search(r"""(?:href|src)=["'](?!#)|url\((?!#)|@import|\bon\w+=""", picture)


def test_the_picture_has_both_charts_in_thai_and_english() -> None:
    picture = evaluation_chart([("", some(30, 10))])
    for words in ("Coverage against precision", "ตอบทันที", "Reliability of the score", "คะแนนเชื่อถือได้แค่ไหน"):
        assert words in picture
    assert ">30<" in re.sub(r"\s", "", picture) or ">10<" in picture  # how many questions a dot stands for


def test_the_same_questions_make_the_same_picture() -> None:
    assert evaluation_chart([("", some(5, 5))]) == evaluation_chart([("", some(5, 5))])


def test_two_catalogues_stand_in_one_picture() -> None:
    picture = evaluation_chart([("1", some(30, 10)), ("2", some(35, 5))])
    assert "1 ● ที่ตัดสินจริง" in picture and "2 ● ที่ตัดสินจริง" in picture


def test_nothing_answered_and_names_with_signs_of_their_own_can_be_drawn() -> None:
    ElementTree.fromstring(evaluation_chart([("<packs&co>", [asked("oos", "unknown", text="?")])]))
