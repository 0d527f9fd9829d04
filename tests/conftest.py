"""Session fixtures: one folder of each tiny model, built once. Tests that change a folder copy it first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings
from wire_stories import TAUGHT_BRIEF

from summarizer.runtime import RuntimeOptions

settings.register_profile("summarizer", deadline=None)  # a machine that is at work elsewhere is no fault of ours
settings.load_profile("summarizer")


@pytest.fixture(scope="session")
def runtime() -> RuntimeOptions:
    """The CPU in float32 with one thread, so that results do not hang on the machine."""
    return RuntimeOptions(device="cpu", dtype="float32", threads=1)


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's tiny models lie."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def bert_folder(models_folder: Path) -> Path:
    """A multi-label topic classifier."""
    from tiny_models import tiny_bert

    return tiny_bert(models_folder / "bert", ["defence", "diplomacy", "energy"])


@pytest.fixture(scope="session")
def salience_folder(models_folder: Path, bert_folder: Path) -> Path:
    """A salience model over the topic classifier's encoder."""
    from tiny_salience import tiny_salience

    return tiny_salience(models_folder / "salience", bert_folder)


@pytest.fixture(scope="session")
def bart_folder(models_folder: Path) -> Path:
    from tiny_models import tiny_bart

    return tiny_bart(models_folder / "bart")


@pytest.fixture(scope="session")
def pegasus_folder(models_folder: Path) -> Path:
    from tiny_models import tiny_pegasus

    return tiny_pegasus(models_folder / "pegasus")


@pytest.fixture(scope="session")
def t5_folder(models_folder: Path) -> Path:
    from tiny_models import tiny_t5

    return tiny_t5(models_folder / "t5")


@pytest.fixture(scope="session")
def llama_folder(models_folder: Path) -> Path:
    from tiny_models import tiny_llama

    return tiny_llama(models_folder / "llama")


@pytest.fixture(scope="session")
def chat_folder(models_folder: Path) -> Path:
    """The Llama-like model with a chat template."""
    from tiny_models import CHAT_TEMPLATE, tiny_llama

    return tiny_llama(models_folder / "chat", CHAT_TEMPLATE)


@pytest.fixture(scope="session")
def adapter_folder(models_folder: Path, llama_folder: Path) -> Path:
    """A LoRA adapter over the Llama-like model."""
    from tiny_models import tiny_adapter

    return tiny_adapter(models_folder / "adapter", llama_folder)


@pytest.fixture(scope="session")
def taught_bart_folder(models_folder: Path) -> Path:
    """A BART that answers ``TAUGHT_BRIEF``."""
    from tiny_models import WIRE, teach, tiny_bart

    return teach(tiny_bart(models_folder / "taught-bart"), [WIRE[:90], WIRE[90:250]], TAUGHT_BRIEF)


@pytest.fixture(scope="session")
def taught_llama_folder(models_folder: Path) -> Path:
    """A Llama-like model that answers ``TAUGHT_BRIEF`` to the prompt that its manifest names."""
    import json

    from tiny_models import WIRE, teach, tiny_llama

    prompt = "Article: {text}\n\nBrief:"
    prompts = [prompt.replace("{text}", text) for text in (WIRE[:90], WIRE[90:250], WIRE[:600])]
    folder = teach(tiny_llama(models_folder / "taught-llama"), prompts, " " + TAUGHT_BRIEF)
    (folder / "summarizer.json").write_text(json.dumps({"prompt": prompt}))
    return folder


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Run the command line and return its exit code, stdout and stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        from summarizer.cli import main

        monkeypatch.setattr(sys, "argv", ["summarizer", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return int(caught.value.code or 0), out, err

    return call
