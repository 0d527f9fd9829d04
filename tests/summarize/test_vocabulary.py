"""The list of tokens that a model may write."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoTokenizer

from summarizer.errors import ModelError
from summarizer.summarize.vocabulary import FILE, choose_tokens, read_tokens, write_tokens


@pytest.fixture(scope="module")
def tokenizer(llama_folder):
    return AutoTokenizer.from_pretrained(llama_folder)


def test_vocabulary_keeps_special_tokens_ascii_and_the_most_frequent(tokenizer):
    needed = choose_tokens(tokenizer, [], 0)
    assert {tokenizer.eos_token_id, tokenizer.pad_token_id} <= set(needed)
    assert set(tokenizer("~ a?", add_special_tokens=False)["input_ids"]) <= set(needed)
    word = tokenizer("The ferry ferry ferry minister", add_special_tokens=False)["input_ids"]
    ferry, minister = word[1], word[-1]
    assert not {ferry, minister} & set(needed)
    kept = choose_tokens(tokenizer, ["a ferry ferry ferry", "a minister"], len(needed) + 1)
    assert kept == sorted({*needed, ferry})


def test_vocabulary_comes_back_as_it_was_written(tmp_path):
    assert read_tokens(tmp_path, 100) is None
    write_tokens(tmp_path, [1, 5, 99])
    assert read_tokens(tmp_path, 100).tolist() == [1, 5, 99]


@pytest.mark.parametrize("tokens", [[], [5, 1], [1, 1], [-1, 3], [3, 100]])
def test_vocabulary_refuses_a_list_for_another_model(tmp_path, tokens):
    write_tokens(tmp_path, tokens)
    with pytest.raises(ModelError, match="is no ascending list of ids below 100"):
        read_tokens(tmp_path, 100)


def test_vocabulary_refuses_a_damaged_list(tmp_path):
    (tmp_path / FILE).write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00 garbage")
    with pytest.raises(ModelError, match="cannot be read"):
        read_tokens(tmp_path, 100)


def test_vocabulary_is_used_where_a_model_keeps_one(tmp_path, llama_folder, runtime):
    import shutil

    from wire_stories import story

    from summarizer.summarize.causal import Causal, CausalOptions

    folder = shutil.copytree(llama_folder, tmp_path / "model")
    whole = Causal(CausalOptions(model=str(folder), max_words=40), runtime)
    kept = choose_tokens(AutoTokenizer.from_pretrained(folder), [], 0)
    write_tokens(folder, kept)
    cut = Causal(CausalOptions(model=str(folder), max_words=40), runtime)
    prompt = whole._path._prompts([story("a").text], [""])[0]
    seen = [one._path._writer._decoder.write([prompt])[0] for one in (whole, cut)]
    allowed = {*kept, *prompt}
    assert set(seen[1]) <= allowed
    assert not set(seen[0]) <= allowed
    assert torch.equal(cut._path._writer._model.lm_head.weight, whole._path._writer._model.lm_head.weight)
