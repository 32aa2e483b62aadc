"""A night for each test of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.chaos.holds", "tests.chaos.night")

from tests.chaos.night import Night, a_night  # noqa: E402 - its asserts are to explain themselves


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn once for all; other workers of this run share them."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "popen-gw" in base.name else base) / "films"


@pytest.fixture
async def night(tmp_path: Path, films: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path, films) as running:
        await running.enter_homes()
        yield running
