"""Works on some of a run's articles again, each alone, and compares with what the run made of them, byte for byte.

Comes after a run, whether it is finished or not; the command ``verify`` prints what it finds.
"""

from __future__ import annotations

import json
import os
import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from summarizer.config import RunConfig
from summarizer.errors import UsageError
from summarizer.job.identity import changes, identify, model_changes, refuse_changes
from summarizer.job.journal import JOURNAL_FILE, find_resumption, read_journal
from summarizer.job.kept import FAILURES_FILE, LINKS_FILE, RECORDS_FILE, pick_lines, read_run
from summarizer.read import read
from summarizer.records import Article, Failure, Record
from summarizer.runner import Runner
from summarizer.write.jsonl import JsonLines, failure_lines

SHOWN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """What comparing came to.

    :param first_difference: in words; empty where there is none.
    """

    compared: int
    same: int
    first_difference: str


def verify_run(folder: Path, *, articles: int = 20, seed: int = 13) -> Verification:
    """Compare some of a run's articles, spread evenly over what is done of it.

    An article that failed is compared by its failure. The folder is only read.

    :param articles: how many; all where the run has fewer.
    :param seed: chooses them.
    :raises UsageError: it is no run folder, or config, models, input or version are no longer those of the run.
    :raises SummarizerError: the folder is damaged, or the input or a model cannot be used.
    """
    folder = folder.expanduser().resolve()
    kept = read_run(folder)
    if kept is None:
        raise UsageError(str(folder), "is no run folder (it has no run.json)", "Name the folder that a run wrote.")
    config = RunConfig.model_validate(kept.config)
    with _working_in(kept.working_folder):
        _refuse(folder, changes(kept, identify(config)))
        wanted = _kept_lines(folder, articles, seed)
        runner = Runner(config)
        runner.ledger.find_links_in(folder / LINKS_FILE, read_only=True)
        _refuse(folder, model_changes(kept.models, runner.made_by.models))
        made = dict(_made_again(config, runner, wanted))
        runner.ledger.close()
    differences = [_difference(place, wanted[place], made.get(place)) for place in sorted(wanted)]
    first = next((difference for difference in differences if difference), "")
    return Verification(len(wanted), differences.count(""), first)


def _refuse(folder: Path, changed: Sequence[str]) -> None:
    refuse_changes(folder, "cannot be compared, since it was made with something else", changed)


@contextmanager
def _working_in(folder: str) -> Iterator[None]:
    """Let relative paths of the config mean what they meant to the run; stay where it ran no longer exists."""
    before = os.getcwd()
    if os.path.isdir(folder):
        os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _kept_lines(folder: Path, articles: int, seed: int) -> dict[int, bytes]:
    """Return what the run made of some articles, by their places in the input, from 0."""
    records, failures = folder / RECORDS_FILE, folder / FAILURES_FILE
    found = find_resumption(folder, records, failures)
    points = takewhile(lambda entry: entry[1] <= found.end, read_journal(folder / JOURNAL_FILE))
    failed = [place for point, _ in points for place in point.failed_at]
    done = found.point.done
    count = min(articles, done)
    chance = random.Random(seed)
    places = [chance.randrange(i * done // count, (i + 1) * done // count) for i in range(count)]
    # Of the articles before a place some failed, and have no line among the records.
    ranks = {place: bisect_left(failed, place) for place in places}
    is_failure = {place: rank < len(failed) and failed[rank] == place for place, rank in ranks.items()}
    numbers = {place: rank if is_failure[place] else place - rank for place, rank in ranks.items()}
    lines = {
        False: pick_lines(records, {numbers[p] for p in places if not is_failure[p]}, found.point.records),
        True: pick_lines(failures, {numbers[p] for p in places if is_failure[p]}, found.point.failures),
    }
    return {place: lines[is_failure[place]].get(numbers[place], b"") for place in places}


def _made_again(config: RunConfig, runner: Runner, wanted: Mapping[int, bytes]) -> Iterator[tuple[int, bytes]]:
    seen: set[int] = set()
    last = max(wanted, default=-1)
    if last < 0:
        return
    for place, item in enumerate(read(config.input)):
        if place in wanted:
            if isinstance(item, Article) and hash(item.id) in seen:
                runner.remember([item.id])
            runner.ledger.place = place  # links are as of this place
            [result] = runner.process([item])
            yield place, _line(result)
        if place == last:
            return
        if isinstance(item, Article):
            seen.add(hash(item.id))


def _line(result: Record | Failure) -> bytes:
    return failure_lines([result]) if isinstance(result, Failure) else JsonLines().encode([result])


def _difference(place: int, kept: bytes, now: bytes | None) -> str:
    """Say where two lines differ first; empty where they do not."""
    if kept == now:
        return ""
    if now is None:
        return f"article {place + 1}: the input ends before it"
    try:
        was = json.loads(kept)
    except ValueError:
        return f"article {place + 1}: what the run kept of it is damaged ({kept[:40]!r}...)"
    name = was.get("id", was.get("where", "")) if isinstance(was, dict) else ""
    return f"article {place + 1} ({name}): {_first_difference(was, json.loads(now)) or 'written differently'}"


def _first_difference(was: Any, now: Any, key: str = "") -> str:
    if isinstance(was, dict) and isinstance(now, dict):
        names = [(f"{key}.{name}" if key else name, name) for name in dict.fromkeys([*was, *now])]
        parts = (_first_difference(was.get(name), now.get(name), path) for path, name in names)
        return next((part for part in parts if part), "")
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True))
        parts = (_first_difference(one, other, f"{key}[{i}]") for i, (one, other) in pairs)
        return next((part for part in parts if part), "")
    return "" if was == now else f"{key} was {_short(was)}, now {_short(now)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
