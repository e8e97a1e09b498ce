"""Which flex containers does LINE accept?

Numbers: https://developers.line.biz/en/reference/messaging-api/#flex-message (bubble 30 KB, carousel 12 bubbles and
50 KB) and line-openapi 2026-07. Baseline boxes hold text, icons and fillers only.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.stand_in.schema import (
    Check,
    Fault,
    anything,
    array,
    boolean,
    by_type,
    fields,
    later,
    matching,
    number,
    one_of,
    text,
    uri,
)

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
CAROUSEL_BUBBLES = 12

_COLOR = matching(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?", "invalid color")
_LENGTH = matching(r"-?\d+(?:\.\d+)?(?:px|%)|none|xs|sm|md|lg|xl|xxl", "invalid length")
_BORDER = matching(r"\d+(?:\.\d+)?px|none|light|normal|medium|semi-bold|bold", "invalid length")
_TEXT_SIZE = matching(r"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|\d+(?:\.\d+)?px", "invalid size")
_IMAGE_SIZE = matching(r"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|\d+(?:\.\d+)?(?:px|%)", "invalid size")
_RATIO = matching(r"\d{1,6}(?:\.\d+)?:\d{1,6}(?:\.\d+)?", "invalid aspect ratio")
_PICTURE = uri("https", high=2000)
_ALIGN = one_of("start", "end", "center")
_GRAVITY = one_of("top", "bottom", "center")
_FLEX = number(0, 10**6, whole=True)

_TYPE: dict[str, Check] = {"type": anything}
_PLACED: dict[str, Check] = {
    "position": one_of("relative", "absolute"),
    "margin": _LENGTH,
    **{f"offset{side}": _LENGTH for side in ("Top", "Bottom", "Start", "End")},
}
_STYLE: dict[str, Check] = {
    "size": _TEXT_SIZE,
    "color": _COLOR,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}


def container(button_action: Check, tap_action: Check) -> Check:
    """The rule for a flex message's `contents`: a bubble or a carousel of bubbles."""
    bubble = _sized(_bubble(button_action, tap_action), BUBBLE_BYTES)
    return by_type(
        {
            "bubble": bubble,
            "carousel": _sized(fields({**_TYPE, "contents": array(bubble, 1, CAROUSEL_BUBBLES)}, {}), CAROUSEL_BYTES),
        }
    )


def _sized(rule: Check, high: int) -> Check:
    def check(value: Any, place: str) -> Iterator[Fault]:
        size = len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
        if size > high:
            yield Fault(f"Size must be at most {high} bytes, is {size}", place)
        yield from rule(value, place)

    return check


def _bubble(button_action: Check, tap_action: Check) -> Check:
    component, box = _components(button_action, tap_action)
    block = fields({}, {"backgroundColor": _COLOR, "separator": boolean, "separatorColor": _COLOR})
    return fields(
        _TYPE,
        {
            "size": one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
            "direction": one_of("ltr", "rtl"),
            "header": box,
            "hero": _only(component, "box", "image", "video"),
            "body": box,
            "footer": box,
            "styles": fields({}, dict.fromkeys(("header", "hero", "body", "footer"), block)),
            "action": tap_action,
        },
    )


def _only(component: Check, *kinds: str) -> Check:
    def check(value: Any, place: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind in kinds:
            yield from component(value, place)
        else:
            yield from one_of(*kinds)(kind, f"{place}.type")

    return check


def _components(button_action: Check, tap_action: Check) -> tuple[Check, Check]:
    """The rules for any component of a box and for a box."""
    rules: dict[str, Check] = {}
    component = by_type(rules)
    plain = _box(tap_action, later(lambda: _only(component, "box", "button", "image", "text", "separator", "filler")))
    baseline = _box(tap_action, later(lambda: _only(component, "icon", "text", "filler")))

    def box(value: Any, place: str) -> Iterator[Fault]:
        if not isinstance(value, dict) or value.get("type") != "box":
            yield Fault("Must be a box", place)
        else:
            yield from (baseline if value.get("layout") == "baseline" else plain)(value, place)

    rules["box"] = box
    rules["text"] = _text(tap_action)
    rules["button"] = fields(
        {**_TYPE, "action": button_action},
        {
            **_PLACED,
            "flex": _FLEX,
            "height": one_of("md", "sm"),
            "style": one_of("primary", "secondary", "link"),
            "color": _COLOR,
            "gravity": _GRAVITY,
            "adjustMode": one_of("shrink-to-fit"),
            "scaling": boolean,
        },
    )
    rules["image"] = fields(
        {**_TYPE, "url": _PICTURE},
        {
            **_PLACED,
            "flex": _FLEX,
            "align": _ALIGN,
            "gravity": _GRAVITY,
            "size": _IMAGE_SIZE,
            "aspectRatio": _RATIO,
            "aspectMode": one_of("fit", "cover"),
            "backgroundColor": _COLOR,
            "action": tap_action,
            "animated": boolean,
        },
    )
    rules["video"] = fields(
        {**_TYPE, "url": _PICTURE, "previewUrl": _PICTURE, "altContent": anything},
        {"aspectRatio": _RATIO, "action": tap_action},
    )
    rules["icon"] = fields(
        {**_TYPE, "url": _PICTURE}, {**_PLACED, "size": _TEXT_SIZE, "aspectRatio": _RATIO, "scaling": boolean}
    )
    rules["separator"] = fields(_TYPE, {"margin": _LENGTH, "color": _COLOR})
    rules["filler"] = fields(_TYPE, {"flex": _FLEX})
    return component, box


def _text(tap_action: Check) -> Check:
    rule = fields(
        _TYPE,
        {
            **_PLACED,
            **_STYLE,
            "text": text(10_000),
            "contents": array(fields({**_TYPE, "text": text(10_000)}, _STYLE), 1, 1000),
            "flex": _FLEX,
            "align": _ALIGN,
            "gravity": _GRAVITY,
            "wrap": boolean,
            "lineSpacing": _LENGTH,
            "maxLines": number(0, 10**6, whole=True),
            "action": tap_action,
            "adjustMode": one_of("shrink-to-fit"),
            "scaling": boolean,
        },
    )

    def check(value: Any, place: str) -> Iterator[Fault]:
        yield from rule(value, place)
        if isinstance(value, dict) and not value.get("text") and not value.get("contents"):
            yield Fault("must be non-empty text", f"{place}.text")

    return check


def _box(tap_action: Check, child: Check) -> Check:
    def lengths(*names: str) -> dict[str, Check]:
        return dict.fromkeys(names, _LENGTH)

    return fields(
        {**_TYPE, "layout": one_of("horizontal", "vertical", "baseline"), "contents": array(child, 0, 1000)},
        {
            **_PLACED,
            **lengths("spacing", "width", "maxWidth", "height", "maxHeight", "cornerRadius"),
            **lengths("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"),
            "flex": _FLEX,
            "backgroundColor": _COLOR,
            "borderColor": _COLOR,
            "borderWidth": _BORDER,
            "action": tap_action,
            "justifyContent": one_of(
                "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
            ),
            "alignItems": one_of("center", "flex-start", "flex-end"),
            "background": anything,
        },
    )
