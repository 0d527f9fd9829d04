"""Training an adapter on briefs: its loss falls, a killed run is taken up, the backends load the result."""

import json
import re
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config, read_text
from summarizer.errors import InputError, ModelError, OutputError
from summarizer.records import Article, Brief
from summarizer.runtime import RuntimeOptions
from summarizer.summarize import load_summarizer
from summarizer.train import brief_loop
from summarizer.train.brief import train_brief
from summarizer.train.brief_options import BriefTraining

STORY = "Police said nobody was hurt when the bridge closed in Orma on Tuesday."
BRIEF = "The bridge closed."
CONFIGS = Path(__file__).parent.parent.parent / "configs"


def write_pairs(path: Path, days: range) -> Path:
    pairs = [{"id": f"d{n}", "text": f"{STORY} Day {n}.", "summary": BRIEF} for n in days]
    path.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_pairs(tmp_path / "pairs.jsonl", range(12))


@pytest.fixture
def val(tmp_path: Path) -> Path:
    return write_pairs(tmp_path / "val.jsonl", range(20, 24))


def options(data: Path, base: Path, out: Path, **changes) -> BriefTraining:
    settings = {"batch_articles": 2, "warmup_steps": 1, "learning_rate": 1e-2, "lora_rank": 2, "save_every_steps": 2}
    settings["runtime"] = {"device": "cpu", "dtype": "float32", "threads": 1}
    return BriefTraining(data=str(data), base=str(base), out=str(out), **settings | changes)


def ignore(_line: str) -> None:
    pass


def weights(folder: Path) -> bytes:
    return (folder / "adapter_model.safetensors").read_bytes()


def brief_by(folder: Path, backend: str) -> Brief:
    """Return what the model makes of a story that is in no data."""
    section = parse_config(f"summarize: {{backend: {backend}, model: {folder}, min_source_words: 5}}", RunConfig)
    summarizer = load_summarizer(section.summarize, RuntimeOptions(device="cpu", dtype="float32", threads=1))
    [brief] = summarizer.summarize([Article(id="1", text=f"{STORY} Day 99.")])
    assert isinstance(brief, Brief), brief
    return brief


def dies_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Let the process be killed in the midst of the next step."""
    done, step = 0, brief_loop._step

    def dying(*arguments):
        nonlocal done
        if done == steps:
            monkeypatch.setattr(brief_loop, "_step", step)
            raise KeyboardInterrupt
        done += 1
        return step(*arguments)

    monkeypatch.setattr(brief_loop, "_step", dying)


@pytest.fixture(scope="module")
def trained(llama_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[BriefTraining, dict, list[str]]:
    """A training that learns its brief by heart: its options, what it measured and what it said."""
    folder = tmp_path_factory.mktemp("trained")
    data = [write_pairs(folder / "one.jsonl", range(8)), write_pairs(folder / "two.jsonl", range(8, 12))]
    more = {"epochs": 14, "batch_articles": 4, "lora_rank": 16, "save_every_steps": 50}
    more |= {"val": str(write_pairs(folder / "val.jsonl", range(20, 24))), "evaluate_every_steps": 21, "samples": 2}
    settings = options(data[0], llama_folder, folder / "mine", **more)
    settings = settings.model_copy(update={"data": list(map(str, data))})
    said: list[str] = []
    return settings, train_brief(settings, said.append), said


def test_train_brief_takes_several_files_and_its_loss_falls(trained):
    _, measured, said = trained
    assert (measured["examples"], measured["steps"], measured["left_out"]) == (12, 42, 0)
    [first] = [float(line.split()[3].rstrip(",")) for line in said if line.startswith("step 10/42, loss")]
    assert measured["val_loss"] < 0.7 * first


def test_train_brief_adapter_writes_in_the_causal_backend_what_it_learned(trained):
    out = Path(trained[0].out)
    assert brief_by(out, "causal").text == BRIEF
    assert not (out / "unfinished").exists()


def test_train_brief_writes_samples_beside_the_human_brief(trained):
    text = (Path(trained[0].out) / "samples.md").read_text()
    assert re.findall(r"^## (\w+)", text, re.M) == ["d20", "d21"]
    assert text.count(f"**By a person:** {BRIEF}") == 2
    samples = re.findall(r"\*\*Step (\d+)\*\* \(loss [\d.]+\): (.+)", text)
    assert [int(step) for step, _ in samples] == [42, 21] * 2
    assert samples[0][1] == BRIEF


def test_train_brief_keeps_the_prompt_with_the_adapter(trained):
    manifest = json.loads((Path(trained[0].out) / "summarizer.json").read_text())
    assert manifest["prompt"] == "Article: {text}\n\nHeadline: {title}\nBrief:"
    assert (manifest["task"], manifest["backend"]) == ("brief", "causal")


def test_train_brief_says_the_time_left(trained):
    assert any(re.fullmatch(r"step 10/42, loss [\d.]+, [\d.]+ steps/s, \d+ (s|min) to go", line) for line in trained[2])


def test_train_brief_never_writes_over_a_finished_adapter(trained):
    with pytest.raises(OutputError, match="holds a finished model"):
        train_brief(trained[0], ignore)


@pytest.mark.parametrize("with_val", [False, True])
def test_train_brief_killed_run_ends_as_an_unbroken_one(
    data: Path,
    val: Path,
    llama_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    with_val: bool,
):
    more = {"lora_dropout": 0.1} | ({"val": str(val), "evaluate_every_steps": 2, "samples": 1} if with_val else {})
    train_brief(options(data, llama_folder, tmp_path / "whole", **more), ignore)
    dies_after(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        train_brief(options(data, llama_folder, tmp_path / "broken", **more), ignore)
    said: list[str] = []
    capfd.readouterr()
    train_brief(options(data, llama_folder, tmp_path / "broken", **more), said.append)
    assert capfd.readouterr() == ("", "")  # nothing of the libraries' own reaches the terminal
    assert any("starting at step 2" in line for line in said)
    assert weights(tmp_path / "broken") == weights(tmp_path / "whole")
    if with_val:
        assert (tmp_path / "broken" / "samples.md").read_text() == (tmp_path / "whole" / "samples.md").read_text()


def test_train_brief_unfinished_run_of_other_settings_is_refused(
    data: Path, llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dies_after(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        train_brief(options(data, llama_folder, tmp_path / "mine"), ignore)
    with pytest.raises(OutputError, match=r"unfinished run with learning_rate 0\.01, now 0\.02"):
        train_brief(options(data, llama_folder, tmp_path / "mine", learning_rate=2e-2), ignore)


def goes_wild_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Let the steps after the first few be so large that the model loses what it had."""
    monkeypatch.setattr(brief_loop, "learning_rate", lambda step, *_: 1e-2 if step < steps else 20.0)


def test_train_brief_keeps_the_checkpoint_with_the_lowest_validation_loss(
    data: Path, val: Path, llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    goes_wild_after(monkeypatch, 6)
    said: list[str] = []
    more = {"val": str(val), "evaluate_every_steps": 2, "samples": 0, "epochs": 2}
    measured = train_brief(options(data, llama_folder, tmp_path / "mine", **more), said.append)
    found = [re.match(r"step (\d+): loss ([\d.]+) on the held-out", line) for line in said]
    losses = {int(match[1]): float(match[2]) for match in found if match}
    assert list(losses) == [2, 4, 6, 8, 10, 12]
    assert measured["step"] == min(losses, key=losses.__getitem__) <= 6
    assert measured["val_loss"] == pytest.approx(min(losses.values()))
    assert loss_of_adapter(tmp_path / "mine", llama_folder, val) == pytest.approx(measured["val_loss"], abs=0.01)


def loss_of_adapter(folder: Path, base: Path, pairs: Path) -> float:
    """The mean loss of a brief's token, over the tokens that occur in the pairs and the training, by plain means."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder).eval()
    rows = [json.loads(line) for line in pairs.read_text().splitlines()]
    prompts = [tokenizer(f"Article: {row['text']}\n\nBrief:")["input_ids"] for row in rows]
    targets = [tokenizer(" " + row["summary"], add_special_tokens=False)["input_ids"] + [2] for row in rows]
    train = [tokenizer(f"Article: {STORY} Day {n}.\n\nBrief:")["input_ids"] for n in range(12)]
    known = sorted({token for ids in [*prompts, *targets, *train] for token in ids})
    total = 0.0
    for prompt, target in zip(prompts, targets, strict=True):
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([prompt + target])).logits[0, len(prompt) - 1 : -1, known]
        wanted = torch.tensor([known.index(token) for token in target])
        total += torch.nn.functional.cross_entropy(logits, wanted, reduction="sum").item()
    return total / sum(map(len, targets))


def test_train_brief_patience_ends_it_early(
    data: Path, val: Path, llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    goes_wild_after(monkeypatch, 2)
    more = {"val": str(val), "evaluate_every_steps": 1, "samples": 0, "epochs": 20, "patience": 2}
    measured = train_brief(options(data, llama_folder, tmp_path / "mine", **more), ignore)
    assert measured["steps"] == measured["step"] + 2 <= 4


def test_train_brief_on_an_adapter_trains_on_its_base_and_passes_its_terms_on(
    data: Path, llama_folder: Path, tmp_path: Path
):
    train_brief(options(data, llama_folder, tmp_path / "first", max_steps=1), ignore)
    (tmp_path / "first" / "NOTICE").write_text("Pass this on.")
    train_brief(options(data, tmp_path / "first", tmp_path / "second", max_steps=1), ignore)
    assert weights(tmp_path / "second") == weights(tmp_path / "first")
    assert (tmp_path / "second" / "NOTICE").read_text() == "Pass this on."
    config = json.loads((tmp_path / "second" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == str(llama_folder)
    brief_by(tmp_path / "second", "causal")


def test_train_brief_rows_without_a_brief_are_counted_told_and_kept(data: Path, llama_folder: Path, tmp_path: Path):
    data.write_text(data.read_text() + json.dumps({"text": STORY}) + "\n")
    said: list[str] = []
    measured = train_brief(options(data, llama_folder, tmp_path / "mine", max_steps=1), said.append)
    assert (measured["examples"], measured["left_out"]) == (12, 1)
    assert f"1 left out: has no 'summary' (first: {data}:13)" in said
    [kept] = (tmp_path / "mine" / "left_out.jsonl").read_text().splitlines()
    assert json.loads(kept) == {"where": f"{data}:13", "reason": "has no 'summary'"}


def test_train_brief_articles_that_do_not_fit_are_an_error(data: Path, llama_folder: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no article with a brief fits 16 tokens"):
        train_brief(options(data, llama_folder, tmp_path / "mine", max_article_tokens=16), ignore)


def test_train_brief_a_model_that_does_not_write_is_an_error(data: Path, bert_folder: Path, tmp_path: Path):
    with pytest.raises(ModelError, match="does not write text"):
        train_brief(options(data, bert_folder, tmp_path / "mine"), ignore)


def test_train_brief_shipped_config_is_valid_and_says_the_defaults():
    written = parse_config(read_text(CONFIGS / "train-brief.yaml"), BriefTraining)
    assert written == BriefTraining(data=written.data, out=written.out)


def test_train_brief_command_takes_files_base_and_validation(
    call, data: Path, val: Path, llama_folder: Path, tmp_path: Path
):
    arguments = ["--val", val, "--from", llama_folder, "--out", tmp_path / "mine", "--set", "samples=0"]
    code, out, err = call("train", "brief", data, val, *arguments, "--set", "max_steps=2")
    assert code == 0
    assert json.loads(out)["examples"] == 16
    assert "on the held-out articles; the best so far" in err
    code, _, err = call("train", "brief", tmp_path / "absent.jsonl", "--out", tmp_path / "other")
    assert code == 1
    assert "absent.jsonl: no such file or folder" in err
