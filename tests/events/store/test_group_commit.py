"""Appends that wait at the same time share a transaction, and nobody notices but the disk."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from events.envelope import Recorded
from events.store import (
    AlreadyConsumedError,
    Append,
    ConflictError,
    EventStore,
    FencedError,
    Put,
    RefusedByDatabaseError,
    RowWrite,
    StoreClosedError,
)
from events.store.append import Fence
from tests.events.store.builders import Time, all_of, append, places, unit_row, write
from tests.events.store.conftest import OpenStore

GATE = "gate"


class Gate:
    """A projection that holds the writer at an event of the stream `gate`, so that a queue forms behind it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, recorded: Recorded) -> Iterable[RowWrite]:
        if recorded.stream == GATE:
            self.reached.set()
            assert self.open.wait(timeout=10)
        return ()

    @asynccontextmanager
    async def held(self, store: EventStore) -> AsyncIterator[None]:
        """Inside the block the writer is busy; what is appended meanwhile waits for one transaction."""
        first = asyncio.ensure_future(store.append(append(write(GATE))))
        assert await asyncio.to_thread(self.reached.wait, 10)
        yield
        self.open.set()
        await first


async def together(store: EventStore, gate: Gate, *appends: Append) -> list[tuple[Recorded, ...] | BaseException]:
    """The outcomes of appends that the writer finds in its queue all at once, in this order."""
    async with gate.held(store):
        waiting = asyncio.gather(*map(store.append, appends), return_exceptions=True)
        await asyncio.sleep(0)
    return await waiting


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def store(opened: OpenStore, url: str, gate: Gate) -> EventStore:
    return await opened(url, projections=(gate,))


async def test_appends_that_wait_together_share_one_transaction(store: EventStore, gate: Gate, time: Time) -> None:
    outcomes = await together(store, gate, *(append(write(f"s{number}")) for number in range(40)))

    assert places(event for outcome in outcomes if isinstance(outcome, tuple) for event in outcome) == [
        (f"s{number}", 1) for number in range(40)
    ]
    assert time.asked == 2  # the gate's transaction, and one for all the others


async def test_each_caller_gets_the_error_that_is_its_own(store: EventStore, gate: Gate) -> None:
    message = uuid4()
    outcomes = await together(
        store,
        gate,
        append(write("a"), inbox=(message,)),
        append(write("b", expected=3)),
        append(write("c"), inbox=(message,)),
        append(write("d"), fence=Fence("partition-0", 1)),
        append(write("a", expected=1)),
        append(write("e"), unchanged={"a": 1}),
    )

    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [tuple, ConflictError, AlreadyConsumedError, FencedError, tuple, ConflictError]
    assert isinstance(outcomes[1], ConflictError)
    assert outcomes[1].stream == "b"
    assert places(await all_of(store)) == [(GATE, 1), ("a", 1), ("a", 2)]


async def test_of_two_decisions_on_one_version_the_first_is_kept(store: EventStore, gate: Gate) -> None:
    outcomes = await together(store, gate, append(write("a", number=2)), append(write("a")), append(write("a", 2)))

    assert [type(outcome) for outcome in outcomes] == [tuple, ConflictError, tuple]
    assert (await store.load("a"))[0] == 3


async def test_an_append_that_the_database_refuses_harms_only_itself(store: EventStore, gate: Gate) -> None:
    nameless = Put("units", uuid4(), {**unit_row(), "name": None})
    outcomes = await together(
        store,
        gate,
        append(write("a")),
        append(write("b"), rows=(nameless,)),
        append(write("c")),
        append(write("a", expected=1)),
    )

    assert [type(outcome) for outcome in outcomes] == [tuple, RefusedByDatabaseError, tuple, tuple]
    assert places(await all_of(store)) == [(GATE, 1), ("a", 1), ("c", 1), ("a", 2)]


async def test_an_event_id_that_is_in_the_log_already_is_refused(store: EventStore, gate: Gate) -> None:
    again = write("a")
    outcomes = await together(store, gate, append(again), append(write("b")))
    assert [type(outcome) for outcome in outcomes] == [tuple, tuple]

    twin = Append(writes=(type(again)("c", 0, again.events),))
    with pytest.raises(RefusedByDatabaseError):
        await store.append(twin)


async def test_a_projection_that_fails_harms_only_its_own_append(
    opened: OpenStore, url: str, gate: Gate, time: Time
) -> None:
    def picky(recorded: Recorded) -> Iterable[RowWrite]:
        if recorded.stream == "bad":
            raise LookupError(recorded.stream)
        return ()

    store = await opened(url, projections=(gate, picky))
    outcomes = await together(store, gate, append(write("a")), append(write("bad")), append(write("b")))

    assert [type(outcome) for outcome in outcomes] == [tuple, LookupError, tuple]
    assert time.asked == 2


async def test_a_caller_that_is_cancelled_disturbs_nobody(store: EventStore, gate: Gate) -> None:
    async with gate.held(store):
        tasks = [asyncio.ensure_future(store.append(append(write(f"s{number}")))) for number in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [tuple, asyncio.CancelledError, tuple]
    assert (await store.load("s2"))[0] == 1
    await store.append(append(write("after")))


async def test_closing_finishes_what_is_queued(opened: OpenStore, url: str, gate: Gate) -> None:
    store = await opened(url, projections=(gate,))
    async with gate.held(store):
        waiting = asyncio.gather(*(store.append(append(write(f"s{number}"))) for number in range(5)))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(store.close())
        await asyncio.sleep(0)
        with pytest.raises(StoreClosedError):
            await store.append(append(write("late")))
    await closing

    assert len(await waiting) == 5
    reader = await opened(url)
    assert len(await all_of(reader)) == 6
    await store.close()


async def test_a_queue_longer_than_one_transaction_is_kept_in_order(store: EventStore, gate: Gate, time: Time) -> None:
    message: list[UUID] = [uuid4() for _ in range(5)]
    outcomes = await together(
        store,
        gate,
        *(append(write("a", expected=600 * number, number=600), inbox=(message[number],)) for number in range(5)),
    )

    assert all(isinstance(outcome, tuple) for outcome in outcomes)
    assert (await store.load("a"))[0] == 3000
    assert time.asked == 6
