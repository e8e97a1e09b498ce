"""Training: phrases → Index. Runs in a child process (`python -m intents.build`) because scikit-learn is only needed here.

Standard input: JSON {"key": …, "rows": [[text, intent, voice], …], "encoder": folder or ""}; argument: the file to write.
Standard output: one line of progress (0 to 100) at a time.
"""

import json
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from intents.encoder import Encoder, open_encoder
from intents.features import FAMILIES, features
from intents.index import Index, Thresholds, exact_phrases, save

Row = tuple[str, str, str]

NONE = "oos"  # rows that belong to no intent: they teach every intent what it is not
MIN_ROWS = 2  # a feature seen in fewer rows teaches nothing about others
STRENGTH = 10.0  # C of the logistic regression, chosen on public data
FOLDS = 5
HEARD = ("emergency", "talk_to_officer", "complain_service")  # missing one is worse than hearing one too many
HEARD_WEIGHT = 15.0  # how much each of their phrases counts: about as many others stand against each
LOOKALIKE_WEIGHT = 5.0  # how much a harmless look-alike counts against them; both chosen by cross-validation
FALSE_ALARMS = 0.003  # of all other held-back phrases may be taken for danger, a complaint, the wish for a person
LOOKALIKE_ALARMS = 0.02  # of the held-back look-alikes, which were written to be hard
HINTS = 3  # times as many get a hotline line they did not need
WRONG_AT_ONCE = 0.015  # of all held-back phrases; the promise to citizens is 3 %, and authors differ from citizens
ASK_RIGHT = 0.5  # "did you mean" pays when the right one is among the choices at least half of the time
VOICE_FOLD = {
    "plain": 0, "short": 1, "name": 1, "chat": 2, "typos": 2, "elder": 3, "indirect": 3, "dialect": 4, "facet": 4,
}  # fmt: skip


def build(
    key: str, rows: Sequence[Row], tell: Callable[[int], None] = lambda _percent: None, encoder: Encoder | None = None
) -> Index:
    """An index trained on `rows`; thresholds come from predicting each voice by a matcher that has not heard it."""
    intents = tuple(sorted({intent for _text, intent, _voice in rows} - {NONE}))
    counts = [features(text) for text, _intent, _voice in rows]
    vocabularies, idf = _vocabularies(counts)
    matrix = _matrix(counts, vocabularies, idf)
    if encoder is not None:
        matrix = _with_embeddings(matrix, [text for text, _intent, _voice in rows], encoder, tell)
    target = np.array([intents.index(intent) if intent != NONE else -1 for _text, intent, _voice in rows])
    folds = np.array([_fold(row) for row in rows])
    lookalike = np.array([voice == "lookalike" for _text, _intent, voice in rows])
    tell(10)
    held_back = np.zeros((len(rows), len(intents)), np.float32)
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        if outside.any() and inside.any():
            weights, bias = _fit(matrix[inside], target[inside], lookalike[inside], intents)
            held_back[outside] = 1 / (1 + np.exp(-(matrix[outside] @ weights + bias)))
        tell(10 + 15 * (fold + 1))
    weights, bias = _fit(matrix, target, lookalike, intents)
    tell(98)
    own = [(text, intent) for text, intent, _voice in rows if intent != NONE]
    phrases = tuple(text.replace("\n", " ") for text, _intent in own)
    columns = np.array([intents.index(intent) for _text, intent in own], np.int32)
    return Index(
        key=key,
        intents=intents,
        thresholds=choose_thresholds(held_back, target, lookalike, intents),
        vocabularies=tuple(vocabularies),
        idf=idf,
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float32),
        phrases=phrases,
        phrase_intents=columns,
        exact=exact_phrases(phrases, columns),
        encoder=encoder,
    )


def choose_thresholds(
    probabilities: NDArray[np.float32],
    target: NDArray[np.int64],
    lookalike: NDArray[np.bool_],
    intents: Sequence[str],
) -> Thresholds:
    """The thresholds that answer the most at once with at most WRONG_AT_ONCE of all rows wrong (target -1: none fits)."""
    heard, hint = {}, 1.0
    for name in HEARD:
        if name in intents:
            column = intents.index(name)
            other = target != column
            own = probabilities[:, column]
            easy, hard = own[other & ~lookalike], own[other & lookalike]
            heard[name] = max(_alarm(easy, FALSE_ALARMS), _alarm(hard, LOOKALIKE_ALARMS))
            if name == "emergency":
                hint = max(_alarm(easy, HINTS * FALSE_ALARMS), _alarm(hard, HINTS * LOOKALIKE_ALARMS))
    order = np.argsort(-probabilities, axis=1)[:, :3]
    top = np.take_along_axis(probabilities, order, axis=1)
    first, margin = top[:, 0], top[:, 0] - (top[:, 1] if top.shape[1] > 1 else 0)
    right = order[:, 0] == target
    ordinary_first = ~np.isin(order[:, 0], [column for column, name in enumerate(intents) if name in HEARD])
    best = (-1, 1.0, 1.0)
    for lead in np.linspace(0, 0.5, 11):
        leading = (margin >= lead) & ordinary_first
        for score in np.unique(np.round(first[leading], 2)):
            at_once = leading & (first >= score)
            if (at_once & ~right).sum() <= WRONG_AT_ONCE * len(target) and at_once.sum() > best[0]:
                best = (int(at_once.sum()), float(score), float(lead))
    _count, answer, lead = best
    among = (order == target[:, None]).any(axis=1)
    ask = answer
    for low in np.linspace(0.02, answer, 40)[::-1]:
        band = (first >= low) & (first < low + 0.1)
        if band.sum() >= 10 and among[band].mean() < ASK_RIGHT:
            break
        ask = float(low)
    return Thresholds(round(answer, 4), round(lead, 4), round(ask, 4), heard, hint)


def _alarm(others: NDArray[np.float32], share: float) -> float:
    """The lowest probability that at most a `share` of the other rows reaches."""
    if not len(others):
        return 0.0
    ranked = np.sort(others)[::-1]
    return round(float(ranked[min(int(share * len(ranked)), len(ranked) - 1)]) + 1e-4, 4)


def _fold(row: Row) -> int:
    text, intent, voice = row
    if voice in VOICE_FOLD:
        return VOICE_FOLD[voice]
    # A neighbour is held back as a whole: citizens bring topics that nobody wrote down.
    return zlib.crc32((intent if voice == "neighbour" else text).encode()) % FOLDS


def _vocabularies(counts: Sequence[list[Counter[str]]]) -> tuple[list[dict[str, int]], NDArray[np.float32]]:
    seen: list[Counter[str]] = [Counter() for _ in FAMILIES]
    for row in counts:
        for total, counter in zip(seen, row, strict=True):
            total.update(counter.keys())
    vocabularies: list[dict[str, int]] = []
    weights: list[float] = []
    for total in seen:
        names = sorted(name for name, rows in total.items() if rows >= MIN_ROWS and "\n" not in name)
        vocabularies.append({name: len(weights) + i for i, name in enumerate(names)})
        weights += [float(np.log((1 + len(counts)) / (1 + total[name])) + 1) for name in names]
    return vocabularies, np.array(weights, np.float32)


def _matrix(
    counts: Sequence[list[Counter[str]]], vocabularies: list[dict[str, int]], idf: NDArray[np.float32]
) -> sp.csr_matrix:
    floats, none = np.zeros(0, np.float32), np.zeros(0, np.int32)
    known = tuple(vocabularies)
    scorer = Index("", (), Thresholds(1, 0, 1, {}, 1), known, idf, floats.astype(np.float16), floats, (), none, {})
    vectors = [scorer.weigh(row) for row in counts]
    starts = np.cumsum([0, *(len(rows) for rows, _values in vectors)])
    columns = np.concatenate([rows for rows, _values in vectors])
    values = np.concatenate([values for _rows, values in vectors])
    return sp.csr_matrix((values.astype(np.float64), columns, starts), shape=(len(counts), len(idf)))


def _with_embeddings(
    matrix: sp.csr_matrix, texts: Sequence[str], encoder: Encoder, tell: Callable[[int], None]
) -> sp.csr_matrix:
    """`matrix` with the encoder's numbers as further columns; the first tenth of the progress."""
    embedded = encoder.embed(texts, lambda done: tell(10 * done // len(texts)))
    return sp.hstack([matrix, sp.csr_matrix(embedded.astype(np.float64))], format="csr")


def _fit(
    matrix: sp.csr_matrix, target: NDArray[np.int64], lookalike: NDArray[np.bool_], intents: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    matrix.sort_indices()
    jobs = (
        delayed(_one)(matrix, target == column, lookalike if name in HEARD else None)
        for column, name in enumerate(intents)
    )
    fitted = Parallel(n_jobs=-1, prefer="threads")(jobs)  # liblinear lets go of the interpreter
    weights = np.stack([coefficients for coefficients, _bias in fitted], axis=1)
    return weights, np.array([bias for _coefficients, bias in fitted], np.float32)


def _one(
    matrix: sp.csr_matrix, own: NDArray[np.bool_], lookalike: NDArray[np.bool_] | None
) -> tuple[NDArray[np.float32], float]:
    if not own.any():  # all its phrases are held back in this fold
        return np.zeros(matrix.shape[1], np.float32), -10.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the tolerance is loose on purpose: a fifth of the time
        model = LogisticRegression(solver="liblinear", dual=True, C=STRENGTH, tol=1e-2, random_state=0)
        model.fit(matrix, own, None if lookalike is None else _heard_weights(own, lookalike))
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _heard_weights(own: NDArray[np.bool_], lookalike: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(own, HEARD_WEIGHT, np.where(lookalike, LOOKALIKE_WEIGHT, 1.0))


def _rows(given: list[list[str]]) -> Iterator[Row]:
    yield from ((text, intent, voice) for text, intent, voice in given)


def main() -> None:
    """Read rows, write the index, tell the progress."""
    given = json.load(sys.stdin)
    encoder = open_encoder(Path(given["encoder"])) if given.get("encoder") else None
    index = build(given["key"], list(_rows(given["rows"])), lambda percent: print(percent, flush=True), encoder)
    Path(sys.argv[1]).write_bytes(save(index))
    print(100, flush=True)


if __name__ == "__main__":
    main()
