"""What every told night needs: drawn films, rendered once, and lines to hold a timeline against."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where bedrooms are drawn, once for all stories."""
    return tmp_path_factory.mktemp("films")
