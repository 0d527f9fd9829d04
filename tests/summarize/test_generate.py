"""The decoding loop and its options."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from wire_stories import story

from summarizer.runtime import RuntimeOptions
from summarizer.summarize.causal import Causal, CausalOptions
from summarizer.summarize.settings import GenerationOptions


def writer_of(folder, runtime=None, **generation):
    options = CausalOptions(model=str(folder), max_words=40, generation=generation)
    return Causal(options, runtime or RuntimeOptions(device="cpu", dtype="float32", threads=1))._path._writer


def prompts_of(writer, *articles):
    return [writer._tokenizer(article.text)["input_ids"] for article in articles]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": 0.7}, "temperature works with do_sample: true only"),
        ({"top_p": 0.9}, "top_p works with do_sample: true only"),
        ({"min_new_tokens": 9, "max_new_tokens": 5}, "min_new_tokens 9 is above max_new_tokens 5"),
        ({"num_beams": 0}, "num_beams"),
        ({"beams": 4}, "beams"),
    ],
)
def test_generate_options_refuse(options, message):
    with pytest.raises(ValidationError, match=message):
        GenerationOptions(**options)


@pytest.mark.parametrize(("options", "tokens"), [({}, 136), ({"max_new_tokens": 50}, 50)])
def test_generate_options_turn_words_into_tokens(options, tokens):
    assert GenerationOptions(**options).brief_tokens(80) == tokens


def test_generate_is_greedy_though_the_model_would_sample(tmp_path):
    import json

    from tiny_models import tiny_llama

    folder = tiny_llama(tmp_path / "m")
    path = folder / "generation_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "do_sample": True, "temperature": 0.6, "top_p": 0.9}))
    writer = writer_of(folder)
    prompts = prompts_of(writer, story("a"))
    assert writer.write(prompts) == writer.write(prompts)


def test_generate_samples_with_the_runs_seed(llama_folder):
    def draft(seed):
        runtime = RuntimeOptions(device="cpu", dtype="float32", threads=1, seed=seed)
        writer = writer_of(llama_folder, runtime, do_sample=True, temperature=2.0)
        return writer.write(prompts_of(writer, story("a")))

    assert draft(1) == draft(1)
    assert draft(1) != draft(2)


def test_generate_leaves_the_programs_random_state_alone(llama_folder):
    import torch

    writer = writer_of(llama_folder, do_sample=True)
    before = torch.get_rng_state()
    writer.write(prompts_of(writer, story("a")))
    assert torch.equal(torch.get_rng_state(), before)


def test_generate_forbids_repetition_in_the_brief_only(llama_folder):
    import torch

    writer = writer_of(llama_folder, no_repeat_ngram_size=2)
    free = writer_of(llama_folder)
    prompt = prompts_of(free, story("a"))[0]
    said = free.write([prompt])[0].text
    copied = free._tokenizer(said, add_special_tokens=False)["input_ids"][:2]
    assert len(copied) == 2
    rule = writer._processors[0]
    scores = torch.zeros(1, 700)
    assert rule(torch.tensor([[copied[0]]]), scores).isfinite().all()
    assert not rule(torch.tensor([[*copied, copied[0]]]), scores).isfinite().all()
    assert writer._model.generation_config.no_repeat_ngram_size is None


def test_generate_marks_what_was_stopped_at_its_limit(taught_llama_folder):
    article = story("a", 4)
    prompt = "Article: " + article.text + "\n\nBrief:"
    whole, cut = writer_of(taught_llama_folder), writer_of(taught_llama_folder, max_new_tokens=4)
    drafts = [writer.write([writer._tokenizer(prompt)["input_ids"]])[0] for writer in (whole, cut)]
    assert [draft.is_finished for draft in drafts] == [True, False]
