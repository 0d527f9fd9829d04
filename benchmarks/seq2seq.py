"""Times an encoder-decoder of bart-large-cnn's shape beside transformers' ``generate``: same weights, articles and run.

    python benchmarks/seq2seq.py                                                     # on a GPU, in bfloat16
    python benchmarks/seq2seq.py --articles 8 --single 2 --batch-sizes 8 --rounds 1  # on a CPU

The weights are random (``seq2seq_model.py``) and every brief has just the tokens that are asked for, so that all do
the same work: 900 tokens in, 70 out, 4 beams, no run of three tokens twice, as bart-large-cnn decodes. Ours is the
``seq2seq`` backend as a config runs it, a window of articles at a time: reading, tokenising, decoding, tidying. Beside
it ``generate`` as its documentation has it, article by article and in padded batches. Loading is not timed. The roofs
are measured in the same run, with a copy and a matrix product. Writes ``seq2seq.json`` and ``seq2seq.md``,
or ``seq2seq_gpu`` on a GPU.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from memory import Peaks
from seq2seq_model import Shape, make_articles, make_model
from timing import System, footer, machine, measure, rates, result_name, versions, where_in_words, write

from summarizer.quiet import quiet_transformers
from summarizer.records import Article, Brief
from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype
from summarizer.summarize import load_summarizer
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions

OURS = "summarizer"
SINGLE = "transformers, one by one"
BATCHES = "transformers, batches of {}"
PACKAGES = ("summarizer", "torch", "transformers")
GPU_SIZES, CPU_SIZES = (32, 128), (8,)
COPY_BYTES = {"cuda": 1 << 31, "cpu": 1 << 28}
PRODUCT_WIDTH = {"cuda": 8192, "cpu": 2048}
ROOF_ROUNDS = 7
MAX_WORDS = 80
WINDOWS = (1, 3)
"""Of articles that are written together, beside all."""


def main() -> None:
    """Measure, write both files and print the page."""
    import torch

    arguments = parse()
    runtime = RuntimeOptions(device=arguments.device, dtype=arguments.dtype, threads=arguments.threads)
    device = pick_device(runtime)
    dtype = pick_dtype(runtime, device)
    is_gpu = device.type == "cuda"
    shape = Shape(layers=arguments.layers, source_tokens=arguments.source_tokens, brief_tokens=arguments.brief_tokens)
    articles = make_articles(arguments.articles, shape.source_tokens)
    with tempfile.TemporaryDirectory() as folder:
        make_model(Path(folder), shape, dtype)
        ours = load_ours(folder, shape, runtime)
    peaks = Peaks(device)
    sizes = arguments.batch_sizes or (GPU_SIZES if is_gpu else CPU_SIZES)
    systems = all_systems(ours, articles, arguments, sizes, peaks)
    seconds, briefs = measure(systems, arguments.rounds, arguments.window if is_gpu else 1)
    result = {
        "machine": machine(torch.get_num_threads(), device.type) | {"dtype": str(dtype)},
        "packages": versions(PACKAGES),
        "articles": {"count": len(articles), "window": arguments.window}
        | {"one_by_one": arguments.single, "batched": arguments.batched},
        "shape": {name: getattr(shape, name) for name in Shape.__slots__},
        "rounds": arguments.rounds,
        "ours": told(ours),
        "roofs": roofs(device, dtype),
        "systems": {},
        "differing": differing(ours, articles[: arguments.single], briefs[SINGLE], arguments.window),
    }
    together = {OURS: in_hand(ours, shape, arguments), SINGLE: 1} | {BATCHES.format(size): size for size in sizes}
    for name in systems:
        result["systems"][name] = row(name, seconds, shape, together[name], result["roofs"], dtype) | {
            "peak_gib": peaks.gib(name)
        }
    page = table(result)
    write(result, page, arguments.out, result_name("seq2seq", device.type))
    print(page)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=512)
    parser.add_argument("--single", type=int, default=8, help="so many of them for the loop one by one")
    parser.add_argument("--batch-sizes", type=int, nargs="*", help="of generate; 32 128 on a GPU, 8 on a CPU")
    parser.add_argument("--batched", type=int, default=128, help="so many of them for generate in batches")
    parser.add_argument("--window", type=int, default=512, help="runtime.window_articles of ours")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto", choices=["auto", "float32", "bfloat16", "float16"])
    parser.add_argument("--layers", type=int, default=12, help="of encoder and decoder each; fewer for a trial")
    parser.add_argument("--source-tokens", type=int, default=900)
    parser.add_argument("--brief-tokens", type=int, default=70)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def load_ours(folder: str, shape: Shape, runtime: RuntimeOptions) -> Seq2Seq:
    """Load our backend as a config would."""
    tokens = {"max_new_tokens": shape.brief_tokens, "min_new_tokens": shape.brief_tokens}
    options = Seq2SeqOptions(model=folder, max_words=MAX_WORDS, generation=tokens)
    ours = load_summarizer(options, runtime)
    assert isinstance(ours, Seq2Seq)
    return ours


def all_systems(
    ours: Seq2Seq, articles: Sequence[Article], arguments: argparse.Namespace, sizes: Sequence[int], peaks: Peaks
) -> dict[str, System]:
    """Return every way to write, by name."""
    writer = ours._path._writer
    systems = {
        OURS: System(lambda given: our_briefs(ours, given, arguments.window), articles, "the `seq2seq` backend"),
        SINGLE: System(generate(writer, 1), articles[: arguments.single], "`generate`"),
    }
    for size in sizes:
        given = articles[: max(size, arguments.batched)]
        systems[BATCHES.format(size)] = System(generate(writer, size), given, "`generate`, padded")
    return {
        name: System(peaks.watched(name, system.run), system.articles, system.note) for name, system in systems.items()
    }


def our_briefs(ours: Seq2Seq, articles: Sequence[Article], window: int) -> list[str]:
    """Return our briefs, written window by window."""
    texts: list[str] = []
    for start in range(0, len(articles), window):
        briefs = ours.summarize(articles[start : start + window])
        wrong = [brief for brief in briefs if not isinstance(brief, Brief)]
        if wrong:
            raise SystemExit(f"an article failed: {wrong[0]}")
        texts += [brief.text for brief in briefs if isinstance(brief, Brief)]
    return texts


def generate(writer: Any, size: int) -> Callable[[Sequence[Article]], list[str]]:
    """Return ``generate`` in batches of ``size``, with the settings that ours decodes by."""
    import torch

    model, tokenizer = writer._model, writer._tokenizer

    def run(articles: Sequence[Article]) -> list[str]:
        texts: list[str] = []
        for start in range(0, len(articles), size):
            given = [article.text for article in articles[start : start + size]]
            batch = tokenizer(given, return_tensors="pt", padding=True, truncation=True).to(model.device)
            with torch.inference_mode(), quiet_transformers():
                output = model.generate(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
            texts += tokenizer.batch_decode(output, skip_special_tokens=True)
        return texts

    return run


def told(ours: Seq2Seq) -> dict[str, Any]:
    """Return how ours decoded."""
    decoder = ours._path._writer._decoder
    return {
        "loop": type(decoder).__name__ if decoder else "generate",
        "is_recorded": bool(getattr(decoder, "is_recorded", False)),
        "budget_tokens": ours._path._writer._batcher.max_tokens,
    }


def in_hand(ours: Seq2Seq, shape: Shape, arguments: argparse.Namespace) -> int:
    """Return how many articles ours writes together."""
    each = shape.source_tokens + shape.beams * shape.brief_tokens
    return max(1, min(arguments.window, arguments.articles, ours._path._writer._batcher.max_tokens // each))


def roofs(device: Any, dtype: Any) -> dict[str, float]:
    """Return bytes a second of a copy, read and write counted, and operations a second of a product in ``dtype``."""
    import torch

    source = torch.ones(COPY_BYTES[device.type], dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    width = PRODUCT_WIDTH[device.type]
    one, other = (torch.randn(width, width, device=device, dtype=dtype) for _ in range(2))
    return {
        "bytes_per_second": 2 * source.numel() / clocked(lambda: target.copy_(source), device),
        "flops_per_second": 2 * width**3 / clocked(lambda: one @ other, device),
    }


def clocked(work: Callable[[], Any], device: Any) -> float:
    """Return the median seconds of ``work``."""
    import torch

    seconds = []
    for _ in range(ROOF_ROUNDS + 2):  # two to warm up
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - start)
    return median(seconds[2:])


def row(
    name: str,
    seconds: Mapping[str, list[float]],
    shape: Shape,
    together: int,
    roof: Mapping[str, float],
    dtype: Any,
) -> dict[str, Any]:
    """Return one system's line."""
    speed = rates(seconds[name])
    each = 1 / median(seconds[name])
    flops, read = sum(shape.flops().values()), sum(shape.bytes(together, dtype.itemsize).values())
    return speed | {
        "written_tokens_per_second": round(each * shape.brief_tokens, 1),
        "read_tokens_per_second": round(each * shape.source_tokens, 1),
        "together": together,
        "ours_is_faster": round(median(b / a for a, b in zip(seconds[OURS], seconds[name], strict=True)), 3),
        "gflops_each": round(flops / 1e9, 1),
        "gbytes_each": round(read / 1e9, 3),
        "share_of_compute": round(each * flops / roof["flops_per_second"], 4),
        "share_of_bandwidth": round(each * read / roof["bytes_per_second"], 4),
    }


def differing(ours: Seq2Seq, articles: Sequence[Article], theirs: Sequence[str], window: int) -> dict[str, Any]:
    """Return how many briefs, before they are tidied, change with the window and beside ``generate``'s."""
    writer = ours._path._writer
    prompts = [writer._tokenizer(article.text)["input_ids"] for article in articles]

    def written(size: int) -> list[str]:
        parts = [writer.write(prompts[start : start + size]) for start in range(0, len(prompts), size)]
        return [draft.text for part in parts for draft in part]

    together = written(window)
    return {
        "articles": len(articles),
        "generate": sum(a != b.strip() for a, b in zip(together, theirs, strict=True)),
        **{f"window {size}": sum(a != b for a, b in zip(together, written(size), strict=True)) for size in WINDOWS},
    }


def table(result: Mapping[str, Any]) -> str:
    """Return the Markdown page."""
    where, shape, roof = result["machine"], result["shape"], result["roofs"]
    rows = "".join(
        f"| {name} | {line['articles_per_second']:.2f} | {line['slowest']:.2f} to {line['fastest']:.2f} "
        f"| {line['written_tokens_per_second']:.0f} | {line['together']} | {line['ours_is_faster']:.2f} "
        f"| {line['peak_gib'] if line['peak_gib'] is not None else '?'} "
        f"| {line['share_of_compute']:.1%} | {line['share_of_bandwidth']:.1%} |\n"
        for name, line in result["systems"].items()
    )
    others = dict(result["differing"])
    plainly = "" if "gpu" in where else "No GPU: these are numbers of the CPU. "
    return (
        "# An encoder-decoder of bart-large-cnn's shape\n\n"
        f"{plainly}{result['articles']['count']} articles of {shape['source_tokens']} tokens, "
        f"{shape['brief_tokens']} out, {shape['beams']} beams, {shape['layers']} + {shape['layers']} layers, "
        f"random weights, {where['dtype'].removeprefix('torch.')}; {where_in_words(where)}; medians of "
        f"{result['rounds']} rounds after a warm-up. `generate` one by one on the "
        f"first {result['articles']['one_by_one']}, in batches on {result['articles']['batched']} at most.\n\n"
        "| system | articles/s | slowest to fastest | tokens/s out | together | ours is so many times as fast "
        "| peak GiB | of the compute roof | of the bandwidth roof |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n"
        f"Roofs, measured in the same run: {roof['flops_per_second'] / 1e12:.2f} TFLOP/s (a product of matrices), "
        f"{roof['bytes_per_second'] / 1e9:.0f} GB/s (a copy, read and write counted). A share is what an article needs "
        "at the least, times articles/s, through the roof. Operations: 2 for each weight and token, 4 x width for each "
        "pair of tokens in attention and layer. Bytes: in each step the decoder's weights once for all articles "
        "together, an article's keys and values of the source once for all its beams, those of each beam.\n\n"
        f"Ours: {result['ours']['loop']}, steps recorded as a CUDA graph: {result['ours']['is_recorded']}. "
        f"Of {others.pop('articles')} briefs written together so many differ otherwise (random weights hardly prefer a "
        "word, so that rounding decides; float32 shows what the loop does): "
        + "; ".join(f"{name}: {count}" for name, count in others.items())
        + ".\n\n"
        + footer(result, "seq2seq.py")
    )


if __name__ == "__main__":
    main()
