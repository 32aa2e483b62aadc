"""Random nights on PostgreSQL: fewer, for the rules are the same and each takes longer."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.night.random.drawing import plans
from tests.night.random.nights import patient
from tests.night.random.plan import Plan
from tests.night.random.playing import broken_in
from tests.night.random.town import made
from tests.postgres import Cluster

ZONE = "Europe/Stockholm"
NIGHTS = 10


@pytest.fixture(scope="module")
def postgres_town(postgres: Cluster) -> Iterator[str]:
    """The name of a database with the town, to be copied."""
    name = postgres.database()
    made(postgres.url(name), ZONE)
    return name


@patient
@settings(max_examples=NIGHTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans(ZONE))
def test_a_random_night_on_postgres_keeps_what_must_never_break(
    postgres: Cluster, postgres_town: str, plan: Plan
) -> None:
    name = postgres.database(postgres_town)
    try:
        found = asyncio.run(broken_in(postgres.url(name), plan))
    finally:
        postgres.drop(name)
    assert not found, "\n".join([repr(plan), *found])
