"""The second stage: which article of the offices in scope answers what no national intent covers?

Nothing is trained here: a text is compared with every phrase of every local article, and an article's nearest phrase
counts. All phrases of one owner (an office or an agency) make a block, built (local_build.py), stored and loaded by
itself. What this stage does not clearly know it leaves alone: a wrong local answer is worse than none.
"""

import io
import json
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from intents.facets import left_over
from intents.features import FAMILIES, sounds, word_pairs
from intents.index import Candidate, Index
from intents.text import clean, normalise
from intents.understand import CANDIDATES, Decision, Kinds

FORMAT = 1
PREFIX = "local:"

# Cosines, chosen on offices drawn from national phrases and checked on other data (README.md, "Local articles").
ANSWER = 0.45  # at or above, with the lead: told at once
LEAD = 0.1  # over the second article
OFFER = 0.25  # at or above: a choice of "did you mean"; below: nothing
NEARLY_EXACT = 0.9  # the same words but for a sign or two: prevails even over a national answer
TELLING = (
    6.0  # weight of a word that about one national phrase in 150 has: a rarer one names the thing that is asked for
)
SAME = 0.01  # phrases whose cosines differ by no more are the same phrase

UNSURE: tuple[Kinds, ...] = ("clarify", "unknown")
YIELDS: tuple[Kinds, ...] = ("answer", "book", "report", "elsewhere")  # to a phrase that is nearly exact

# Of the matcher's families the two that pay here: with its characters beside them nothing got better (README.md).
LOOKED_AT = (("s", sounds), ("w", word_pairs))
BLOCK_BYTES = (
    16 * 2**20
)  # of blocks a process keeps, some seventy offices of eighty articles: one is loaded in about 1 ms
NAME_BYTES = 80  # of an article's id in memory, about


@dataclass(frozen=True)
class Found:
    """An article that may fit a text: the cosine (0 to 1) of its nearest phrase, and which of its phrases that is.

    `rivalled`: a telling word of the text stands in other articles of this owner and not in this one, as where the pool's
    and the hall's rent are asked in the same words.
    """

    article: str
    owner: str
    score: float
    phrase: int
    rivalled: bool = False

    @property
    def intent(self) -> str:
        return PREFIX + self.article


@dataclass(frozen=True)
class Block:
    """The phrases of one owner as an inverted index. Read-only, shared by threads."""

    owner: str
    articles: tuple[str, ...]
    first_phrase: NDArray[np.int32]  # of each article: its phrases stand together
    keys: NDArray[np.uint32]  # hashes of the features, sorted
    weights: NDArray[np.float16]  # how much each feature tells
    ends: NDArray[np.int32]  # where each feature's phrases end in `holders`
    holders: NDArray[np.uint16] | NDArray[np.uint32]  # the phrases that have it
    lengths: NDArray[np.float32]  # of each phrase's vector: a row a family, a column a phrase

    @property
    def size(self) -> int:
        """Bytes in memory, nearly."""
        arrays = (self.first_phrase, self.keys, self.weights, self.ends, self.holders, self.lengths)
        return sum(array.nbytes for array in arrays) + NAME_BYTES * len(self.articles)


@dataclass(frozen=True)
class Looked:
    """A text's features, hashed, with what each tells among national phrases; the same for every block."""

    keys: NDArray[np.uint32]
    weights: NDArray[np.float32]
    families: NDArray[np.int64]  # which of LOOKED_AT each is of
    telling: NDArray[np.bool_]  # whether it is a single, telling word


def can_be_local(decision: Decision, text: str) -> bool:
    """Whether the second stage has a say: not in danger, small talk or a citizen's own affairs, nor without a topic."""
    return decision.kind in UNSURE + YIELDS and not decision.followed and not decision.reader and bool(left_over(text))


def with_local(
    decision: Decision, text: str, index: Index, offices: Sequence[Block], agencies: Sequence[Block] = ()
) -> Decision:
    """`decision` after the articles of the offices in scope, and of their agencies, have had their say.

    Where the national matcher is unsure, an article that surely fits is answered (intent `local:<id>`), and those that may
    fit become choices, in front. Where it is sure, or hears a hint of danger, only a phrase that is nearly exact prevails.
    A rivalled article is never answered at once.
    """
    found = local_candidates(text, index, offices, agencies) if can_be_local(decision, text) else []
    if not found:
        return decision
    needed = NEARLY_EXACT if decision.kind in YIELDS or decision.hint_of_danger else ANSWER
    lead = found[0].score - (found[1].score if len(found) > 1 else 0.0)
    if found[0].score >= needed and lead >= LEAD and not found[0].rivalled:
        return _in_front(decision, "answer", found[:1])
    return decision if decision.kind in YIELDS else _in_front(decision, "clarify", found)


def local_candidates(
    text: str, index: Index, offices: Sequence[Block], agencies: Sequence[Block] = (), most: int = 3
) -> list[Found]:
    """The articles that may fit `text`, best first, none below OFFER; where an office and its agency have the same phrase
    only the office's."""
    looked = look_at(text, index)
    own = [one for block in offices for one in nearest(looked, block, most)]
    wider = [one for block in agencies for one in nearest(looked, block, most)]
    kept = own + [one for one in wider if all(abs(one.score - mine.score) > SAME for mine in own)]
    return sorted((one for one in kept if one.score >= OFFER), key=lambda one: -one.score)[:most]


def look_at(text: str, index: Index) -> Looked:
    """The features of `text`; never raises, whatever the text."""
    families = features_of(text)
    named = [(name, names) for (name, _), names in zip(LOOKED_AT, families, strict=True)]
    weights = np.concatenate([national_weights(index, name, names) for name, names in named])
    words = np.array([name == "w" and " " not in feature for name, names in named for feature in names], np.bool_)
    return Looked(
        keys=np.concatenate([keys_of(name, names) for name, names in named]),
        weights=weights,
        families=np.repeat(np.arange(len(families)), [len(names) for names in families]),
        telling=words & (weights >= TELLING),
    )


def nearest(looked: Looked, block: Block, most: int) -> list[Found]:
    """The articles of one block, best first; those that share nothing with the text are left out."""
    if not len(block.keys) or not len(looked.keys):
        return []
    at = np.minimum(np.searchsorted(block.keys, looked.keys), len(block.keys) - 1)
    known = block.keys[at] == looked.keys
    weights = np.where(known, block.weights[at], looked.weights)
    lengths = np.sqrt(np.bincount(looked.families, weights**2, minlength=len(LOOKED_AT)))
    at, families = at[known], looked.families[known]
    starts = np.where(at > 0, block.ends[at - 1], 0)
    counts = block.ends[at] - starts
    phrases = block.holders[np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)]
    shares = np.repeat(weights[known] ** 2 / lengths[families], counts)
    shares /= block.lengths[np.repeat(families, counts), phrases] * len(LOOKED_AT)
    cosines = np.bincount(phrases, shares, minlength=block.lengths.shape[1]).astype(np.float64, copy=False)
    best = np.maximum.reduceat(cosines, block.first_phrase)
    order = np.argsort(-best, kind="stable")[:most]
    named = [block.holders[block.ends[i - 1] if i else 0 : block.ends[i]] for i in at[looked.telling[known]].tolist()]
    return [_found(block, article, cosines, named) for article in order.tolist() if best[article] > 0]


def load_block(content: bytes) -> Block:
    """The block in `content`; raises ValueError when it is none, or one of another format."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            about = json.loads(parts["about"].tobytes())
            if about["format"] != FORMAT:
                raise ValueError("the block was built by another version")
            names = ("first_phrase", "keys", "weights", "ends", "holders", "lengths")
            return Block(about["owner"], tuple(about["articles"]), *(parts[name] for name in names))
    except (zipfile.BadZipFile, EOFError, KeyError) as error:
        raise ValueError(f"not a block of local articles ({type(error).__name__})") from error


class Blocks:
    """The blocks a process has at hand, by key; the one used longest ago goes when they are too many. Shared by threads."""

    def __init__(self, most_bytes: int = BLOCK_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Block] = OrderedDict()
        self._bytes = 0

    def get(self, key: str, read: Callable[[str], bytes]) -> Block:
        """The block of `key` (local_build.block_key); `read` fetches its bytes when it is not at hand."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        block = load_block(read(key))  # outside the lock: reading the same one twice does no harm
        with self._lock:
            if self._kept.setdefault(key, block) is block:
                self._bytes += block.size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].size
        return block


def features_of(text: str) -> list[list[str]]:
    """The features of `text`, each once, a list for each family of LOOKED_AT."""
    cleaned = clean(normalise(text))
    return [list(dict.fromkeys(family(cleaned))) for _name, family in LOOKED_AT]


def keys_of(family: str, names: Iterable[str]) -> NDArray[np.uint32]:
    """A hash of each feature, the same in every process."""
    start = zlib.crc32(family.encode())
    return np.array([zlib.crc32(name.encode(), start) for name in names], np.uint32)


def national_weights(index: Index, family: str, names: Sequence[str]) -> NDArray[np.float32]:
    """The inverse document frequency of each feature among national phrases; unknown ones are as rare as the rarest."""
    vocabulary = index.vocabularies[[name for name, _ in FAMILIES].index(family)]
    rarest = float(index.idf.max(initial=1.0))
    rows = [vocabulary.get(name) for name in names]
    return np.array([rarest if row is None else index.idf[row] for row in rows], np.float32)


def _found(block: Block, article: int, cosines: NDArray[np.float64], named: Sequence[NDArray[np.integer]]) -> Found:
    """`named`: the phrases that have each telling word of the text, in order."""
    start = int(block.first_phrase[article])
    end = int(block.first_phrase[article + 1]) if article + 1 < len(block.articles) else len(cosines)
    phrase = int(np.argmax(cosines[start:end]))
    return Found(
        article=block.articles[article],
        owner=block.owner,
        score=round(min(float(cosines[start + phrase]), 1.0), 4),
        phrase=phrase,
        rivalled=any(np.searchsorted(phrases, start) == np.searchsorted(phrases, end) for phrases in named),
    )


def _in_front(decision: Decision, kind: Kinds, found: Sequence[Found]) -> Decision:
    """`decision` with these articles before its own candidates."""
    candidates = (*(Candidate(one.intent, one.score) for one in found), *decision.candidates)[:CANDIDATES]
    return replace(decision, kind=kind, intent=found[0].intent, score=found[0].score, candidates=candidates)
