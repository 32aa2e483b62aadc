"""Our side: the event store, driven as the services drive it, with whole events and their envelope."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.runtime.ids import Ids
from events.store import Append, EventStore, Projection, StreamWrite
from events.types import REGISTRY
from events.types.night import SlotClaimed

NIGHT = date(2026, 11, 3)
LEASE = timedelta(seconds=90)
STAFF = uuid4()
OWNER = Owner(uuid4(), uuid4())
ACTOR = Actor(ActorKind.STAFF, str(STAFF), "night-staff")


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


IDS = Ids(now)


@contextmanager
def opened(runner: asyncio.Runner, url: str, projections: Sequence[Projection] = ()) -> Iterator[EventStore]:
    """The store on a migrated database, open on the runner's loop."""
    store = runner.run(EventStore.open(url, registry=REGISTRY, projections=projections, now=now))
    try:
        yield store
    finally:
        runner.run(store.close())


def new_event(event: Any, at: datetime) -> NewEvent:
    """An event with all that the log keeps about it."""
    return NewEvent(IDS.event(), event, Context(ACTOR, OWNER, at, correlation=uuid4()))


def claims(count: int, slots: list[UUID]) -> tuple[NewEvent, ...]:
    """So many claims of these slots."""
    return tuple([new_event(_claim(slots[number % len(slots)]), now()) for number in range(count)])


def _claim(slot: UUID) -> SlotClaimed:
    return SlotClaimed(slot=slot, by=STAFF, until=now() + LEASE, renewed=True)


class OurWriters:
    """Tasks that append, each to a stream of its own."""

    def __init__(self, runner: asyncio.Runner, store: EventStore, writers: int, batch: int) -> None:
        self._runner = runner
        self._store = store
        self._batch = batch
        self._slots = [uuid4() for _ in range(4)]
        self._versions = {f"night-{uuid4()}-{NIGHT}": 0 for _ in range(writers)}

    def __call__(self, seconds: float) -> float:
        """Events appended a second."""
        return self._runner.run(self._rate(seconds))

    async def _rate(self, seconds: float) -> float:
        began = time.perf_counter()
        appended = await asyncio.gather(*(self._append_until(name, began + seconds) for name in self._versions))
        return sum(appended) / (time.perf_counter() - began)

    async def _append_until(self, stream: str, end: float) -> int:
        appended = 0
        while time.perf_counter() < end or not appended:
            write = StreamWrite(stream, self._versions[stream], claims(self._batch, self._slots))
            await self._store.append(Append(writes=(write,)))
            self._versions[stream] += self._batch
            appended += self._batch
        return appended


def repeated(runner: asyncio.Runner, work: Callable[[], Awaitable[int]]) -> Callable[[float], float]:
    """A contender that does `work` again and again; `work` says how much it did."""

    async def rate(seconds: float) -> float:
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds or not done:
            done += await work()
        return done / (time.perf_counter() - began)

    return lambda seconds: runner.run(rate(seconds))
