"""A wire of invented stories with everything that can happen to one, and a config that runs it into a folder."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from summarizer.config import RunConfig, parse_config
from summarizer.job import run_job
from summarizer.report import Report

PLACES = ["Orma", "Port Arven", "Kell", "Sundby", "Tarn"]
FILES = ("records.jsonl", "failures.jsonl")


def invent_wire(path: Path, count: int) -> Path:
    """Write a wire: every 7th line is no JSON, every 11th has no text, every 5th uses the id of the first again."""
    lines = []
    for n in range(count):
        place = PLACES[n % len(PLACES)]
        text = f"Norvia and Tessland signed accord {n} in {place}. It runs for {n} years. The ministers met an envoy."
        row = {"id": "again" if n % 5 == 0 else f"w{n}", "text": "" if n % 11 == 3 else text, "desk": n}
        lines.append('{"id": "cut' if n % 7 == 2 else json.dumps(row))
    path.write_text("\n".join(lines) + "\n")
    return path


def lead(wire: Path, out: Path, *overrides: str) -> RunConfig:
    text = "summarize:\n  backend: lead\n  max_words: 20\n  min_source_words: 5\nruntime:\n  window_articles: 4\n"
    return parse_config(text, RunConfig, overrides=[f"input.path={wire}", f"output.path={out}/", *overrides])


def run(config: RunConfig, **options: Any) -> Report:
    return run_job(config, stdin=io.BytesIO(), stdout=io.BytesIO(), **options)


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def counts(folder: Path) -> dict[str, Any]:
    """The report without its times."""
    report: dict[str, Any] = json.loads((folder / "report.json").read_bytes())
    return {name: value for name, value in report.items() if "seconds" not in name}


def ids(folder: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (folder / "records.jsonl").read_bytes().splitlines()]
