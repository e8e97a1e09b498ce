"""An optional sentence encoder (ONNX): its embedding is one more block of features. Off unless INTENTS_ENCODER names a folder."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.text import clean

SETTING = "INTENTS_ENCODER"
FILES = ("model.onnx", "tokenizer.json")
MAX_TOKENS = 128  # of a message; 500 signs of Thai are about as many, and small encoders take no more
BATCH = 32  # texts encoded at once in training
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")  # what can be fed
_INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_PROBE = "ทำบัตรประชาชนใหม่ต้องใช้อะไรบ้าง"


class EncoderError(SystemExit):
    """The encoder cannot be used; the text names the setting and the fix, and ends a program that does not catch it."""


@dataclass(frozen=True)
class Encoder:
    """An opened encoder. Read-only, shared by threads. Two with the same `name` give the same embeddings."""

    folder: Path
    name: str  # a hash of its files
    size: int  # numbers in an embedding
    run: Callable[[Sequence[Sequence[int]]], NDArray[np.float32]]  # token ids, a row a text → pooled vectors
    tokens: Callable[[str], list[int]]  # a cleaned text → at most MAX_TOKENS ids

    def embed(self, texts: Sequence[str], tell: Callable[[int], None] = lambda _done: None) -> NDArray[np.float32]:
        """A row of length 1 for each text, in order; zeros for a text that says nothing. Never raises, whatever the texts.

        `tell` hears how many texts are done.
        """
        found = np.zeros((len(texts), self.size), np.float32)
        cleaned = [clean(text) for text in texts]
        ids = [self.tokens(text) if text else [] for text in cleaned]
        order = sorted((at for at, row in enumerate(ids) if row), key=lambda at: len(ids[at]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors = np.nan_to_num(self.run([ids[at] for at in batch]), posinf=0, neginf=0)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            found[batch] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
            tell(start + len(batch))
        return found


@cache
def chosen_encoder() -> Encoder | None:
    """The encoder of this process, as INTENTS_ENCODER says; None when it is not set. Raises EncoderError."""
    folder = os.environ.get(SETTING, "").strip()
    return open_encoder(Path(folder).resolve()) if folder else None


def open_encoder(folder: Path) -> Encoder:
    """The encoder in `folder`, tried on one sentence; raises EncoderError.

    model.onnx takes input_ids and perhaps attention_mask and token_type_ids. It gives one vector a text (an output
    named sentence_embedding, or a first output of rank 2), or one a token, of which the mean is taken.
    """
    for name in FILES:
        if not (folder / name).is_file():
            raise _fault(f"there is no {name} in {folder}")
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise EncoderError(
            f"{SETTING} is set, but {error.name} is not installed: pip install 'line-service-desk[encoder]'"
        ) from error
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), _options(onnxruntime), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise Exception itself for a broken file
        raise _fault(f"{folder} cannot be read ({type(error).__name__}: {str(error)[:200]})") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(MAX_TOKENS, (tokenizer.truncation or {}).get("max_length", MAX_TOKENS)))
    unfit = [one.name for one in session.get_inputs() if one.name not in _INPUTS or one.type not in _INTEGERS]
    if unfit:
        raise _fault(f"model.onnx asks for {', '.join(unfit)}; it may ask for integers named {', '.join(_INPUTS)}")
    return _tried(folder, tokenizer, _runner(session))


def _tried(folder: Path, tokenizer: Any, run: Callable[[Sequence[Sequence[int]]], NDArray[np.float32]]) -> Encoder:
    """The encoder, after the longest text and the last token of the tokenizer have gone through the model: what a citizen
    writes later can do no worse."""

    def tokens(cleaned: str) -> list[int]:
        return list(tokenizer.encode(cleaned).ids)

    ids = tokens(_PROBE)
    longest = tokens(f"{_PROBE} " * MAX_TOKENS)
    try:
        vectors = run([ids or [0], [tokenizer.get_vocab_size() - 1] * len(longest)])
    except Exception as error:  # whatever the runtime raises: model and tokenizer do not fit each other
        raise _fault(f"model.onnx does not take what tokenizer.json makes ({str(error)[:200]})") from error
    if not ids or vectors.ndim != 2 or not np.isfinite(vectors[0]).all() or not vectors[0].any():
        raise _fault("model.onnx gives no usable vector for a Thai sentence")
    return Encoder(folder, _name(folder), vectors.shape[1], run, tokens)


def _runner(session: Any) -> Callable[[Sequence[Sequence[int]]], NDArray[np.float32]]:
    outputs = [one.name for one in session.get_outputs()]
    output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
    kinds = {one.name: _INTEGERS[one.type] for one in session.get_inputs()}

    def run(ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        shape = (len(ids), max(map(len, ids)))
        rows, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for at, row in enumerate(ids):
            rows[at, : len(row)], mask[at, : len(row)] = row, 1
        given = {"input_ids": rows, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}
        feed = {name: given[name].astype(kind) for name, kind in kinds.items()}
        vectors = np.asarray(session.run([output], feed)[0], np.float32)
        if vectors.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            vectors = (vectors * weights).sum(axis=1) / weights.sum(axis=1)
        return vectors

    return run


def _options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what fails is raised; warnings about a model's make-up help nobody here
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the processor alone
    return options


def _name(folder: Path) -> str:
    """A hash of the tokenizer, the model and what belongs to it (large ones keep their weights in model.onnx_data)."""
    found = hashlib.sha256()
    for path in sorted([*folder.glob("model.onnx*"), folder / "tokenizer.json"]):
        with path.open("rb") as file:
            found.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:16]


def _fault(what: str) -> EncoderError:
    return EncoderError(
        f"{SETTING}: {what}. Name a folder with {' and '.join(FILES)} of one sentence encoder, or unset it to go without"
    )
