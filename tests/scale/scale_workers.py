"""Runs at the start of each process of the tests' Ray cluster: shows which ones work, and lets an article be deadly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

DEADLY = "The gauge was read by nobody."
PIDS = "SCALE_TEST_PIDS"


def set_up() -> None:
    """Leave a file named after this process where it cleans an article, and end it where the article is deadly."""
    import summarizer.runner

    clean = summarizer.runner.clean

    def watched(article: Any, options: Any) -> Any:
        (Path(os.environ[PIDS]) / str(os.getpid())).touch()
        if DEADLY in article.text:
            os._exit(9)
        return clean(article, options)

    summarizer.runner.clean = watched
