"""Times the writing of briefs beside other ways to run the same weights: the same articles, in one run.

    python benchmarks/decode.py articles.jsonl --articles 64 --threads 2

Ours is the ``causal`` backend as a config runs it: reading, tokenising, decoding, tidying. The others get the same
prompts as text and give back text: ``generate`` of transformers in batches as the articles come, and, where they are
installed, CTranslate2 and llama.cpp (``pip install ctranslate2 xllamacpp``), both with the adapter merged. Before all
that, one article at a time: ours, ``generate``, and ``generate`` with its own prompt lookup. Loading and converting are
not timed. Last, how many of our briefs change with the budget, and beside ``generate``'s.

With ``--device cuda`` ours and ``generate`` run there, and nothing else; our own loop for decoders is for the CPU, so
that ours is ``generate`` in sorted batches then. The articles need a human brief in the field ``summary``. Writes
``decode.json`` and ``decode.md``, or ``decode_gpu``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from statistics import mean, median
from typing import Any

from decode_engines import ctranslate2_batches, llama_cpp_slots
from timing import System, footer, machine, measure, rates, result_name, versions, where_in_words, write

from summarizer.base_weights import merged_folder
from summarizer.clean import CleanOptions, clean
from summarizer.evaluate.briefs_rouge import score_rouge
from summarizer.models import find_model
from summarizer.read import InputOptions, read
from summarizer.records import Article, Brief
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.causal import Causal, CausalOptions
from summarizer.summarize.loading import load_whole
from summarizer.summarize.reading import read as read_body
from summarizer.summarize.reading import read_title
from summarizer.summarize.tidy import tidy

OURS = "summarizer"
GENERATE = "transformers, batches of {}"
BATCH_SIZES = (1, 8, 16, 32)
BUDGETS = (1024, 4096, 16384)
MAX_NEW_TOKENS = 136
"""What the causal backend allows a brief of 80 words."""
MAX_WORDS = 80
SINGLE = "one article: "
SINGLE_ARTICLES = 6
WARM_UP_ARTICLES = 2
PACKAGES = ("summarizer", "torch", "transformers", "rouge-score")

Write = Callable[[Sequence[str]], list[str]]
"""Prompts in, what was written out."""


def main() -> None:
    """Measure, write both files and print the table."""
    arguments = parse()
    articles, references = read_articles(arguments)
    runtime = RuntimeOptions(device=arguments.device, threads=arguments.threads, dtype=arguments.dtype)
    ours = Causal(CausalOptions(model=arguments.model, max_words=MAX_WORDS), runtime)
    prompts = {article.id: prompt_of(ours, article) for article in articles}
    with tempfile.TemporaryDirectory() as folder:
        systems = all_systems(ours, runtime, arguments, articles, prompts, Path(folder))
        seconds, briefs = measure(systems, arguments.rounds, WARM_UP_ARTICLES)
    lengths = [len(ids) for ids in ours._path._tokenizer(list(prompts.values()), verbose=False)["input_ids"]]
    result = {
        "machine": machine(arguments.threads, arguments.device) | {"dtype": str(ours._path._writer._model.dtype)},
        "packages": versions(PACKAGES),
        "articles": {
            "count": len(articles),
            "mean_prompt_tokens": round(mean(lengths), 1),
        },
        "rounds": arguments.rounds,
        "systems": summary(systems, seconds, briefs, references),
        "differing": differing(arguments, runtime, articles, briefs),
    }
    page = table(result)
    write(result, page, arguments.out, result_name("decode", arguments.device))
    print(page)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="articles with human briefs in any format that summarizer reads")
    parser.add_argument("--articles", type=int, default=64, help="so many of them, from the beginning")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="auto", choices=["auto", "float32", "bfloat16"])
    parser.add_argument("--batch-sizes", type=int, nargs="*", default=BATCH_SIZES, help="of generate")
    parser.add_argument("--engines", nargs="*", default=["ctranslate2", "llama.cpp"], help="others to run")
    parser.add_argument("--model", default="brief-gemma")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def read_articles(arguments: argparse.Namespace) -> tuple[list[Article], list[str]]:
    """Return the articles, cleaned, and their human briefs."""
    found = read(InputOptions(path=arguments.data, limit=arguments.articles))
    items = [item for item in found if isinstance(item, Article) and str(item.fields.get("summary") or "").strip()]
    if not items:
        sys.exit(f"{arguments.data}: no article with a 'summary'")
    return [clean(item, CleanOptions()) for item in items], [str(item.fields["summary"]) for item in items]


def prompt_of(ours: Causal, article: Article) -> str:
    """Return what our backend would give the model, as text and without special tokens, which the others add."""
    path = ours._path
    text = read_body(article, path._budget_tokens, path._counts, path._marks).text
    title = read_title(article, path._counts, path._marks)
    return str(path._tokenizer.decode(path._prompts([text], [title])[0], skip_special_tokens=True))


def all_systems(
    ours: Causal,
    runtime: RuntimeOptions,
    arguments: argparse.Namespace,
    articles: Sequence[Article],
    prompts: Mapping[str, str],
    folder: Path,
) -> dict[str, System]:
    """Return every way to write, by name."""
    tokenizer = ours._path._tokenizer
    # ours may run a network of its own, which has no ``generate``
    model = load_whole(find_model(arguments.model, runtime), "causal", runtime).model

    def system(write: Write, note: str, given: Sequence[Article] = articles) -> System:
        return System(lambda some: [finish(text) for text in write([prompts[a.id] for a in some])], given, note)

    few = articles[:SINGLE_ARTICLES]
    generate = generate_batches(model, tokenizer, 1)
    looked_up = generate_batches(model, tokenizer, 1, prompt_lookup_num_tokens=10)
    systems = {
        SINGLE + OURS: System(lambda given: [text for a in given for text in brief_texts(ours, [a])], few),
        SINGLE + "transformers": system(generate, "`generate`", few),
        SINGLE + "transformers, prompt lookup": system(looked_up, "`prompt_lookup_num_tokens=10`", few),
        OURS: System(lambda given: brief_texts(ours, given), articles, "the `causal` backend, tidying included"),
    }
    for size in arguments.batch_sizes:
        note = "`generate`, padded on the left, unsorted"
        systems[GENERATE.format(size)] = system(generate_batches(model, tokenizer, size), note)
    merged = merged_folder(find_model(arguments.model, runtime), lambda *_: None)
    makers = {"ctranslate2": ctranslate2_batches, "llama.cpp": llama_cpp_slots}
    for name in arguments.engines if arguments.device == "cpu" else ():
        try:
            if merged is None:
                raise ImportError("only a shipped adapter is merged on disk")
            engines = makers[name](merged, tokenizer, folder, arguments.threads, MAX_NEW_TOKENS)
        except ImportError as error:
            print(f"left out: {name} ({error}). pip install ctranslate2 xllamacpp", file=sys.stderr)
            continue
        systems |= {title: system(write, note) for title, (write, note) in engines.items()}
    return systems


def brief_texts(ours: Causal, articles: Sequence[Article]) -> list[str]:
    """Return our briefs; empty where one failed."""
    return [brief.text if isinstance(brief, Brief) else "" for brief in ours.summarize(articles)]


def finish(text: str) -> str:
    """Return what is a brief of a text that was written, as ours does it: one paragraph of whole sentences."""
    lines = text.strip().split("\n")
    return " ".join(tidy(lines[0], MAX_WORDS, is_finished=True))


def generate_batches(model: Any, tokenizer: Any, size: int, **settings: Any) -> Write:
    """Return ``generate`` in batches of ``size``, as its documentation has it."""
    import torch

    def run(prompts: Sequence[str]) -> list[str]:
        texts: list[str] = []
        for start in range(0, len(prompts), size):
            batch = tokenizer(
                list(prompts[start : start + size]), return_tensors="pt", padding=True, padding_side="left"
            ).to(model.device)
            with torch.inference_mode(), redirect_stderr(StringIO()):
                output = model.generate(**batch, max_new_tokens=MAX_NEW_TOKENS, do_sample=False, **settings)
            written = output[:, batch["input_ids"].shape[1] :]
            texts += tokenizer.batch_decode(written, skip_special_tokens=True)
        return texts

    return run


def summary(
    systems: Mapping[str, System],
    seconds: Mapping[str, list[float]],
    briefs: Mapping[str, list[str]],
    references: Sequence[str],
) -> dict[str, dict[str, Any]]:
    """Return each system's rates, how many times faster ours is, and ROUGE-Lsum in per cent."""
    rows = {}
    for name, system in systems.items():
        mine = SINGLE + OURS if name.startswith(SINGLE) else OURS
        rouge = score_rouge(briefs[name], references[: len(briefs[name])]).mean(axis=0)
        rows[name] = rates(seconds[name]) | {
            "seconds": round(median(seconds[name]), 3),
            "ours_is_faster": round(median(b / a for a, b in zip(seconds[mine], seconds[name], strict=True)), 3),
            "rouge_lsum": round(float(rouge[2]) * 100, 2),
            "note": system.note,
        }
    return rows


def differing(
    arguments: argparse.Namespace,
    runtime: RuntimeOptions,
    articles: Sequence[Article],
    briefs: Mapping[str, list[str]],
) -> dict[str, int]:
    """Return how many of our briefs are others at other budgets, alone, and beside ``generate``'s."""
    counts = {"alone": changed(briefs[SINGLE + OURS], briefs[OURS])}
    for tokens in BUDGETS:
        options = CausalOptions(model=arguments.model, max_words=MAX_WORDS)
        ours = Causal(options, runtime.model_copy(update={"batch_tokens": tokens}))
        counts[f"batch_tokens {tokens}"] = changed(brief_texts(ours, articles), briefs[OURS])
    for name in [name for name in briefs if name.startswith("transformers")]:
        counts[name] = changed(briefs[name], briefs[OURS])
    return counts


def changed(some: Sequence[str], others: Sequence[str]) -> int:
    """Return in how many places two lists differ; the shorter one is the beginning."""
    return sum(a != b for a, b in zip(some, others, strict=False))


def table(result: Mapping[str, Any]) -> str:
    """Return the Markdown page."""
    where, articles = result["machine"], result["articles"]
    rows = "".join(
        f"| {name} | {row['articles_per_second']:.2f} | {row['slowest']:.2f} to {row['fastest']:.2f} "
        f"| {row['seconds']:.2f} | {row['ours_is_faster']:.2f} | {row['rouge_lsum']:.2f} | {row['note']} |\n"
        for name, row in result["systems"].items()
    )
    others = "; ".join(f"{name}: {count}" for name, count in result["differing"].items())
    return (
        "# Throughput of writing\n\n"
        f"{articles['count']} articles, prompts of {articles['mean_prompt_tokens']:.0f} tokens on average; "
        f"{where_in_words(where)}, {where['dtype'].removeprefix('torch.')}; medians of "
        f"{result['rounds']} rounds after a warm-up.\n\n"
        "| system | articles/s | slowest to fastest | s each | ours is so many times as fast | ROUGE-Lsum | note |\n"
        "|---|---|---|---|---|---|---|\n"
        f"{rows}\nBriefs that differ from those of our batched run: {others}.\n\n" + footer(result, "decode.py")
    )


if __name__ == "__main__":
    main()
