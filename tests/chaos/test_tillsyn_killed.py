"""SIGKILL of the service in the middle of a night: what gateways say waits in the stream, what is overdue is swept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night, a_night
from tests.postgres import cluster


@pytest.fixture
async def night_on_postgres(tmp_path: Path, films: Path) -> AsyncIterator[Night]:
    with cluster() as postgres:
        async with a_night(tmp_path, films, postgres.url(postgres.database())) as running:
            await running.enter_homes()
            yield running


async def test_tillsyn_is_killed_on_sqlite(night: Night) -> None:
    await _killed_while_somebody_looks(night)


async def test_tillsyn_is_killed_on_postgres(night_on_postgres: Night) -> None:
    await _killed_while_somebody_looks(night_on_postgres)


async def _killed_while_somebody_looks(night: Night) -> None:
    async def something_waits() -> bool:
        return await night.waiting() > 0

    await night.until(night.half_done, "a slot is half done")
    await night.kill("tillsyn")
    await night.until(something_waits, "a gateway has said something that nobody has heard")
    await night.restart("tillsyn")

    await night.is_over()
    await nothing_is_lost_and_nothing_twice(night)
