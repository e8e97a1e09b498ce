"""One conversation of each kind: every request to LINE satisfies LINE's own description of its API."""

from collections.abc import Iterator

import pytest

from bot.stand_in import acts
from bot.stand_in.records import Request
from tests.conftest import Databases, make_settings
from tests.contract.line_contract import FILE, breaches
from tests.door.look import taken
from tests.town import Citizen, Town


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Town]:
    url = databases.fresh(request.param, "town")
    with Town(url, make_settings) as town:
        yield town
    databases.drop(url)


TALKS = {
    "an answer and its parts": ["บัตรประชาชนหายทำไง", "ค่าธรรมเนียมเท่าไหร่", "ทำที่ไหน", "ใช้เอกสารอะไร"],
    "a booking": ["จองคิวทำพาสปอร์ตพรุ่งนี้บ่ายสอง", "ยืนยัน", "ดูคิวของฉัน", "ยกเลิกคิว"],
    "a person": ["ขอคุยกับคน", "อยู่ไหมคะ", "เรื่องถึงไหนแล้ว"],
    "a complaint": ["เจ้าหน้าที่พูดจาไม่ดีเลย ขอร้องเรียน"],
    "a report": ["ไฟทางดับมืดมาก", "หน้าวัดใหม่ ซอย 3"],
    "an emergency": ["รถชนกันตรงแยก มีคนเจ็บ", "อยากตาย"],
    "privacy": ["เก็บข้อมูลอะไรของฉันไว้บ้าง", "ขอลบข้อมูลของฉัน"],
    "not understood": ["asdf qwer", "zxcv uiop", "ใช่"],
    "what did you mean": ["บัตร", "ต่ออายุ", "ย้าย"],
    "elsewhere and small talk": ["สวัสดีค่ะ", "ขอบคุณค่ะ", "เป็นบอทหรือคน", "หวยออกอะไร", "ขอสินเชื่อธนาคาร"],
    "the centre": ["เปิดกี่โมง", "ศูนย์อยู่ที่ไหน", "เบอร์โทร"],
}


@pytest.mark.skipif(not FILE.exists(), reason="../shared/line is not here")
@pytest.mark.parametrize("talk", TALKS)
def test_a_conversation_keeps_lines_contract(town: Town, talk: str) -> None:
    nok = Citizen(town, acts.new_citizen(town.sender, "นก").user_id)
    for text in TALKS[talk]:
        nok.says(text)
        town.quiet()
        for label in nok.buttons[:2]:
            if label not in ("ส่งตำแหน่ง", "ถ่ายรูป"):
                tap_if_possible(nok, label)
                town.quiet()
    taken(acts.send_location(town.sender, nok.user_id, "ตลาด", "ถ.สุขุมวิท", 13.7, 100.5))
    taken(acts.send_sticker(town.sender, nok.user_id, "446", "1988", "ขอบคุณ"))
    taken(acts.send_file(town.sender, nok.user_id, b"x", "image/png", "a.png"))
    town.quiet()
    assert nok.messages
    assert [request.status for request in town.line.requests if request.status >= 400] == []
    assert breaches(town.line.requests) == []


def tap_if_possible(who: Citizen, label: str) -> None:
    from tests.town import actions

    tapped = [a for a in actions(who.messages[-1]) if a.get("label") == label and a["type"] in ("message", "postback")]
    if tapped:
        who.taps(label)


@pytest.mark.skipif(not FILE.exists(), reason="../shared/line is not here")
def test_the_contract_is_able_to_refuse(town: Town) -> None:
    def request(messages: list[object]) -> list[Request]:
        body = {"to": "U" + "0" * 32, "messages": messages}
        return [Request("POST", "/v2/bot/message/push", {}, body, 200, None, "r", town.line.now())]

    assert breaches(request([{"type": "text", "text": "x"}])) == []
    assert breaches(request([{"type": "text", "text": "x", "sender": None}])) == []
    assert breaches(request([]))
    assert breaches(request([{"type": "text", "text": "x"}] * 6))
    assert breaches(request([{"type": "text"}]))
    assert breaches(request([{"type": "text", "text": "x", "colour": "red"}]))
