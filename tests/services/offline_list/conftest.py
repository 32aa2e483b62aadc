"""Houses on fresh databases, as the service's own tests have them, and a folder for the lists."""

from pathlib import Path

import pytest

from tests.services.tillsyn.conftest import *  # noqa: F403
from tests.services.tillsyn.conftest import __all__ as _shared

__all__ = [*_shared, "folder"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the lists go."""
    made = tmp_path / "share"
    made.mkdir()
    return made
