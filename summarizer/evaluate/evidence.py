"""Measures the check on claims of which it is known whether their article bears them out; writes report and plot.

Comes after nothing: the claims are checked here as ``summarizer run`` checks the sentences of a brief, by the rules and
by the support model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.clean import clean
from summarizer.evaluate.briefs_claims import check_as_written
from summarizer.evaluate.briefs_data import LeftOut, sentences_of
from summarizer.evaluate.evidence_data import Claim, read_claims
from summarizer.evaluate.evidence_metrics import best_threshold
from summarizer.evaluate.evidence_options import EvidenceEvaluation
from summarizer.evaluate.evidence_plots import plot_evidence
from summarizer.evaluate.evidence_report import PLOT, write_evidence_report
from summarizer.evaluate.evidence_tables import EITHER, SUPPORT, Checked, Draws, tabulate_evidence
from summarizer.evaluate.folder import (
    EVALUATION_FILE,
    REPORT_FILE,
    default_folder,
    free_folder,
    write_json,
    write_text,
    writing,
)
from summarizer.evidence.source import Source
from summarizer.evidence.support import SupportModel, evidence_text
from summarizer.records import Article

FILES = (EVALUATION_FILE, REPORT_FILE, PLOT)
WINDOW_CLAIMS = 1000
"""Claims checked between two lines of progress."""


def evaluate_evidence(options: EvidenceEvaluation, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure the check and write the folder.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what ``evaluation.json`` holds: ``data``, ``settings``, ``thresholds`` and the tables of
        ``tabulate_evidence``.
    :raises InputError: the data cannot be used.
    :raises OutputError: ``out`` is occupied or cannot be written.
    """
    out = free_folder(options.out or default_folder(options.data), FILES, overwrite=options.overwrite)
    claims, left_out = read_claims(options.data, options.only, options, say)
    model = SupportModel(options.evidence.support, options.runtime) if options.evidence.support else None
    thresholds, tuned = _thresholds(options, model, say)
    checked = _check(claims, options, model, say)
    evaluation = {
        "data": _data(options, claims, left_out),
        "settings": {
            "samples": options.samples,
            "seed": options.seed,
            "tune": tuned,
            "tune_only": dict(options.tune_only),
            "models": model.models if model else {},
        },
        "thresholds": thresholds,
        **tabulate_evidence(checked, thresholds, Draws(options.samples, options.seed)),
    }
    _write(out, evaluation)
    say(f"wrote {', '.join(FILES)} into {out}")
    return evaluation


def _thresholds(
    options: EvidenceEvaluation, model: SupportModel | None, say: Callable[[str], None]
) -> tuple[dict[str, float], dict[str, Any] | None]:
    """Return the threshold of each way that has one, and what they were chosen on."""
    if options.threshold is None and options.tune is not None:
        claims, _ = read_claims(options.tune, options.tune_only, options, say)
        checked = _check(claims, options, model, say)
        thresholds = {
            SUPPORT: best_threshold(checked.support, checked.wrong),
            EITHER: best_threshold(checked.support, checked.wrong, checked.flagged),
        }
        return thresholds, {"name": Path(options.tune).name, "claims": len(claims)}
    given = options.threshold
    if given is None and model is not None:
        own = options.evidence.support_threshold
        given = model.threshold if own is None else own
    return ({} if given is None else {SUPPORT: given, EITHER: given}), None


def _check(
    claims: Sequence[Claim], options: EvidenceEvaluation, model: SupportModel | None, say: Callable[[str], None]
) -> Checked:
    """Check each claim as if a model had just written it; of several sentences the least supported decides."""
    import numpy as np

    support: list[float] = []
    reasons: list[list[str]] = []
    for start in range(0, len(claims), WINDOW_CLAIMS):
        window = claims[start : start + WINDOW_CLAIMS]
        articles = [clean(claim.article, options.clean) for claim in window]
        texts = [sentences_of(claim.text) for claim in window]
        checked = [
            check_as_written(own, article, options.evidence) for own, article in zip(texts, articles, strict=True)
        ]
        reasons += [[reason for sentence in own for reason in sentence.unsupported] for own in checked]
        if model is None:
            support += [min((sentence.support for sentence in own), default=0.0) for own in checked]
        else:
            support += _least_scores(model, texts, articles)
        say(f"{min(start + WINDOW_CLAIMS, len(claims))} of {len(claims)} claims checked")
    numbers: dict[str, int] = {}
    return Checked(
        wrong=np.array([not claim.is_consistent for claim in claims]),
        articles=np.array([numbers.setdefault(claim.article.text, len(numbers)) for claim in claims]),
        support=np.array(support),
        reasons=reasons,
        error_types=[claim.error_types for claim in claims],
        sources=[claim.source for claim in claims],
    )


def _least_scores(model: SupportModel, texts: Sequence[Sequence[str]], articles: Sequence[Article]) -> list[float]:
    """Return, for each claim, the learned score of its least supported sentence."""
    sources = [Source(article) for article in articles]
    pairs = [(evidence_text(text, source), text) for own, source in zip(texts, sources, strict=True) for text in own]
    scores = iter(model.score(pairs))
    return [min((next(scores) for _ in own), default=0.0) for own in texts]


def _data(options: EvidenceEvaluation, claims: Sequence[Claim], left_out: LeftOut) -> dict[str, Any]:
    return {
        "name": Path(options.data).name,
        "articles": len({claim.article.text for claim in claims}),
        "only": dict(options.only),
        "drawn": options.claims == len(claims),
        "left_out": left_out.to_dict(),
    }


def _write(out: Path, evaluation: Mapping[str, Any]) -> None:
    with writing(out):
        plot_evidence(evaluation, out / PLOT)
        write_text(out, REPORT_FILE, write_evidence_report(evaluation))
        write_json(out, evaluation)
