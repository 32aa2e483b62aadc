"""Connections that break: what was certainly not kept is tried again, and what may have been kept is said to be so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from events.store import EventStore, Put, StoreUnavailableError
from tests.events.store.builders import all_of, append, places, unit_row, until_blocked, write
from tests.events.store.conftest import OpenStore

Connect = Callable[[], "psycopg.Connection[Any]"]

END_THE_BLOCKED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()"""


@pytest.fixture
async def store(opened: OpenStore, postgres_url: str) -> EventStore:
    return await opened(postgres_url)


async def test_a_connection_that_breaks_before_the_commit_is_replaced(store: EventStore, raw: Connect) -> None:
    await store.append(append(write("a")))
    lock, executioner = raw(), raw()
    lock.execute("SELECT FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    waiting = asyncio.ensure_future(store.append(append(write("a", expected=1))))
    await until_blocked(executioner)
    executioner.execute(END_THE_BLOCKED)
    lock.rollback()

    assert places(await waiting) == [("a", 2)]


async def test_a_connection_that_breaks_while_committing_leaves_its_callers_in_doubt(
    store: EventStore, raw: Connect
) -> None:
    unit = uuid4()
    await store.append(append(rows=(Put("units", unit, unit_row()),)))
    lock, executioner = raw(), raw()
    lock.execute("SELECT FROM units FOR UPDATE")
    waiting = asyncio.ensure_future(store.append(append(write("a"), rows=(Put("units", unit, unit_row("South")),))))
    await until_blocked(executioner)
    executioner.execute(END_THE_BLOCKED)
    lock.rollback()

    with pytest.raises(StoreUnavailableError, match="may be kept or not"):
        await waiting
    assert places(await all_of(store)) == []
    await store.append(append(write("a")))


async def test_a_read_on_a_connection_that_was_cut_is_made_again(store: EventStore, raw: Connect) -> None:
    await store.append(append(write("a")))
    await store.load("a")
    executioner = raw()
    executioner.autocommit = True
    executioner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    assert (await store.load("a"))[0] == 1
    assert await store.query(lambda c: c.exec_driver_sql("SELECT count(*) FROM events").scalar()) == 1
    assert await store.acquire_lease("partition-0", "one", timedelta(seconds=5)) is not None
