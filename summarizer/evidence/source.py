"""What the check knows of an article, worked out once per brief: sentences, words, names, quantities, dates."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from summarizer.evidence.dates import date_keys, published_on, resolved_keys, resolved_years
from summarizer.evidence.names import NameIndex
from summarizer.evidence.origins import origins_of
from summarizer.evidence.polarity import negated_verbs
from summarizer.evidence.quantities import find_implied, find_quantities
from summarizer.evidence.quantity_index import QuantityIndex
from summarizer.evidence.relations import deeds_of
from summarizer.evidence.roles import Held, find_held, find_roles
from summarizer.evidence.words import FUNCTION_WORDS, Token, plain_words, same_characters, tokenize
from summarizer.records import Article
from summarizer.sentences import Span, split_sentences


class Source:
    """An article as the check reads it; what nobody asks for is not worked out.

    :param article: cleaned or not.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.body = article.body
        self.overlaps: dict[str, dict[int, float]] = {}  # What ``search`` found already, by the sentence searched for.

    @cached_property
    def spans(self) -> list[Span]:
        """The sentences of the body, in order."""
        return split_sentences(self.body, self.article.language or "en")

    @cached_property
    def sentences(self) -> list[str]:
        """The texts of the sentences."""
        return [self.body[start:end] for start, end in self.spans]

    @cached_property
    def by_characters(self) -> dict[str, int]:
        """Which sentence has these characters (see ``same_characters``), the first of several."""
        indices: dict[str, int] = {}
        for index, sentence in enumerate(self.sentences):
            indices.setdefault(same_characters(sentence), index)
        return indices

    @cached_property
    def tokens(self) -> list[list[Token]]:
        """The words of each sentence."""
        return [tokenize(sentence) for sentence in self.sentences]

    @cached_property
    def _around(self) -> list[str]:
        """What else may bear a claim out: title, date, and what cleaning left out before the body."""
        article = self.article
        opening = ""
        if article.cleaned is not None and article.cleaned.starts:
            opening = article.text[: article.cleaned.starts[0]]
        return [article.title, article.date or "", opening]

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The stems of each sentence's content words."""
        return [_content_stems(tokens) for tokens in self.tokens]

    @cached_property
    def weights(self) -> dict[str, float]:
        """How much each stem says: the rarer in the article, the more."""
        counts = Counter(key for stems in self.stems for key in stems)
        return {key: math.log(1 + len(self.stems) / count) for key, count in counts.items()}

    @property
    def top_weight(self) -> float:
        """The weight of a word that the article lacks."""
        return math.log(1 + len(self.stems)) if self.stems else 1.0

    @cached_property
    def names(self) -> NameIndex:
        """Its names."""
        index = NameIndex()
        for text in self._around:
            index.add(text, tokenize(text))
        for text, tokens in self.pairs:
            index.add(text, tokens)
        return index

    @cached_property
    def quantities(self) -> QuantityIndex:
        """Its quantities, those that words only imply last."""
        texts = [(text, tokenize(text)) for text in self._around] + self.pairs
        found = [quantity for text, tokens in texts for quantity in find_quantities(text, tokens)]
        return QuantityIndex(found + [quantity for _, tokens in texts for quantity in find_implied(tokens)])

    @cached_property
    def pairs(self) -> list[tuple[str, Sequence[Token]]]:
        """Each sentence with its words."""
        return list(zip(self.sentences, self.tokens, strict=True))

    @cached_property
    def roles(self) -> dict[str, list[Held]]:
        """The roles that it gives to names, by the last word of the name."""
        found: dict[str, list[Held]] = {}
        for text, tokens in self.pairs:
            if roles := find_roles(tokens):
                for held in find_held(text, tokens, roles):
                    found.setdefault(held.surname, []).append(held)
        return found

    @cached_property
    def negated(self) -> dict[str, list[tuple[int, tuple[int, int]]]]:
        """The stems of the verbs that it negates: in which sentences, and from which word to the verb."""
        found: dict[str, list[tuple[int, tuple[int, int]]]] = {}
        for index, tokens in enumerate(self.tokens):
            for verb, span in negated_verbs(tokens).items():
                found.setdefault(verb, []).append((index, span))
        return found

    @cached_property
    def deeds(self) -> dict[tuple[str, str, str], str]:
        """Who did what to whom in it."""
        return deeds_of(self.pairs)

    @cached_property
    def origins(self) -> dict[str, dict[str, str]]:
        """Where its names are from."""
        return origins_of(self.pairs)

    @cached_property
    def dates(self) -> set[str]:
        """The keys of its dates, and of what they come to where its own date is known."""
        title, own, opening = self._around
        keys: set[str] = set().union(*map(date_keys, [title, opening, *self.sentences]))
        if day := published_on(own):
            # Its own date names the day, but does not say that anything happened on that weekday.
            keys |= resolved_keys(keys, day)
        return keys | date_keys(own)

    @cached_property
    def years(self) -> set[int]:
        """The years that it names by their distance from its date."""
        day = published_on(self.article.date)
        return resolved_years("\n".join([self.article.title, self.body]), day) if day else set()

    @cached_property
    def plain(self) -> str:
        """Its folded words, for a search word for word."""
        return plain_words("\n".join([self.article.title, self.body]))


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of ``text`` that say something."""
    return _content_stems(tokenize(text))


def _content_stems(tokens: list[Token]) -> frozenset[str]:
    return frozenset(token.word.stem for token in tokens if token.word.key not in FUNCTION_WORDS)
