"""Decoders: prompts, adapters, chat templates, room."""

from __future__ import annotations

import json
import shutil

import pytest
from pydantic import ValidationError
from tiny_models import tiny_gguf, tiny_llama
from wire_stories import TAUGHT_BRIEF, story

from summarizer.errors import ModelError
from summarizer.records import Article, Failure
from summarizer.summarize.causal import Causal, CausalOptions


def load(folder, runtime, **options):
    return Causal(CausalOptions(**{"model": str(folder), "max_words": 40, **options}), runtime)


def prompt_of(summarizer, text="The ferry sank.", title=""):
    return summarizer._path._writer._tokenizer.decode(summarizer._path._prompts([text], [title])[0])


def test_causal_writes_what_its_model_learned(taught_llama_folder, runtime):
    summarizer = load(taught_llama_folder, runtime)
    assert [brief.text for brief in summarizer.summarize([story("a", 5), story("b", 9)])] == [TAUGHT_BRIEF] * 2


def test_causal_takes_the_prompt_of_the_manifest(taught_llama_folder, runtime):
    assert prompt_of(load(taught_llama_folder, runtime)) == "<s>Article: The ferry sank.\n\nBrief:"


def test_causal_takes_the_prompt_of_the_config(taught_llama_folder, runtime):
    summarizer = load(taught_llama_folder, runtime, prompt="{x} {text} in {max_words} words:")
    assert prompt_of(summarizer, "{a}") == "<s>{x} {a} in 40 words:"


def test_causal_shows_the_title_where_the_prompt_asks_for_it(taught_llama_folder, runtime):
    summarizer = load(taught_llama_folder, runtime, prompt="{text}\n\nHeadline: {title}\nBrief:")
    assert prompt_of(summarizer, title="Ferry lost") == "<s>The ferry sank.\n\nHeadline: Ferry lost\nBrief:"
    assert prompt_of(summarizer) == "<s>The ferry sank.\n\nBrief:"


def test_causal_has_room_for_a_title_of_any_length(llama_folder, runtime):
    summarizer = load(llama_folder, runtime, prompt="{text}\n{title}\nBrief:")
    article = Article(id="a", text=story("a", 40).text, title="A very long headline </s> " * 4000)
    (brief,) = summarizer.summarize([article])
    assert not isinstance(brief, Failure)


def test_causal_gives_a_base_model_text_to_continue(llama_folder, runtime):
    assert prompt_of(load(llama_folder, runtime)).startswith("<s>Article: The ferry sank.\n\nSummary")


def test_causal_gives_a_chat_model_a_request(chat_folder, runtime):
    prompt = prompt_of(load(chat_folder, runtime))
    assert prompt.startswith("[user] Summarize the news article below in one paragraph of at most 40 words")
    assert prompt.endswith("The ferry sank.\n[assistant] ")


def test_causal_refuses_a_prompt_without_the_article():
    with pytest.raises(ValidationError, match=r"must contain \{text\}"):
        CausalOptions(prompt="Say something.")


def test_causal_refuses_a_chat_template_that_fails(tmp_path, runtime):
    folder = tiny_llama(tmp_path / "m", "{{ raise_exception('roles must alternate') }}")
    with pytest.raises(ModelError, match="its chat template fails"):
        load(folder, runtime)


def test_causal_merges_an_adapter_into_its_base(adapter_folder, llama_folder, runtime):
    with_adapter, base = load(adapter_folder, runtime), load(llama_folder, runtime)
    prompt = base._path._prompts([story("a").text], [""])[0]
    drafts = [summarizer._path._writer.write([prompt])[0].text for summarizer in (with_adapter, base)]
    assert drafts[0] != drafts[1]


def test_causal_says_what_is_wrong_with_an_adapters_base(adapter_folder, tmp_path, runtime):
    folder = shutil.copytree(adapter_folder, tmp_path / "adapter")
    config = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": "./gone"}))
    with pytest.raises(ModelError, match=r"\./gone"):
        load(folder, runtime)


@pytest.mark.parametrize("neighbours", [[], [3], [30, 4, 9]])
def test_causal_text_does_not_hang_on_its_neighbours(llama_folder, runtime, neighbours):
    writer = load(llama_folder, runtime)._path._writer
    tokenizer = writer._tokenizer
    prompts = [tokenizer(story("a", n).text)["input_ids"][:600] for n in [5, *neighbours]]
    assert writer.write(prompts)[0] == writer.write(prompts[:1])[0]


def test_causal_reads_no_more_than_its_model_has_room_for(llama_folder, runtime):
    brief = load(llama_folder, runtime).summarize([story("a", 200)])[0]
    assert 700 <= brief.source_tokens.read <= 1024 - 72


def test_causal_refuses_more_than_its_model_has_room_for(llama_folder, runtime):
    with pytest.raises(ModelError, match=r"can read \d+ tokens of an article, but summarize.max_source_tokens is 1000"):
        load(llama_folder, runtime, max_source_tokens=1000)


def test_causal_refuses_a_brief_that_leaves_no_room(llama_folder, runtime):
    with pytest.raises(ModelError, match="its 1024 positions leave 0 tokens for the article"):
        load(llama_folder, runtime, max_words=1000)


@pytest.mark.parametrize("named", ["the file", "its folder", "its folder and the file"])
def test_causal_loads_a_gguf_file(named, llama_folder, tmp_path, runtime, capfd):
    pytest.importorskip("gguf")
    file = tiny_gguf(tmp_path / "tiny.gguf", llama_folder)
    options = {"gguf_file": file.name} if named == "its folder and the file" else {}
    capfd.readouterr()
    summarizer = load(file if named == "the file" else file.parent, runtime, **options)
    assert capfd.readouterr() == ("", "")
    brief = summarizer.summarize([story("a", 8)])[0]
    assert 0 < brief.words <= 40
