"""The tiny model that the service's tests tag with."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def linear_folder(models_folder: Path) -> Path:
    """A linear topic classifier of three topics."""
    from tiny_topics import tiny_linear

    return tiny_linear(models_folder / "linear")[0]
