"""Gives windows to one worker, starts it again when it dies, and finds the article that kills it.

Ray Data runs an overseer for each worker and moves one whose node is lost. A worker that dies is this module's own
business: Ray Data would give it the same window again and again, and drop the whole of it in the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.config import RunConfig
from summarizer.errors import Fault, SummarizerError
from summarizer.records import Article, Failure, MadeBy
from summarizer.scale.cluster import Workers
from summarizer.scale.worker import Made, Refusal, Worker

if TYPE_CHECKING:
    import numpy as np

TRIES = 2
"""Of a window, and of an article alone: the first death may have been an accident, as of a node."""
STARTS = 3
"""Of a worker that dies while it loads its models."""
PLACE_SECONDS = 900
"""For a worker to find a place on the cluster and load its models."""
GO_ON = "See to the cluster and give the same command again: a run folder goes on from there."


class Overseer:
    """Ray Data's actor: numbers of windows in, what became of them out.

    :param feed: the actor ``Feed`` that hands out windows.
    """

    def __init__(self, feed: Any, config: RunConfig, workers: Workers, folder: str) -> None:
        self._feed = feed
        self._start = (config, workers, folder)
        self._worker: Any = None

    def __call__(self, batch: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
        """Work on windows.

        :param batch: ``number`` (windows,) int64.
        :return: ``number`` as it came, and ``made`` (windows,) of ``Made``.
        """
        import numpy as np
        import ray

        made = np.empty(len(batch["number"]), dtype=object)
        for i, number in enumerate(batch["number"]):
            [window] = ray.get(self._feed.window.remote(int(number)))
            made[i] = self._made(window, TRIES)
        return {"number": batch["number"], "made": made}

    def _made(self, window: Any, tries: int) -> Made:
        """Have a window worked on; where its worker dies of it, each half alone, down to the one that it dies of.

        :param window: reference to its items.
        """
        import ray
        from ray.exceptions import RayActorError

        for _ in range(tries):
            if self._worker is None:
                self._worker, loaded = start_worker(*self._start)
                if isinstance(loaded, Refusal):
                    return Made(refusal=loaded)
            try:
                made: Made = ray.get(self._worker.work.remote(window))
            except RayActorError:
                self._worker = None
            else:
                return made
        items: Sequence[Article | Failure] = ray.get(window)
        if len(items) == 1:
            return Made([_lost(items[0])])
        middle = len(items) // 2
        halves = [items[:middle], items[middle:]]
        return _joined([self._made(ray.put(half), TRIES if len(half) == 1 else 1) for half in halves])


def start_worker(config: RunConfig, workers: Workers, folder: str) -> tuple[Any, MadeBy | Refusal]:
    """Start a worker and wait until its models are loaded.

    :return: its handle, and what it says of its models; a refusal where it cannot be had.
    """
    import ray
    from ray.exceptions import GetTimeoutError, RayActorError

    kind = ray.remote(num_cpus=workers.cores, num_gpus=workers.gpus)(Worker)
    died = ""
    for _ in range(STARTS):
        worker = kind.remote(config, folder)
        try:
            return worker, ray.get(worker.load.remote(), timeout=PLACE_SECONDS)
        except RayActorError as error:
            died = str(error).strip().splitlines()[0]
        except GetTimeoutError:
            ray.kill(worker)
            what = f"a worker found no place, or did not load its models, within {PLACE_SECONDS} s"
            return None, Refusal(SummarizerError, Fault("ray", what, GO_ON))
    what = f"a worker died {STARTS} times while it loaded its models ({died})"
    return None, Refusal(SummarizerError, Fault("ray", what, GO_ON))


def _lost(item: Article | Failure) -> Failure:
    if isinstance(item, Failure):
        return item
    what = f"the process that worked on it died, {TRIES} times with this article alone"
    mend = "Run it with the engine local to see what it dies of."
    return Failure(item.source or item.id, "worker", what, mend, id=item.id)


def _joined(parts: Sequence[Made]) -> Made:
    refusal = next((part.refusal for part in parts if part.refusal), None)
    seconds: dict[str, float] = {}
    for part in parts:
        for stage, spent in part.seconds.items():
            seconds[stage] = seconds.get(stage, 0.0) + spent
    return Made([result for part in parts for result in part.results], seconds, refusal)
