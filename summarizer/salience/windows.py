"""Lays an article out for the encoder: windows of whole sentences that overlap; comes before ``network``.

Every sentence belongs to one window, the one in which it has text on both sides, and so does every word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.records import Article
from summarizer.sentences import Span, sentence_spans

OVERLAP_TOKENS = 128
"""A window begins so many tokens before its forerunner's end, or fewer where a sentence is longer."""
TITLE_TOKENS = 48
"""A window begins with the article's title; of a longer one with so much of it."""
NO_SENTENCE = -1

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of an article that the encoder reads at once.

    :param ids: token ids, special tokens included: the title, where there is one, and the part.
    :param sentence_of: for each token the index of its sentence in the article; ``NO_SENTENCE`` for special tokens,
        the title, and sentences that another window owns.
    :param word_at: for each word that the window owns, the place of its first token.
    """

    ids: list[int]
    sentence_of: list[int]
    word_at: list[int]


@dataclass(frozen=True, slots=True)
class Layout:
    """An article as the model reads it.

    :param spans: its sentences, in order.
    :param lengths: of each sentence in tokens.
    :param words: what its sentences say, each sentence's own, small letters; as many as the windows' ``word_at``.
    :param windows: in order.
    """

    spans: list[Span]
    lengths: list[int]
    words: list[list[str]]
    windows: list[Window]

    @property
    def tokens(self) -> int:
        """Tokens of all windows."""
        return sum(len(window.ids) for window in self.windows)


def words_of(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, in small letters: what ROUGE compares, before stemming."""
    return _WORD.findall(text.lower())


def lay_out(article: Article, tokenizer: Any, max_tokens: int, max_windows: int | None = None) -> Layout:
    """Split an article's body into sentences, words and windows.

    :param tokenizer: a fast one, with ``[CLS]`` and ``[SEP]`` or the like.
    :param max_tokens: of a window, special tokens included; a sentence with more is read up to there.
    :param max_windows: leaves the sentences of all further windows out; None reads everything.
    """
    spans = sentence_spans(article)
    body = article.body
    encoded = tokenizer(body, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    ids, starts = encoded["input_ids"], [start for start, _end in encoded["offset_mapping"]]
    opening = _opening(article, tokenizer, min(TITLE_TOKENS, max_tokens // 4))
    room = max_tokens - len(opening) - 1
    ranges = []
    for start, end in spans:
        first = bisect_left(starts, start)
        ranges.append((first, min(bisect_left(starts, end, first), first + room)))
    lengths = [last - first for first, last in ranges]
    windows: list[Window] = []
    words: list[list[str]] = []
    for whole, owned in _parts(lengths, room):
        if len(windows) == max_windows:
            break
        window = Window([*opening], [NO_SENTENCE] * len(opening), [])
        for index in range(*whole):
            first, last = ranges[index]
            is_owned = owned[0] <= index < owned[1]
            if is_owned:
                at = len(window.ids)
                found = list(_words(body, spans[index], starts, first, last))
                words.append([word for word, _place in found])
                window.word_at.extend(at + place for _word, place in found)
            window.ids.extend(ids[first:last])
            window.sentence_of.extend([index if is_owned else NO_SENTENCE] * (last - first))
        window.ids.append(tokenizer.sep_token_id)
        window.sentence_of.append(NO_SENTENCE)
        windows.append(window)
    read = len(words)
    return Layout(spans[:read], lengths[:read], words, windows)


def _opening(article: Article, tokenizer: Any, most: int) -> list[int]:
    """Return what every window begins with: what a brief is about, its title says best."""
    if not article.title.strip():
        return [tokenizer.cls_token_id]
    title = tokenizer(article.title, add_special_tokens=False, verbose=False)["input_ids"][:most]
    return [tokenizer.cls_token_id, *title, tokenizer.sep_token_id]


def _words(body: str, span: Span, starts: Sequence[int], first: int, last: int) -> Iterator[tuple[str, int]]:
    """Yield a sentence's words, each with the place of its token counted from the sentence's first; clipped ones not.

    A word that begins inside a token counts as that token's.
    """
    place = first
    for match in _WORD.finditer(body, *span):
        while place < last and starts[place] < match.start():
            place += 1
        if place == last:
            return
        at = place if starts[place] < match.end() else max(first, place - 1)
        for word in words_of(match.group()):  # small letters may split what was one run: 'İ' becomes two characters
            yield word, at - first


def _parts(lengths: Sequence[int], room: int) -> Iterator[tuple[Span, Span]]:
    """Yield the half-open range of sentences of each window, and of those that it owns."""
    first = owned = 0
    while first < len(lengths):
        last, used = first, 0
        while last < len(lengths) and used + lengths[last] <= room:
            used += lengths[last]
            last += 1
        if last == len(lengths):
            yield (first, last), (owned, last)
            return
        following, seen = last, 0
        while following > first + 1 and seen + lengths[following - 1] <= OVERLAP_TOKENS:
            following -= 1
            seen += lengths[following]
        middle = (following + last + 1) // 2
        yield (first, last), (owned, middle)
        first, owned = following, middle
