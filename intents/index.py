"""The trained matcher as serving processes hold it: a vocabulary, a matrix and thresholds; no scikit-learn, no pickle."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import SETTING, Encoder
from intents.features import FAMILIES, features
from intents.text import compact, normalise, skeleton

FORMAT = 2


class OtherEncoder(ValueError):
    """The index was trained with another sentence encoder than it is to be used with, or with one instead of none."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1, chosen by cross-validation on the phrases (build.py), never constants."""

    answer: float  # at or above: the first choice is told at once
    margin: float  # the first choice leads the second by at least this much
    ask: float  # at or above: "did you mean"; below: not understood
    heard: Mapping[str, float]  # for danger and the wish for a person: enough by itself, whatever else is likely
    hint: float  # danger at or above this adds one hotline line to the normal answer


@dataclass(frozen=True)
class Candidate:
    """An intent and how sure the matcher is of it, 0 to 1."""

    intent: str
    score: float


@dataclass(frozen=True)
class Index:
    """All that is needed to score a text against every intent. Read-only, shared by threads."""

    key: str
    intents: tuple[str, ...]
    thresholds: Thresholds
    vocabularies: tuple[Mapping[str, int], ...]  # a family's feature → its row
    idf: NDArray[np.float32]
    weights: NDArray[np.float16]  # rows: features, then the encoder's numbers; columns: intents
    bias: NDArray[np.float32]
    phrases: tuple[str, ...]
    phrase_intents: NDArray[np.int32]
    exact: Mapping[str, int]  # a phrase's skeleton → its intent's column
    encoder: Encoder | None = None

    def candidates(self, text: str, most: int = 10) -> list[Candidate]:
        """The best intents for `text`, best first; a phrase written exactly like one that is known counts as sure."""
        scores = self.scores(text)
        known = self.exact.get(phrase_key(text))
        if known is not None:
            scores[known] = max(float(scores[known]), 0.99)
        order = np.argsort(-scores)[:most]
        return [Candidate(self.intents[i], round(float(scores[i]), 4)) for i in order]

    def scores(self, text: str) -> NDArray[np.float32]:
        """One probability an intent, each for itself (they need not add up to 1)."""
        rows, values = self.vector(text)
        raw = values @ self.weights[rows].astype(np.float32) + self.bias if len(rows) else self.bias.copy()
        return np.asarray(1 / (1 + np.exp(-raw)), dtype=np.float32)

    def vector(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The rows and TF-IDF values of `text`; each family has length 1, and so has the encoder's embedding."""
        rows, values = self.weigh(features(text))
        if self.encoder is None:
            return rows, values
        dense = len(self.idf) + np.arange(self.encoder.size)
        return np.concatenate([rows, dense]), np.concatenate([values, self.encoder.embed([text])[0]])

    def weigh(self, families: list[Counter[str]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The same for counted features."""
        all_rows, all_values = [], []
        for vocabulary, counts in zip(self.vocabularies, families, strict=True):
            found = [(vocabulary[name], count) for name, count in counts.items() if name in vocabulary]
            if not found:
                continue
            rows = np.fromiter((row for row, _ in found), np.int64, len(found))
            values = (1 + np.log(np.fromiter((count for _, count in found), np.float32, len(found)))) * self.idf[rows]
            all_rows.append(rows)
            all_values.append(values / np.linalg.norm(values))
        if not all_rows:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return np.concatenate(all_rows), np.concatenate(all_values).astype(np.float32)


def phrase_key(text: str) -> str:
    """What two phrases share that differ only in spaces, tone marks, homophones and closing particles.

    >>> phrase_key("บัตรหาย ค่ะ") == phrase_key("บัตรหาย")
    True
    """
    return skeleton(compact(normalise(text)))


def exact_phrases(phrases: tuple[str, ...], columns: NDArray[np.int32]) -> dict[str, int]:
    """phrase_key → column, without the keys that two intents share."""
    found: dict[str, int] = {}
    shared = set()
    for phrase, column in zip(phrases, columns.tolist(), strict=True):
        key = phrase_key(phrase)
        if found.setdefault(key, column) != column:
            shared.add(key)
    return {key: column for key, column in found.items() if key and key not in shared}


@cache
def recipe(encoder: Encoder | None = None) -> str:
    """A hash of the code that trains and reads an index, and of the encoder: when one changes, indexes are built anew."""
    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in ("text.py", "features.py", "build.py", "index.py")]
    if encoder is not None:
        parts += [(here / "encoder.py").read_bytes(), encoder.name.encode()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def save(index: Index) -> bytes:
    """The index as bytes that hold data only."""
    about = {
        "format": FORMAT,
        "key": index.key,
        "intents": index.intents,
        "thresholds": vars(index.thresholds),
        "families": [name for name, _ in FAMILIES],
        "encoder": index.encoder.name if index.encoder is not None else "",
    }
    names = ["\n".join(sorted(v, key=v.__getitem__)) for v in index.vocabularies]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=_bytes(json.dumps(about)),
        idf=index.idf,
        weights=index.weights,
        bias=index.bias,
        phrases=_bytes("\n".join(index.phrases)),
        phrase_intents=index.phrase_intents,
        **{f"names_{i}": _bytes(text) for i, text in enumerate(names)},  # type: ignore[arg-type]
    )
    return buffer.getvalue()


def load(content: bytes, encoder: Encoder | None = None) -> Index:
    """The index in `content`; raises ValueError when it is of another format, OtherEncoder when not trained with this one."""
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        about = json.loads(parts["about"].tobytes())
        if about["format"] != FORMAT or about["families"] != [name for name, _ in FAMILIES]:
            raise ValueError("the index was built by another version")
        _check_encoder(about.get("encoder", ""), encoder)
        features("สวัสดี")  # loads the word cutter's dictionary now, not in a citizen's turn
        vocabularies, start = [], 0
        for i in range(len(FAMILIES)):
            text = parts[f"names_{i}"].tobytes().decode()
            names = text.split("\n") if text else []
            vocabularies.append({name: start + row for row, name in enumerate(names)})
            start += len(names)
        phrases = tuple(parts["phrases"].tobytes().decode().split("\n"))
        columns = parts["phrase_intents"]
        return Index(
            key=about["key"],
            intents=tuple(about["intents"]),
            thresholds=Thresholds(**about["thresholds"]),
            vocabularies=tuple(vocabularies),
            idf=parts["idf"],
            weights=parts["weights"],
            bias=parts["bias"],
            phrases=phrases,
            phrase_intents=columns,
            exact=exact_phrases(phrases, columns),
            encoder=encoder,
        )


def _check_encoder(trained_with: str, encoder: Encoder | None) -> None:
    here = encoder.name if encoder is not None else ""
    if trained_with != here:
        raise OtherEncoder(
            f"the matcher was trained with {_called(trained_with)}, this process has {_called(here)}: set {SETTING} to the"
            " same folder for every process (or for none), and run bot migrate"
        )


def _called(encoder: str) -> str:
    return f"the sentence encoder {encoder}" if encoder else "no sentence encoder"


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
