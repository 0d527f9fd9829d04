"""Training an adapter on each kind of model: it is asked as the backends ask, and they load what comes out."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from transformers import AutoConfig, AutoTokenizer

from summarizer.errors import InputError, ModelError, UsageError
from summarizer.records import Article, Brief
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.causal import Causal, CausalOptions
from summarizer.summarize.loading import load_model, merge_adapter
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions
from summarizer.train.brief import train_brief
from summarizer.train.brief_model import find_start, kind_of, load_start
from summarizer.train.brief_options import BriefTraining
from summarizer.train.brief_prompt import choose_prompt

STORY = "Police said nobody was hurt when the bridge closed in the capital on Monday."
BRIEF = "The bridge closed."


def options(tmp_path: Path, base: Path, **changes: Any) -> BriefTraining:
    data = tmp_path / "pairs.jsonl"
    rows = [{"text": f"{STORY} Day {n}.", "summary": BRIEF} for n in range(4)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = {"batch_articles": 4, "warmup_steps": 1, "learning_rate": 1e-2, "max_article_tokens": 128}
    settings["runtime"] = {"device": "cpu", "dtype": "float32", "threads": 1}
    return BriefTraining(data=str(data), base=str(base), out=str(tmp_path / "mine"), **settings | changes)


def ignore(_line: str) -> None:
    pass


@pytest.mark.parametrize("name", ["bart", "t5", "pegasus"])
def test_train_brief_adapts_an_encoder_decoder(name: str, tmp_path: Path, request: pytest.FixtureRequest):
    base = request.getfixturevalue(f"{name}_folder")
    measured = train_brief(options(tmp_path, base, max_steps=2, epochs=2), ignore)
    assert (measured["examples"], measured["steps"]) == (4, 2)
    config = json.loads((tmp_path / "mine" / "adapter_config.json").read_text())
    assert config["task_type"] == "SEQ_2_SEQ_LM"
    assert json.loads((tmp_path / "mine" / "summarizer.json").read_text())["backend"] == "seq2seq"
    runtime = RuntimeOptions(device="cpu", dtype="float32", threads=1)
    plain = load_model(name, base, "seq2seq", runtime)
    before = {key: tensor.clone() for key, tensor in plain.state_dict().items()}
    after = merge_adapter(name, tmp_path / "mine", plain).state_dict()
    changed = [key for key, tensor in after.items() if not tensor.equal(before[key])]
    assert any("encoder" in key for key in changed)
    assert any("decoder" in key for key in changed)


def test_train_brief_keeps_the_prefix_that_a_seq2seq_adapter_was_asked_with(bart_folder: Path, tmp_path: Path):
    train_brief(options(tmp_path, bart_folder, max_steps=1, prompt="brief: {text}"), ignore)
    runtime = RuntimeOptions(device="cpu", dtype="float32", threads=1)
    backend = Seq2Seq(Seq2SeqOptions(model=str(tmp_path / "mine"), max_words=10), runtime)
    assert backend._path._tokenizer.decode(backend._path._prompts(["Ferry."], [""])[0]).startswith("<s>brief: Ferry.")


def test_train_brief_goes_on_from_an_adapter(bart_folder: Path, tmp_path: Path):
    first = options(tmp_path, bart_folder, max_steps=1, lora_rank=4)
    train_brief(first, ignore)
    again = options(tmp_path, tmp_path / "mine", warm_start=True, max_steps=1, learning_rate=1e-30)
    train_brief(again.model_copy(update={"out": str(tmp_path / "second")}), ignore)
    made = [load_file(tmp_path / name / "adapter_model.safetensors") for name in ("mine", "second")]
    assert all(made[1][name].allclose(weights) for name, weights in made[0].items())
    assert any(weights.any() for name, weights in made[0].items() if "lora_B" in name)
    config = json.loads((tmp_path / "second" / "adapter_config.json").read_text())
    assert (config["r"], config["base_model_name_or_path"]) == (4, str(bart_folder.resolve()))


def test_train_brief_needs_an_adapter_to_go_on_from(bart_folder: Path, tmp_path: Path):
    with pytest.raises(ModelError, match="is no adapter"):
        train_brief(options(tmp_path, bart_folder, warm_start=True), ignore)


def test_train_brief_adapter_writes_in_the_seq2seq_backend_what_it_learned(bart_folder: Path, tmp_path: Path):
    train_brief(options(tmp_path, bart_folder, epochs=50), ignore)
    section = Seq2SeqOptions(model=str(tmp_path / "mine"), min_source_words=5, max_words=10)
    backend = Seq2Seq(section, RuntimeOptions(device="cpu", dtype="float32", threads=1))
    [brief] = backend.summarize([Article(id="1", text=f"{STORY} Day 9.")])
    assert isinstance(brief, Brief)
    assert brief.text == BRIEF


def test_train_brief_validates_and_samples_an_encoder_decoder(t5_folder: Path, tmp_path: Path):
    settings = options(tmp_path, t5_folder, max_steps=2, epochs=2, samples=1, max_words=10)
    settings = settings.model_copy(update={"val": settings.data})
    measured = train_brief(settings, ignore)
    assert measured["val_examples"] == 4
    assert (tmp_path / "mine" / "samples.md").read_text().count("**Step 2**") == 1


def test_train_brief_asks_a_chat_model_as_the_causal_backend_does(
    chat_folder: Path, tmp_path: Path, runtime: RuntimeOptions
):
    settings = options(tmp_path, chat_folder, max_steps=1, max_article_tokens=400)
    train_brief(settings, ignore)
    assert "prompt" not in json.loads((tmp_path / "mine" / "summarizer.json").read_text())
    backend = Causal(CausalOptions(model=str(tmp_path / "mine")), runtime)
    tokenizer = AutoTokenizer.from_pretrained(chat_folder)
    prompting = choose_prompt(settings, AutoConfig.from_pretrained(chat_folder), tokenizer)
    assert prompting.ids(tokenizer, STORY) == backend._path._prompts([STORY], [""])[0]
    assert "[user] Summarize the news article" in tokenizer.decode(prompting.ids(tokenizer, STORY))


def test_train_brief_asks_a_base_model_as_the_causal_backend_does(
    chat_folder: Path, tmp_path: Path, runtime: RuntimeOptions
):
    settings = options(tmp_path, chat_folder, max_steps=1, prompt="News: {text}\nIn {max_words} words:")
    train_brief(settings, ignore)
    backend = Causal(CausalOptions(model=str(tmp_path / "mine")), runtime)
    tokenizer = AutoTokenizer.from_pretrained(chat_folder)
    prompting = choose_prompt(settings, AutoConfig.from_pretrained(chat_folder), tokenizer)
    assert prompting.ids(tokenizer, STORY) == backend._path._prompts([STORY], [""])[0]
    assert tokenizer.decode(prompting.ids(tokenizer, STORY)).endswith("In 80 words:")


def test_train_brief_asks_an_encoder_decoder_as_the_seq2seq_backend_does(
    t5_folder: Path, tmp_path: Path, runtime: RuntimeOptions
):
    backend = Seq2Seq(Seq2SeqOptions(model=str(t5_folder)), runtime)
    tokenizer = AutoTokenizer.from_pretrained(t5_folder)
    prompting = choose_prompt(options(tmp_path, t5_folder), AutoConfig.from_pretrained(t5_folder), tokenizer)
    assert prompting.template == "summarize: {text}"
    assert prompting.ids(tokenizer, STORY) == backend._path._prompts([STORY], [""])[0]


def test_train_brief_prompt_after_the_article_is_refused_for_an_encoder_decoder(t5_folder: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="goes on after the article"):
        train_brief(options(tmp_path, t5_folder, prompt="{text}\nBrief:"), ignore)


def test_train_brief_articles_beyond_the_positions_of_a_model_are_left_out(bart_folder: Path, tmp_path: Path):
    settings = options(tmp_path, bart_folder, max_steps=1, max_article_tokens=5000)
    long = {"text": f"{STORY} " * 9, "summary": BRIEF}
    with Path(settings.data[0]).open("a") as file:
        file.write(json.dumps(long) + "\n")
    said: list[str] = []
    assert train_brief(settings, said.append)["left_out"] == 1
    assert any(line.startswith("1 left out: longer than 128 tokens (first: ") for line in said)


def test_train_brief_finds_out_the_kind_of_a_model(bart_folder: Path, t5_folder: Path, llama_folder: Path):
    assert [kind_of("m", folder) for folder in (bart_folder, t5_folder, llama_folder)] == [
        "seq2seq",
        "seq2seq",
        "causal",
    ]


def test_train_brief_trains_a_bfloat16_base_with_a_float32_adapter(llama_folder: Path, tmp_path: Path):
    import torch

    settings = options(tmp_path, llama_folder, max_steps=2, epochs=2, runtime={"device": "cpu", "dtype": "bfloat16"})
    start = load_start(find_start(settings), settings)
    assert start.model.get_base_model().dtype is torch.bfloat16
    assert {parameter.dtype for parameter in start.adapter} == {torch.float32}
    assert train_brief(settings, ignore)["steps"] == 2


def test_train_brief_float16_is_trained_in_float32(llama_folder: Path, tmp_path: Path):
    import torch

    settings = options(tmp_path, llama_folder, runtime={"device": "cpu", "dtype": "float16"})
    assert load_start(find_start(settings), settings).model.get_base_model().dtype is torch.float32


def test_train_brief_pairs_that_cannot_be_learned_from_are_an_error(llama_folder: Path, tmp_path: Path):
    settings = options(tmp_path, llama_folder)
    Path(settings.data[0]).write_text(json.dumps({"text": STORY, "summary": "Dana Okoro met them."}) + "\n")
    with pytest.raises(InputError, match=r"none of its 1 articles has a brief .*a name that the article"):
        train_brief(settings, ignore)
