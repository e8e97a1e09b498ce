"""Packs as folders of YAML files: read with every fault named by file and field. The only module here that touches files."""

import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.check import faults_of
from knowledge.model import FACETS, Agency, Holiday, Intent, Lookalike, Neighbour, Office, Pack

PACKS = Path(__file__).parent / "packs"

INTENT: TypeAdapter[Intent] = TypeAdapter(Intent)
NEIGHBOUR: TypeAdapter[Neighbour] = TypeAdapter(Neighbour)
AGENCY: TypeAdapter[Agency] = TypeAdapter(Agency)
LOOKALIKES: TypeAdapter[tuple[Lookalike, ...]] = TypeAdapter(tuple[Lookalike, ...])
NEIGHBOURS: TypeAdapter[tuple[Neighbour, ...]] = TypeAdapter(tuple[Neighbour, ...])
AGENCIES: TypeAdapter[tuple[Agency, ...]] = TypeAdapter(tuple[Agency, ...])
OFFICES: TypeAdapter[tuple[Office, ...]] = TypeAdapter(tuple[Office, ...])
HOLIDAYS: TypeAdapter[tuple[Holiday, ...]] = TypeAdapter(tuple[Holiday, ...])


class PackError(ValueError):
    """A pack cannot be used; `faults` names file, field and what to write instead, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load_pack(folder: Path = PACKS / "starter") -> Pack:
    """The pack in `folder`, checked; raises PackError with all faults at once."""
    faults: list[str] = []
    agencies = _read(folder / "agencies.yaml", AGENCIES, (), faults)
    neighbours = _read(folder / "neighbours.yaml", NEIGHBOURS, (), faults)
    lookalikes = _read(folder / "lookalikes.yaml", LOOKALIKES, (), faults)
    intents = []
    for path in sorted((folder / "intents").glob("*.yaml")):
        intent = _read(path, INTENT, None, faults)
        if intent is None:
            continue
        if intent.id != path.stem:
            faults.append(f"{path.name}: id: is {intent.id!r}, the file's name says {path.stem!r}")
        intents.append(intent)
    pack = Pack(agencies, tuple(intents), neighbours, lookalikes)
    faults.extend(faults_of(pack))
    if faults:
        raise PackError(faults)
    return pack


@functools.cache
def starter_pack() -> Pack:
    """The pack that comes with the project, read once."""
    return load_pack()


def load_offices(folder: Path = PACKS / "demo") -> tuple[Office, ...]:
    """The offices of a centre, with hours and services; raises PackError."""
    faults: list[str] = []
    offices: tuple[Office, ...] = _read(folder / "offices.yaml", OFFICES, (), faults)
    if faults:
        raise PackError(faults)
    return offices


def load_holidays() -> tuple[Holiday, ...]:
    """Government holidays known when this release was made; an admin's Cabinet days come on top."""
    faults: list[str] = []
    holidays: tuple[Holiday, ...] = _read(PACKS / "holidays.yaml", HOLIDAYS, (), faults)
    if faults:
        raise PackError(faults)
    return holidays


def training_rows(pack: Pack) -> list[tuple[str, str, str]]:
    """(text, intent id, voice) of everything the matcher learns from; neighbours as `elsewhere:<id>`, look-alikes that
    belong to no intent as `oos`."""
    rows = [
        (text, intent.id, voice) for intent in pack.intents for voice, texts in intent.phrases.items() for text in texts
    ]
    rows += [(name, intent.id, "name") for intent in pack.intents for name in (intent.name, *intent.names)]
    rows += [(text, f"elsewhere:{n.id}", "neighbour") for n in pack.neighbours for text in (n.name, *n.phrases)]
    rows += [(lookalike.text, lookalike.intent, "lookalike") for lookalike in pack.lookalikes]
    return rows


def phrases_hash(pack: Pack) -> str:
    """A key of everything the matcher is trained on: an edited fee does not change it, an edited phrase does."""
    rows = json.dumps(sorted(training_rows(pack)), ensure_ascii=False)
    return hashlib.sha256(rows.encode()).hexdigest()[:32]


def _read(path: Path, shape: TypeAdapter[Any], empty: Any, faults: list[str]) -> Any:
    if not path.exists():
        return empty
    try:
        return shape.validate_python(_lists(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except yaml.YAMLError as error:
        faults.append(f"{path.name}: not YAML: {error}".replace("\n", " "))
    except ValidationError as error:
        faults.extend(f"{path.name}: {line}" for line in _lines(error))
    return empty


def _lines(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        yield f"{where}: {fault['msg']} (found {str(fault['input'])[:60]!r})"


def _lists(value: Any) -> Any:
    """`value` with a facet's single line made a list of one, as a person may write either."""
    if isinstance(value, dict):
        facets = value.get("facets")
        if isinstance(facets, dict):
            value["facets"] = {k: [v] if k in FACETS and isinstance(v, str) else v for k, v in facets.items()}
        return {key: _lists(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_lists(inner) for inner in value]
    return value
