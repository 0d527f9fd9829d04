"""What is kept of a story to know it again: its runs of words and its sentences, as numbers. Comes before ``index``.

MinHash is datasketch's. Its own index lies in memory, or on a server; ours has to outlive a killed job with no server,
so the bands of the signature go into a table (``index``).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from summarizer.records import Article
from summarizer.sentences import Span, sentence_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUN_WORDS = 3
"""Words of a run; of a shorter text all."""
BANDS = 48
"""Numbers by which an alike story is found: with ``ROWS`` 2, of those that share a quarter of their runs 95 %."""
ROWS = 2
OPEN = "0"
"""Stands for figures and names in the form of a text; no other word of it is a figure."""
_SEED = 13
_BAND_STEP = 0x9E3779B97F4A7C15

_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans("‘’“”„«»", '\'\'"""""')


@dataclass(frozen=True, slots=True)
class Sketch:
    """One story's.

    :param runs: uint32, a number for each run of words that the text has, sorted, none twice.
    :param form: uint32, the same where every figure and name is left open, and those side by side are one.
    :param names: uint32, a number for each name, sorted, none twice.
    :param sentences: a number for each sentence with a word in it, in order; equal ones say the same.
    :param spans: of these sentences, in ``Article.body``.
    """

    runs: NDArray[np.uint32]
    form: NDArray[np.uint32]
    names: NDArray[np.uint32]
    sentences: tuple[int, ...]
    spans: tuple[Span, ...]

    def bands(self) -> list[int]:
        """Return the signature's ``BANDS`` numbers (signed, of 64 bits); none for a text without words."""
        import numpy as np

        if not len(self.runs):
            return []
        sketch = _empty().copy()
        sketch.update_batch(self.runs)
        pairs = np.ascontiguousarray(sketch.hashvalues, dtype="<u4").view("<u8")
        numbers = pairs ^ (np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(_BAND_STEP))
        return [int(number) for number in numbers.view("<i8")]


@cache
def _empty() -> Any:
    """Return the MinHash of nothing; drawing its permutations takes longer than copying them."""
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS, seed=_SEED, hashfunc=int, scheme="affine32")


def sketch(article: Article) -> Sketch:
    """Return what an article's body is known by; its title, date and fields do not count."""
    body = article.body
    kept = [(span, number) for span in sentence_spans(article) if (number := _sentence(body[slice(*span)])) is not None]
    spans = tuple(span for span, _ in kept)
    words = [pair for start, end in spans for pair in enumerate(_WORD.findall(body[start:end]))]
    names = _numbers(word.casefold() for place, word in words if _is_name(place, word))
    return Sketch(runs(body), _runs_of(_opened(words)), names, tuple(number for _, number in kept), spans)


def runs(text: str) -> NDArray[np.uint32]:
    """Return a number for each run of words in a text, sorted, none twice; case and punctuation do not count."""
    return _runs_of(_WORD.findall(text.casefold()))


def _runs_of(words: Sequence[str]) -> NDArray[np.uint32]:
    pieces = (words[i : i + RUN_WORDS] for i in range(max(1, len(words) - RUN_WORDS + 1))) if words else ()
    return _numbers(" ".join(piece) for piece in pieces)


def _numbers(texts: Iterable[str]) -> NDArray[np.uint32]:
    import numpy as np

    numbers = (zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in texts)
    return np.unique(np.fromiter(numbers, dtype=np.uint32))


def _opened(words: Iterable[tuple[int, str]]) -> list[str]:
    """Return words, each with its place in its sentence, with one mark for each row of figures and names."""
    kept: list[str] = []
    for place, word in words:
        if not _is_name(place, word) and not _is_figure(word):
            kept.append(word.casefold())
        elif not kept or place == 0 or kept[-1] != OPEN:
            kept.append(OPEN)
    return kept


def _is_name(place: int, word: str) -> bool:
    """Tell a name by its capital, so that no language has to be known; the first word of a sentence is none."""
    return place > 0 and word[0].isupper() and not _is_figure(word)


def _is_figure(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _sentence(text: str) -> int | None:
    """Return a sentence's number: blanks, capitals and the shape of quotation marks do not count, all else does."""
    if not _WORD.search(text):
        return None
    plain = " ".join(text.casefold().translate(_QUOTES).split())
    return number_of(plain)


def number_of(text: str) -> int:
    """Return a signed number of 64 bits that stands for a text, the same on every machine."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def shared_runs(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> int:
    """Return how many runs two texts share."""
    import numpy as np

    return len(np.intersect1d(one, other, assume_unique=True))
