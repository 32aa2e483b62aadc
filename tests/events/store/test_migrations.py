"""Migrations: from nothing to the newest, once; and the tables are those that the code declares."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from events.store import EventStore, current_revision, migrate, pending, queries
from events.store.database import parse_url
from events.store.migrations import _config, _connection
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


async def test_who_was_registered_before_roles_were_rows_keeps_them(empty: str) -> None:
    before, member, unit = "0002_read_models", uuid4(), uuid4()
    with _connection(empty) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, before)
        owner = {"organisation": uuid4(), "unit": unit}
        since, event = datetime(2026, 11, 3, 12, tzinfo=UTC), uuid4()
        known = {"id": event, "stream": f"staff-{member}", "version": 1, "name": "staff.registered", "data": "{}"}
        told = {"actor_kind": "staff", "actor_id": "x", "actor_role": "x", "correlation": uuid4(), **owner}
        when = {"time": since, "recordedtime": since, "clock_trusted": True, "schema_version": 1, "position": 1}
        if connection.dialect.name == "sqlite":
            when["xid"] = 0
        connection.execute(METADATA.tables["events"].insert().values(**known, **told, **when))
        row = {"id": member, "roles": "night-staff patrol", "name": "{}", "name_event": event}
        connection.execute(METADATA.tables["staff"].insert().values(**row, **owner))

    migrate(empty)

    async with await EventStore.open(empty, registry=REGISTRY, now=Time()) as store:
        rights = await store.query(queries.roles_of, member)
    assert {(right.unit, right.role, right.holds_from) for right in rights} == {
        (unit, "night-staff", since),
        (unit, "patrol", since),
    }
