"""``summarizer evaluate``: how good a model, its briefs or the check are on articles of yours."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.cli.settings import Config, Settings, read_options, teller
from summarizer.cli.talk import Quiet

Out = Annotated[str | None, typer.Option("--out", help="Folder for the report; evaluation-NAME if left out.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier evaluation in the folder.")]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _evaluate() -> None:
    """Measure topics, briefs or the check of briefs on articles whose answers are known."""


@app.command()
def topics(
    model: Annotated[str | None, typer.Argument(help="A shipped model's name, a folder or a Hub name.")] = None,
    data: Annotated[str | None, typer.Argument(help="JSON lines, CSV or Parquet with a 'topics' column.")] = None,
    out: Out = None,
    train: Annotated[
        str | None, typer.Option("--train", help="Articles that the baselines learn from; DATA itself if left out.")
    ] = None,
    config: Config = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Measure a topic classifier beside two baselines: scores, calibration, decisions, mistakes, plots."""
    from summarizer.evaluate.topics import evaluate_topics
    from summarizer.evaluate.topics_options import TopicEvaluation
    from summarizer.evaluate.topics_report import decision_table, summary_table

    given = {"model": model, "data": data, "out": out, "train": train, "overwrite": overwrite or None}
    options = read_options(TopicEvaluation, "evaluate topics", config, given, overrides)
    evaluation = evaluate_topics(options, teller(quiet=quiet))
    typer.echo(f"{summary_table(evaluation)}\n\n{decision_table(evaluation)}")


@app.command()
def briefs(
    records: Annotated[str | None, typer.Argument(help="What a run wrote: JSON lines or a run folder.")] = None,
    references: Annotated[
        str | None, typer.Argument(help="JSON lines, CSV or Parquet of the articles with a human 'summary'.")
    ] = None,
    out: Out = None,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Also write a page of articles and briefs side by side, to read and judge.")
    ] = False,
    config: Config = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Measure briefs beside leads: ROUGE with intervals, copying, repetition, unsupported claims, plot."""
    from summarizer.evaluate.briefs import evaluate_briefs
    from summarizer.evaluate.briefs_options import BriefEvaluation
    from summarizer.evaluate.briefs_report import difference_table, score_table

    given = {
        "records": records,
        "references": references,
        "out": out,
        "sheet": sheet or None,
        "overwrite": overwrite or None,
    }
    options = read_options(BriefEvaluation, "evaluate briefs", config, given, overrides)
    evaluation = evaluate_briefs(options, teller(quiet=quiet))
    typer.echo(f"{score_table(evaluation)}\n\n{difference_table(evaluation)}")


@app.command()
def evidence(
    data: Annotated[
        str | None, typer.Argument(help="JSON lines, CSV or Parquet with 'document', 'claim' and 'label'.")
    ] = None,
    out: Out = None,
    tune: Annotated[
        str | None, typer.Option("--tune", help="Other claims, on which a threshold of support is chosen.")
    ] = None,
    config: Config = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Measure the check on claims that are known to be consistent or not: scores, errors found, ROC."""
    from summarizer.evaluate.evidence import evaluate_evidence
    from summarizer.evaluate.evidence_options import EvidenceEvaluation
    from summarizer.evaluate.evidence_report import area_table, decision_table

    given = {"data": data, "out": out, "tune": tune, "overwrite": overwrite or None}
    options = read_options(EvidenceEvaluation, "evaluate evidence", config, given, overrides)
    evaluation = evaluate_evidence(options, teller(quiet=quiet))
    typer.echo(f"{decision_table(evaluation)}\n\n{area_table(evaluation)}")
