"""Our own Gemma gives transformers' numbers, and is taken only where it does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file
from test_decode import KINDS, PROMPTS, generated, limits
from transformers import Gemma3ForCausalLM

from summarizer.summarize.cache import ROWS, Slots
from summarizer.summarize.decode import Decoder
from summarizer.summarize.gemma import Gemma, is_plain_gemma


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(11)
    path = tmp_path_factory.mktemp("gemma")
    model = KINDS["gemma3"]().eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():  # norms begin at nought, which would hide a wrong one
            if "norm" in name:
                weight.normal_(std=1.0)
    model.save_pretrained(path)
    return path


def stepped(network, prompt):
    """Read all but the last token, then it and two guesses; what it says of these."""
    slots = Slots(1, len(prompt) + ROWS, network.dtype)
    with torch.inference_mode(), network.in_use(None):
        slots.begin_prompt(0)
        network.read(torch.tensor(prompt[:-3]), torch.arange(len(prompt) - 3), slots)
        step = slots.begin_step(3, [(0, len(prompt) - 3)])
        ids = torch.zeros(ROWS, dtype=torch.long)
        ids[:3] = torch.tensor(prompt[-3:])
        return network.logits(ids, step.positions, slots)[:3]


def test_gemma_gives_the_logits_of_transformers(folder):
    wanted = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    network = Gemma(folder, torch.float32)
    for prompt in (PROMPTS[0], PROMPTS[2]):  # one is longer than the window
        with torch.inference_mode():
            logits = wanted(input_ids=torch.tensor([prompt])).logits[0, -3:]
        assert torch.allclose(stepped(network, prompt), logits, atol=1e-4, rtol=1e-4)


def test_gemma_in_bfloat16_lies_as_near_as_transformers_does(folder):
    exact = stepped(Gemma(folder, torch.float32), PROMPTS[0])
    usual = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()
    with torch.inference_mode():
        theirs = usual(input_ids=torch.tensor([PROMPTS[0]])).logits[0, -3:].float()
    ours = stepped(Gemma(folder, torch.bfloat16), PROMPTS[0]).float()
    assert (ours - exact).norm() <= 2 * (theirs - exact).norm()


@pytest.mark.parametrize("kept", [None, torch.arange(0, 150, 2)], ids=["all", "kept"])
def test_gemma_writes_what_generate_writes(folder, kept):
    model = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    wanted = [generated(model, prompt) for prompt in PROMPTS]
    assert len({tuple(row) for row in wanted}) > 3
    written = Decoder(Gemma(folder, torch.float32), limits(), budget_tokens=8192, kept=kept).write(PROMPTS)
    if kept is None:
        assert written == wanted
    else:
        allowed = set(kept.tolist()).union(*PROMPTS)
        assert all(token in allowed for row in written for token in row)


def test_gemma_loads_nothing_that_takes_long(folder):
    code = f"""if True:
        import sys, torch
        from pathlib import Path
        from summarizer.summarize.gemma import Gemma
        Gemma(Path({str(folder)!r}), torch.float32)
        sys.exit("transformers.modeling_utils" in sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "gemma2"},
        {"final_logit_softcapping": 30.0},
        {"attention_bias": True},
        {"rope_parameters": {"full_attention": {"rope_type": "linear", "rope_theta": 1.0, "factor": 8.0}}},
        {"layer_types": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_gemma_leaves_other_models_to_transformers(folder, tmp_path, change):
    assert is_plain_gemma(folder)
    config = json.loads((folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, **change}))
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    assert not is_plain_gemma(tmp_path)


def test_gemma_says_which_weights_do_not_fit(folder, tmp_path):
    weights = load_file(folder / "model.safetensors")
    name = "model.layers.1.mlp.gate_proj.weight"
    save_file({**weights, name: weights[name][:-1].clone()}, tmp_path / "model.safetensors")
    for file in ("config.json", "generation_config.json"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    with pytest.raises(ValueError, match=r"layers\.1\.mlp\.gate_proj\.weight"):
        Gemma(tmp_path, torch.float32)
