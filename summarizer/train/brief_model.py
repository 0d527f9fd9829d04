"""Makes the model in training: a frozen base of either kind with a new LoRA adapter. ``brief_loop`` comes next.

The recipe is LoRA (Hu et al. 2021, arXiv:2106.09685) on every linear layer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.base_weights import find_base
from summarizer.errors import ModelError
from summarizer.models import ModelFolder, find_model
from summarizer.quiet import quiet_transformers
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.loading import ADAPTER_CONFIG, RESTORE, Kind, gguf_in, load_model, load_tokenizer, put_adapter
from summarizer.summarize.prompting import Prompting
from summarizer.train.brief_options import BriefTraining
from summarizer.train.brief_prompt import choose_prompt


@dataclass(frozen=True, slots=True)
class Base:
    """The model that an adapter is made for.

    :param folder: what the options name: a model, or an adapter that stands for its own base.
    :param path: the model's folder, or its GGUF file.
    :param name: what the new adapter's config says that it belongs to, so that ``find_base`` finds it again.
    :param revision: of a Hub model.
    """

    folder: ModelFolder
    path: Path
    name: str
    revision: str | None


@dataclass(frozen=True, slots=True)
class Start:
    """A model with a new adapter, on its device.

    :param model: as peft wraps it; only the adapter is trained.
    """

    base: Base
    kind: Kind
    model: Any
    tokenizer: Any
    prompting: Prompting
    runtime: RuntimeOptions

    @property
    def adapter(self) -> list[Any]:
        """The parameters that are trained."""
        return [parameter for parameter in self.model.parameters() if parameter.requires_grad]


def find_start(options: BriefTraining) -> Base:
    """Find the base without loading it.

    :raises ModelError: it is missing, damaged or unsafe.
    """
    folder = find_model(options.base, options.runtime, revision=options.revision)
    config_file = folder.path / ADAPTER_CONFIG
    if not (folder.path.is_dir() and config_file.is_file()):
        is_local = Path(options.base).expanduser().exists()
        name = str(Path(options.base).expanduser().resolve()) if is_local else options.base
        return Base(folder, folder.path, name, options.revision)
    path = find_base(folder, options.runtime)
    own = json.loads(config_file.read_text(encoding="utf-8"))
    name = own.get("base_model_name_or_path") or folder.manifest["base"]["name"]
    return Base(folder, path, name, own.get("revision"))


def load_start(base: Base, options: BriefTraining) -> Start:
    """Load the base and put an adapter on it: a new one, or with ``warm_start`` the one that the options name.

    :raises ModelError: it cannot be loaded, or does not write text.
    :raises UsageError: the prompt does not suit it.
    """
    import torch

    runtime = _trainable(options.runtime)
    path, gguf_file = gguf_in(base.path, None)
    name = base.folder.name
    kind: Kind = "causal" if gguf_file else kind_of(name, path)
    tokenizer = load_tokenizer(name, path, gguf_file)
    model = load_model(name, path, kind, runtime, gguf_file)
    prompting = choose_prompt(options, model.config, tokenizer)
    torch.manual_seed(options.seed)
    adapted = go_on(base, model) if options.warm_start else new_adapter(model, kind, options)
    adapted.peft_config["default"].base_model_name_or_path = base.name
    adapted.peft_config["default"].revision = base.revision
    return Start(base, kind, adapted, tokenizer, prompting, runtime)


def new_adapter(model: Any, kind: Kind, options: BriefTraining) -> Any:
    """Return the model with a new adapter, whose weights are in float32 whatever the base's are."""
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(
        r=options.lora_rank,
        lora_alpha=options.lora_alpha,
        lora_dropout=options.lora_dropout,
        target_modules="all-linear",
        task_type="SEQ_2_SEQ_LM" if kind == "seq2seq" else "CAUSAL_LM",
    )
    with quiet_transformers():
        return get_peft_model(model, lora)


def go_on(base: Base, model: Any) -> Any:
    """Return the model with the adapter that the options name, to be trained further.

    :raises ModelError: they name none, or it does not fit the model.
    """
    if not (base.folder.path / ADAPTER_CONFIG).is_file():
        raise ModelError(base.folder.name, "is no adapter, so there is none to go on from", "Set warm_start: false.")
    return put_adapter(base.folder.name, base.folder.path, model, is_trainable=True)


def kind_of(name: str, path: Path) -> Kind:
    """Return which of the two kinds of model a folder's config describes.

    :raises ModelError: the config cannot be read.
    """
    from transformers import AutoConfig

    try:
        with quiet_transformers():
            config = AutoConfig.from_pretrained(path, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        first = (str(error).strip().splitlines() or ["no reason given"])[0]
        what = f"its config cannot be read ({type(error).__name__}: {first})"
        raise ModelError(name, what, RESTORE) from error
    return "seq2seq" if config.is_encoder_decoder else "causal"


def _trainable(runtime: RuntimeOptions) -> RuntimeOptions:
    """Gradients of float16 vanish without loss scaling; such a base is trained on in float32."""
    import torch

    from summarizer.runtime import pick_device, pick_dtype

    is_too_small = pick_dtype(runtime, pick_device(runtime)) is torch.float16
    return runtime.model_copy(update={"dtype": "float32"}) if is_too_small else runtime
