"""Measures briefs against human ones and leads, and writes report, numbers, plot and, on request, a reading sheet.

Comes after ``summarizer run``: it reads the records that the run wrote, and the articles that they were made of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.evaluate.briefs_data import LeftOut, Pair, read_pairs
from summarizer.evaluate.briefs_options import BriefEvaluation
from summarizer.evaluate.briefs_plots import plot_briefs
from summarizer.evaluate.briefs_report import PLOT, write_brief_report
from summarizer.evaluate.briefs_sheet import draw_pairs, write_sheet
from summarizer.evaluate.briefs_systems import lay_out
from summarizer.evaluate.briefs_tables import Tables, tabulate_briefs
from summarizer.evaluate.folder import (
    EVALUATION_FILE,
    REPORT_FILE,
    default_folder,
    free_folder,
    write_json,
    write_text,
    writing,
)

ARTICLES_FILE = "articles.jsonl"
SHEET_FILE = "sheet.html"
FILES = (EVALUATION_FILE, REPORT_FILE, PLOT, ARTICLES_FILE)


def evaluate_briefs(options: BriefEvaluation, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure the briefs and write the folder.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what ``evaluation.json`` holds: ``data``, ``settings`` and the tables of ``tabulate_briefs``.
    :raises InputError: a file cannot be read, or records and references have no id in common.
    :raises OutputError: ``out`` is occupied or cannot be written.
    """
    files = (*FILES, SHEET_FILE) if options.sheet else FILES
    out = free_folder(options.out or default_folder(options.records), files, overwrite=options.overwrite)
    pairs, left_out = read_pairs(options, say)
    systems, mean_words = lay_out(pairs, options.lead_words)
    tables = tabulate_briefs(pairs, systems, options.evidence, (options.samples, options.seed), say)
    evaluation = {
        "data": _data(options, pairs, left_out),
        "settings": {
            "samples": options.samples,
            "seed": options.seed,
            "lead_words": options.lead_words,
            "mean_words": mean_words,
        },
        **tables.evaluation,
    }
    sheet = write_sheet(draw_pairs(pairs, options.sheet_articles, options.seed)) if options.sheet else None
    _write(out, evaluation, tables, sheet)
    say(f"wrote {', '.join(files)} into {out}")
    return evaluation


def _data(options: BriefEvaluation, pairs: Sequence[Pair], left_out: LeftOut) -> dict[str, Any]:
    return {
        "records": Path(options.records).name,
        "references": Path(options.references).name,
        "articles": len(pairs),
        "models": {pair.brief.model: pair.identity for pair in pairs if pair.brief.model},
        "left_out": left_out.to_dict(),
    }


def _write(out: Path, evaluation: Mapping[str, Any], tables: Tables, sheet: str | None) -> None:
    with writing(out):
        plot_briefs(evaluation, tables.articles, out / PLOT)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in tables.articles]
        write_text(out, ARTICLES_FILE, "".join(lines))
        if sheet is not None:
            write_text(out, SHEET_FILE, sheet)
        write_text(out, REPORT_FILE, write_brief_report(evaluation))
        write_json(out, evaluation)
