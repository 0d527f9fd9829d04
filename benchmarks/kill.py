"""Kills a job again and again and compares what it wrote with an unbroken one.

    python benchmarks/kill.py articles.jsonl --articles 2000 --kills 30 --interrupts 10

Every start is a process of its own, ``summarizer run`` with the salience and encoder models; it is ended by SIGKILL or
SIGINT at a random moment of its work, loading included, and started again, until one ends by itself. With ``--full
FOLDER`` on a small file system the job is then run once more into that folder until the disk is full, and the script
waits for it to be enlarged (as root: ``mount -t tmpfs -o size=3m tmpfs FOLDER``; then ``mount -o remount,size=200m``).

The articles are repeated under new ids where there are fewer than ``--articles``. Writes ``kill.json`` and ``kill.md``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from timing import footer, machine, versions, write

FILES = ("records.jsonl", "failures.jsonl")
CONFIG = """\
input: {{path: {wire}}}
summarize: {{backend: salience}}
classify: {{backend: encoder, model: topics-minilm}}
runtime: {{window_articles: 64, threads: {threads}}}
"""


def main() -> None:
    """Run the job whole, broken and, where asked, on a full disk; write both files and print the page."""
    arguments = parse()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wire = repeated(arguments.data, arguments.articles, folder / "wire.jsonl")
        config = folder / "kill.yaml"
        config.write_text(CONFIG.format(wire=wire, threads=arguments.threads), encoding="utf-8")
        loading, seconds = timed(config, folder / "whole")
        whole = digests(folder / "whole")
        broken = break_up(config, folder / "broken", arguments, loading, seconds)
        result: dict[str, Any] = {
            "machine": machine(arguments.threads),
            "packages": versions(("summarizer", "torch", "transformers")),
            "articles": arguments.articles,
            "unbroken_seconds": round(loading + seconds, 1),
            "broken": broken | {"identical": digests(folder / "broken") == whole},
            "records": lines(folder / "broken" / "records.jsonl"),
        }
        if arguments.full:
            result["full_disk"] = fill_up(config, arguments.full) | {
                "identical": digests(arguments.full / "run") == whole
            }
    write(result, page := page_of(result), arguments.out, "kill")
    print(page)
    if not result["broken"]["identical"] or not result.get("full_disk", {"identical": True})["identical"]:
        sys.exit(1)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="JSON lines with the fields id and text")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30, help="with SIGKILL")
    parser.add_argument("--interrupts", type=int, default=10, help="with SIGINT")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--full", type=Path, help="a folder on a file system that is too small for the records")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def repeated(data: str, count: int, wire: Path) -> Path:
    """Write ``count`` articles, each time they begin anew under other ids."""
    rows = [json.loads(line) for line in Path(data).read_text(encoding="utf-8").splitlines()]
    with wire.open("w", encoding="utf-8") as out:
        for number, row in enumerate(islice(cycle(rows), count)):
            story = {"id": f"{row['id']}-{number // len(rows)}", "title": row.get("title") or "", "text": row["text"]}
            out.write(json.dumps(story) + "\n")
    return wire


def start(config: Path, run: Path) -> subprocess.Popen[bytes]:
    """Start the job; a run folder that is there is taken up again."""
    command = ["-c", "from summarizer.cli import main; main()", "run", str(config), "--quiet"]
    return subprocess.Popen([sys.executable, *command, "--set", f"output.path={run}/"], stderr=subprocess.PIPE)


def finish(config: Path, run: Path) -> None:
    """Run the job to its end."""
    wait_for(start(config, run))


def wait_for(job: subprocess.Popen[bytes]) -> None:
    """Let a job come to its end, which must be a good one."""
    _, said = job.communicate()
    if job.returncode:
        sys.exit(f"the job ended with {job.returncode}: {said.decode(errors='replace')}")


def timed(config: Path, run: Path) -> tuple[float, float]:
    """Run the job to its end; return the seconds until its first record, and those after."""
    started = time.monotonic()
    job = start(config, run)
    while job.poll() is None and not lines(run / "records.jsonl"):
        time.sleep(0.1)
    first = time.monotonic()
    wait_for(job)
    return first - started, time.monotonic() - first


def break_up(config: Path, run: Path, arguments: argparse.Namespace, loading: float, seconds: float) -> dict[str, Any]:
    """End the job at random moments, loading included, and let the last start finish.

    Each start gets its share of the work that is left, or up to half as much again, so that the signals outlast none.
    """
    chance = random.Random(arguments.seed)
    signals = [signal.SIGKILL] * arguments.kills + [signal.SIGINT] * arguments.interrupts
    chance.shuffle(signals)
    ends: Counter[str] = Counter()
    for number, sent in enumerate(signals):
        left = 1 - lines(run / "records.jsonl") / arguments.articles
        share = left * seconds / (len(signals) - number)
        job = start(config, run)
        time.sleep(chance.uniform(0.2, loading + 1.5 * share))
        job.send_signal(sent)
        job.communicate()
        ends[str(job.returncode)] += 1
        if job.returncode == 0:
            break
    done = lines(run / "records.jsonl")
    finish(config, run)
    return {"starts": sum(ends.values()) + 1, "ends": dict(ends), "records_before_the_last_start": done}


def fill_up(config: Path, folder: Path) -> dict[str, Any]:
    """Run the job until the disk is full, wait until it is larger, and let it finish."""
    job = start(config, folder / "run")
    _, said = job.communicate()
    told = said.decode(errors="replace").strip().splitlines()
    print(f"{job.returncode}: {told[-1] if told else ''}\nEnlarge {folder} now.", flush=True)
    size = space(folder)
    while space(folder) <= size:
        time.sleep(0.5)
    done = lines(folder / "run" / "records.jsonl")
    finish(config, folder / "run")
    return {"exit": job.returncode, "said": told[-1:], "records_before": done}


def space(folder: Path) -> int:
    """Return the size of the file system, in bytes."""
    import shutil

    return shutil.disk_usage(folder).total


def digests(run: Path) -> dict[str, str]:
    """Return the SHA-256 of what a job wrote."""
    return {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in FILES if (run / name).is_file()}


def lines(path: Path) -> int:
    """Count the lines of a file that may not be there."""
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def page_of(result: dict[str, Any]) -> str:
    """Return the Markdown page."""
    broken = result["broken"]
    ends = ", ".join(f"{count} with {code}" for code, count in sorted(broken["ends"].items()))
    text = (
        "# A job that is killed\n\n"
        f"{result['articles']} articles, extractive briefs and tags; unbroken in {result['unbroken_seconds']} s. "
        f"Started {broken['starts']} times; ended {ends}, then by itself; {broken['records_before_the_last_start']} "
        f"records stood before the last start. Records and failures "
        f"{'are byte for byte' if broken['identical'] else 'ARE NOT'} those of the unbroken job "
        f"({result['records']} records).\n"
    )
    if "full_disk" in result:
        full = result["full_disk"]
        text += (
            f"\nOn a full disk it ended with {full['exit']} after {full['records_before']} records "
            f"(“{' '.join(full['said'])}”), and once there was room its records "
            f"{'were' if full['identical'] else 'WERE NOT'} the same.\n"
        )
    return f"{text}\n{footer(result, 'kill.py')}"


if __name__ == "__main__":
    main()
