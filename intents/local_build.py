"""Building a block: the phrases of one office's or agency's articles → bytes. Quick enough to be done when one is edited."""

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.index import Index
from intents.local import FORMAT, LOOKED_AT, features_of, keys_of, national_weights

FEW = 5  # articles: among fewer, a word that all of them have may still be what is asked


@dataclass(frozen=True)
class LocalArticle:
    """What is learned of an article: its id and how people ask for it (1 to 20 phrases)."""

    id: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """One family of a block before it is joined with the others."""

    keys: NDArray[np.uint32]
    weights: NDArray[np.float16]
    holders: list[list[int]]
    lengths: NDArray[np.float32]


def block_key(owner: str, articles: Iterable[LocalArticle]) -> str:
    """A key of everything a block is made of, this code included: an edited answer does not change it, a phrase does."""
    rows = json.dumps([_recipe(), owner, [(one.id, one.phrases) for one in articles]], ensure_ascii=False)
    return hashlib.sha256(rows.encode()).hexdigest()[:32]


def build_block(owner: str, articles: Iterable[LocalArticle], index: Index) -> bytes:
    """The block of one owner's articles, as bytes that hold data only.

    `index` tells how common each feature is in what people ask; a block stays good when a new one is published.
    """
    given = [article for article in articles if article.phrases]
    counts = np.array([len(article.phrases) for article in given], np.int64)
    looked = [features_of(phrase) for article in given for phrase in article.phrases]
    article_of = np.repeat(np.arange(len(given)), counts)
    parts = [
        _part(index, name, [families[number] for families in looked], article_of, len(given))
        for number, (name, _) in enumerate(LOOKED_AT)
    ]
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")
    holders = [numbers for part in parts for numbers in part.holders]
    narrowest = np.uint16 if len(looked) <= 2**16 else np.uint32
    about = {"format": FORMAT, "owner": owner, "articles": [article.id for article in given]}
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
        first_phrase=(np.cumsum(counts) - counts).astype(np.int32),
        keys=keys[order],
        weights=np.concatenate([part.weights for part in parts])[order],
        ends=np.cumsum([len(holders[at]) for at in order], dtype=np.int32),
        holders=np.fromiter((phrase for at in order for phrase in holders[at]), narrowest),
        lengths=np.stack([part.lengths for part in parts]),
    )
    return buffer.getvalue()


def _part(
    index: Index, family: str, phrases: Sequence[list[str]], article_of: NDArray[np.int64], articles: int
) -> _Part:
    holders: dict[str, list[int]] = {}
    for number, names in enumerate(phrases):
        for name in names:
            holders.setdefault(name, []).append(number)
    sharing = np.array([len({int(article_of[number]) for number in numbers}) for numbers in holders.values()])
    # What most articles of an office have (the town's name) tells little there, however rare it is elsewhere.
    share = np.maximum(sharing - 1, 1e-9) / (articles + FEW)
    weights = np.minimum(national_weights(index, family, list(holders)), 1 - np.log(share)).astype(np.float16)
    squares = np.zeros(len(phrases))
    for numbers, weight in zip(holders.values(), weights.tolist(), strict=True):
        squares[numbers] += weight**2
    return _Part(keys_of(family, holders), weights, list(holders.values()), np.sqrt(squares).astype(np.float32))


@cache
def _recipe() -> str:
    here = Path(__file__).parent
    names = ("text.py", "features.py", "local.py", "local_build.py")
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in names)).hexdigest()[:16]
