"""Events read a second: a long stream folded into its state, and the whole log in pages, ours beside the peer's."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from bench.databases import Databases, databases
from bench.ours import NIGHT, claims, new_event, now, opened, repeated
from bench.peer import PAGE, Peer, PeerNight, claim, peer_on_postgres, peer_on_sqlite
from bench.report import Report
from bench.rounds import PEER, Case, Contender, again_and_again, check_scale, measure, report
from events.schedule import PlannedSlot, SlotKind
from events.store import Append, Checkpoint, EventStore, StreamWrite
from events.types.night import NightPlanned
from events.types.unit import NightRules
from services.tillsyn.night import EMPTY, evolve, stream_of

STREAM_EVENTS = 3_000
"""Claims in the stream that is folded; one event plans, or begins, the night."""
BATCH = 500
MOST_PAGES = 20
SLOTS = 4
UNIT = "events/s"
HOW = (
    f"fold: a stream of {STREAM_EVENTS + 1} events, loaded and folded: ours by the night's own evolve, the peer's by "
    f"repository.get. log: the whole log in pages of {PAGE}, each event decoded on both sides; raw_notifications: the "
    "peer's log without decoding, as its notification log gives it. SQLite, and a private PostgreSQL cluster for both."
)


def run(seconds: float = 40.0, *, postgres: bool = True, progress: bool | None = None) -> Report:
    """Measure for about `seconds`, not counting the writing of what is read."""
    check_scale(seconds)
    pages = max(1, min(MOST_PAGES, int(seconds)))
    with databases(with_postgres=postgres) as places, asyncio.Runner() as runner, ExitStack() as stack:
        cases = _sqlite_cases(stack, places, runner, pages)
        if places.postgres:
            cases += _postgres_cases(stack, places, runner, pages)
        return report("replay", HOW, measure(cases, seconds, progress=progress), left_out=places.left_out)


def _sqlite_cases(stack: ExitStack, places: Databases, runner: asyncio.Runner, pages: int) -> list[Case]:
    store = stack.enter_context(opened(runner, places.our_sqlite()))
    peer = stack.enter_context(peer_on_sqlite(places.peer_sqlite()))
    return _cases("sqlite", runner, store, peer, pages)


def _postgres_cases(stack: ExitStack, places: Databases, runner: asyncio.Runner, pages: int) -> list[Case]:
    assert places.postgres
    store = stack.enter_context(opened(runner, places.our_postgres()))
    peer = stack.enter_context(peer_on_postgres(places.postgres, writers=1))
    return _cases("postgres", runner, store, peer, pages)


def _cases(name: str, runner: asyncio.Runner, store: EventStore, peer: Peer, pages: int) -> list[Case]:
    stream = runner.run(_write_night(store, STREAM_EVENTS))
    night = _save_night(peer, STREAM_EVENTS)
    for _ in range(max(0, pages - STREAM_EVENTS // PAGE)):
        runner.run(_write_night(store, PAGE - 1))
        _save_night(peer, PAGE - 1)
    log = {PEER: _peer_reads(peer, decode=True), "raw_notifications": _peer_reads(peer, decode=False)}
    return [
        Case(f"{name}_fold", UNIT, repeated(runner, _fold(store, stream)), {PEER: _peer_folds(peer, night)}),
        Case(f"{name}_log", UNIT, repeated(runner, _read_log(store)), log),
    ]


# Ours


async def _write_night(store: EventStore, count: int) -> str:
    """A night's stream with so many claims after its plan."""
    recipient = uuid4()
    stream = stream_of(recipient, NIGHT)
    slots = [uuid4() for _ in range(SLOTS)]
    plan = NightPlanned(
        recipient=recipient,
        home=uuid4(),
        night=NIGHT,
        slots=tuple(_planned(slot, now()) for slot in slots),
        rules=NightRules(),
    )
    await store.append(Append(writes=(StreamWrite(stream, 0, (new_event(plan, now()),)),)))
    for version in range(1, count + 1, BATCH):
        write = StreamWrite(stream, version, claims(min(BATCH, count + 1 - version), slots))
        await store.append(Append(writes=(write,)))
    return stream


def _planned(slot: UUID, due: datetime) -> PlannedSlot:
    hour = timedelta(hours=1)
    times = {"opens_at": due, "due_at": due, "late_at": due, "deadline": due + hour}
    return PlannedSlot(slot=slot, entry=slot, n=0, kind=SlotKind.REMOTE, **times)


def _fold(store: EventStore, stream: str) -> Callable[[], Awaitable[int]]:
    async def fold() -> int:
        version, events = await store.load(stream)
        night = EMPTY
        for event in events:
            night = evolve(night, event)
        assert all(slot.lease for slot in night.slots.values())
        return version

    return fold


def _read_log(store: EventStore) -> Callable[[], Awaitable[int]]:
    async def read() -> int:
        count, after = 0, Checkpoint.START
        while (page := await store.read_all(after, PAGE)).events:
            count, after = count + len(page.events), page.checkpoint
        return count

    return read


# The peer's


def _save_night(peer: Peer, count: int) -> UUID:
    night = PeerNight()
    slots, staff = [uuid4() for _ in range(SLOTS)], uuid4()
    for done in range(0, count, BATCH):
        claim(night, min(BATCH, count - done), slots, staff)
        peer.save(night)
    return night.id


def _peer_folds(peer: Peer, night: UUID) -> Contender:
    def fold() -> int:
        folded: PeerNight = peer.repository.get(night)
        assert len(folded.leases) == SLOTS
        return folded.version

    return again_and_again(fold)


def _peer_reads(peer: Peer, *, decode: bool) -> Contender:
    def read() -> int:
        count, start = 0, 1
        while notifications := peer.notification_log.select(start=start, limit=PAGE):
            if decode:
                for notification in notifications:
                    peer.mapper.to_domain_event(notification)
            count, start = count + len(notifications), notifications[-1].id + 1
        return count

    return again_and_again(read)
