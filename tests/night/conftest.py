"""One night is played for a module and shared by its tests."""

import asyncio

import pytest

from tests.events.store.conftest import postgres, postgres_database, postgres_template, postgres_url
from tests.night.nights import Played, play

__all__ = ["played", "postgres", "postgres_database", "postgres_template", "postgres_url"]

SEED = 1
RECIPIENTS = 8
"""Every twist of the script is among eight homes."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The night of eight homes, over and stopped."""
    return asyncio.run(play(SEED, RECIPIENTS, tmp_path_factory.mktemp("night")))
