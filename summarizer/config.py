"""RunConfig: the YAML file, typed. ``load_config`` reads it and reports every fault at once; all else follows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from summarizer.classify import ClassifySection
from summarizer.clean import CleanOptions
from summarizer.config_faults import explain
from summarizer.config_tree import ConfigTree, in_file_order
from summarizer.errors import ConfigError, Fault
from summarizer.evidence import EvidenceOptions
from summarizer.options import Options
from summarizer.read.options import InputOptions
from summarizer.runtime import RuntimeOptions
from summarizer.summarize import SummarizeSection
from summarizer.updates.options import UpdatesOptions
from summarizer.write.options import OutputOptions

Kind = TypeVar("Kind", bound=Options)


class RunConfig(Options):
    """One run: what to read, how to work on it, where to write. Leave ``summarize`` or ``classify`` out to skip it."""

    input: InputOptions = InputOptions()
    """What to read."""
    clean: CleanOptions = CleanOptions()
    """What to take out of the text before a model reads it."""
    summarize: SummarizeSection | None = None
    """How to write briefs; null writes none."""
    evidence: EvidenceOptions = EvidenceOptions()
    """How to check each sentence of a brief against the source."""
    classify: ClassifySection | None = None
    """How to tag; null tags nothing."""
    updates: UpdatesOptions | None = None
    """How to link stories to earlier ones that they repeat or update; null links nothing."""
    output: OutputOptions = OutputOptions()
    """Where the records go."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Where and how the models run."""

    def fingerprint(self) -> str:
        """Hash what decides a record's content: everything but ``input``, ``output`` and the machine's settings."""
        content = self.model_dump(
            mode="json", exclude={"input": True, "output": True, "runtime": True, "updates": {"index"}}
        )
        if self.updates is None:  # a config that links nothing is called what it was before there were links
            del content["updates"]
        return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read a run's config file.

    :param path: a YAML file.
    :param overrides: ``section.key=value`` each, the value in YAML; they win over the file.
    :raises ConfigError: with every fault of the file and the overrides, in file order.
    """
    return parse_config(read_text(path), RunConfig, name=str(path), overrides=overrides)


def read_text(path: str | Path) -> str:
    """Return a config file's content.

    :raises ConfigError: it cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        mend = "Run 'summarizer init' for a starter." if isinstance(error, FileNotFoundError) else ""
        raise ConfigError([Fault(str(path), (error.strerror or str(error)).lower(), mend)]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(str(path), "not UTF-8 text", "Save it as UTF-8.")]) from error


def parse_config(text: str, kind: type[Kind], *, name: str = "config", overrides: Sequence[str] = ()) -> Kind:
    """Parse YAML into any options class.

    :param name: stands for the file in messages.
    :raises ConfigError: with every fault, in file order.
    """
    tree = ConfigTree(text, name)
    faults = [fault for override in overrides for fault in tree.override(override)]
    values = tree.values(faults)
    try:
        config = kind.model_validate(values)
    except ValidationError as error:
        known = {fault.where for fault in faults}  # a variable that is not set need not be of the wrong type too
        explained = [explain(item, kind, values, tree) for item in error.errors()]
        faults += [fault for fault in explained if fault.where not in known]
        raise ConfigError(in_file_order(faults)) from error
    if faults:
        raise ConfigError(in_file_order(faults))
    return config
