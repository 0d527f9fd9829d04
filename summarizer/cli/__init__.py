"""The command line: one file per verb; nothing else in the package knows it.

Data goes to stdout, talk to stderr. Exit codes: 0 done, 1 failed work, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import sys

import typer

from summarizer import __version__
from summarizer.cli import brief, check, desk, evaluate, init, models, run, schema, serve, train, verify, watch
from summarizer.cli.talk import complain
from summarizer.errors import SummarizerError

app = typer.Typer(
    name="summarizer",
    help="Turns news articles into one-paragraph briefs whose every sentence names its source, and into topic tags.",
    epilog="Exit codes: 0 done, 1 failed work (with --strict: anything lost), 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    pass


app.command("run")(run.run)
app.command("brief")(brief.brief)
app.command("check")(check.check)
app.command("init")(init.init)
app.command("serve")(serve.serve)
app.command("desk")(desk.desk)
app.command("verify")(verify.verify)
app.command("watch")(watch.watch)
app.command("schema")(schema.schema)
app.add_typer(models.app, name="models")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")


def main() -> None:
    """Run the command line; a user's mistake ends in a message and an exit code, never in a traceback."""
    try:
        app()
    except SummarizerError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)
