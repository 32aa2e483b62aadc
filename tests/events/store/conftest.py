"""Stores on fresh databases. What stands in a test of `store` or `url` is run on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from events.store import EventStore, migrate
from events.types import REGISTRY
from tests.events.store.builders import Time, append, write
from tests.events.store.stories import story
from tests.postgres import Cluster, cluster, roomy

OpenStore = Callable[..., Awaitable[EventStore]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A private cluster for this test process."""
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> str:
    """A migrated database to copy."""
    name = postgres.database()
    migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "log.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    """A fresh SQLite database, in a folder of its own."""
    with TemporaryDirectory(prefix="tillsyn-", dir=roomy()) as folder:
        yield f"sqlite:///{shutil.copy(sqlite_template, folder)}"


@pytest.fixture
def postgres_database(postgres: Cluster, postgres_template: str) -> Iterator[str]:
    """The name of a fresh PostgreSQL database."""
    name = postgres.database(postgres_template)
    yield name
    postgres.drop(name)


@pytest.fixture
def postgres_url(postgres: Cluster, postgres_database: str) -> str:
    """A fresh PostgreSQL database."""
    return postgres.url(postgres_database)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def time() -> Time:
    """The time that stores under test go by."""
    return Time()


@pytest.fixture
async def opened(time: Time) -> AsyncIterator[Callable[..., Awaitable[EventStore]]]:
    """Opens stores that are closed when the test ends: `await opened(url, projections=…)`."""
    async with AsyncExitStack() as stack:

        async def open_store(url: str, **options: Any) -> EventStore:
            store = await EventStore.open(url, registry=REGISTRY, now=time, **options)
            return await stack.enter_async_context(store)

        yield open_store


@pytest.fixture
async def store(opened: OpenStore, url: str) -> EventStore:
    """A store on a fresh database of each kind."""
    return await opened(url)


@pytest.fixture
def raw(postgres: Cluster, postgres_database: str) -> Iterator[Callable[[], Any]]:
    """Raw connections to the test's PostgreSQL database, closed when the test ends."""
    made = []

    def connect() -> Any:
        made.append(postgres.connect(postgres_database))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


@pytest.fixture
async def told(opened: OpenStore, url: str) -> EventStore:
    """A store in which three streams have told their story; the third one's row is gone."""
    store = await opened(url, projections=(story,))
    await store.append(append(write("a", number=3), write("b"), write("c", number=9)))
    return store
