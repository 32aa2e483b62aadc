"""Houses on fresh databases. What stands in a test of `house` or `url` is run on SQLite and on PostgreSQL."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import structlog

from events.personal import Personal
from events.runtime.stepped_clock import SteppedClock
from events.types.unit import StaffRegistered
from tests.builders import ASSESSOR, BOSS, UNIT, at
from tests.events.store.conftest import (
    postgres,
    postgres_database,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
    url,
)
from tests.logs import plain_tracebacks
from tests.services.tillsyn.couple import couple
from tests.services.tillsyn.dark import dark, village
from tests.services.tillsyn.healthy import healthy
from tests.services.tillsyn.house import House, opened, register_home, register_unit
from tests.services.tillsyn.plant import Plant, a_plant
from tests.services.tillsyn.road import road
from tests.services.tillsyn.staffing import staffing

__all__ = [
    "another",
    "clock",
    "couple",
    "dark",
    "healthy",
    "house",
    "house_on",
    "planned",
    "plant",
    "postgres",
    "postgres_database",
    "postgres_template",
    "postgres_url",
    "quiet",
    "road",
    "sqlite_template",
    "sqlite_url",
    "staffed",
    "staffing",
    "url",
    "village",
]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Faults that tests bring about are not printed: rendering a traceback takes a second."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    plain_tracebacks()


@pytest.fixture
def clock() -> SteppedClock:
    """Half past twelve in the afternoon, until somebody lets time pass."""
    return SteppedClock(at("12:30"))


@pytest.fixture
async def house_on(clock: SteppedClock) -> AsyncIterator[Callable[[str], Awaitable[House]]]:
    """Opens processes of the service that are closed when the test ends: `await house_on(url)`."""
    async with AsyncExitStack() as stack:

        async def open_house(url: str) -> House:
            return House(await stack.enter_async_context(opened(url, clock)), clock)

        yield open_house


@pytest.fixture
async def house(house_on: Callable[[str], Awaitable[House]], url: str) -> House:
    """A unit with staff and a gateway, and no home yet."""
    opened_house = await house_on(url)
    await register_unit(opened_house)
    return opened_house


@pytest.fixture
async def another(house: House, house_on: Callable[[str], Awaitable[House]], url: str) -> House:
    """A second process of the service on the same database."""
    return await house_on(url)


@pytest.fixture
async def planned(house: House) -> House:
    """One home with a check at 02:00, planned."""
    await register_home(house)
    await house.planner.plan_all()
    return house


@pytest.fixture
async def staffed(planned: House) -> House:
    """The planned house, with a manager and an assessor."""
    for id_, role in ((BOSS, "manager"), (ASSESSOR, "assessor")):
        person = StaffRegistered(staff=id_, unit=UNIT, roles=(role,), name=Personal.of("Kerstin", id_))
        await planned.care.register_staff(person)
    return planned


@pytest.fixture
async def plant(house: House, url: str, tmp_path: Path) -> AsyncIterator[Plant]:
    """The house, and a NATS server with its gateway's user; nothing of the service runs yet."""
    async with a_plant(house, url, tmp_path) as started:
        yield started
