"""Picks what of a long article its model reads: the lead and the most salient sentences that fit, in source order.

Comes after ``clean`` and before the prompt is made; what was left unread is counted and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from summarizer.models import find_model
from summarizer.records import Article, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.sentences import Span, sentence_spans
from summarizer.summarize.drafts import Reading

if TYPE_CHECKING:
    from summarizer.salience.model import SalienceModel

LEAD_SHARE = 0.6
"""Share of the token budget that the article's beginning gets; news tells the most important first."""
TITLE_WEIGHT = 0.5
"""Weight of a sentence's likeness to the title against its likeness to the whole article."""

TITLE_TOKENS = 64
"""So much of a title is read."""

Counts = Callable[[Sequence[str]], list[int]]
"""Returns each text's length in the model's tokens, special tokens left out."""


Rank = Callable[[Article], Sequence[float]]
"""Returns how salient each sentence of an article is; the higher the more."""


def read(
    article: Article,
    budget_tokens: int,
    counts: Counts,
    marks: Sequence[str] = (),
    rank: Rank | None = None,
    *,
    total_tokens: int | None = None,
) -> Reading:
    """Return the article's whole body where it fits, otherwise its lead and most salient sentences.

    :param budget_tokens: how many of the article's tokens the model may read; at least 1.
    :param counts: the model's tokenizer.
    :param marks: the model's special tokens; an article that spells one out could end its own prompt, so it is blanked.
    :param rank: asked only where the article does not fit; None goes by the article's own words.
    :param total_tokens: of the article's stripped body, where they are counted already.
    :return: at most ``budget_tokens``, with a warning where that is not everything.
    """
    seen = [mark for mark in marks if mark in article.body]
    notes = [f"the model's own mark '{mark}' stands in the article and was not read" for mark in seen]
    total = counts([article.body.strip()])[0] if total_tokens is None else total_tokens
    text, tokens, more = _chosen(article, budget_tokens, total, counts, rank or by_words)
    for mark in seen:
        text = text.replace(mark, " ")
    return Reading(text, tokens, (*notes, *more))


def read_title(article: Article, counts: Counts, marks: Sequence[str] = ()) -> str:
    """Return the article's title on one line, of at most ``TITLE_TOKENS``; see ``read``."""
    title = article.title
    for mark in marks:
        title = title.replace(mark, " ")
    title = " ".join(title.split())
    if len(title) <= TITLE_TOKENS or counts([title])[0] <= TITLE_TOKENS:  # a token has a character at least
        return title
    return title[: _clip(title, TITLE_TOKENS, counts)]


class SalienceRank:
    """Ranks sentences by a salience model, which is loaded when the first article asks for it."""

    def __init__(self, name: str, runtime: RuntimeOptions) -> None:
        """Find the model.

        :raises ModelError: it is missing or damaged.
        """
        self._name = name
        self._runtime = runtime
        self._model: SalienceModel | None = None
        self.models = {name: find_model(name, runtime).identity}

    def __call__(self, article: Article) -> Sequence[float]:
        """Return each sentence's score; by the article's own words where the model fails on it."""
        if self._model is None:
            from summarizer.salience.model import SalienceModel

            self._model = SalienceModel(self._name, self._runtime)
        (salience,) = self._model.read([article])
        return by_words(article) if isinstance(salience, BaseException) else salience.sentences


def _chosen(
    article: Article, budget_tokens: int, total: int, counts: Counts, rank: Rank
) -> tuple[str, SourceTokens, list[str]]:
    if total <= budget_tokens:
        return article.body.strip(), SourceTokens(total, total), []
    spans = sentence_spans(article)
    lengths = counts([article.body[start:end] for start, end in spans])
    chosen, notes = _lead(article.body, spans, lengths, budget_tokens, counts)
    room = budget_tokens - sum(counts([article.body[start:end] for start, end in chosen]))
    scores = rank(article)
    for index in sorted(range(len(chosen), len(spans)), key=lambda index: -scores[index]):
        if lengths[index] < room:  # one token is left for the blank between
            chosen.append(spans[index])
            room -= lengths[index] + 1
    text, read_tokens = _fitted(article.body, chosen, budget_tokens, counts)
    notes.append(f"read {read_tokens} of {total} tokens")
    return text, SourceTokens(read_tokens, total), notes


def _lead(
    body: str, spans: Sequence[Span], lengths: Sequence[int], budget_tokens: int, counts: Counts
) -> tuple[list[Span], list[str]]:
    """Return the leading sentences that fit their share; the first is clipped where the whole budget is too small."""
    room = int(budget_tokens * LEAD_SHARE)
    chosen: list[Span] = []
    used = 0
    for span, length in zip(spans, lengths, strict=True):
        if used + length > room:
            break
        chosen.append(span)
        used += length + 1
    if chosen:
        return chosen, []
    if lengths[0] <= budget_tokens:
        return [spans[0]], []
    start, end = spans[0]
    clipped = start + _clip(body[start:end], room, counts)
    return [(start, clipped)], [f"a sentence of {lengths[0]} tokens was clipped to {room}"]


def _clip(sentence: str, room: int, counts: Counts) -> int:
    """Return how many characters of ``sentence`` fit ``room`` tokens, cut at a blank where there is one."""
    low, high = 1, len(sentence)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if counts([sentence[:middle]])[0] <= room else (low, middle - 1)
    blank = sentence.rfind(" ", 1, low)
    return blank if blank > 0 else low


def by_words(article: Article) -> list[float]:
    """Return how far each sentence's words are the article's.

    Cosine of its TF-IDF vector with the mean of all sentences, and with the title. Source: centroid-based
    summarisation, Radev et al. 2004.
    """
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [article.body[start:end] for start, end in sentence_spans(article)]
    if not re.search(r"\w", " ".join(texts)):
        return [0.0] * len(texts)
    vectors = TfidfVectorizer(token_pattern=r"\w+", sublinear_tf=True).fit([*texts, article.title])
    matrix = vectors.transform(texts)  # (sentences, words), rows of length 1
    centroid = numpy.asarray(matrix.mean(axis=0)).ravel()  # (words,)
    length = float((centroid**2).sum()) ** 0.5 or 1.0
    title = vectors.transform([article.title]).toarray()[0]  # (words,)
    scores: list[float] = (matrix @ (centroid / length) + TITLE_WEIGHT * (matrix @ title)).tolist()
    return scores


def _fitted(body: str, chosen: list[Span], budget_tokens: int, counts: Counts) -> tuple[str, int]:
    """Join the sentences in source order; those chosen last go where the joined text is still over the budget."""
    while True:
        text = _joined(body, sorted(chosen))
        tokens = counts([text])[0]
        if tokens <= budget_tokens or len(chosen) == 1:
            return text, tokens
        chosen.pop()


def _joined(body: str, spans: Sequence[Span]) -> str:
    """Join spans with the blanks or line breaks that stand between them in the source."""
    parts: list[str] = []
    before = 0
    for start, end in spans:
        if parts:
            gap = body[before:start]
            parts.append(gap if gap.isspace() else "\n" if "\n" in gap else " ")
        parts.append(body[start:end])
        before = end
    return "".join(parts)
