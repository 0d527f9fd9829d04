"""The check of a run: rules, learned support and the salient sentences that stand in, loaded once for all briefs.

Comes after ``summarize`` and before ``write``; ``check`` in the package is the same for one brief without the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from summarizer.evidence import EvidenceOptions
from summarizer.evidence.decide import settle
from summarizer.evidence.examine import examine
from summarizer.evidence.extract import Extract, Opening
from summarizer.evidence.source import Source
from summarizer.evidence.support import SupportModel, evidence_text
from summarizer.records import Article, Brief, Sentence, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.salience.choose import Salience, choose
from summarizer.salience.model import SalienceModel
from summarizer.salience.telling import Telling


class Checker:
    """Checks briefs, many at a time, so that the models work in batches.

    :ivar models: name and hash of the models in use, for ``made_by``.
    """

    def __init__(self, options: EvidenceOptions, runtime: RuntimeOptions) -> None:
        """Load the models that the options name.

        :raises ModelError: one is missing, damaged or of the wrong kind.
        """
        self._options = options
        self._support = SupportModel(options.support, runtime) if options.support else None
        self._salience = SalienceModel(options.salience, runtime) if options.salience else None
        loaded = (self._support, self._salience)
        self.models = {name: identity for model in loaded if model for name, identity in model.models.items()}

    def check(self, briefs: Sequence[Brief], articles: Sequence[Article], max_words: int) -> list[Brief]:
        """Return the briefs as ``summarizer.evidence.check`` does, in the given order.

        :param articles: what each brief was written from.
        :param max_words: limit that a replacement must not break.
        """
        sources = [Source(article) for article in articles]
        examined = [examine(b, s, self._options.max_spans) for b, s in zip(briefs, sources, strict=True)]
        self._judge(examined, sources)
        return [
            settle(
                brief,
                sentences,
                source,
                self._extract(source),
                on_unsupported=self._options.on_unsupported,
                min_passed=self._options.min_passed,
                min_telling=self._options.min_telling,
                max_words=max_words,
            )
            for brief, sentences, source in zip(briefs, examined, sources, strict=True)
        ]

    def examine(self, texts: Sequence[str], article: Article) -> list[Sentence]:
        """Say of sentences that a person wrote what ``check`` says of a model's; each stays as it is.

        :param texts: of one brief, in order: a name that stands in several is known by the company that it keeps.
        :param article: what they are about.
        :return: one for each, in the same order; ``unsupported`` is empty where the sentence passed.
        """
        source = Source(article)
        written = tuple(Sentence(text=text, origin="generated") for text in texts)
        brief = Brief(sentences=written, backend="editor", source_tokens=SourceTokens(0, 0))
        examined = examine(brief, source, self._options.max_spans)
        self._judge([examined], [source])
        return examined

    def _judge(self, examined: Sequence[list[Sentence]], sources: Sequence[Source]) -> None:
        """Give each written sentence its learned support, and the reason where that is too low."""
        if self._support is None:
            return
        written = [
            (sentences, index, source)
            for sentences, source in zip(examined, sources, strict=True)
            for index, sentence in enumerate(sentences)
            if sentence.origin == "generated"
        ]
        pairs = [(evidence_text(sentences[i].text, source), sentences[i].text) for sentences, i, source in written]
        asked = self._options.support_threshold
        threshold = self._support.threshold if asked is None else asked
        for (sentences, index, _), score in zip(written, self._support.score(pairs), strict=True):
            reasons = sentences[index].unsupported
            if score < threshold:
                reasons = (*reasons, f"meaning not borne out by the article (support {score:.2f} of {threshold:.2f})")
            sentences[index] = replace(sentences[index], support=score, unsupported=reasons)

    def _extract(self, source: Source) -> Extract:
        return Opening(source) if self._salience is None else _Salient(source, self._salience)


class _Salient:
    """An article's sentences by what the salience model says of them; it is asked when somebody wants to know."""

    def __init__(self, source: Source, model: SalienceModel) -> None:
        self._source = source
        self._model = model
        self._briefs: dict[int, list[int]] = {}  # by max_words: a brief that is weighed against one may give way to it

    @cached_property
    def _salience(self) -> Salience | None:
        (salience,) = self._model.read([self._source.article])
        return None if isinstance(salience, BaseException) else salience

    def ranking(self) -> Sequence[int]:
        scores = self._salience.sentences if self._salience else []
        return sorted(range(len(scores)), key=lambda index: -scores[index])

    def brief(self, max_words: int) -> list[int]:
        if max_words not in self._briefs:
            self._briefs[max_words] = self._chosen(max_words)
        return self._briefs[max_words]

    def _chosen(self, max_words: int) -> list[int]:
        chosen = choose(self._source.article, self._salience, max_words) if self._salience else []
        places = {span: index for index, span in enumerate(self._source.spans)}
        return [places[span] for span in chosen if span in places] or Opening(self._source).brief(max_words)

    def share(self, text: str, max_words: int) -> float:
        if self._salience is None:
            return 1.0
        telling = Telling(self._salience, max_words)
        own = telling.overlap(" ".join(self._source.sentences[index] for index in self.brief(max_words)))
        return telling.overlap(text) / own if own else 1.0
