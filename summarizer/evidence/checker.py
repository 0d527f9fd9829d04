"""The check of a run: rules, learned support and the salient sentences that stand in, loaded once for all briefs.

Comes after ``summarize`` and before ``write``; ``check`` in the package is the same for one brief without the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.evidence import EvidenceOptions
from summarizer.evidence.decide import settle
from summarizer.evidence.examine import examine
from summarizer.evidence.extract import Extract, Opening, Salient
from summarizer.evidence.source import Source
from summarizer.evidence.support import SupportModel, evidence_text
from summarizer.records import Article, Brief, Sentence, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.salience.model import SalienceModel


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
        extracts = self._extracts(examined, sources)
        return [
            settle(
                brief,
                sentences,
                source,
                extract,
                on_unsupported=self._options.on_unsupported,
                min_passed=self._options.min_passed,
                min_telling=self._options.min_telling,
                max_words=max_words,
            )
            for brief, sentences, source, extract in zip(briefs, examined, sources, extracts, strict=True)
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

    def _extracts(self, examined: Sequence[list[Sentence]], sources: Sequence[Source]) -> list[Extract]:
        """Read the articles whose sentences ``settle`` may ask for, all at once."""
        if self._salience is None:
            return [Opening(source) for source in sources]
        needed = [index for index, sentences in enumerate(examined) if self._may_ask(sentences)]
        read = dict(zip(needed, self._salience.read([sources[index].article for index in needed]), strict=True))
        return [
            Opening(source)
            if isinstance(salience := read.get(index), BaseException | None)
            else Salient(source, salience)
            for index, source in enumerate(sources)
        ]

    def _may_ask(self, sentences: Sequence[Sentence]) -> bool:
        """Return whether a brief may be weighed against its article's salient sentences, or give way to them."""
        written = [sentence for sentence in sentences if sentence.origin == "generated"]
        has_failed = any(sentence.unsupported for sentence in written)
        weighs = self._options.on_unsupported == "replace" and self._options.min_telling > 0 and bool(written)
        return weighs or (has_failed and self._options.on_unsupported != "flag")
