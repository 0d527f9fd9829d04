"""Checks sentences that an editor wrote against their article, as a run checks the model's; comes before ``store``.

The editor has the last word: what the check says is shown while the sentence is written and kept with the sign-off.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from summarizer.desk.entry import Entry
from summarizer.desk.signoff import MOST_SENTENCES, SignOff, Text
from summarizer.errors import UsageError
from summarizer.options import Options
from summarizer.records import Article, Sentence

if TYPE_CHECKING:
    from summarizer.config import RunConfig
    from summarizer.evidence.checker import Checker

Check = Callable[[Sequence[str], Article], Sequence[Sentence]]
"""Says of each of a brief's sentences what ``Checker.examine`` says."""
KEPT = 256
SIGNING_SECONDS = 5.0
"""A sign-off waits no longer for a check that has not ended: it is then kept as not checked."""

_log = logging.getLogger(__name__)


class ToCheck(Options):
    """A brief that is being corrected, sentence by sentence."""

    key: str
    """Of the record."""
    sentences: Annotated[list[Text], Field(min_length=1, max_length=MOST_SENTENCES)]


class SentenceCheck:
    """A config's check, for sentences that a person wrote.

    :param loaded: the run's own, where it judges what is written; otherwise it is loaded when first asked. A run whose
        briefs are the article's own words has none that does, but an editor may write others.
    """

    def __init__(self, config: RunConfig, loaded: Checker | None = None) -> None:
        self._config = config
        self._checker = loaded
        self._lock = Lock()

    def __call__(self, texts: Sequence[str], article: Article) -> list[Sentence]:
        """Check a brief.

        :raises ModelError: the model is missing or damaged.
        """
        from summarizer.clean import clean
        from summarizer.evidence.checker import Checker

        with self._lock:
            if self._checker is None:
                options = self._config.evidence.model_copy(update={"salience": None})  # nothing is to stand in
                self._checker = Checker(options, self._config.runtime)
            return self._checker.examine(texts, clean(article, self._config.clean))


class Rechecks:
    """What the check said of the briefs that were asked about last; a brief is checked once, one at a time.

    :param check: None where there is none.
    """

    def __init__(self, check: Check | None) -> None:
        self._check = check
        self._said: OrderedDict[tuple[str, ...], Future[list[dict[str, Any]]]] = OrderedDict()
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recheck")

    @property
    def is_on(self) -> bool:
        """Whether there is a check."""
        return self._check is not None

    def said(self, key: str, entry: Entry, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return what the check says of each sentence: ``Sentence.to_dict`` without its text.

        :raises UsageError: there is no check, or no article to check against.
        :raises ModelError: its model is missing or damaged.
        """
        asked = self._asked(key, entry, texts)
        if asked.exception() is not None:
            with self._lock:
                self._said.pop((key, *texts), None)  # so that it is tried again
        return asked.result()

    def of_changed(self, key: str, entry: Entry, signed: SignOff) -> list[dict[str, Any] | None]:
        """Return what the check says of each sentence of a sign-off; None for one that is as it was or not checked."""
        sentences = signed.brief or []
        before = [sentence["text"] for sentence in entry.brief["sentences"]] if entry.brief else []
        is_changed = [sentence.of is None or before[sentence.of] != sentence.text for sentence in sentences]
        if not any(is_changed):
            return [None] * len(sentences)
        said = self._said_by_now(key, entry, [sentence.text for sentence in sentences])
        if said is None:
            return [None] * len(sentences)
        return [one if changed else None for one, changed in zip(said, is_changed, strict=True)]

    def _said_by_now(self, key: str, entry: Entry, texts: Sequence[str]) -> list[dict[str, Any]] | None:
        """Return what the check says; None where it cannot be had soon: nobody's signature shall hang on it."""
        if self._check is None or entry.article["text"] is None:
            return None
        asked = self._asked(key, entry, texts)
        wait([asked], SIGNING_SECONDS)
        if not asked.done():
            return None
        if (error := asked.exception()) is not None:
            _log.warning("signed without a check, which failed: %r", error)
            return None
        return asked.result()

    def _asked(self, key: str, entry: Entry, texts: Sequence[str]) -> Future[list[dict[str, Any]]]:
        if self._check is None:
            raise UsageError("the check", "is not to be had on this desk", "Compare the sentence with the article.")
        if entry.article["text"] is None:
            raise UsageError("the check", "has no article to go by", "Start the desk with --articles.")
        article = Article(**{name: entry.article[name] for name in ("id", "title", "text", "date", "language")})
        with self._lock:
            place = (key, *texts)
            if place not in self._said:
                self._said[place] = self._thread.submit(_checked, self._check, list(texts), article)
            self._said.move_to_end(place)
            while len(self._said) > KEPT:
                self._said.popitem(last=False)
            return self._said[place]


def _checked(check: Check, texts: list[str], article: Article) -> list[dict[str, Any]]:
    checked = [sentence.to_dict() for sentence in check(texts, article)]
    return [{name: value for name, value in sentence.items() if name != "text"} for sentence in checked]
