"""Times a large job without a model of torch, and what memory it takes beside a small one.

    python benchmarks/batch_job.py stories.jsonl --articles 100000

``summarizer run`` with the backends ``lead`` and ``linear`` works through so many articles, and through 1,000, each in
a process of its own; what is timed is the whole command, reading and writing included. The articles are the examples of
this project over and over, each with a number of its own in its text, since a text that comes again is worked on once.
The linear model is trained first on ``stories.jsonl`` (fields ``text`` and ``topics``). Writes ``batch_job.json`` and
``batch_job.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from timing import footer, machine, versions, write

from summarizer.read import InputOptions, read
from summarizer.records import Article

EXAMPLES = Path(__file__).parent.parent / "examples"
SMALL = 1000
CONFIG = """\
input: {{path: {wire}}}
summarize: {{backend: lead}}
classify: {{backend: linear, model: {model}}}
output: {{path: {records}}}
"""
COMMAND = [sys.executable, "-c", "from summarizer.cli import main; main()"]


def main() -> None:
    """Train, run both jobs, write both files and print the page."""
    arguments = parse()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "linear"
        train = ["train", "topics", arguments.data, "--out", str(model), "--set", "backend=linear"]
        subprocess.run([*COMMAND, *train], check=True)
        jobs = {str(size): job(size, model, folder) for size in (SMALL, arguments.articles)}
    small, large = jobs[str(SMALL)], jobs[str(arguments.articles)]
    result: dict[str, Any] = {
        "machine": machine(os.cpu_count() or 1),
        "packages": versions(("summarizer", "scikit-learn", "pyarrow")),
        "jobs": jobs,
        "memory_ratio": round(large["peak_mib"] / small["peak_mib"], 3),
    }
    page = page_of(result)
    write(result, page, arguments.out, "batch_job")
    print(page)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="stories with topics, to train the linear model on")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def job(size: int, model: Path, folder: Path) -> dict[str, Any]:
    """Run one job; return its seconds, rate and peak memory."""
    wire, records = folder / f"{size}.jsonl", folder / f"{size}.out.jsonl"
    articles = [item for item in read(InputOptions(path=str(EXAMPLES))) if isinstance(item, Article)]
    with wire.open("w", encoding="utf-8") as out:
        for number, article in zip(count(), islice(cycle(articles), size)):
            story = {"id": f"{article.id}-{number}", "title": article.title, "text": f"{article.text}\n\nNo. {number}."}
            out.write(json.dumps(story) + "\n")
    config = folder / f"{size}.yaml"
    config.write_text(CONFIG.format(wire=wire, model=model, records=records), encoding="utf-8")
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, "run", str(config), "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or records.read_bytes().count(b"\n") != size:
        sys.exit(f"the job of {size} articles ended with {process.returncode}")
    return {
        "seconds": round(seconds, 2),
        "articles_per_second": round(size / seconds),
        "mean_words": round(sum(len(article.text.split()) for article in articles) / len(articles)),
        "peak_mib": round(usage.ru_maxrss / 1024, 1),
    }


def page_of(result: dict[str, Any]) -> str:
    """Return the Markdown page."""
    rows = "".join(
        f"| {int(size):,} | {row['seconds']} | {row['articles_per_second']:,} | {row['peak_mib']} |\n"
        for size, row in result["jobs"].items()
    )
    words = next(iter(result["jobs"].values()))["mean_words"]
    return (
        "# A large job\n\n"
        f"Briefs by `lead`, tags by `linear`; articles of {words} words on average; the whole command is timed. "
        f"{result['machine']['cpu']}, {result['machine']['threads']} cores. The larger job takes "
        f"{result['memory_ratio']} times the memory of the smaller.\n\n"
        "| articles | seconds | articles/s | peak memory, MiB |\n|---|---|---|---|\n"
        f"{rows}\n{footer(result, 'batch_job.py')}"
    )


if __name__ == "__main__":
    main()
