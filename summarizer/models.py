"""A model's name becomes a checked folder on disk: one that ships, one of yours, or one from the Hugging Face Hub.

Backends call ``find_model`` first and load from the folder that it returns. Weights are safetensors or GGUF; pickled
weights can run code when they are read, and are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError, did_you_mean
from summarizer.runtime import RuntimeOptions

MANIFEST = "summarizer.json"
SAFE_WEIGHTS = (".safetensors", ".gguf")
PICKLED_WEIGHTS = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".h5", ".msgpack")
HUB_FILES = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model", "*.jinja", "*.gguf"]
"""What is fetched of a Hub model: no pickles, no code."""
MODEL_ENDINGS = (*SAFE_WEIGHTS, ".json", ".txt", ".model", ".jinja", ".yaml")
"""The files that decide what a model says; a card is not among them."""
RESTORE = "Restore it from where the model came."
"""What to do about a damaged file of a model's folder."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on this machine.

    :param name: as the user named it.
    :param identity: ``sha256:...`` over the model's files, or ``commit:...`` of a Hub snapshot.
    :param manifest: our own ``summarizer.json``; empty for other folders.
    """

    name: str
    path: Path
    identity: str
    manifest: Mapping[str, Any] = field(default_factory=dict)


def shown_name(asked: str, folder: ModelFolder) -> str:
    """Return what others may call a model: where it was asked for by its path, that says nothing to them."""
    return folder.path.name if Path(asked).exists() else asked


def shipped_folder(kind: str) -> Path:
    """Return the folder of what ships (``models`` or ``configs``): in an installed wheel or in a checkout."""
    package = Path(__file__).parent
    installed = package / "_shipped" / kind
    return installed if installed.is_dir() else package.parent / kind


def shipped_models() -> dict[str, Path]:
    """Return the models that ship, by name."""
    root = shipped_folder("models")
    return {path.parent.name: path.parent for path in sorted(root.glob(f"*/{MANIFEST}"))}


def find_model(name: str, runtime: RuntimeOptions, *, revision: str | None = None) -> ModelFolder:
    """Find a model by name and check it.

    :param name: a shipped model's name, a folder (or a .gguf file), or a Hub name such as ``facebook/bart-large-cnn``.
    :param revision: branch, tag or commit of a Hub model; None takes its main branch.
    :raises ModelError: it is not on this machine, its weights are pickled, or a checksum is wrong.
    """
    shipped = shipped_models()
    path = Path(name).expanduser()
    if path.exists():
        return _checked(name, path)
    if name in shipped:
        return _checked(name, shipped[name])
    if name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ModelError(name, "no such model or folder", did_you_mean(name, shipped))
    return _from_hub(name, revision, runtime)


def _from_hub(name: str, revision: str | None, runtime: RuntimeOptions) -> ModelFolder:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        folder = snapshot_download(
            name, revision=revision, allow_patterns=HUB_FILES, local_files_only=not runtime.download
        )
    except HFValidationError as error:
        raise ModelError(name, "not a name that the Hub could have", "Name a folder or owner/model.") from error
    except RepositoryNotFoundError as error:
        raise ModelError(name, "the Hub has no such model, or it needs a login", "Check the name.") from error
    except (LocalEntryNotFoundError, OSError) as error:
        raise ModelError(name, *_hub_advice(name, runtime)) from error
    path = Path(folder)
    _refuse_pickles(name, path)
    return ModelFolder(name, path, f"commit:{path.name}")


def _hub_advice(name: str, runtime: RuntimeOptions) -> tuple[str, str]:
    if runtime.download:
        return (
            "this Hub model is not on this machine and the Hub does not answer",
            f"\nRun 'summarizer models fetch {name}' where there is a network, or name a folder that holds the model.",
        )
    return (
        "this Hub model is not on this machine, and runtime.download is false",
        f"\nRun 'summarizer models fetch {name}' once with a network, or name a folder that holds the model.",
    )


def _checked(name: str, path: Path) -> ModelFolder:
    folder = path if path.is_dir() else path.parent
    manifest = read_manifest(folder)
    _refuse_pickles(name, path)
    hashes = {file.name: sha256(file) for file in _model_files(path)}
    for file, wanted in manifest.get("files", {}).items():
        seen = hashes.get(file) or (sha256(folder / file) if (folder / file).is_file() else None)
        if seen is None:
            raise ModelError(f"{folder / file}", "is missing", "Restore the model's folder from where it came.")
        if seen != wanted:
            what = f"checksum is {seen[:12]}..., {MANIFEST} says {wanted[:12]}...: the file is damaged or was changed"
            raise ModelError(f"{folder / file}", what, RESTORE)
    return ModelFolder(name, path, f"sha256:{_digest(hashes)}", manifest)


def _refuse_pickles(name: str, path: Path) -> None:
    files = [path] if path.is_file() else [file for file in path.iterdir() if file.is_file()]
    if any(file.suffix in SAFE_WEIGHTS for file in files):
        return
    pickled = [file.name for file in files if file.suffix in PICKLED_WEIGHTS]
    if pickled:
        what = f"has pickled weights only ({pickled[0]}), and reading a pickle can run any code"
        raise ModelError(name, what, "Take a revision with safetensors, or convert it with save_pretrained.")
    raise ModelError(name, f"has no weights ({' or '.join(SAFE_WEIGHTS)}) in {path}", "Name the model's own folder.")


def _model_files(path: Path) -> Iterator[Path]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return (file for file in files if file.is_file() and file.suffix in MODEL_ENDINGS and file.name != MANIFEST)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _digest(hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(hashes), sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return our own ``summarizer.json`` of a model folder, or nothing where there is none.

    :raises ModelError: it is not JSON.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    manifest = read_json(path)
    if not isinstance(manifest, dict):
        raise ModelError(str(path), "not a JSON object", RESTORE)
    return manifest


def read_json(path: Path) -> Any:
    """Read a JSON file of a model's folder.

    :raises ModelError: it cannot be read, or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(str(path), f"not JSON ({error})", RESTORE) from error


def write_manifest(folder: Path, **entries: Any) -> None:
    """Write ``summarizer.json``: the entries and the SHA-256 of every model file in the folder; keeps older entries."""
    known = {**read_manifest(folder), **entries}
    known["files"] = {file.name: sha256(file) for file in _model_files(folder)}
    fresh = folder / (MANIFEST + ".new")
    fresh.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(folder / MANIFEST)
