"""Finds what a desk over a run needs: its records, their articles, the names of its topics, and the models, when asked.

Comes after a run; the command ``desk`` puts the parts together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from summarizer.desk.articles import Articles
from summarizer.desk.shelf import MEND, Shelf
from summarizer.errors import InputError, ModelError, UsageError
from summarizer.job.kept import RECORDS_FILE, read_run
from summarizer.read import InputOptions
from summarizer.records import Article, Failure, Record, Topic

if TYPE_CHECKING:
    from summarizer.config import RunConfig
    from summarizer.runner import Runner

SIGNOFFS_FILE = "signoffs.sqlite"
ENDINGS = (".jsonl", ".jsonl.gz")


class LateWork:
    """Works as ``Runner.work`` does; the models are loaded when the first article comes, and used by one at a time."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        self._runner: Runner | None = None
        self._lock = Lock()

    def __call__(self, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Make records.

        :raises ModelError: a model is missing or damaged.
        """
        from summarizer.runner import Runner

        with self._lock:
            if self._runner is None:
                self._runner = Runner(self._config)
            return self._runner.work(items)


def run_config(run: Path) -> RunConfig | None:
    """Return the config that a run folder was made with; None where it is no run folder.

    :raises OutputError: the folder is damaged.
    """
    from summarizer.config import RunConfig

    kept = read_run(run) if run.is_dir() else None
    return None if kept is None else RunConfig.model_validate(kept.config)


def open_shelf(run: Path, articles: str | None, topics: Sequence[Topic]) -> Shelf:
    """Open the records of a run.

    :param run: a run folder, or JSON lines.
    :param articles: where the articles are; None takes the input of the run folder.
    :raises UsageError: it is no run folder and no file of a known kind.
    :raises InputError: it cannot be read, or holds no records.
    """
    records, options, working_folder = run, None, ""
    if run.is_dir():
        kept = read_run(run)
        if kept is None:
            raise UsageError(str(run), "is no run folder (it has no run.json)", MEND)
        records, options, working_folder = run / RECORDS_FILE, kept.config["input"], kept.working_folder
    elif not run.exists():
        raise InputError(str(run), "no such file or folder", MEND)
    elif not run.name.endswith(ENDINGS):
        raise UsageError(str(run), f"is none of {', '.join(ENDINGS)}", MEND)
    if articles is not None:
        found = Articles(InputOptions(path=articles))
    elif options is not None:
        found = Articles(InputOptions.model_validate(options), working_folder)
    else:
        return Shelf(records, lambda _: None, _names(topics))
    return Shelf(records, found.find, _names(topics))


def signoffs_beside(run: Path | None) -> Path:
    """Return where sign-offs are kept unless told otherwise: in the run folder, or beside the records."""
    if run is None:
        return Path(SIGNOFFS_FILE)
    return run / SIGNOFFS_FILE if run.is_dir() else run.with_name(f"{run.name.partition('.')[0]}.{SIGNOFFS_FILE}")


def topics_of(config: RunConfig) -> list[Topic]:
    """Return the topics of a config's classifier, without loading it; none where they are not to be had."""
    from summarizer.classify.topics import TOPICS_FILE, read_topics
    from summarizer.models import find_model

    if config.classify is None:
        return []
    try:
        folder = find_model(config.classify.model, config.runtime.model_copy(update={"download": False}))
        return read_topics(folder.path / TOPICS_FILE) or []
    except ModelError:
        return []


def _names(topics: Sequence[Topic]) -> dict[str, str]:
    return {topic.id: topic.name for topic in topics}
