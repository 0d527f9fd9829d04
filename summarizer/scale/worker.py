"""The process that works on articles: one a GPU or group of cores. ``overseer`` starts it and survives it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer.config import RunConfig
from summarizer.errors import Fault, SummarizerError
from summarizer.records import Article, Failure, MadeBy, Record
from summarizer.runner import Runner


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ``SummarizerError`` in a form that travels between processes."""

    kind: type[SummarizerError]
    fault: Fault

    def error(self) -> SummarizerError:
        """Return the error."""
        return self.kind(self.fault.where, self.fault.what, self.fault.mend)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a window.

    :param results: one an item, in the same order, before they are entered in the ledger.
    :param seconds: by stage.
    :param refusal: why there are no results, where the whole run cannot go on.
    """

    results: list[Record | Failure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    refusal: Refusal | None = None


class Worker:
    """A runner in a process of its own.

    :param folder: where the run was started; relative paths of models mean the same here where the node has it.
    """

    def __init__(self, config: RunConfig, folder: str) -> None:
        self._config = config
        self._folder = folder
        self._runner: Runner | None = None

    def load(self) -> MadeBy | Refusal:
        """Load the models; return what the records will say of them."""
        if os.path.isdir(self._folder):
            os.chdir(self._folder)
        try:
            self._runner = Runner(self._config)
        except SummarizerError as error:
            return Refusal(type(error), error.fault)
        return self._runner.made_by

    def work(self, items: Sequence[Article | Failure]) -> Made:
        """Work on a window, or a part of one, after ``load``."""
        assert self._runner is not None
        seconds = self._runner.report.seconds
        seconds.clear()
        try:
            results = self._runner.work(items)
        except SummarizerError as error:
            return Made(refusal=Refusal(type(error), error.fault))
        return Made([_slim(result) for result in results], dict(seconds))


def _slim(result: Record | Failure) -> Record | Failure:
    """Leave out what only the stages read: the cleaned text with its ways back is larger than all the rest."""
    if isinstance(result, Failure):
        return result
    return replace(result, article=replace(result.article, cleaned=None))
