"""Times a large job without a model of torch, and what memory it takes beside a small one.

    python benchmarks/batch_job.py stories.jsonl --articles 100000

``summarizer run`` with the backends ``lead`` and ``linear`` works through so many articles, and through 1,000, each in
a process of its own and into a run folder; what is timed is the whole command, start, reading and writing included.
The articles are the examples of this project over and over, each with a number of its own in its text, since a text
that comes again is worked on once; what the larger job takes without these numbers is told too. The linear model is
trained first on ``stories.jsonl`` (fields ``text`` and ``topics``). Writes ``batch_job.json`` and ``batch_job.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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
output: {{path: {out}/}}
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
        small = job(SMALL, model, folder)
        large = job(arguments.articles, model, folder)
        repeated = job(arguments.articles, model, folder, is_numbered=False)
    result: dict[str, Any] = {
        "machine": machine(os.cpu_count() or 1),
        "packages": versions(("summarizer", "scikit-learn", "pyarrow")),
        "jobs": {"small": small, "large": large, "large, texts repeated": repeated},
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


def job(size: int, model: Path, folder: Path, *, is_numbered: bool = True) -> dict[str, Any]:
    """Run one job; return its seconds, rate and peak memory.

    :param is_numbered: each text has a number of its own, so that none comes twice.
    """
    wire, out, config = folder / "wire.jsonl", folder / f"run-{size}-{is_numbered}", folder / "job.yaml"
    articles = [item for item in read(InputOptions(path=str(EXAMPLES))) if isinstance(item, Article)]
    with wire.open("w", encoding="utf-8") as lines:
        for number, article in zip(count(), islice(cycle(articles), size)):
            text = f"{article.text}\n\nNo. {number}." if is_numbered else article.text
            lines.write(json.dumps({"id": f"{article.id}-{number}", "title": article.title, "text": text}) + "\n")
    config.write_text(CONFIG.format(wire=wire, model=model, out=out), encoding="utf-8")
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, "run", str(config), "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the job of {size} articles ended with {process.returncode}")
    report = json.loads((out / "report.json").read_bytes())
    with (out / "records.jsonl").open("rb") as records:
        written = sum(1 for _ in records)
    if written != size or bool(report["repeated_texts"]) is is_numbered:
        sys.exit(f"the job of {size} articles wrote {written} records and reported {report}")
    shutil.rmtree(out)
    return {
        "articles": size,
        "repeated_texts": report["repeated_texts"],
        "seconds": round(seconds, 2),
        "articles_per_second": round(size / seconds),
        "mean_words": round(sum(len(article.text.split()) for article in articles) / len(articles)),
        "peak_mib": round(usage.ru_maxrss / 1024, 1),
    }


def page_of(result: dict[str, Any]) -> str:
    """Return the Markdown page."""
    rows = "".join(
        f"| {row['articles']:,} | {row['repeated_texts']:,} | {row['seconds']} | {row['articles_per_second']:,} "
        f"| {row['peak_mib']} |\n"
        for row in result["jobs"].values()
    )
    words = result["jobs"]["large"]["mean_words"]
    return (
        "# A large job\n\n"
        f"Briefs by `lead`, tags by `linear`, into a run folder; articles of {words} words on average; the whole "
        "command is timed. Where no text is repeated each has a number of its own; repeated ones are worked on once. "
        f"{result['machine']['cpu']}, {result['machine']['threads']} cores. The larger job takes "
        f"{result['memory_ratio']} times the memory of the smaller.\n\n"
        "| articles | texts repeated | seconds | articles/s | peak memory, MiB |\n|---|---|---|---|---|\n"
        f"{rows}\n{footer(result, 'batch_job.py')}"
    )


if __name__ == "__main__":
    main()
