"""The methods that are compared on public data. Besides intents/build.py the only module that imports scikit-learn."""

from collections.abc import Callable, Sequence

import numpy as np
from pythainlp.tokenize import word_tokenize
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from intents.build import build
from intents.encoder import chosen_encoder
from intents.evaluation.public_data import Example

Method = Callable[[Sequence[Example], Sequence[str]], list[str]]

AT_ONCE = 500  # texts compared in one call: bounds the memory


def this_matcher(examples: Sequence[Example], texts: Sequence[str]) -> list[str]:
    """The first choice of an index built as every catalogue's is, with the sentence encoder of this process if it has one."""
    index = build("public", [(example.text, example.intent, "") for example in examples], encoder=chosen_encoder())
    return [index.candidates(text, 1)[0].intent for text in texts]


def rapidfuzz(examples: Sequence[Example], texts: Sequence[str]) -> list[str]:
    """The intent of the example that is most alike, sign by sign."""
    known = [example.text for example in examples]
    nearest: list[int] = []
    for start in range(0, len(texts), AT_ONCE):
        alike = cdist(texts[start : start + AT_ONCE], known, scorer=ratio, dtype=np.float32, workers=-1)
        nearest += alike.argmax(axis=1).tolist()
    return [examples[at].intent for at in nearest]


def linear(examples: Sequence[Example], texts: Sequence[str]) -> list[str]:
    """TF-IDF on PyThaiNLP's words and logistic regression: what a good tutorial does."""
    model = make_pipeline(
        TfidfVectorizer(analyzer=_words, sublinear_tf=True), LogisticRegression(C=10, max_iter=300, random_state=0)
    )
    model.fit([example.text for example in examples], [example.intent for example in examples])
    return [str(intent) for intent in model.predict(texts)]


def _words(text: str) -> list[str]:
    return list(word_tokenize(text.lower(), engine="newmm", keep_whitespace=False, join_broken_num=False))


METHODS: tuple[tuple[str, Method], ...] = (
    ("this matcher", this_matcher),
    ("RapidFuzz ratio on signs", rapidfuzz),
    ("TF-IDF words, log. regr.", linear),
)
