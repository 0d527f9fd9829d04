"""Which sentences of an article may stand for it: what the check falls back on where a brief fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from summarizer.evidence.source import Source
from summarizer.salience.choose import Salience, choose
from summarizer.salience.standing import is_half_quoted
from summarizer.salience.telling import Telling


class Extract(Protocol):
    """An article's own sentences as a brief."""

    def ranking(self) -> Sequence[int]:
        """Return the sentences that may stand alone in a brief, the most salient first; empty where nobody knows."""

    def brief(self, max_words: int) -> list[int]:
        """Return the sentences of an extractive brief, in source order; never empty for an article with words."""

    def share(self, text: str, max_words: int) -> float:
        """Return how much of what matters a text tells, 1 being what ``brief`` tells; 1 where nobody knows."""


class Opening:
    """The article's first sentences; knows no ranking."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def ranking(self) -> Sequence[int]:
        """Return nothing."""
        return ()

    def brief(self, max_words: int) -> list[int]:
        """Return the first sentences that fit; the shortest of all where none does."""
        lengths = [len(text.split()) for text in self._source.sentences]
        chosen: list[int] = []
        room = max_words
        for index, words in enumerate(lengths):
            if words <= room:
                chosen.append(index)
                room -= words
            elif chosen:
                break
        return chosen or ([lengths.index(min(lengths))] if lengths else [])

    def share(self, _text: str, _max_words: int) -> float:
        """Return 1."""
        return 1.0


class Salient:
    """An article's sentences by what the salience model says of them."""

    def __init__(self, source: Source, salience: Salience) -> None:
        self._source = source
        self._salience = salience
        self._briefs: dict[int, list[int]] = {}  # by max_words: a brief that is weighed against one may give way to it

    def ranking(self) -> Sequence[int]:
        """Return all sentences, the most salient first; those with half a quotation after all others."""
        scores, texts = self._salience.sentences, self._source.sentences
        return sorted(range(len(scores)), key=lambda index: (is_half_quoted(texts[index]), -scores[index]))

    def brief(self, max_words: int) -> list[int]:
        """Return what the ``salience`` backend would choose; the first sentences where it chooses none."""
        if max_words not in self._briefs:
            chosen = choose(self._source.article, self._salience, max_words)
            places = {span: index for index, span in enumerate(self._source.spans)}
            own = [places[span] for span in chosen if span in places]
            self._briefs[max_words] = own or Opening(self._source).brief(max_words)
        return self._briefs[max_words]

    def share(self, text: str, max_words: int) -> float:
        """Return the expected overlap of a text as a share of that of ``brief``; see ``Telling``."""
        telling = Telling(self._salience, max_words)
        own = telling.overlap(" ".join(self._source.sentences[index] for index in self.brief(max_words)))
        return telling.overlap(text) / own if own else 1.0
