"""The town on SQLite, a file to copy, one for each zone of a test process; and where nights are kept."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.events.store.conftest import postgres
from tests.night.random.town import made
from tests.postgres import roomy
from tests.services.tillsyn.conftest import quiet

__all__ = ["postgres", "quiet", "town"]


@pytest.fixture(scope="session")
def town() -> Iterator[Callable[[str], Path]]:
    """The file of the town in a zone, in a folder where nights can be put beside it."""
    with TemporaryDirectory(prefix="tillsyn-", dir=roomy()) as folder:

        @cache
        def of(zone: str) -> Path:
            file = Path(folder) / f"{zone.replace('/', '-')}.db"
            made(f"sqlite:///{file}", zone)
            return file

        yield of
