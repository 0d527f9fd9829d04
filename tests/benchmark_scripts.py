"""Loads the scripts of ``benchmarks/`` as modules, which find each other as when one of them is run."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent.parent / "benchmarks"


def load(name: str) -> ModuleType:
    """Return the script ``name``."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)
