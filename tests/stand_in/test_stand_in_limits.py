"""The stand-in refuses what LINE refuses, and accepts everything LINE's strict description accepts in full."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.stand_in.limits import PUSH, faults

SPEC = Path(__file__).parents[3] / "shared/line/messaging-api.strict.json"
TO = "U" + "0" * 32
PICTURE = "https://example.go.th/a.png"
MESSAGE = {"type": "message", "label": "จองคิว", "text": "จองคิว"}
POSTBACK = {"type": "postback", "label": "ที่" * 20, "data": "x" * 300, "displayText": "ที่" * 300}
DATE = {"type": "datetimepicker", "label": "เลือกวัน", "data": "d", "mode": "date", "min": "2026-11-22"}
URI = {"type": "uri", "label": "โทร", "uri": "tel:1548"}
TEXT = {"type": "text", "text": "ค่ะ"}


def flex(*contents: dict[str, Any], layout: str = "vertical") -> dict[str, Any]:
    body = {"type": "box", "layout": layout, "contents": list(contents)}
    return {"type": "flex", "altText": "คำตอบ", "contents": {"type": "bubble", "body": body}}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return {**TEXT, "quickReply": {"items": [{"type": "action", "action": each} for each in actions]}}


def template(**content: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "เลือก", "template": content}


def column(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"text": "ก", "actions": list(actions), **more}


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


ACCEPTED: dict[str, dict[str, Any]] = {
    "text of 5000 units": words("ก" * 5000),
    "13 quick replies": quick(*[MESSAGE] * 13),
    "all quick replies": quick(
        MESSAGE,
        POSTBACK,
        DATE,
        URI,
        {"type": "camera", "label": "ถ่ายรูป"},
        {"type": "cameraRoll", "label": "เลือกรูป"},
        {"type": "location", "label": "ใกล้ฉัน"},
    ),
    "sender of 20 units": {**TEXT, "sender": {"name": "จ" * 20, "iconUrl": PICTURE}},
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    "location": {"type": "location", "title": "เขต", "address": "ถนน", "latitude": 13.7, "longitude": 100.5},
    "buttons": template(type="buttons", title="ที่" * 40, text="ที่" * 60, actions=[MESSAGE, POSTBACK, DATE, URI]),
    "confirm": template(type="confirm", text="ที่" * 240, actions=[MESSAGE, POSTBACK]),
    "carousel": template(type="carousel", columns=[column(MESSAGE, URI, title="ก") for _ in range(10)]),
    "image carousel": template(type="image_carousel", columns=[{"imageUrl": PICTURE, "action": MESSAGE}]),
    "flex": flex(
        words("ก", wrap=True, size="xl", weight="bold", color="#05703a", flex=2, align="end"),
        {"type": "separator", "margin": "lg"},
        {"type": "button", "style": "primary", "height": "sm", "action": POSTBACK},
        {"type": "image", "url": PICTURE, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"},
        {"type": "box", "layout": "baseline", "contents": [{"type": "icon", "url": PICTURE}, words("4.5")]},
        {"type": "text", "contents": [{"type": "span", "text": "ก", "weight": "bold"}]},
    ),
    "flex carousel": {**flex(), "contents": {"type": "carousel", "contents": [flex(words("ก"))["contents"]] * 12}},
}

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown type": ({"type": "poem", "text": "ก"}, "messages[0].type"),
    "no type": ({"text": "ก"}, "messages[0].type"),
    "empty text": (words(""), "messages[0].text"),
    "blank text": (words(" \n"), "messages[0].text"),
    "text of 5001 units": (words("ก" * 4999 + "🍎"), "messages[0].text"),
    "14 quick replies": (quick(*[MESSAGE] * 14), "messages[0].quickReply.items"),
    "label of 21 clusters": (
        quick({**MESSAGE, "label": "ที่" * 21}),
        "messages[0].quickReply.items[0].action.label",
    ),
    "quick reply without label": (
        quick({"type": "message", "text": "ก"}),
        "messages[0].quickReply.items[0].action.label",
    ),
    "postback data of 301": (
        quick({**POSTBACK, "data": "x" * 301}),
        "messages[0].quickReply.items[0].action.data",
    ),
    "message action of 301": (
        quick({**MESSAGE, "text": "ก" * 301}),
        "messages[0].quickReply.items[0].action.text",
    ),
    "script address": (
        quick({**URI, "uri": "javascript:alert(1)"}),
        "messages[0].quickReply.items[0].action.uri",
    ),
    "address of 1001": (
        quick({**URI, "uri": "https://a.th/" + "x" * 988}),
        "messages[0].quickReply.items[0].action.uri",
    ),
    "date with a zone": (
        quick({**DATE, "min": "2026-11-22T00:00Z"}),
        "messages[0].quickReply.items[0].action.min",
    ),
    "camera in a template": (
        template(type="confirm", text="ก", actions=[MESSAGE, {"type": "camera", "label": "ถ่าย"}]),
        "messages[0].template.actions[1].type",
    ),
    "sender of 22 units": ({**TEXT, "sender": {"name": "เจ้าหน้าที่ สมชาย ใจดี"}}, "messages[0].sender.name"),
    "sender called LINE": ({**TEXT, "sender": {"name": "LINE ช่วยเหลือ"}}, "messages[0].sender.name"),
    "altText of 1501": ({**flex(words("ก")), "altText": "ก" * 1501}, "messages[0].altText"),
    "picture by http": (
        {"type": "image", "originalContentUrl": "http://a.th/a.png", "previewImageUrl": PICTURE},
        "messages[0].originalContentUrl",
    ),
    "five buttons": (template(type="buttons", text="ก", actions=[MESSAGE] * 5), "messages[0].template.actions"),
    "61 beside a title": (
        template(type="buttons", title="ก", text="ก" * 61, actions=[MESSAGE]),
        "messages[0].template.text",
    ),
    "161 alone": (template(type="buttons", text="ก" * 161, actions=[MESSAGE]), "messages[0].template.text"),
    "one confirm": (template(type="confirm", text="ก", actions=[MESSAGE]), "messages[0].template.actions"),
    "11 columns": (template(type="carousel", columns=[column(MESSAGE)] * 11), "messages[0].template.columns"),
    "uneven columns": (
        template(type="carousel", columns=[column(MESSAGE), column(MESSAGE, URI)]),
        "messages[0].template.columns",
    ),
    "image label of 13": (
        template(type="image_carousel", columns=[{"imageUrl": PICTURE, "action": {**MESSAGE, "label": "ก" * 13}}]),
        "messages[0].template.columns[0].action.label",
    ),
    "bubble over 30 KB": (flex(*[words("ก" * 1100, wrap=True)] * 10), "messages[0].contents"),
    "13 bubbles": (
        {**flex(), "contents": {"type": "carousel", "contents": [flex(words("ก"))["contents"]] * 13}},
        "messages[0].contents.contents",
    ),
    "carousel over 50 KB": (
        {
            **flex(),
            "contents": {"type": "carousel", "contents": [flex(*[words("ก" * 900)] * 7)["contents"]] * 3},
        },
        "messages[0].contents",
    ),
    "empty flex text": (flex(words("")), "messages[0].contents.body.contents[0].text"),
    "colour by name": (flex(words("ก", color="red")), "messages[0].contents.body.contents[0].color"),
    "flex property LINE has not": (flex(words("ก", bold=True)), "messages[0].contents.body.contents[0].bold"),
    "button in a baseline box": (
        flex({"type": "button", "action": MESSAGE}, layout="baseline"),
        "messages[0].contents.body.contents[0].type",
    ),
    "unknown property": ({**TEXT, "colour": "red"}, "messages[0].colour"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    body = {"to": TO, "messages": [ACCEPTED[name]]}
    assert faults(PUSH, body, local_http=False) == []
    if SPEC.exists():
        spec = json.loads(SPEC.read_text())
        jsonschema.validate(body, {"$ref": "#/components/schemas/PushMessageRequest", "components": spec["components"]})


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_place_named(name: str) -> None:
    message, place = REFUSED[name]
    found = faults(PUSH, {"to": TO, "messages": [message]}, local_http=False)
    assert place in [fault.property for fault in found]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"to": TO, "messages": []}, "messages"),
        ({"to": TO, "messages": [TEXT] * 6}, "messages"),
        ({"to": TO}, "messages"),
        ({"to": "me", "messages": [TEXT]}, "to"),
        ({"to": TO, "messages": "ก"}, "messages"),
        ({"to": TO, "messages": [None]}, "messages[0].type"),
    ],
)
def test_a_request_of_another_shape_is_refused(body: dict[str, Any], place: str) -> None:
    assert place in [fault.property for fault in faults(PUSH, body, local_http=False)]


def test_plain_http_is_for_this_machine_and_only_when_allowed() -> None:
    here = {"type": "image", "originalContentUrl": "http://localhost:1/a", "previewImageUrl": "http://127.0.0.1/a"}
    there = {"type": "image", "originalContentUrl": "http://localhost.evil.th/a", "previewImageUrl": PICTURE}
    assert faults(PUSH, {"to": TO, "messages": [here]}, local_http=True) == []
    assert faults(PUSH, {"to": TO, "messages": [here]}, local_http=False)
    assert faults(PUSH, {"to": TO, "messages": [there]}, local_http=True)
