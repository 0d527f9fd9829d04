"""Puts ways to make briefs beside each other: speed, ROUGE and inventions, on the same articles in one run on the CPU.

    python benchmarks/brief_cost.py articles.jsonl --articles 100 --threads 2

Ours are run as a config runs them, reading and writing left out: the hybrid brief (the default: a model's sentences,
checked, and replaced by the article's own where they fail), the extractive one (``backend: salience``) and the lead.
Beside them sumy's LexRank and TextRank, which get our sentences, and ``generate`` of transformers with the hybrid's own
weights in a plain loop. Loading is not timed. Inventions are counted by ``unsupported_counts.py``, not by the package.

The articles need a human brief in the field ``summary``. sumy is no dependency of the project: ``pip install sumy``.
Writes ``brief_cost.json`` and ``brief_cost.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from timing import System, footer, machine, measure, rates, versions, write
from unsupported_counts import KINDS, article_text, count

from summarizer.base_weights import find_base
from summarizer.clean import CleanOptions, clean
from summarizer.config import RunConfig, parse_config
from summarizer.errors import ConfigError, ModelError
from summarizer.evaluate.briefs_rouge import score_rouge
from summarizer.models import find_model
from summarizer.quiet import quiet_transformers
from summarizer.read import InputOptions, read
from summarizer.records import Article, Record
from summarizer.runner import Runner
from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype
from summarizer.sentences import split_sentences
from summarizer.summarize.prompting import Prompting

OURS = {"hybrid": "causal", "extractive": "salience", "lead": "lead"}
PACKAGES = ("summarizer", "torch", "transformers", "peft", "rouge-score")
SUMY_SENTENCES = 3
MAX_WORDS = 80
MAX_NEW_TOKENS = 136
"""What the causal backend allows a brief of ``MAX_WORDS`` words."""
MAX_PROMPT_TOKENS = 1024
WARM_UP_ARTICLES = 2


def main() -> None:
    """Measure, write both files and print the table."""
    arguments = parse()
    runtime = RuntimeOptions(device="cpu", threads=arguments.threads)
    articles, references = read_articles(arguments)
    systems = ours(articles, arguments) | sumy(articles) | plain_loop(articles, arguments.model, runtime)
    seconds, briefs = measure(systems, arguments.rounds, WARM_UP_ARTICLES)
    packages = [*PACKAGES, *(["sumy"] if any("sumy" in name for name in systems) else [])]
    result = {
        "machine": machine(arguments.threads) | {"dtype": str(pick_dtype(runtime, pick_device(runtime)))},
        "packages": versions(packages),
        "articles": {"count": len(articles), "mean_words": round(mean(len(a.body.split()) for a in articles), 1)},
        "rounds": arguments.rounds,
        "systems": {
            name: rates(seconds[name]) | quality(briefs[name], references, articles) | {"note": system.note}
            for name, system in systems.items()
        },
    }
    page = table(result)
    write(result, page, arguments.out, "brief_cost")
    print(page)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="articles with human briefs in any format that summarizer reads")
    parser.add_argument("--articles", type=int, default=100, help="so many of them, from the beginning")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default="brief-gemma", help="of the hybrid brief and of the plain loop")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def read_articles(arguments: argparse.Namespace) -> tuple[list[Article], list[str]]:
    """Return the articles, cleaned, and their human briefs."""
    found = read(InputOptions(path=arguments.data, limit=arguments.articles))
    items = [item for item in found if isinstance(item, Article) and str(item.fields.get("summary") or "").strip()]
    if not items:
        sys.exit(f"{arguments.data}: no article with a 'summary'")
    return [clean(item, CleanOptions()) for item in items], [str(item.fields["summary"]) for item in items]


def ours(articles: Sequence[Article], arguments: argparse.Namespace) -> dict[str, System]:
    """Return our three ways, each run by a config's chain; one that is not there is told and left out."""
    systems = {}
    for name, backend in OURS.items():
        model = f", model: {arguments.model}" if backend == "causal" else ""
        text = f"summarize: {{backend: {backend}{model}}}\nruntime: {{device: cpu, threads: {arguments.threads}}}\n"
        try:
            runner = Runner(parse_config(text, RunConfig))
        except (ConfigError, ModelError) as error:
            print(f"left out: {name} ({error})", file=sys.stderr)
            continue
        systems[f"summarizer, {name}"] = System(chain(runner), articles, f"`backend: {backend}`")
    return systems


def chain(runner: Runner) -> Callable[[Sequence[Article]], list[str]]:
    """Return what makes briefs by clean, summarize and check; empty where an article failed."""

    def run(given: Sequence[Article]) -> list[str]:
        runner._latest.clear()  # it would remember the texts of the warm-up and of the round before
        results = list(runner.run(given))
        return [r.brief.text if isinstance(r, Record) and r.brief else "" for r in results]

    return run


class OurTokenizer:
    """Gives sumy our sentences, in the form of its own tokenizer, which would need NLTK's data from the network."""

    def to_sentences(self, text: str) -> list[str]:
        """Return the sentences of a text."""
        return [text[start:end] for start, end in split_sentences(text)]

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words of a sentence."""
        return tuple(word for word in sentence.replace("'", " ").split() if any(map(str.isalnum, word)))


def sumy(articles: Sequence[Article]) -> dict[str, System]:
    """Return sumy's graph methods as its documentation has them; none where it is not installed."""
    try:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
        from sumy.utils import get_stop_words
    except ImportError as error:
        print(f"left out: sumy ({error}). pip install sumy", file=sys.stderr)
        return {}
    tokenizer = OurTokenizer()

    def document(article: Article) -> Any:
        sentences = [Sentence(text, tokenizer) for text in tokenizer.to_sentences(article.body)]
        return ObjectDocumentModel([Paragraph(sentences)])

    def system(kind: Any) -> System:
        method = kind(Stemmer("english"))
        method.stop_words = get_stop_words("english")

        def run(given: Sequence[Article]) -> list[str]:
            return [" ".join(map(str, method(document(article), SUMY_SENTENCES))) for article in given]

        return System(run, articles, f"{SUMY_SENTENCES} sentences, in the article's order")

    return {"sumy, LexRank": system(LexRankSummarizer), "sumy, TextRank": system(TextRankSummarizer)}


def plain_loop(articles: Sequence[Article], model: str, runtime: RuntimeOptions) -> dict[str, System]:
    """Return ``generate`` as one would write it in a dozen lines: one article at a time, greedy, nothing checked."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = find_model(model, runtime)
    is_adapter = (folder.path / "adapter_config.json").is_file()
    base = find_base(folder, runtime) if is_adapter else folder.path
    dtype = pick_dtype(runtime, pick_device(runtime))
    template = str(folder.manifest.get("prompt", "Article: {text}\n\nSummary:"))
    prompting = Prompting(template, is_chat=False, max_words=MAX_WORDS)
    with quiet_transformers():
        tokenizer = AutoTokenizer.from_pretrained(base)
        writer: Any = AutoModelForCausalLM.from_pretrained(base, dtype=dtype)
        if is_adapter:
            writer = PeftModel.from_pretrained(writer, folder.path).merge_and_unload()
    writer.eval()

    def write_brief(article: Article) -> str:
        text = tokenizer.decode(tokenizer(article.body, add_special_tokens=False)["input_ids"][:MAX_PROMPT_TOKENS])
        inputs = tokenizer(prompting.fill(text, article.title), return_tensors="pt")
        with torch.inference_mode():
            output = writer.generate(**inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
        return str(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)).strip()

    note = "the hybrid's weights, one article at a time, greedy, nothing checked"
    return {"transformers, generate in a loop": System(lambda given: list(map(write_brief, given)), articles, note)}


def quality(briefs: Sequence[str], references: Sequence[str], articles: Sequence[Article]) -> dict[str, Any]:
    """Return ROUGE in per cent, words, and how many briefs hold what their article lacks."""
    rouge = score_rouge(briefs, references).mean(axis=0) * 100
    rows = [{"title": a.title, "text": a.text, "date": a.date} for a in articles]
    texts = {str(place): article_text(row) for place, row in enumerate(rows)}
    counts = count({str(place): brief for place, brief in enumerate(briefs)}, texts)["counts"]
    return {
        "rouge": {name: round(float(score), 2) for name, score in zip(("1", "2", "Lsum"), rouge, strict=True)},
        "mean_words": round(mean(len(brief.split()) for brief in briefs), 1),
        "empty": sum(not brief for brief in briefs),
        "unsupported": {kind: counts[kind] for kind in KINDS},
    }


def table(result: Mapping[str, Any]) -> str:
    """Return the Markdown page."""
    where, articles = result["machine"], result["articles"]
    rows = "".join(
        f"| {name} | {row['articles_per_second']:.2f} | {row['slowest']:.2f} to {row['fastest']:.2f} "
        f"| {' / '.join(f'{score:.1f}' for score in row['rouge'].values())} | {row['mean_words']:.0f} "
        f"| {' | '.join(str(row['unsupported'][kind]) for kind in KINDS)} | {row['note']} |\n"
        for name, row in result["systems"].items()
    )
    return (
        "# What a brief costs\n\n"
        f"{articles['count']} articles of {articles['mean_words']:.0f} words on average; {where['cpu']}, "
        f"{where['threads']} threads, models in {where['dtype'].removeprefix('torch.')}; medians of {result['rounds']} "
        "rounds after a warm-up. ROUGE-1 / 2 / Lsum F1 in per cent against the human briefs. The last numbers are the "
        "briefs that hold such a thing and whose article lacks it, counted by `benchmarks/unsupported_counts.py`.\n\n"
        "| system | articles/s | slowest to fastest | ROUGE | words | number | quotation | name | note |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n" + footer(result, "brief_cost.py")
    )


if __name__ == "__main__":
    main()
