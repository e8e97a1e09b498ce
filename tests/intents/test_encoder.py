"""The optional sentence encoder, on models of a few numbers that the tests make themselves."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from bot.catalogue.indexes import build_index, check_index
from bot.storage.engine import make_engine
from intents.build import build
from intents.encoder import MAX_TOKENS, SETTING, Encoder, EncoderError, chosen_encoder, open_encoder
from intents.index import Index, OtherEncoder, load, recipe, save
from intents.text import MAX_SIGNS
from knowledge.model import Agency, Intent, Pack

SIZE = 6
WORDS = ["?", "ควาย", "กระบือ", "ปลา", "รถ", "หาย", "ตาย", "ป่วย", "ทำยังไง", "แจ้งที่ไหน", "ก", "ข"]
ROWS = [
    (f"{animal} {trouble} {question}", intent, "plain")
    for animal, intent in (("ควาย", "buffalo"), ("ปลา", "fish"), ("รถ", "car"))
    for trouble in ("หาย", "ตาย", "ป่วย")
    for question in ("ทำยังไง", "แจ้งที่ไหน")
]


def table() -> NDArray[np.float32]:
    """A vector a word; what a sentence is about weighs most, and the two words for a buffalo mean the same."""
    vectors = np.random.default_rng(7).normal(scale=0.1, size=(len(WORDS), SIZE)).astype(np.float32)
    for axis, words in enumerate((("ควาย", "กระบือ"), ("ปลา",), ("รถ",))):
        vectors[[WORDS.index(word) for word in words], axis] = 3
    return vectors


def write_tokenizer(folder: Path, words: list[str] = WORDS) -> None:
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[^ ]+"), "removed", invert=True)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_model(
    folder: Path,
    *,
    vectors: NDArray[np.float32] | None = None,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    kind: int = onnx.TensorProto.INT64,
    pooled: str = "",
) -> None:
    """A model that looks words up in a table; with `pooled`, the name of an output that has their mean already."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    known = onnx.numpy_helper.from_array(table() if vectors is None else vectors, "table")
    nodes = [helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])]
    outputs = [helper.make_tensor_value_info("last_hidden_state", floats, ["b", "s", SIZE])]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["last_hidden_state"], [pooled], axes=[1], keepdims=0))
        outputs.append(helper.make_tensor_value_info(pooled, floats, ["b", SIZE]))
    given = [helper.make_tensor_value_info(name, kind, ["b", "s"]) for name in inputs]
    graph = helper.make_graph(nodes, "tiny", given, outputs, [known])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "model.onnx"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("encoder")
    write_tokenizer(made)
    write_model(made)
    return made


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return open_encoder(folder)


@pytest.fixture
def chosen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoder]:
    """The tiny encoder as the one of this process."""
    monkeypatch.setenv(SETTING, str(folder))
    chosen_encoder.cache_clear()
    found = chosen_encoder()
    assert found is not None
    yield found
    chosen_encoder.cache_clear()


@pytest.fixture(scope="module")
def with_it(encoder: Encoder) -> Index:
    return build("key", ROWS, encoder=encoder)


@pytest.fixture(scope="module")
def without() -> Index:
    return build("key", ROWS)


def test_an_embedding_is_the_mean_of_the_words_with_length_one(encoder: Encoder) -> None:
    vectors = table()
    mean = (vectors[WORDS.index("ปลา")] + vectors[WORDS.index("ตาย")]) / 2
    (found,) = encoder.embed(["ปลา ตาย"])
    assert np.allclose(found, mean / np.linalg.norm(mean), atol=1e-6)


def test_many_texts_at_once_give_what_each_gives_alone(encoder: Encoder) -> None:
    texts = ["ปลา", "", "รถ หาย ทำยังไง", "  \u200b ", "ควาย"] * 20
    heard: list[int] = []
    together = encoder.embed(texts, heard.append)
    assert np.allclose(together, np.concatenate([encoder.embed([text]) for text in texts]), atol=1e-6)
    assert not together[1].any()
    assert not together[3].any()
    assert heard == sorted(heard)
    assert heard[-1] == 60


@pytest.mark.parametrize("pooled", ["sentence_embedding", "pooler_output", ""])
@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids")])
@pytest.mark.parametrize("kind", [onnx.TensorProto.INT64, onnx.TensorProto.INT32])
def test_models_of_several_makes_give_the_same(
    tmp_path: Path, encoder: Encoder, pooled: str, inputs: tuple[str, ...], kind: int
) -> None:
    write_tokenizer(tmp_path)
    write_model(tmp_path, inputs=inputs, kind=kind, pooled=pooled)
    other = open_encoder(tmp_path)
    assert np.allclose(other.embed(["รถ หาย"]), encoder.embed(["รถ หาย"]), atol=1e-6)
    assert other.name != encoder.name or (len(inputs) == 3 and kind == onnx.TensorProto.INT64 and not pooled)


NASTY = ("ๆ", "ำ", "\ud800", "5", "\u202e", "ก ")


@given(st.text(st.characters(), max_size=300) | st.sampled_from(NASTY).map(lambda sign: sign * 5000))
@settings(max_examples=200)
def test_any_text_has_an_embedding(encoder: Encoder, text: str) -> None:
    (found,) = encoder.embed([text])
    assert np.isfinite(found).all()
    assert np.isclose(np.linalg.norm(found), 1, atol=1e-5) or not found.any()


def test_a_long_text_is_cut(folder: Path, tmp_path: Path) -> None:
    encoder = open_encoder(folder)
    assert [len(encoder.tokens(text)) for text in ("ก " * 2 * MAX_SIGNS, "ก")] == [MAX_TOKENS, 1]
    shorter = Tokenizer.from_file(str(folder / "tokenizer.json"))
    shorter.enable_truncation(9)
    shorter.save(str(tmp_path / "tokenizer.json"))
    write_model(tmp_path)
    assert len(open_encoder(tmp_path).tokens("ก " * MAX_SIGNS)) == 9


def spoil_nothing(_folder: Path) -> None:
    """Nothing was put there at all."""


def spoil_model(folder: Path) -> None:
    write_tokenizer(folder)
    (folder / "model.onnx").write_bytes(b"no model")


def spoil_tokenizer(folder: Path) -> None:
    write_model(folder)
    (folder / "tokenizer.json").write_text("{}")


def ask_for_more(folder: Path) -> None:
    write_tokenizer(folder)
    write_model(folder, inputs=("input_ids", "pixel_values"))


def ask_for_floats(folder: Path) -> None:
    write_tokenizer(folder)
    write_model(folder, inputs=("input_ids", "attention_mask"), kind=onnx.TensorProto.DOUBLE)


def mix_two(folder: Path) -> None:
    write_tokenizer(folder, [*WORDS, "a word the model does not have"])
    write_model(folder)


def say_nothing(folder: Path) -> None:
    write_tokenizer(folder)
    write_model(folder, vectors=np.full((len(WORDS), SIZE), np.nan, np.float32))


@pytest.mark.parametrize(
    "spoil", [spoil_nothing, spoil_model, spoil_tokenizer, ask_for_more, ask_for_floats, mix_two, say_nothing]
)
def test_a_folder_that_cannot_be_used_is_told_with_the_fix(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(EncoderError, match=f"(?s){SETTING}.*unset it to go without"):
        open_encoder(tmp_path)


def test_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    chosen_encoder.cache_clear()
    assert chosen_encoder() is None


def test_it_hears_a_word_nobody_wrote_in_a_phrase(with_it: Index, without: Index) -> None:
    asked = "กระบือ หาย"
    assert with_it.candidates(asked)[0].intent == "buffalo" != without.candidates(asked)[0].intent


def test_an_index_with_an_encoder_survives_being_stored(with_it: Index, encoder: Encoder) -> None:
    kept = load(save(with_it), encoder)
    for text in ("กระบือ หาย", "รถ", "อะไรนะ", ""):
        assert np.array_equal(kept.scores(text), with_it.scores(text))


def test_an_index_is_only_used_with_the_encoder_it_was_trained_with(
    with_it: Index, without: Index, encoder: Encoder, tmp_path: Path
) -> None:
    write_tokenizer(tmp_path)
    write_model(tmp_path, vectors=2 * table() + 1)
    other = open_encoder(tmp_path)
    for index, here in ((with_it, None), (without, encoder), (with_it, other)):
        with pytest.raises(OtherEncoder, match=f"{SETTING}.*bot migrate"):
            load(save(index), here)
    assert len({recipe(), recipe(encoder), recipe(other)}) == 3


def test_an_index_of_before_there_were_encoders_still_loads(without: Index) -> None:
    with np.load(io.BytesIO(save(without))) as parts:
        old = {name: parts[name] for name in parts.files}
    old["about"] = np.frombuffer(old["about"].tobytes().replace(b', "encoder": ""', b""), np.uint8)
    assert b"encoder" not in old["about"].tobytes()
    buffer = io.BytesIO()
    np.savez(buffer, **old)  # type: ignore[arg-type]
    assert np.array_equal(load(buffer.getvalue()).scores("รถ หาย"), without.scores("รถ หาย"))


def test_training_in_a_child_process_uses_it_too(chosen: Encoder) -> None:
    phrases = {intent: tuple(text for text, of, _ in ROWS if of == intent) for intent in ("buffalo", "fish", "car")}
    pack = Pack(
        agencies=(Agency("A", "A"),),
        intents=tuple(Intent(i, "faq", "A", i, i, i, phrases={"plain": texts}) for i, texts in phrases.items()),
    )
    heard: list[int] = []
    index = load(build_index(pack, heard.append), chosen)
    assert index.candidates("กระบือ หาย")[0].intent == "buffalo"
    assert heard == sorted(heard)


def test_a_worker_does_not_start_with_another_encoder_than_the_index_in_use(
    town_url: str, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(town_url)
    check_index(engine)
    monkeypatch.setattr("bot.catalogue.indexes.chosen_encoder", lambda: encoder)
    with pytest.raises(OtherEncoder):
        check_index(engine)
    engine.dispose()
