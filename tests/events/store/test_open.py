"""Opening a store: what is wrong is said in one line, without the password."""

from pathlib import Path

import pytest

from events.store import (
    Append,
    BadDatabaseUrlError,
    EventStore,
    NotMigratedError,
    StoreError,
    StoreUnavailableError,
    migrate,
)
from events.types import REGISTRY
from tests.events.store.builders import Time, all_of, append, places, write
from tests.events.store.conftest import OpenStore
from tests.postgres import Cluster

SECRET = "hunter2"


async def refused(url: str, error: type[StoreError]) -> str:
    """What opening the URL says."""
    with pytest.raises(error) as caught:
        await EventStore.open(url, registry=REGISTRY, now=Time())
    told = str(caught.value)
    assert "\n" not in told
    assert SECRET not in told
    return told


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"no url {SECRET}",
        f"postgresql://tillsyn:{SECRET}@host:port/log",
        f"mysql://tillsyn:{SECRET}@host/log",
        f"postgresql+asyncpg://tillsyn:{SECRET}@host/log",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
async def test_a_url_that_cannot_be_is_refused_with_the_form_it_should_have(url: str) -> None:
    assert "sqlite:///FILE" in await refused(url, BadDatabaseUrlError)


async def test_a_server_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    url = f"postgresql://tillsyn:{SECRET}@127.0.0.1:1/log"

    assert "postgresql+psycopg://tillsyn:***@127.0.0.1:1/log" in await refused(url, StoreUnavailableError)
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1:1/log"):
        migrate(url)


async def test_a_wrong_password_is_told_and_not_shown(postgres: Cluster) -> None:
    url = f"postgresql://tillsyn:{SECRET}@127.0.0.1:{postgres.port}/postgres"

    assert "password authentication failed" in await refused(url, StoreUnavailableError)


async def test_a_database_that_was_never_migrated_is_not_opened(tmp_path: Path, postgres: Cluster) -> None:
    missing = tmp_path / "missing.db"
    assert "run `tillsyn migrate`" in await refused(f"sqlite:///{missing}", NotMigratedError)
    assert not missing.exists()

    empty = tmp_path / "empty.db"
    empty.touch()
    assert "0001_log" in await refused(f"sqlite:///{empty}", NotMigratedError)
    assert "0001_log" in await refused(postgres.url(), NotMigratedError)


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    picture = tmp_path / "picture.db"
    picture.write_bytes(b"\x89PNG" * 2000)

    assert "picture.db" in await refused(f"sqlite:///{picture}", StoreUnavailableError)


async def test_a_store_answers_and_closes(store: EventStore) -> None:
    await store.ping()
    await store.close()
    await store.close()


async def test_a_store_goes_on_after_the_server_was_restarted(
    opened: OpenStore, postgres: Cluster, postgres_url: str
) -> None:
    store = await opened(postgres_url)
    await store.append(append(write("a")))
    await store.read("a")

    postgres.restart()

    await store.append(append(write("a", expected=1)))
    assert (await store.load("a"))[0] == 2
    await store.ping()
    assert places(await all_of(store)) == [("a", 1), ("a", 2)]
    assert await store.append(Append()) == ()
