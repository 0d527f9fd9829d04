"""Finding and checking model folders: names, pickles, checksums, the Hub that is not there."""

import json
from pathlib import Path

import pytest

from summarizer.base_weights import cache_folder, find_base
from summarizer.errors import ModelError
from summarizer.models import MANIFEST, ModelFolder, find_model, shipped_models, write_manifest
from summarizer.runtime import RuntimeOptions

RUNTIME = RuntimeOptions()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    return folder


@pytest.fixture
def empty_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_models_folder_is_found_with_a_hash_of_its_content(folder: Path):
    before = find_model(str(folder), RUNTIME).identity
    (folder / "README.md").write_text("a card changes nothing")
    assert find_model(str(folder), RUNTIME).identity == before
    (folder / "config.json").write_text('{"a": 1}')
    assert find_model(str(folder), RUNTIME).identity != before


def test_models_all_that_ship_have_right_checksums_and_a_card():
    shipped = shipped_models()
    assert set(shipped) == {"brief-gemma", "salience-minilm", "support-minilm", "topics-minilm"}
    for name, path in shipped.items():
        assert find_model(name, RUNTIME).manifest["files"]
        assert (path / "README.md").is_file()


def test_models_shipped_weights_are_small_safetensors():
    for path in shipped_models().values():
        assert all(file.stat().st_size < 50e6 for file in path.iterdir())
        assert not list(path.glob("*.bin")) + list(path.glob("*.pt"))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pkl", "model.joblib"])
def test_models_pickled_weights_are_refused(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"\x80\x04")
    with pytest.raises(ModelError, match=rf"pickled weights only \({name}\)"):
        find_model(str(tmp_path), RUNTIME)


def test_models_pickle_beside_safetensors_is_left_alone(folder: Path):
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert find_model(str(folder), RUNTIME).path == folder


def test_models_folder_without_weights_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match=r"has no weights \(\.safetensors or \.gguf\)"):
        find_model(str(tmp_path), RUNTIME)


def test_models_changed_file_fails_its_checksum(folder: Path):
    write_manifest(folder, name="mine")
    (folder / "model.safetensors").write_bytes(b"weightz")
    with pytest.raises(ModelError, match=r"model\.safetensors: checksum is .* the file is damaged or was changed"):
        find_model(str(folder), RUNTIME)


def test_models_missing_file_is_named(folder: Path):
    write_manifest(folder, name="mine")
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"config\.json: is missing"):
        find_model(str(folder), RUNTIME)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_models_broken_manifest_is_named(folder: Path, text: str):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(ModelError, match=r"summarizer\.json: not"):
        find_model(str(folder), RUNTIME)


def test_models_manifest_keeps_what_it_said(folder: Path):
    write_manifest(folder, name="mine", prompt="{text}")
    write_manifest(folder, task="brief")
    manifest = json.loads((folder / MANIFEST).read_text())
    assert (manifest["name"], manifest["prompt"], manifest["task"]) == ("mine", "{text}", "brief")
    assert set(manifest["files"]) == {"model.safetensors", "config.json"}


def test_models_misspelt_shipped_name_gets_a_suggestion():
    with pytest.raises(ModelError, match=r"no such model or folder\. Did you mean 'topics-minilm'\?"):
        find_model("topic-minilm", RUNTIME)


@pytest.mark.parametrize("download", [False, True])
@pytest.mark.usefixtures("empty_hub")
def test_models_absent_hub_model_is_told_in_two_lines(download: bool):
    with pytest.raises(ModelError) as caught:
        find_model("facebook/bart-large-cnn", RuntimeOptions(download=download))
    first, second = str(caught.value).splitlines()
    assert first.startswith("facebook/bart-large-cnn: this Hub model is not on this machine")
    assert second.startswith("Run 'summarizer models fetch facebook/bart-large-cnn'")


def test_models_cached_hub_model_is_found_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    repo = tmp_path / "models--owner--model"
    commit = "0123456789abcdef0123456789abcdef01234567"
    (repo / "snapshots" / commit).mkdir(parents=True)
    (repo / "snapshots" / commit / "model.safetensors").write_bytes(b"weights")
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(commit)
    found = find_model("owner/model", RUNTIME)
    assert (found.identity, found.path.name) == (f"commit:{commit}", commit)


def test_base_weights_missing_package_names_the_install_command(folder: Path):
    base = {"name": "tiny", "package": "no_such_package_of_weights", "sha256": "0" * 64}
    with pytest.raises(ModelError, match=r"tiny: its weights are not installed\. .*'summarizer\[weights\]'"):
        find_base(ModelFolder("mine", folder, "sha256:0", {"base": base}), RUNTIME)


def test_base_weights_wrong_checksum_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    package = tmp_path / "packages" / "tiny_weights.py"
    package.parent.mkdir()
    package.write_text(f"def assemble():\n    return {str(folder / 'config.json')!r}\n")
    monkeypatch.syspath_prepend(str(package.parent))
    base = {"name": "tiny", "package": "tiny_weights", "sha256": "0" * 64}
    with pytest.raises(ModelError, match=r"checksum is .*, must be 000000000000"):
        find_base(ModelFolder("mine", folder, "sha256:0", {"base": base}), RUNTIME)


def test_base_weights_adapter_names_a_folder_as_its_base(folder: Path, tmp_path: Path):
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(folder)}))
    assert find_base(ModelFolder("adapter", adapter, "sha256:0"), RUNTIME) == folder


def test_base_weights_cache_folder_is_the_users_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("SUMMARIZER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "summarizer"
