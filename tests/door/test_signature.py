"""Who may come in: only bodies signed by LINE, in a shape that is a webhook's."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from bot.line.events import signature_fits
from bot.stand_in.webhook import sign
from bot.web.app import create_app
from tests.door.look import conversation_id, places_that_hold, text_event
from tests.town import Town

VECTOR_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
VECTOR_BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
VECTOR_SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_the_signature_vector_of_line_fits() -> None:
    assert signature_fits(VECTOR_BODY, VECTOR_SIGNATURE, (VECTOR_SECRET,))
    assert not signature_fits(VECTOR_BODY + b" ", VECTOR_SIGNATURE, (VECTOR_SECRET,))
    assert not signature_fits(VECTOR_BODY, VECTOR_SIGNATURE, ("another",))


@pytest.mark.parametrize(
    "signature", ["", "x", VECTOR_SIGNATURE, "A" * 44, "\u00e9\u00ff" * 22, "A" * 20_000, "=", "a b"]
)
def test_a_wrong_or_missing_signature_is_told_to_go(town: Town, signature: str) -> None:
    nok = town.citizen("นก")
    body = json.dumps({"events": [text_event(town, nok, "ขอแอบเข้า")]}).encode()
    assert town.sender.post_raw(body, signature=signature).status == 401
    assert conversation_id(town, nok.user_id) is None


def test_a_body_changed_by_one_byte_is_told_to_go(town: Town) -> None:
    body = json.dumps({"events": [text_event(town, town.citizen("นก"), "เดิม")]}).encode()
    signed = sign(body, town.line.channel_secret)
    assert town.sender.post_raw(body + b" ", signature=signed).status == 401


def test_two_secrets_are_accepted_while_one_is_rotated(town: Town) -> None:
    rotating = town.settings.model_copy(update={"line_channel_secret": ("new-secret", VECTOR_SECRET)})
    page = create_app(rotating, town.engine).test_client()
    for secret, status in (("new-secret", 200), (VECTOR_SECRET, 200), ("test-channel-secret", 401)):
        signed = {"x-line-signature": sign(VECTOR_BODY, secret)}
        assert page.post("/callback", data=VECTOR_BODY, headers=signed).status_code == status


def test_the_verify_button_gets_its_200(town: Town) -> None:
    assert town.sender.post([]).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[]",
        b"null",
        b"3",
        b'"events"',
        b"{}",
        b'{"events": null}',
        b'{"events": {}}',
        b'{"events": "x"}',
        b'{"events": [}',
        b"\xff\xfe\x00",
        b"\x80abc",
        b'{"events": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"events": [' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]}",
        b'{"events": [' + b"9" * 6000 + b"]}",
    ],
    ids=lambda body: body[:14].decode("latin-1") + f"({len(body)})",
)
def test_a_body_that_is_no_webhook_is_refused_clearly(town: Town, body: bytes) -> None:
    outcome = town.sender.post_raw(body)
    assert outcome.status == 400, outcome


def test_a_body_over_two_megabytes_is_refused_and_one_below_is_read(town: Town) -> None:
    """Over http.client, as the stand-in gives up when the door closes while it is still writing."""
    nok = town.citizen("นก")
    for size, status in ((2 * 1024 * 1024 + 1, 413), (2 * 1024 * 1024 - 10, 200)):
        known = json.dumps({"events": [text_event(town, nok, "สวัสดี")], "pad": ""}).encode()
        body = known[:-2] + b"x" * (size - len(known)) + known[-2:]
        assert len(body) == size
        there = http.client.HTTPConnection(urlsplit(town.url).netloc, timeout=10)
        there.request("POST", "/callback", body, {"x-line-signature": sign(body, town.line.channel_secret)})
        assert there.getresponse().status == status
        there.close()


def test_only_post_is_taken(town: Town) -> None:
    there = http.client.HTTPConnection(urlsplit(town.url).netloc, timeout=10)
    there.request("GET", "/callback")
    assert there.getresponse().status == 405
    there.close()


def test_a_refusal_repeats_nothing_of_the_body(town: Town) -> None:
    there = http.client.HTTPConnection(urlsplit(town.url).netloc, timeout=10)
    body = '{"events": "ความลับที่ไม่ควรย้อนกลับ"}'.encode()
    there.request("POST", "/callback", body, {"x-line-signature": sign(body, town.line.channel_secret)})
    assert "ความลับ" not in there.getresponse().read().decode()
    there.close()
    assert places_that_hold(town, "ความลับที่ไม่ควรย้อนกลับ") == []
