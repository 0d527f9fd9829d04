"""Encoder-decoders: task prefix, source limit, decoding."""

from __future__ import annotations

import json
from shutil import copytree

import pytest
from wire_stories import TAUGHT_BRIEF, story

from summarizer.errors import ModelError
from summarizer.summarize.beam_decode import BeamDecoder
from summarizer.summarize.drafts import Draft
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions


def load(folder, runtime, **options):
    return Seq2Seq(Seq2SeqOptions(model=str(folder), **options), runtime)


def first_prompt(summarizer, monkeypatch):
    """What the model is given for an article, decoded."""
    seen = []
    writer = summarizer._path._writer
    monkeypatch.setattr(writer, "write", lambda prompts: seen.extend(prompts) or [RuntimeError("stop")] * len(prompts))
    summarizer.summarize([story("a", 5)])
    return writer._tokenizer.decode(seen[0], skip_special_tokens=True)


def test_seq2seq_writes_what_its_model_learned(taught_bart_folder, runtime):
    brief = load(taught_bart_folder, runtime).summarize([story("a", 5)])[0]
    assert brief.text == TAUGHT_BRIEF
    assert [sentence.origin for sentence in brief.sentences] == ["generated", "generated"]


@pytest.mark.parametrize(
    ("fixture", "options", "begins"),
    [
        ("t5_folder", {}, "summarize: Minister"),
        ("t5_folder", {"prefix": ""}, "Minister"),
        ("bart_folder", {}, "Minister"),
        ("bart_folder", {"prefix": "Summary: "}, "Summary: Minister"),
    ],
)
def test_seq2seq_puts_the_task_prefix_before_the_article(fixture, options, begins, request, runtime, monkeypatch):
    summarizer = load(request.getfixturevalue(fixture), runtime, **options)
    assert first_prompt(summarizer, monkeypatch).startswith(begins)


def test_seq2seq_knows_the_prefix_of_a_t5_that_does_not_name_it(tmp_path, runtime, monkeypatch):
    from tiny_models import tiny_t5

    summarizer = load(tiny_t5(tmp_path / "t5", prefix=None), runtime)
    assert first_prompt(summarizer, monkeypatch).startswith("summarize: Minister")


@pytest.mark.parametrize("fixture", ["bart_folder", "pegasus_folder", "t5_folder"])
def test_seq2seq_fills_its_model_and_no_more(fixture, request, runtime):
    brief = load(request.getfixturevalue(fixture), runtime).summarize([story("a", 60)])[0]
    assert 80 <= brief.source_tokens.read < 128


def test_seq2seq_reads_no_more_than_the_config_wants(bart_folder, runtime):
    brief = load(bart_folder, runtime, max_source_tokens=50).summarize([story("a", 60)])[0]
    assert 30 <= brief.source_tokens.read <= 50


def test_seq2seq_lets_a_model_of_relative_positions_read_on(t5_folder, runtime):
    brief = load(t5_folder, runtime, max_source_tokens=400).summarize([story("a", 60)])[0]
    assert 300 <= brief.source_tokens.read <= 400


def test_seq2seq_refuses_more_than_its_model_can_read(bart_folder, runtime):
    with pytest.raises(ModelError, match=r"can read 126 tokens of an article, but summarize.max_source_tokens is 500"):
        load(bart_folder, runtime, max_source_tokens=500)


def test_seq2seq_writes_no_more_than_its_positions(bart_folder, runtime):
    brief = load(bart_folder, runtime, max_words=500, generation={"min_new_tokens": 400}).summarize([story("a", 60)])
    assert brief[0].words > 0


def test_seq2seq_decodes_as_the_models_task_settings_say(t5_folder, runtime):
    config = load(t5_folder, runtime, max_words=10)._path._writer._model.generation_config
    assert (config.num_beams, config.min_length, config.max_new_tokens) == (2, 4, 24)


def test_seq2seq_decodes_as_the_config_says(t5_folder, runtime):
    options = {"num_beams": 3, "length_penalty": 0.5, "max_new_tokens": 30, "min_new_tokens": 5}
    config = load(t5_folder, runtime, generation=options)._path._writer._model.generation_config
    assert {key: getattr(config, key) for key in options} == options


@pytest.mark.parametrize("fixture", ["bart_folder", "pegasus_folder", "t5_folder"])
def test_seq2seq_searches_with_beams_in_a_loop_of_its_own(fixture, request, runtime):
    generation = {"num_beams": 3, "no_repeat_ngram_size": 3, "length_penalty": 2.0, "min_new_tokens": 4}
    summarizer = load(request.getfixturevalue(fixture), runtime, generation=generation)
    writer = summarizer._path._writer
    prompts = [writer._tokenizer(story(str(count), count).text, verbose=False)["input_ids"] for count in (1, 2, 3)]
    prompts = [prompt[:100] for prompt in prompts]
    assert isinstance(writer._decoder, BeamDecoder)
    own = writer.write(prompts)
    assert own == writer._batch(prompts)  # what generate writes


@pytest.mark.parametrize(
    "settings", [{"num_beams": 1}, {"num_beams": 2, "do_sample": True}, {"num_beams": 2, "bad_words_ids": [[5]]}]
)
def test_seq2seq_leaves_to_generate_what_its_loop_does_not_do(settings, bart_folder, tmp_path, runtime):
    folder = copytree(bart_folder, tmp_path / "bart")
    path = folder / "generation_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
    generation = {"do_sample": True} if "do_sample" in settings else {}
    writer = load(folder, runtime, generation=generation)._path._writer
    assert writer._decoder is None
    assert isinstance(writer.write([writer._tokenizer(story("a", 2).text)["input_ids"]])[0], Draft)


def test_seq2seq_counts_a_source_once_for_all_its_beams(bart_folder, runtime, monkeypatch):
    writer = load(bart_folder, runtime, generation={"num_beams": 4, "max_new_tokens": 10})._path._writer
    sizes = []
    write = writer._decoder.write
    monkeypatch.setattr(writer._decoder, "write", lambda prompts: sizes.append(len(prompts)) or write(prompts))
    writer._batcher.max_tokens = 2 * (20 + 4 * 10)
    writer.write([[5] * 20] * 5)
    assert sizes == [2, 2, 1]
