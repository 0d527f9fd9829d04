"""Config files: every fault at once, with line, key, what was seen and how to mend it."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from summarizer.config import RunConfig, load_config, parse_config, read_text
from summarizer.config_faults import _backends, _classes
from summarizer.errors import ConfigError
from summarizer.train.topics_options import TopicTraining

CONFIGS = Path(__file__).parent.parent / "configs"
RUN_CONFIGS = ["default", "wire", "briefs", "tags", "extractive", "bart-cnn"]


def faults_of(text: str, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, RunConfig, name="c.yaml", overrides=overrides)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", RUN_CONFIGS)
def test_config_every_shipped_run_config_is_valid(name: str):
    load_config(CONFIGS / f"{name}.yaml")


def test_config_shipped_training_config_is_valid_and_says_the_defaults():
    options = parse_config(read_text(CONFIGS / "train-topics.yaml"), TopicTraining)
    assert options == TopicTraining(data=options.data, out=options.out)


def default_blocks() -> list[str]:
    """Return default.yaml, and each of its commented sections with the comment signs taken off."""
    text = (CONFIGS / "default.yaml").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^# [a-z]+:\n(?:^# .*\n)+)", text, flags=re.MULTILINE)
    return [text, *(re.sub(r"^# ", "", block, flags=re.MULTILINE) for block in blocks)]


def assert_holds_every_key(written: dict, kind: type[BaseModel], given: tuple[str, ...] = ()):
    assert set(written) == set(kind.model_fields)
    for key, field in kind.model_fields.items():
        section = _classes(field.annotation)
        if isinstance(written[key], dict) and len(section) == 1:
            assert_holds_every_key(written[key], section[0])
        elif not field.is_required() and key not in given:
            assert written[key] == field.default, key


def test_config_default_yaml_lists_every_key_with_its_default():
    whole, *alternatives = default_blocks()
    tree = YAML(typ="safe").load(whole)
    assert set(tree) == set(RunConfig.model_fields)
    seen = set()
    for section, written in tree.items():
        backends = _backends(RunConfig, section)
        kind = backends[written["backend"]] if backends else _classes(RunConfig.model_fields[section].annotation)[0]
        seen.add((section, written.get("backend")))
        assert_holds_every_key(written, kind)
    for block in alternatives:
        [(section, written)] = YAML(typ="safe").load(block).items()
        seen.add((section, written["backend"]))
        assert_holds_every_key(written, _backends(RunConfig, section)[written["backend"]], given=("model",))
    for section in ("summarize", "classify"):
        assert {backend for name, backend in seen if name == section} == set(_backends(RunConfig, section))


def test_config_reports_every_fault_in_file_order():
    faults = faults_of(
        "input:\n  path: x\nsummarize:\n  backend: causal\n  max_word: 60\n  generation:\n    num_beam: 4\n"
        "classify:\n  backend: encodr\nevidence:\n  on_unsupported: replce\nruntime:\n  threads: 0\noutpt: x\n"
    )
    assert faults == [
        "c.yaml:5: summarize.max_word: unknown key. Did you mean 'max_words'?",
        "c.yaml:7: summarize.generation.num_beam: unknown key. Did you mean 'num_beams'?",
        "c.yaml:9: classify.backend: unknown backend 'encodr'. Did you mean 'encoder'?",
        "c.yaml:11: evidence.on_unsupported: 'replce' is not one of its values. Did you mean 'replace'?",
        "c.yaml:13: runtime.threads: must be greater than or equal to 1, got 0. "
        "Use 1 or another value within the limit.",
        "c.yaml:14: outpt: unknown key. Did you mean 'output'?",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- a\n", "c.yaml:1: the top level must be sections"),
        ("input: [\n", "not YAML"),
        ("input: {}\ninput: {}\n", "c.yaml:2: not YAML (found duplicate key"),
        (
            "summarize:\n  max_words: 50\n",
            "summarize: has no backend. Add 'backend:'. Known: lead, salience, seq2seq, causal",
        ),
        ("output: 5\n", "c.yaml:1: output: must be a section of keys, got 5"),
        ("summarize:\n  backend: lead\n  max_words: many\n", "c.yaml:3: summarize.max_words: must be a valid integer"),
        ("summarize:\n  backend: causal\n  prompt: hello\n", "must contain {text} once, where the article goes"),
        ("runtime:\n  device: gpu\n", "c.yaml:2: runtime.device: must match"),
        ("input:\n  path: '\x01'\n", "c.yaml: not YAML"),
    ],
)
def test_config_names_line_and_key_of_a_fault(text: str, wanted: str):
    assert wanted in "\n".join(faults_of(text))


@pytest.mark.parametrize("word", ["no", "off", "on", "y"])
def test_config_reads_yaml_1_2_words_as_words(word: str):
    assert parse_config(f"input:\n  path: {word}\n", RunConfig).input.path == word


def test_config_reads_exponents_as_numbers():
    assert parse_config("data: a\nout: b\nlearning_rate: 1e-5\n", TopicTraining).learning_rate == 1e-5


def test_config_override_wins_over_the_file():
    config = parse_config("summarize:\n  backend: lead\n", RunConfig, overrides=["summarize.max_words=33"])
    assert config.summarize is not None
    assert config.summarize.max_words == 33


def test_config_override_takes_a_bare_dash_as_standard_output():
    assert parse_config("", RunConfig, overrides=["output.path=-"]).output.path == "-"


@pytest.mark.parametrize(
    ("override", "wanted"),
    [
        ("input.limt=3", "--set input.limt: unknown key. Did you mean 'limit'?"),
        ("input.limit", "--set input.limit: not of the form section.key=value"),
        ("input.limit=x", "--set input.limit: must be a valid integer"),
    ],
)
def test_config_faults_of_overrides_name_the_override(override: str, wanted: str):
    assert wanted in "\n".join(faults_of("", override))


def test_config_environment_reference_is_replaced_and_typed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIRE_LIMIT", "7")
    monkeypatch.setenv("WIRE", "wire")
    config = parse_config("input:\n  path: in/${env:WIRE}.jsonl\n  limit: ${env:WIRE_LIMIT}\n", RunConfig)
    assert (config.input.path, config.input.limit) == ("in/wire.jsonl", 7)


def test_config_missing_environment_variable_is_one_fault(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WIRE_LIMIT", raising=False)
    assert faults_of("input:\n  limit: ${env:WIRE_LIMIT}\n") == [
        "c.yaml:2: input.limit: the environment has no variable 'WIRE_LIMIT'. Set it: export WIRE_LIMIT=..."
    ]


def test_config_missing_file_names_the_remedy(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"no such file or directory\. Run 'summarizer init'"):
        load_config(tmp_path / "absent.yaml")


def test_config_binary_file_is_refused(tmp_path: Path):
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load_config(tmp_path / "c.yaml")


def test_config_fingerprint_ignores_where_but_not_how():
    text = "summarize:\n  backend: lead\n"
    base = parse_config(text, RunConfig).fingerprint()
    assert parse_config(text, RunConfig, overrides=["input.path=a", "runtime.threads=1"]).fingerprint() == base
    assert parse_config(text, RunConfig, overrides=["summarize.max_words=20"]).fingerprint() != base


def test_config_round_trips_through_its_dump():
    config = load_config(CONFIGS / "wire.yaml")
    assert RunConfig.model_validate(config.model_dump(mode="json")) == config
