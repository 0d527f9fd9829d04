"""The tree of errors; everything raises them, the command line prints them without a traceback.

SummarizerError            where: what. mend.
├── UsageError             the user asked for something that cannot be          exit 2
│   └── ConfigError        the faults of a config file, all of them at once     exit 2
├── InputError             an input cannot be read at all                       exit 1
├── ModelError             a model is missing, damaged or of the wrong kind     exit 1
├── OutputError            records cannot be written                            exit 1
└── ArticleError           one article cannot be worked on; becomes a Failure
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in the three parts that the command line, the log and the tests use.

    :param where: file, line and key, or the article; for example ``configs/wire.yaml:7: summarize.max_word``.
    :param what: what was seen, the value included.
    :param mend: what to do about it, a whole sentence; may be empty where nothing can be done.
    """

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.mend}".replace(" \n", "\n") if self.mend else text


class SummarizerError(Exception):
    """Base of all errors that are meant for the user; ``str()`` is the message, without traceback noise."""

    exit_code = 1

    def __init__(self, where: str, what: str, mend: str = "") -> None:
        self.fault = Fault(where, what, mend)
        super().__init__(str(self.fault))


class UsageError(SummarizerError):
    """A command, option or value that makes no sense."""

    exit_code = 2


class ConfigError(UsageError):
    """A config file with one or more faults; ``faults`` holds them in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.where, first.what, first.mend)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InputError(SummarizerError):
    """An input that cannot be opened or is of no known format."""


class ModelError(SummarizerError):
    """A model that is missing, damaged, unsafe to load or of the wrong kind for its stage."""


class OutputError(SummarizerError):
    """Records that cannot be written: no permission, a full disk, a file that is in the way."""


class ArticleError(SummarizerError):
    """One article that a stage cannot work on; the runner turns it into a ``Failure`` and goes on."""


def did_you_mean(seen: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest known name, or the list of known names where none is close."""
    names = list(known)
    close = get_close_matches(seen, names, n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(names)}."
