"""Migrations: from nothing to the newest, once; and the tables are those that the code declares."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from events.store import EventStore, current_revision, migrate, pending
from events.store.database import parse_url
from events.store.tables import METADATA
from events.store.tables.types import Xid
from events.types import REGISTRY
from tests.events.store.builders import Time
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which nothing was made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: Cluster = request.getfixturevalue("postgres")
    name = postgres.database()
    yield postgres.url(name)
    postgres.drop(name)


def test_an_empty_database_is_brought_to_the_newest_revision(empty: str) -> None:
    steps = pending(empty)
    assert steps[0] == "0001_log"
    assert current_revision(empty) is None

    migrate(empty)

    assert pending(empty) == ()
    assert current_revision(empty) == steps[-1]


def test_migrating_again_changes_nothing(url: str) -> None:
    before = current_revision(url)
    migrate(url)

    assert current_revision(url) == before


def test_migrations_make_the_tables_that_the_code_declares(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ischema_names, "xid8", Xid)
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"

        def ours(_: object, name: str | None, *__: object) -> bool:
            return not (on_sqlite and name in ("stream_heads", "ix_events_xid_position"))  # a view; not needed there

        options: dict[str, Any] = {"include_object": ours, "compare_type": False}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    engine.dispose()

    assert differences == []


async def test_a_database_that_is_further_than_we_know_is_opened(url: str) -> None:
    """Expand, then contract: the version before must run on what the next one has migrated."""
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    engine.dispose()

    assert pending(url) == ()
    store = await EventStore.open(url, registry=REGISTRY, now=Time())
    await store.close()
