"""What the store's tests need: events, appends, and the tables that row writes go to."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from events.envelope import Actor, ActorKind, Context, NewEvent, Owner, Recorded
from events.store import Append, EventStore, Put, RowWrite, StreamWrite
from events.types.night import SlotReleased

NOW = datetime(2026, 11, 3, 22, 0, tzinfo=UTC)
OWNER = Owner(uuid5(UUID(int=0), "organisation"), uuid5(UUID(int=0), "unit"))
ACTOR = Actor(ActorKind.STAFF, "anna", "night-staff")


@dataclass
class Time:
    """The instant that a store under test takes for now; it asks once a transaction."""

    now: datetime = NOW
    asked: int = 0

    def __call__(self) -> datetime:
        self.asked += 1
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Deed:
    """An event with the least that one needs; `slot` tells it from others."""

    slot: UUID = field(default_factory=uuid4)

    def new(self, **context: Any) -> NewEvent:
        circumstances = {"actor": ACTOR, "owner": OWNER, "time": NOW, "correlation": uuid4(), **context}
        return NewEvent(uuid4(), SlotReleased(slot=self.slot, by=uuid4()), Context(**circumstances))


def deeds(number: int) -> tuple[NewEvent, ...]:
    """So many new events."""
    return tuple(Deed().new() for _ in range(number))


def write(stream: str, expected: int = 0, number: int = 1) -> StreamWrite:
    """So many new events for a stream that is at version `expected`."""
    return StreamWrite(stream, expected, deeds(number))


def append(*writes: StreamWrite, **more: Any) -> Append:
    """An append of these writes."""
    return Append(writes=writes, **more)


def unit_row(name: str = "North") -> dict[str, Any]:
    """A whole row of the table `units`."""
    return {"name": name, "zone": "Europe/Stockholm", "organisation": OWNER.organisation, "unit": OWNER.unit}


def unit_of(recorded: Recorded) -> Iterable[RowWrite]:
    """A projection: one row of `units` for each event, keyed by the event's slot and named after its place."""
    slot = getattr(recorded.event, "slot")  # noqa: B009 - every event of these tests has one
    return (Put("units", slot, unit_row(f"{recorded.stream}/{recorded.version}")),)


async def all_of(store: EventStore, page: int = 100) -> list[Recorded]:
    """The whole log, page by page."""
    found: list[Recorded] = []
    place = None
    while (next_page := await store.read_all(place, page)).events:
        found += next_page.events
        place = next_page.checkpoint
    return found


def places(events: Iterable[Recorded]) -> list[tuple[str, int]]:
    """Stream and version of each."""
    return [(event.stream, event.version) for event in events]


def raw_event(connection: "psycopg.Connection[Any]", stream: str, version: int) -> None:
    """An event written by hand, for transactions that are held open."""
    values: Mapping[str, Any] = {
        "id": uuid4(),
        "stream": stream,
        "version": version,
        "name": SlotReleased.NAME,
        "schema_version": 1,
        "recordedtime": NOW,
        "time": NOW,
        "clock_trusted": True,
        "actor_kind": "staff",
        "actor_id": "anna",
        "actor_role": "night-staff",
        "organisation": OWNER.organisation,
        "unit": OWNER.unit,
        "correlation": uuid4(),
        "data": SlotReleased(slot=uuid4(), by=uuid4()).model_dump_json(),
    }
    columns, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
    connection.execute(
        f"INSERT INTO events (position, {columns}) VALUES (nextval('events_position'), {marks})",  # noqa: S608
        values,
    )
    connection.execute(
        "INSERT INTO stream_heads (stream, version) VALUES (%s, %s) "
        "ON CONFLICT (stream) DO UPDATE SET version = excluded.version",
        (stream, version),
    )


async def until_blocked(connection: "psycopg.Connection[Any]", number: int = 1) -> None:
    """Return once so many other connections wait for a lock."""
    connection.autocommit = True
    question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while True:
        waiting = connection.execute(question).fetchone()
        if waiting and waiting[0] >= number:
            return
        await asyncio.sleep(0.01)
