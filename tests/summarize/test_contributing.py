"""The worked example of CONTRIBUTING.md does what the text says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from summarizer.records import Article, Brief
from summarizer.runtime import RuntimeOptions

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"


@pytest.fixture
def openings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that the first Python block of the guide is."""
    block = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (tmp_path / "guide_openings.py").write_text(block[1], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("guide_openings")


def test_contributing_example_takes_the_openings_of_paragraphs(openings: ModuleType, runtime: RuntimeOptions) -> None:
    text = "Ferries stopped at noon. Storms came.\nWait.\nThe harbour opened again on Friday. Fish was sold."
    summarizer = openings.Openings(openings.OpeningsOptions(min_source_words=0), runtime)
    [brief] = summarizer.summarize([Article(id="a", text=text)])
    assert isinstance(brief, Brief)
    assert brief.text == "Ferries stopped at noon. The harbour opened again on Friday."
