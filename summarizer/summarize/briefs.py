"""What every backend does around its own work: short articles pass, verbatim sentences, a model's text into a brief.

``condense`` comes first in each backend's ``summarize``; ``from_draft`` or ``leading`` comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.batching import is_out_of_memory
from summarizer.records import Article, Brief, Failure, Sentence, SourceTokens
from summarizer.sentences import Span, each_sentence, sentence_spans
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.drafts import Draft, Reading
from summarizer.summarize.tidy import tidy

STAGE = "summarize"
PASSED = "passed"
"""The ``backend`` of a brief that is its short article."""

Outcome = Brief | Failure


def condense(
    articles: Sequence[Article],
    options: SummarizeOptions,
    work: Callable[[Sequence[Article]], Sequence[Outcome]],
) -> list[Outcome]:
    """Pass short articles on as they are, refuse those without text, and hand the rest to the backend.

    :param work: the backend; gets the articles that are left, in order, and returns one outcome each.
    :return: one outcome per article, in the given order.
    """
    outcomes = [_without_condensing(article, options) for article in articles]
    left = [article for article, outcome in zip(articles, outcomes, strict=True) if outcome is None]
    condensed = iter(work(left) if left else ())
    return [next(condensed) if outcome is None else outcome for outcome in outcomes]


def _without_condensing(article: Article, options: SummarizeOptions) -> Outcome | None:
    """Return what becomes of an article that no backend need see; None for all others.

    A short article of more than ``max_words`` is condensed all the same: the brief's limit holds.
    """
    try:
        article.body.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"the text has half a character (U+{ord(error.object[error.start]):04X} at {error.start})"
        return failure(article, what, "Turn input cleaning on, or repair the text.")
    if not any(char.isalnum() for char in article.body):
        return failure(article, f"has no words to condense ({len(article.body)} characters)", "Check its text field.")
    words, limit = len(article.body.split()), options.min_source_words
    if words >= limit or words > options.max_words:
        return None
    warning = f"article has {words} words, fewer than min_source_words {limit}: passed on as it is"
    return Brief(
        sentences=verbatim(article, sentence_spans(article)),
        backend=PASSED,
        source_tokens=SourceTokens(words, words),
        warnings=(warning,),
    )


def verbatim(article: Article, spans: Sequence[Span]) -> tuple[Sentence, ...]:
    """Return source sentences as sentences of a brief, each its own evidence; line breaks inside become blanks."""
    return tuple(
        Sentence(
            text=" ".join(article.body[start:end].split()),
            origin="verbatim",
            support=1.0,
            evidence=(article.evidence(start, end),),
        )
        for start, end in spans
    )


def leading(
    article: Article,
    max_words: int,
    *,
    backend: str,
    model: str = "",
    source_tokens: SourceTokens | None = None,
    warnings: Sequence[str] = (),
) -> Outcome:
    """Return the leading sentences of at most ``max_words`` words as a brief.

    A sentence longer than that by itself is left out with a warning; the first other one that does not fit ends it.

    :param source_tokens: what a model read before its text was given up; None counts words.
    :return: a brief, or a failure where no sentence fits.
    """
    total = len(article.body.split())
    notes = list(warnings)
    chosen: list[Span] = []
    words = end_of_read = 0
    for number, (start, end) in enumerate(each_sentence(article.body, article.language or "en"), 1):
        length = len(article.body[start:end].split())
        if length > max_words:
            notes.append(f"sentence {number} has {length} words, more than max_words {max_words}: left out")
            continue
        if words + length > max_words:
            break
        words += length
        chosen.append((start, end))
        end_of_read = end
    if not chosen:
        what = f"none of its sentences has at most max_words {max_words} words"
        return failure(article, what, "Raise summarize.max_words.")
    read = len(article.body[:end_of_read].split())
    return Brief(
        sentences=verbatim(article, chosen),
        backend=backend,
        model=model,
        source_tokens=source_tokens or SourceTokens(read, total),
        warnings=tuple(notes),
    )


def from_draft(
    article: Article, reading: Reading, draft: Draft | BaseException, max_words: int, *, backend: str, model: str
) -> Outcome:
    """Return the brief that a model's text makes; leading sentences where the text has no whole sentence.

    :param draft: the model's text, or the error that it raised for this article alone.
    """
    if isinstance(draft, BaseException):
        return failure(article, *_why(draft))
    language = article.language or "en"
    sentences = tidy(draft.text, max_words, is_finished=draft.is_finished, language=language)
    if not sentences:
        warnings = (*reading.warnings, "the model wrote no whole sentence: the article's first sentences stand in")
        tokens = reading.tokens
        return leading(article, max_words, backend=backend, model=model, source_tokens=tokens, warnings=warnings)
    return Brief(
        sentences=tuple(Sentence(text=sentence, origin="generated") for sentence in sentences),
        backend=backend,
        model=model,
        source_tokens=reading.tokens,
        warnings=reading.warnings,
    )


def _why(error: BaseException) -> tuple[str, str]:
    """Say what a model raised, and the key that mends it."""
    if is_out_of_memory(error):
        mend = "Lower summarize.max_source_tokens, or use a smaller model or another runtime.device."
        return "memory ran out with this article alone", mend
    first = str(error).strip().splitlines()
    return f"the model failed ({type(error).__name__}: {first[0] if first else 'no reason given'})", ""


def failure(article: Article, what: str, mend: str = "") -> Failure:
    """Return the failure of one article at this stage."""
    return Failure(where=article.source or article.id, stage=STAGE, what=what, mend=mend, id=article.id)
