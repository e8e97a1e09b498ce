"""What stands in the bar at the top? The pages the visitor's role may use."""

from typing import Any

from flask import Flask, current_app, request

from bot.web.access import may_use
from bot.web.site import visitor
from bot.web.wording import NAVIGATION, ROLE_NAMES


def install(app: Flask) -> None:
    """Give every template `visitor`, `role_name` and `navigation`."""
    app.context_processor(_bar)


def _bar() -> dict[str, Any]:
    who = visitor()
    if who is None:
        return {"visitor": None, "navigation": ()}
    part = (request.blueprint or "").split(".")[0]
    entries = [
        {"endpoint": endpoint, "words": words, "here": endpoint.split(".")[0] == part}
        for endpoint, words in NAVIGATION
        if endpoint in current_app.view_functions and may_use(endpoint, who.role)
    ]
    return {"visitor": who, "role_name": ROLE_NAMES[who.role], "navigation": entries}
