"""What the one process costs that reads the input and writes the records of a run over many workers.

    python benchmarks/scale_driver.py

It reads, enters in the ledger and encodes invented articles; what workers do is done outside the clock, and moving
articles between processes is not in it. CPU seconds, not wall time, since that is what the process runs out of first.
"""

from __future__ import annotations

import json
import platform
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from timing import cpu_name

from summarizer import __version__
from summarizer.config import RunConfig, parse_config
from summarizer.ledger import Ledger
from summarizer.read import read
from summarizer.runner import Runner
from summarizer.write.jsonl import JsonLines

ARTICLES, WORDS, ROUNDS, WINDOW = 1000, 450, 5, 64
RESULT = Path(__file__).parent / "results" / "scale_driver.json"
SYLLABLES = ["ta", "ren", "vo", "lis", "mar", "ke", "dun", "sha", "pol", "in"]


def invent(path: Path) -> None:
    """Write articles of invented words, each of the same number."""
    chance = random.Random(13)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(3000)]
    with path.open("w") as stream:
        for n in range(ARTICLES):
            text = [chance.choice(words) for _ in range(WORDS)]
            for end in range(19, WORDS, 20):
                text[end] += "."
            stream.write(json.dumps({"id": f"invented-{n}", "text": " ".join(text), "desk": "none"}) + "\n")


def main() -> None:
    """Measure, and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invented.jsonl"
        invent(path)
        config = parse_config("summarize: {backend: lead}", RunConfig, overrides=[f"input.path={path}"])
        items = list(read(config.input))
        runner = Runner(config)
        made = [runner.work(items[at : at + WINDOW]) for at in range(0, len(items), WINDOW)]
        rounds = [one_round(config, items, made) for _ in range(ROUNDS + 1)][1:]
        size = path.stat().st_size / ARTICLES
    parts = {
        name: round(median(each[name] for each in rounds) / ARTICLES * 1e6, 1) for name in ("read", "enter", "encode")
    }
    ids = Ledger(config)
    ids.remember(str(n) for n in range(1_000_000))
    held = sys.getsizeof(ids._ids) + sum(sys.getsizeof(key) for key in ids._ids)
    result = {
        "machine": {"cpu": cpu_name(), "python": platform.python_version()},
        "summarizer": __version__,
        "articles": {"count": ARTICLES, "words": WORDS, "bytes": round(size)},
        "cpu_microseconds_per_article": parts,
        "articles_per_cpu_second": round(1e6 / sum(parts.values())),
        "bytes_per_record": round(rounds[0]["bytes"] / ARTICLES),
        "bytes_per_id_remembered": round(held / 1_000_000),
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


def one_round(config: RunConfig, items: list, made: list) -> dict[str, float]:
    """Do what the driver does for all articles, once."""
    start = time.process_time()
    for _ in read(config.input):
        pass
    read_at = time.process_time()
    ledger = Ledger(config)
    entered = [ledger.enter(items[n * WINDOW : (n + 1) * WINDOW], results) for n, results in enumerate(made)]
    entered_at = time.process_time()
    encoder = JsonLines()
    written = sum(len(encoder.encode(results)) for results in entered)
    ended = time.process_time()
    return {"read": read_at - start, "enter": entered_at - read_at, "encode": ended - entered_at, "bytes": written}


if __name__ == "__main__":
    main()
