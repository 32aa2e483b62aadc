"""PostgreSQL commits in any order: interleavings that would hide events from readers, or invert them.

Raw connections hold transactions open at the moments that matter.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from events.store import Checkpoint, ConflictError, EventStore
from events.store.store import WatermarkLag
from tests.events.store.builders import Time, all_of, append, places, raw_event, until_blocked, write
from tests.events.store.conftest import OpenStore

Connect = Callable[[], "psycopg.Connection[Any]"]


@pytest.fixture
async def store(opened: OpenStore, postgres_url: str) -> EventStore:
    return await opened(postgres_url)


@pytest.fixture
async def other(opened: OpenStore, postgres_url: str) -> EventStore:
    return await opened(postgres_url)


async def test_a_writer_that_began_first_and_commits_last_is_neither_skipped_nor_inverted(
    store: EventStore, raw: Connect
) -> None:
    early = raw()
    raw_event(early, "early", 1)
    await store.append(append(write("late")))

    page = await store.read_all(None, 10)
    assert page.events == ()

    early.commit()
    assert places((await store.read_all(page.checkpoint, 10)).events) == [("early", 1), ("late", 1)]


async def test_reading_stops_at_the_watermark_and_goes_on_afterwards(store: EventStore, raw: Connect) -> None:
    await store.append(append(write("before")))
    open_transaction = raw()
    raw_event(open_transaction, "open", 1)
    await store.append(append(write("after")))

    first = await store.read_all(None, 10)
    assert places(first.events) == [("before", 1)]
    assert (await store.read_all(first.checkpoint, 10)).events == ()

    open_transaction.commit()
    assert places((await store.read_all(first.checkpoint, 10)).events) == [("open", 1), ("after", 1)]


async def test_a_writer_that_gave_up_holds_nobody_back(store: EventStore, raw: Connect) -> None:
    given_up = raw()
    raw_event(given_up, "given-up", 1)
    await store.append(append(write("late")))
    given_up.rollback()

    assert places(await all_of(store)) == [("late", 1)]


async def test_a_transaction_that_only_reads_holds_nobody_back(store: EventStore, raw: Connect) -> None:
    await store.append(append(write("a")))
    reader = raw()
    reader.execute("SELECT count(*) FROM events")
    await store.append(append(write("b")))

    assert places(await all_of(store)) == [("a", 1), ("b", 1)]


async def test_the_lag_is_what_readers_cannot_see_yet(store: EventStore, raw: Connect, time: Time) -> None:
    assert await store.watermark_lag() == WatermarkLag(0, 0.0)
    open_transaction = raw()
    raw_event(open_transaction, "open", 1)
    await store.append(append(write("hidden", number=3)))
    time.pass_by(7)

    assert await store.watermark_lag() == WatermarkLag(3, 7.0)
    open_transaction.commit()
    assert await store.watermark_lag() == WatermarkLag(0, 0.0)


def test_under_read_committed_a_stream_comes_out_inverted(raw: Connect) -> None:
    """The trap itself, played through by hand: this is why appends run under REPEATABLE READ."""
    first, second, reader = raw(), raw(), raw()
    first.execute("INSERT INTO inbox (id, consumed_at) VALUES (gen_random_uuid(), now())")  # has its xid from here on
    raw_event(second, "s", 1)
    second.commit()
    seen = first.execute("SELECT version FROM stream_heads WHERE stream = 's' FOR UPDATE").fetchone()
    assert seen == (1,)
    raw_event(first, "s", 2)
    first.commit()

    order = reader.execute("SELECT version FROM events ORDER BY xid, position").fetchall()
    assert order == [(2,), (1,)]


async def test_an_append_with_an_old_snapshot_cannot_follow_what_it_did_not_see(
    store: EventStore, other: EventStore, raw: Connect
) -> None:
    """The same trap through `append`: it has its xid, waits for a lock, and finds a stream that moved on meanwhile."""
    await store.append(append(write("a"), write("s")))
    lock = raw()
    lock.execute("SELECT FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    waiting = asyncio.ensure_future(store.append(append(write("a", 1), write("new"), write("s", expected=2))))
    await until_blocked(raw())
    await other.append(append(write("s", expected=1)))
    lock.rollback()
    await waiting

    order = [version for stream, version in places(await all_of(other)) if stream == "s"]
    assert order == [1, 2, 3]


async def test_a_stream_relied_on_is_not_changed_before_the_one_that_relied_on_it(
    store: EventStore, other: EventStore, raw: Connect
) -> None:
    """A plan relies on the recipient as it was; a withdrawal with an older snapshot comes after it, in the log too."""
    await store.append(append(write("a"), write("recipient")))
    lock = raw()
    lock.execute("SELECT FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    withdrawal = append(write("a", 1), write("new"), write("recipient", expected=1))
    waiting = asyncio.ensure_future(store.append(withdrawal))
    await until_blocked(raw())
    await other.append(append(write("night"), unchanged={"recipient": 1}))
    lock.rollback()
    await waiting

    order = [place for place in places(await all_of(other)) if place[0] in ("night", "recipient")]
    assert order == [("recipient", 1), ("night", 1), ("recipient", 2)]


async def test_an_append_that_lost_the_race_learns_of_its_conflict(
    store: EventStore, other: EventStore, raw: Connect
) -> None:
    await store.append(append(write("a"), write("s")))
    lock = raw()
    lock.execute("SELECT FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    waiting = asyncio.ensure_future(store.append(append(write("a", 1), write("s", 1))))
    await until_blocked(raw())
    await other.append(append(write("s", expected=1)))
    lock.rollback()

    with pytest.raises(ConflictError) as caught:
        await waiting
    assert (caught.value.stream, caught.value.expected, caught.value.actual) == ("s", 1, 2)


async def test_a_new_stream_that_two_begin_at_once_has_one_beginning(
    store: EventStore, other: EventStore, raw: Connect
) -> None:
    rival = raw()
    raw_event(rival, "s", 1)
    waiting = asyncio.ensure_future(store.append(append(write("s"))))
    await until_blocked(raw())
    rival.commit()

    with pytest.raises(ConflictError):
        await waiting
    assert places(await all_of(other)) == [("s", 1)]


async def test_a_deadlock_with_others_is_sorted_out(store: EventStore, raw: Connect) -> None:
    await store.append(append(write("a"), write("b")))
    rude = raw()
    rude.execute("SET deadlock_timeout = '1min'")  # the store's side finds the deadlock, and gives way
    rude.execute("SELECT FROM stream_heads WHERE stream = 'b' FOR UPDATE")
    waiting = asyncio.ensure_future(store.append(append(write("a", 1), write("b", 1))))
    await until_blocked(raw())
    await asyncio.to_thread(rude.execute, "SELECT FROM stream_heads WHERE stream = 'a' FOR UPDATE")
    rude.rollback()

    assert places(await waiting) == [("a", 2), ("b", 2)]


async def test_a_page_of_the_log_may_end_within_a_transaction(store: EventStore) -> None:
    await store.append(append(write("a", number=3), write("b", number=2)))
    first = await store.read_all(None, 2)

    assert places(first.events) == [("a", 1), ("a", 2)]
    assert places((await store.read_all(first.checkpoint, 9)).events) == [("a", 3), ("b", 1), ("b", 2)]
    assert first.checkpoint > Checkpoint.START
