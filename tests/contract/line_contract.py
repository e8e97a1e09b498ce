"""LINE's own description of its API, to hold requests against it; absent outside the project's workshop."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bot.stand_in.records import Request

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[3] / "shared"))
FILE = SHARED / "line" / "messaging-api.strict.json"


@cache
def _validators() -> dict[tuple[str, str], Draft202012Validator]:
    """(method, path without variables) → the schema of the request's body."""
    described = json.loads(FILE.read_text())
    found = {}
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            content = about.get("requestBody", {}).get("content", {}) if isinstance(about, dict) else {}
            schema = content.get("application/json", {}).get("schema")
            if schema:
                whole = {**schema, "components": described["components"]}
                found[method.upper(), path] = Draft202012Validator(whole)
    return found


def breaches(requests: list[Request]) -> list[str]:
    """What LINE's description refuses in these requests; empty where the description is not at hand.

    An attribute that is null counts as absent, as LINE's servers and its SDK treat it. A request that LINE was set to
    answer with a fault before reading it has no body and is passed over.
    """
    if not FILE.exists():
        return []
    found = []
    for request in requests:
        validator = _validators().get((request.method, request.path))
        if validator is None or request.body is None:
            continue
        for error in validator.iter_errors(_without_nulls(request.body)):
            place = "/".join(str(part) for part in error.absolute_path)
            found.append(f"{request.path} {place}: {_deepest(error)}"[:400])
    return found


def _deepest(error: Any) -> str:
    """Of the alternatives of a oneOf, what was wrong in the one that the `type` names."""
    while error.context:
        inner = [e for e in error.context if not (list(e.path)[-1:] == ["type"] and e.validator in ("enum", "const"))]
        named = [
            e
            for e in inner
            if not any(other.schema_path[0] == e.schema_path[0] for other in error.context if other not in inner)
        ]
        error = (named or inner or error.context)[0]
    return f"{'/'.join(map(str, error.absolute_path))} {error.message}"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value
