"""Times topic tagging beside other ways to do it: the same articles, one process, one run, in float32.

    python benchmarks/tag_throughput.py articles.jsonl --articles 300 --threads 2

Every system is warmed up, then all take turns, so that a slow spell of the machine hits each alike. A rate is the
median over the rounds; a ratio is the median of each round's own ratio, and once more that of both systems' fastest
rounds, which other work on the machine troubles least. Loading is not timed; tokenising is, and whatever else lies
between text and probabilities. Writes ``tag_throughput.json`` and ``tag_throughput.md``,
or ``tag_throughput_gpu`` with ``--device cuda``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from timing import System, footer, machine, measure, rates, result_name, versions, where_in_words, write

from summarizer.classify import Classifier, Scores, load_classifier
from summarizer.classify.base import reading_text, title_part
from summarizer.classify.encoder import EncoderOptions
from summarizer.classify.linear import LinearOptions, first_words
from summarizer.models import find_model, write_manifest
from summarizer.quiet import quiet_transformers
from summarizer.read import InputOptions, read
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions

BATCH_SIZES = (1, 8, 32, 64)
LONGEST = 512
NLI_ARTICLES = 4
WARM_UP_ARTICLES = 32
OURS = "summarizer, encoder"
PIPELINE = "transformers pipeline, batch {}"
PACKAGES = ("summarizer", "torch", "transformers", "tokenizers", "scikit-learn", "numpy")
NOTES = {
    "longest": "the same pipeline at its own truncation: it reads more of a long article",
    "nli": f"a DistilBERT of the shape of distilbert-base-uncased-mnli with random weights, one pass a topic, on the "
    f"first {NLI_ARTICLES} articles",
    "linear": "fitted to what the encoder says of these articles: for speed, not for quality; 150 words an article",
}


def main() -> None:
    """Measure, write both files and print the table."""
    arguments = parse()
    import torch

    torch.set_num_threads(arguments.threads)
    runtime = RuntimeOptions(device=arguments.device, dtype="float32", threads=arguments.threads)
    found = read(InputOptions(path=arguments.data, limit=arguments.articles))
    articles = [item for item in found if isinstance(item, Article) and reading_text(item).strip()]
    with tempfile.TemporaryDirectory() as folder:
        ours: Any = load_classifier(EncoderOptions(model=arguments.model), runtime)
        systems = {OURS: System(ours.score, articles)}
        systems |= pipelines(arguments.model, runtime, articles, ours.max_tokens)
        systems["zero-shot NLI"] = System(nli(ours, arguments.device), articles[:NLI_ARTICLES], NOTES["nli"])
        systems |= linear(ours, articles, Path(folder), runtime)
        seconds, _ = measure(systems, arguments.repetitions, WARM_UP_ARTICLES)
    result = {
        "machine": machine(arguments.threads, arguments.device),
        "packages": versions(PACKAGES),
        "articles": describe(articles, ours),
        "topics": len(ours.topics),
        "rounds": arguments.repetitions,
        "largest_difference": largest_difference(ours, pipe(arguments.model, runtime), articles),
        "systems": summary(systems, seconds),
    }
    page = table(result)
    write(result, page, arguments.out, result_name("tag_throughput", arguments.device))
    print(page)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="articles in any format that summarizer reads")
    parser.add_argument("--articles", type=int, default=300, help="so many of them, from the beginning")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--model", default="topics-minilm")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def pipe(model: str, runtime: RuntimeOptions) -> Any:
    """Return the text-classification pipeline as its documentation has it; in float32 like ours."""
    import torch
    from transformers import pipeline

    with quiet_transformers():
        folder = str(find_model(model, runtime).path)
        return pipeline("text-classification", model=folder, top_k=None, device=runtime.device, dtype=torch.float32)


def pipelines(model: str, runtime: RuntimeOptions, articles: Sequence[Article], max_tokens: int) -> dict[str, System]:
    """Return the pipeline at each batch size, and once more at its own truncation."""
    tagger = pipe(model, runtime)

    def run(size: int, tokens: int) -> Callable[[Sequence[Article]], Any]:
        settings = {"batch_size": size, "truncation": True, "max_length": tokens}
        return lambda given: tagger([reading_text(article) for article in given], **settings)

    systems = {PIPELINE.format(size): System(run(size, max_tokens), articles) for size in BATCH_SIZES}
    name = f"{PIPELINE.format(8)}, {LONGEST} tokens"
    return {**systems, name: System(run(8, LONGEST), articles, NOTES["longest"])}


def nli(ours: Any, device: str) -> Callable[[Sequence[Article]], Any]:
    """Return a zero-shot classifier that asks of each article and each topic whether the one entails the other."""
    import torch
    from transformers import DistilBertConfig, DistilBertForSequenceClassification, pipeline

    torch.manual_seed(1)
    labels = ["entailment", "neutral", "contradiction"]
    config = DistilBertConfig(
        vocab_size=len(ours.tokenizer),
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    model = DistilBertForSequenceClassification(config).eval()
    asker = pipeline("zero-shot-classification", model=model, tokenizer=ours.tokenizer, device=device)
    names = [topic.name for topic in ours.topics]

    def run(given: Sequence[Article]) -> Any:
        # that pipeline takes no max_length, so the texts are cut to what ours reads of them
        texts = [reading_text(article)[: title_part(article) + ours.read_to(article)] for article in given]
        return asker(texts, candidate_labels=names, multi_label=True, batch_size=8)

    return run


def linear(ours: Classifier, articles: Sequence[Article], folder: Path, runtime: RuntimeOptions) -> dict[str, System]:
    """Return our linear backend and scikit-learn's own pipeline, fitted to the same texts and labels."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    from summarizer.train.topics_linear import ANALYZER, fit_linear, save_linear
    from summarizer.train.topics_options import TopicTraining

    said = np.array([scores.probabilities for scores in ours.score(articles) if isinstance(scores, Scores)])
    targets = (said >= np.quantile(said, 0.9, axis=0)).astype(float)  # every topic has some articles and lacks some
    topics = [topic.id for topic in ours.topics]
    options = TopicTraining(data="", out=str(folder), backend="linear")
    model = fit_linear([reading_text(article) for article in articles], targets, topics, options, is_single=False)
    save_linear(model, topics, folder)
    write_manifest(folder, name="linear", task="topics", backend="linear")
    backend = load_classifier(LinearOptions(model=str(folder)), runtime)

    arguments = {**ANALYZER, "ngram_range": tuple(ANALYZER["ngram_range"]), "min_df": 2}
    steps = make_pipeline(TfidfVectorizer(**arguments), OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)))

    def texts(given: Sequence[Article]) -> list[str]:
        return [first_words(reading_text(article), options.max_words) for article in given]

    steps.fit(texts(articles), targets)
    return {
        "summarizer, linear": System(backend.score, articles, NOTES["linear"]),
        "scikit-learn, TF-IDF + logistic regression": System(
            lambda given: steps.predict_proba(texts(given)), articles, NOTES["linear"]
        ),
    }


def summary(systems: Mapping[str, System], seconds: Mapping[str, list[float]]) -> dict[str, dict[str, Any]]:
    """Return each system's rates and how many times faster ours is."""
    return {
        name: {
            **rates(seconds[name]),
            "ours_is_faster": round(median(b / a for a, b in zip(seconds[OURS], seconds[name], strict=True)), 3),
            "ours_is_faster_at_best": round(min(seconds[name]) / min(seconds[OURS]), 3),
            "note": system.note,
        }
        for name, system in systems.items()
    }


def describe(articles: Sequence[Article], ours: Any) -> dict[str, Any]:
    """Return how many there are and how long they are, in tokens."""
    ids = ours.tokenizer([reading_text(article) for article in articles], truncation=False, verbose=False)["input_ids"]
    whole = [len(row) for row in ids]
    return {
        "count": len(articles),
        "mean_tokens": round(mean(whole), 1),
        "mean_tokens_read": round(mean(min(length, ours.max_tokens) for length in whole), 1),
        "max_tokens": ours.max_tokens,
    }


def largest_difference(ours: Any, tagger: Any, articles: Sequence[Article]) -> float:
    """Return how far a probability of ours is from the pipeline's, at most."""
    texts = [reading_text(article) for article in articles]
    theirs = tagger(texts, truncation=True, max_length=ours.max_tokens)
    topics = [topic.id for topic in ours.topics]
    pairs = zip(ours.score(articles), ({row["label"]: row["score"] for row in rows} for rows in theirs), strict=True)
    differences = [
        abs(probability - said[topic])
        for scores, said in pairs
        for topic, probability in zip(topics, scores.probabilities, strict=True)
    ]
    return float(max(differences))


def table(result: Mapping[str, Any]) -> str:
    """Return the Markdown page."""
    where, articles = result["machine"], result["articles"]
    systems = result["systems"]
    best = min((PIPELINE.format(size) for size in BATCH_SIZES), key=lambda name: systems[name]["ours_is_faster"])
    rows = "".join(
        f"| {name} | {row['articles_per_second']:.2f} | {row['slowest']:.2f} to {row['fastest']:.2f} "
        f"| {row['ours_is_faster']:.2f} | {row['ours_is_faster_at_best']:.2f} | {row['note']} |\n"
        for name, row in systems.items()
    )
    return (
        "# Throughput of tagging\n\n"
        f"Ours is {systems[best]['ours_is_faster']:.2f} times as fast as the plain transformers pipeline at its best "
        f"batch size ({best.rpartition(' ')[2]}), with the same weights in float32; no probability differs by more "
        f"than {result['largest_difference']:.0e}.\n\n"
        f"{articles['count']} articles of {articles['mean_tokens']} tokens on average, of which "
        f"{articles['mean_tokens_read']} are read (at most {articles['max_tokens']}); {result['topics']} topics; "
        f"{where_in_words(where)}; medians of {result['rounds']} rounds after a warm-up.\n\n"
        "| system | articles/s | slowest to fastest | ours is so many times as fast | at each one's fastest | note |\n"
        "|---|---|---|---|---|---|\n"
        f"{rows}\n" + footer(result, "tag_throughput.py")
    )


if __name__ == "__main__":
    main()
