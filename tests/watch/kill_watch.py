"""Watches a folder in processes that are killed with kill -9, while files come in and answers are fetched.

    python tests/watch/kill_watch.py FOLDER --files 1000 --kills 30

Every file must be answered once: an answer that is fetched and comes again is told from one that comes for the first
time by what was fetched. Half of the kills hit at a random moment, the others before or after a random rename, wait for
the disk or window, since a machine that is busy with something else seldom lets a random moment fall between two of
them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.config import RunConfig, parse_config
from summarizer.runner import Runner
from summarizer.updates import Linker
from summarizer.watch import WatchOptions, watch

CONFIG = "summarize: {backend: lead, max_words: 20, min_source_words: 5}\nruntime: {window_articles: 8}\n"
OPTIONS = WatchOptions(settle_seconds=0.02, poll_seconds=0.01, once=True)
STEPS = 16
LONGEST_SECONDS = 0.2
BAD = 17
"""Every so manieth file holds no article."""


def main() -> None:
    """Run, print what came of it as JSON, and fail where it is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a new one, which is made")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--links", action="store_true", help="every second story updates the one before")
    arguments = parser.parse_args()
    print(json.dumps(run(**vars(arguments))))  # noqa: T201


def run(folder: Path, files: int, kills: int, seed: int, links: bool) -> dict[str, Any]:
    """Let files come in between kills, and one process end in peace.

    :return: how each process ended, and what is where; see the assertions of the test.
    """
    overrides = [f"updates.index={folder / 'stories.sqlite'}"] if links else []
    config = parse_config(CONFIG, RunConfig, overrides=overrides)
    incoming, out, fetched = folder / "in", folder / "out", folder / "fetched"
    for needed in (incoming, out, fetched):
        needed.mkdir(parents=True)
    chance = random.Random(seed)
    ends: Counter[int] = Counter()
    again = 0
    for round in range(kills + 1):
        for number in range(round * files // (kills + 1), (round + 1) * files // (kills + 1)):
            drop(incoming, number)
        ends[start_and_kill(config, incoming, out, chance, round < kills)] += 1
        again += fetch(out, fetched, chance)
    again += fetch(out, fetched, None)
    left = [path for path in incoming.rglob("*") if path.is_file() and path.name != "lock"]
    away = Counter(f"{path.parent.name}" for path in left)
    return {
        "killed": ends[-signal.SIGKILL],
        "ended": ends[0],
        "other_ends": sum(ends.values()) - ends[-signal.SIGKILL] - ends[0],
        "files": files,
        "answered": sum(is_right(fetched, number) for number in range(files)),
        "answers": sum(1 for _ in fetched.iterdir()),
        "again": again,
        "where": dict(away),
        "linked": sum(has_its_link(fetched, number) for number in range(files)) if links else None,
        "growing": sum(1 for path in (out / ".watch").iterdir() if path.name != "lock"),
    }


def drop(incoming: Path, number: int) -> None:
    """Write a file as other programs do: beside its name first."""
    row = {"id": f"w{number}", "text": text_of(number)}
    hidden = incoming / f".{number}"
    hidden.write_text("{" if number % BAD == 3 else json.dumps(row))
    hidden.rename(incoming / f"story{number}.json")


def text_of(number: int) -> str:
    """Return a story that shares no words with others, but with the one before where that has an even number."""
    chance = random.Random(number // 2)
    words = ["".join(chance.choices("abdefgiklmnoprstuv", k=7)) for _ in range(48)]
    text = " ".join(" ".join(["The", *words[start : start + 12]]) + "." for start in range(0, 48, 12))
    return f"{text} The envoy spoke to the crowd." if number % 2 else text


def has_its_link(fetched: Path, number: int) -> bool:
    """Tell whether a story updates the one before where it should, and none where not."""
    path = fetched / f"story{number}.json.jsonl"
    if not path.exists():
        return number % BAD == 3
    row = json.loads(path.read_text())
    earlier = f"w{number - 1}" if number % 2 and (number - 1) % BAD != 3 else None
    return row.get("updates") == earlier and "same_as" not in row


def is_right(fetched: Path, number: int) -> bool:
    """Tell whether a file has one answer, and its own."""
    records, failures = (fetched / f"story{number}.json{ending}" for ending in (".jsonl", ".failures.jsonl"))
    if number % BAD == 3:
        return failures.exists() and not records.exists()
    lines = records.read_text().splitlines() if records.exists() else []
    return [json.loads(line)["id"] for line in lines] == [f"w{number}"] and not failures.exists()


def fetch(out: Path, fetched: Path, chance: random.Random | None) -> int:
    """Take some answers away, or all of them; return how many of these had been taken before."""
    again = 0
    for path in sorted(out.iterdir()):
        if path.is_file() and (chance is None or chance.random() < 0.7):
            again += (fetched / path.name).exists()
            path.rename(fetched / path.name)
    return again


def start_and_kill(config: RunConfig, incoming: Path, out: Path, chance: random.Random, dies: bool) -> int:
    """Watch in a process of its own; return how it ended."""
    at_step = chance.randrange(1, STEPS) if dies and chance.random() < 0.5 else 0
    after = chance.random() < 0.5
    seconds = chance.uniform(0, LONGEST_SECONDS)
    child = os.fork()
    if not child:
        if at_step:
            die_at(at_step, after)
        watch(config, incoming, out, OPTIONS)
        os._exit(0)
    if dies and not at_step:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(step: int, after: bool) -> None:
    """Have this process killed before, or right after, so manieth step that changes something on the disk."""
    left = step

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def do_or_die(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            value = do(*arguments, **named)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return value

        return do_or_die

    Path.rename = counted(Path.rename)  # type: ignore[method-assign]
    os.fsync = counted(os.fsync)
    Runner.work = counted(Runner.work)  # type: ignore[method-assign]
    Linker.publish = counted(Linker.publish)  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
