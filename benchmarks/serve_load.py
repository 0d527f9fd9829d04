"""Measures the service on loopback beside the batch runner on the same articles, under too much load, and misused.

    python benchmarks/serve_load.py articles.jsonl --articles 600
    python benchmarks/serve_load.py articles.jsonl --overload 600          # seconds, at twice the measured rate
    python benchmarks/serve_load.py articles.jsonl --malformed 2000

The batch runner works in a process of its own before the service starts. Each article of a phase has a text that no
other has. The service and its clients share the machine, so the clients' cost is in the service's figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from serve_client import Answer, Connection, metrics, read_rows, service
from serve_misuse import misuse
from timing import machine, versions

WARM_UP_ARTICLES = 64
CPU = "cpu_ms_an_article"
"""What both have in common however busy the machine is with something else."""
OVERLOAD = 2.0
PACKAGES = ("summarizer", "torch", "fastapi", "uvicorn")
LOOK_SECONDS = 5.0
LOOKS = 20


def main() -> None:
    """Measure what was asked for; print it, and write it where that was asked for too."""
    arguments = parse()
    warm_up = read_rows(arguments.data, WARM_UP_ARTICLES)
    rows = read_rows(arguments.data, WARM_UP_ARTICLES + arguments.articles)[WARM_UP_ARTICLES:]
    result: dict[str, Any] = {
        "machine": machine(arguments.threads),
        "packages": versions(PACKAGES),
        "config": arguments.config,
        "overrides": arguments.set,
        "articles": len(rows),
        "mean_words": round(sum(len(row["text"].split()) for row in rows) / len(rows), 1),
        "clients": arguments.clients,
    }
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        batch, cpu = pool.apply(batch_seconds, (arguments.config, arguments.set, arguments.threads, warm_up, rows))
    result["batch"] = {"articles_per_second": round(len(rows) / batch, 2), CPU: round(1000 * cpu / len(rows), 2)}
    with service(arguments.config, [*arguments.set, f"runtime.threads={arguments.threads}"], arguments.threads) as port:
        asyncio.run(_load(port, warm_up, arguments.clients))
        cpu = -cpu_seconds(port)
        seconds, latencies, wrong = asyncio.run(_load(port, rows, arguments.clients))
        cpu += cpu_seconds(port)
        result["service"] = {**figures(seconds, latencies, wrong), CPU: round(1000 * cpu / len(rows), 2)}
        rate = len(rows) / seconds
        result["service_over_batch"] = round(batch / seconds, 3)
        if arguments.overload:
            result["overload"] = asyncio.run(_overload(port, arguments, OVERLOAD * rate))
        if arguments.malformed:
            result["malformed"] = asyncio.run(misuse(port, arguments.malformed))
    text = json.dumps(result, indent=1)
    print(text)
    if arguments.out is not None:
        (arguments.out / "serve_load.json").write_text(text + "\n", encoding="utf-8")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="JSON lines with a field 'text'")
    parser.add_argument("--config", default="configs/extractive.yaml")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--overload", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--malformed", type=int, default=0, metavar="REQUESTS")
    parser.add_argument("--out", type=Path, help="folder for serve_load.json, from an idle machine")
    return parser.parse_args()


def batch_seconds(
    config: str, overrides: list[str], threads: int, *phases: list[dict[str, Any]]
) -> tuple[float, float]:
    """Return how long the batch runner takes for the last phase, after it was warmed up with the others.

    :return: seconds, and seconds of CPU.
    """
    from summarizer.config import load_config
    from summarizer.records import Article
    from summarizer.runner import Runner

    runner = Runner(load_config(config, [*overrides, f"runtime.threads={threads}"]))
    seconds = cpu = 0.0
    for rows in phases:
        start, cpu_start = time.perf_counter(), time.process_time()
        list(runner.run(Article(id=row["id"], title=row["title"], text=row["text"]) for row in rows))
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    return seconds, cpu


def cpu_seconds(port: int) -> float:
    """Return what the service has used of the CPU."""
    return asyncio.run(metrics(port))["process_cpu_seconds_total"]


async def _load(port: int, rows: list[dict[str, Any]], clients: int) -> tuple[float, list[float], int]:
    """Have clients post one article after the other; return seconds, each request's latency, and wrong answers."""
    waiting = iter(rows)
    latencies: list[float] = []
    wrong = 0

    async def client() -> None:
        nonlocal wrong
        connection = Connection(port)
        for row in waiting:
            start = time.perf_counter()
            answer = await connection.post("/v1/records", json.dumps(row).encode())
            latencies.append(time.perf_counter() - start)
            wrong += not _is_of(answer, row)
        connection.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return time.perf_counter() - start, latencies, wrong


def _is_of(answer: Answer, row: dict[str, Any]) -> bool:
    return answer.status == 200 and json.loads(answer.body)["id"] == row["id"]


def figures(seconds: float, latencies: list[float], wrong: int) -> dict[str, Any]:
    """Return rate and latencies, in milliseconds."""
    cuts = quantiles(latencies, n=100)
    return {
        "articles_per_second": round(len(latencies) / seconds, 2),
        "p50_ms": round(1000 * cuts[49], 1),
        "p99_ms": round(1000 * cuts[98], 1),
        "wrong_answers": wrong,
    }


def thinned(memory: list[float]) -> list[float]:
    """Return the first look at the memory, and the most of each of ``LOOKS`` equal parts of what follows."""
    first, *later = memory
    cuts = [round(i * len(later) / LOOKS) for i in range(LOOKS + 1)]
    return [first, *(max(later[start:end]) for start, end in pairwise(cuts) if start < end)]


async def _overload(port: int, arguments: argparse.Namespace, rate: float) -> dict[str, Any]:
    """Post at a rate, whatever comes back; return what came back, and the service's memory over time."""
    template = read_rows(arguments.data, 512)
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    free: list[Connection] = []
    wrong = 0
    before = await metrics(port)

    async def ask(number: int) -> None:
        nonlocal wrong
        own = template[number % len(template)]
        row = {**own, "id": f"o{number}", "text": f"{own['text']} It was number {number}."}
        connection = free.pop() if free else Connection(port)
        start = time.perf_counter()
        answer = await connection.post("/v1/records", json.dumps(row).encode())
        statuses[answer.status] += 1
        if answer.status == 200:
            latencies.append(time.perf_counter() - start)
            wrong += not _is_of(answer, row)
        free.append(connection)

    begin, asked, tasks, memory = time.monotonic(), 0, set(), [before["process_resident_memory_bytes"]]
    look = begin + LOOK_SECONDS
    while (now := time.monotonic()) < begin + arguments.overload:
        for _ in range(int((now - begin) * rate) - asked):
            task = asyncio.ensure_future(ask(asked))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            asked += 1
        if now > look:
            memory.append((await metrics(port))["process_resident_memory_bytes"])
            look += LOOK_SECONDS
        await asyncio.sleep(0.005)
    await asyncio.gather(*tasks)
    after = await metrics(port)
    accepted = after["summarizer_records_total"] - before["summarizer_records_total"]
    return {
        "asked": asked,
        "requests_per_second": round(rate, 2),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "records_made": int(accepted),
        "of_200": figures(arguments.overload, latencies, wrong),
        "lost_requests": asked - statuses[200] - statuses[503],
        "memory_mb": [round(size / 2**20) for size in [*thinned(memory), after["process_resident_memory_bytes"]]],
    }


if __name__ == "__main__":
    main()
