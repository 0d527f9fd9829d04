"""Articles of many requests in one window: together, in order, and each with its own answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from summarizer.records import Article, Failure, MadeBy, Record
from summarizer.serve.gather import Gatherer, Kind
from summarizer.serve.limits import Limits
from summarizer.serve.problems import Problem


def article(name: str) -> Article:
    return Article(id=name, text=f"About {name}.")


def record(item: Article) -> Record:
    return Record(article=item, brief=None, tags=None, needs_review=False, made_by=MadeBy("0", "c", {}))


class Worker:
    """Stands for the models: slow, and it remembers its windows."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.windows: list[list[str]] = []
        self.is_busy = False

    def work(self, items: Sequence[Article]) -> list[Record | Failure]:
        assert not self.is_busy, "two windows at once"
        self.is_busy = True
        self.windows.append([item.id for item in items])
        time.sleep(self.seconds)
        self.is_busy = False
        if any(item.id == "bad" for item in items):
            raise ZeroDivisionError("no such number")
        return [record(item) for item in items]


def names(results: Sequence[Record | Failure]) -> list[str]:
    return [result.id if isinstance(result, Failure) else result.article.id for result in results]


def run(requests: Sequence[tuple[Kind, list[str]]], worker: Worker, size: int = 8, **limits: Any) -> list[Any]:
    """Answer requests that come at once; return the results of each, or what it was ended by."""

    async def main() -> list[Any]:
        works = {kind: worker.work for kind in ("records", "brief", "tags")}
        gatherer = Gatherer(works, size, Limits(**limits))  # type: ignore[arg-type]
        asked = [gatherer.answer([article(name) for name in ids], kind) for kind, ids in requests]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        await gatherer.close()
        return answers

    return asyncio.run(main())


def test_gather_requests_that_come_at_once_share_windows_and_get_their_own():
    requests: list[tuple[Kind, list[str]]] = [("records", [f"{n}-{i}" for i in range(1 + n % 3)]) for n in range(20)]
    worker = Worker()
    answers = run(requests, worker)
    assert [names(answer) for answer in answers] == [ids for _, ids in requests]
    assert max(map(len, worker.windows)) == 8
    assert len(worker.windows) == 5  # of 39 articles


def test_gather_a_window_is_of_one_kind():
    requests: list[tuple[Kind, list[str]]] = [
        (("records", "tags", "brief")[n % 3], [f"{n % 3}-{n}"]) for n in range(12)
    ]
    worker = Worker()
    answers = run(requests, worker)
    assert [names(answer) for answer in answers] == [ids for _, ids in requests]
    assert [{name[0] for name in window} for window in worker.windows] == [{"0"}, {"1"}, {"2"}]


def test_gather_one_bad_article_costs_itself_alone():
    requests: list[tuple[Kind, list[str]]] = [("records", ["a"]), ("records", ["b", "bad", "c"]), ("records", ["d"])]
    first, second, third = run(requests, Worker())
    assert [type(result) for result in [*first, *second, *third]] == [Record, Record, Failure, Record, Record]
    assert (second[1].stage, second[1].id) == ("worker", "bad")


def test_gather_more_than_may_wait_is_503_and_what_waits_is_answered():
    requests: list[tuple[Kind, list[str]]] = [("records", [f"{n}-{i}" for i in range(4)]) for n in range(6)]
    answers = run(requests, Worker(), queue_articles=10)
    refused = [answer for answer in answers if isinstance(answer, Problem)]
    assert len(refused) == 4
    assert {problem.status for problem in refused} == {503}
    assert all(int(problem.headers["Retry-After"]) >= 1 for problem in refused)
    assert [names(answer) for answer in answers[:2]] == [ids for _, ids in requests[:2]]


def test_gather_a_lone_article_waits_a_few_milliseconds_at_most():
    start = time.monotonic()
    run([("records", ["a"])], Worker(0), gather_seconds=0.005)
    assert time.monotonic() - start < 2


def test_gather_what_comes_while_the_models_work_goes_together():
    async def main() -> None:
        worker = Worker(0.2)
        gatherer = Gatherer({"records": worker.work}, 8, Limits())  # type: ignore[dict-item]
        first = asyncio.ensure_future(gatherer.answer([article("a")], "records"))
        await asyncio.sleep(0.1)
        others = [asyncio.ensure_future(gatherer.answer([article(name)], "records")) for name in "bcd"]
        await asyncio.gather(first, *others)
        assert worker.windows == [["a"], ["b", "c", "d"]]
        await gatherer.close()

    asyncio.run(main())


def test_gather_closing_finishes_what_was_taken_and_takes_no_more():
    before = set(threading.enumerate())  # other tests' own

    async def main() -> None:
        worker = Worker(0.05)
        gatherer = Gatherer({"records": worker.work}, 2, Limits())  # type: ignore[dict-item]
        asked = [asyncio.ensure_future(gatherer.answer([article(str(n))], "records")) for n in range(5)]
        await asyncio.sleep(0.01)
        await gatherer.close()
        assert [names(answer) for answer in await asyncio.gather(*asked)] == [[str(n)] for n in range(5)]
        with pytest.raises(Problem, match="about to end"):
            await gatherer.answer([article("late")], "records")
        assert set(threading.enumerate()) <= before

    asyncio.run(main())


def test_gather_a_client_that_gave_up_leaves_the_others_alone():
    async def main() -> None:
        worker = Worker(0.1)
        gatherer = Gatherer({"records": worker.work}, 8, Limits())  # type: ignore[dict-item]
        gone = asyncio.ensure_future(gatherer.answer([article("gone")], "records"))
        stays = asyncio.ensure_future(gatherer.answer([article("stays")], "records"))
        await asyncio.sleep(0.05)
        gone.cancel()
        assert names(await stays) == ["stays"]
        assert names(await gatherer.answer([article("next")], "records")) == ["next"]
        await gatherer.close()

    asyncio.run(main())


def test_gather_nobody_waits_for_ever_where_the_loop_breaks_off():
    def on_window(_: object) -> None:
        raise ZeroDivisionError("no such number")

    async def main() -> None:
        gatherer = Gatherer({"records": Worker().work}, 1, Limits(), on_window)  # type: ignore[dict-item]
        asked = [asyncio.ensure_future(gatherer.answer([article(str(n))], "records")) for n in range(3)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [list, RuntimeError, RuntimeError]
        assert not gatherer.is_open
        await gatherer.close()

    asyncio.run(main())


def test_gather_has_something_small_done_between_two_windows():
    worker = Worker(seconds=0.05)

    def ask() -> bool:
        time.sleep(0.05)
        return worker.is_busy

    async def main() -> list[bool]:
        gatherer = Gatherer({"records": worker.work}, 1, Limits())
        answers = asyncio.gather(*[gatherer.answer([article(str(number))], "records") for number in range(4)])
        seen = []
        for _ in range(3):
            await asyncio.sleep(0.02)
            seen.append(await asyncio.wrap_future(gatherer.between(ask)))
        await answers
        await gatherer.close()
        with pytest.raises(Problem, match="about to end"):
            gatherer.between(ask)
        return seen

    assert asyncio.run(main()) == [False, False, False]
