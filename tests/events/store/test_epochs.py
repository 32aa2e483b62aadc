"""Epochs on PostgreSQL: after a restore into another cluster every reader goes on where it was."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from events.store import (
    BadCheckpointError,
    Checkpoint,
    EventStore,
    RestoredElsewhereError,
    StoreError,
    start_epoch,
)
from events.types import REGISTRY
from tests.events.store.builders import Time, all_of, append, places, until_blocked, write
from tests.events.store.conftest import OpenStore

Connect = Callable[[], "psycopg.Connection[Any]"]


def move(connection: "psycopg.Connection[Any]", xids: int) -> None:
    """Make the log look as if it had been written in another cluster, whose xids were this much higher or lower."""
    connection.execute("UPDATE events SET xid = (xid::text::bigint + %s)::text::xid8", (xids,))
    connection.execute("UPDATE epochs SET cluster = '4711'")
    connection.commit()


async def written(store: EventStore) -> list[Checkpoint]:
    """Three events; the checkpoint after each."""
    for name in "abc":
        await store.append(append(write(name)))
    return list((await store.read_all(None, 10)).checkpoints)


@pytest.mark.parametrize("xids", [1_000_000, -700])
async def test_a_checkpoint_from_before_a_restore_goes_on_after_it(
    opened: OpenStore, postgres_url: str, raw: Connect, xids: int
) -> None:
    store = await opened(postgres_url)
    await written(store)
    move(raw(), xids)
    start_epoch(postgres_url)
    restored = await opened(postgres_url)
    await restored.append(append(write("d"), write("e")))

    before = (await restored.read_all(None, 10)).checkpoints
    assert places(await all_of(restored)) == [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1)]
    assert places(await all_of(restored, page=1)) == places(await all_of(restored))
    assert [place.epoch for place in before] == [1, 1, 1]
    assert places((await restored.read_all(before[0], 10)).events) == [("b", 1), ("c", 1)]
    assert places((await restored.read_all(before[2], 10)).events) == [("d", 1), ("e", 1)]


async def test_without_a_new_epoch_restored_events_would_be_hidden(
    opened: OpenStore, postgres_url: str, raw: Connect
) -> None:
    store = await opened(postgres_url)
    await written(store)
    move(raw(), 1_000_000)

    assert await all_of(store) == []


async def test_a_restored_database_is_not_opened_before_a_new_epoch_has_begun(
    opened: OpenStore, postgres_url: str, raw: Connect, time: Time
) -> None:
    move(raw(), 0)

    with pytest.raises(RestoredElsewhereError, match="restored from another PostgreSQL cluster"):
        await EventStore.open(postgres_url, registry=REGISTRY, now=time)
    assert start_epoch(postgres_url) == 2
    await opened(postgres_url)


async def test_an_open_store_notices_that_an_epoch_has_begun(opened: OpenStore, postgres_url: str) -> None:
    store = await opened(postgres_url)
    old = await written(store)
    start_epoch(postgres_url)
    await store.append(append(write("d")))

    page = await store.read_all(old[-1], 10)

    assert places(page.events) == [("d", 1)]
    assert page.checkpoint.epoch == 2
    start_epoch(postgres_url)
    assert (await store.read_all(page.checkpoint, 10)).events == ()
    await store.append(append(write("e")))
    assert places((await store.read_all(page.checkpoint, 10)).events) == [("e", 1)]


async def test_an_epoch_begins_between_appends_not_within_one(
    opened: OpenStore, postgres_url: str, raw: Connect
) -> None:
    store = await opened(postgres_url)
    await store.append(append(write("a")))
    under_way = raw()
    under_way.execute("SELECT version FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    under_way.execute("SELECT nextval('events_position')")
    beginning = asyncio.ensure_future(asyncio.to_thread(start_epoch, postgres_url))
    await until_blocked(raw())
    assert not beginning.done()
    under_way.commit()

    assert await beginning == 2
    (starts,) = raw().execute("SELECT after_position FROM epochs WHERE epoch = 2").fetchall()
    assert starts == (2,)


async def test_a_checkpoint_of_an_epoch_that_never_was_is_refused(opened: OpenStore, postgres_url: str) -> None:
    store = await opened(postgres_url)

    with pytest.raises(BadCheckpointError, match="is of epoch 7, and this log knows 1 at most"):
        await store.read_all(Checkpoint(7, 1, 1), 10)


def test_a_log_on_sqlite_has_one_epoch(sqlite_url: str) -> None:
    with pytest.raises(StoreError, match="one epoch for ever"):
        start_epoch(sqlite_url)
