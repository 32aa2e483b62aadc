"""Appending: what comes back, what is kept, and that it is all or nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from events.envelope import Actor, ActorKind, Owner
from events.store import ConflictError, EventStore, StreamWrite
from tests.events.store.builders import NOW, Deed, Time, all_of, append, deeds, places, write


async def test_versions_count_from_one_in_each_stream(store: EventStore) -> None:
    first = await store.append(append(write("a", number=2), write("b", number=1)))
    second = await store.append(append(write("a", expected=2)))

    assert places(first + second) == [("a", 1), ("a", 2), ("b", 1), ("a", 3)]


async def test_positions_grow_with_every_event(store: EventStore) -> None:
    events = [event for number in range(3) for event in await store.append(append(write(f"s{number}", number=2)))]

    positions = [event.position for event in events]
    assert positions == sorted(set(positions))


async def test_what_append_returns_is_what_is_read_afterwards(store: EventStore, time: Time) -> None:
    everything = Deed().new(
        actor=Actor(ActorKind.GATEWAY, 'g"1"\\,{}', "gäteway"),
        owner=Owner(uuid4(), uuid4()),
        time=NOW - timedelta(microseconds=1),
        causation=uuid4(),
        clock_trusted=False,
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    stream = 'night-"{å},\\'
    recorded = await store.append(append(StreamWrite(stream, 0, (everything, Deed().new()))))

    assert await store.read(stream) == recorded
    assert recorded[0].context == everything.context
    assert recorded[0].recordedtime == time.now


async def test_reading_starts_after_the_version_given(store: EventStore) -> None:
    recorded = await store.append(append(write("a", number=5)))

    assert await store.read("a", after=3) == recorded[3:]
    assert await store.read("a", after=5) == ()


async def test_loading_gives_version_and_events_in_order(store: EventStore) -> None:
    recorded = await store.append(append(write("a", number=3)))

    assert await store.load("a") == (3, [event.event for event in recorded])


async def test_a_stream_that_does_not_exist_has_version_zero_and_no_events(store: EventStore) -> None:
    assert await store.load("nobody") == (0, [])
    assert await store.read("nobody") == ()


async def test_many_streams_are_loaded_at_once(store: EventStore) -> None:
    recorded = await store.append(append(write("b", number=2), write("a", number=1)))

    loaded = await store.load_many(["a", "nobody", "b", "a"])

    assert loaded == {
        "a": (1, [recorded[2].event]),
        "nobody": (0, []),
        "b": (2, [recorded[0].event, recorded[1].event]),
    }
    assert await store.load_many([]) == {}


async def test_several_streams_are_kept_together_or_not_at_all(store: EventStore) -> None:
    await store.append(append(write("b")))

    with pytest.raises(ConflictError):
        await store.append(append(write("a"), write("b", expected=0), write("c")))

    assert places(await all_of(store)) == [("b", 1)]


async def test_an_append_of_nothing_is_no_error(store: EventStore) -> None:
    assert await store.append(append()) == ()


async def test_a_stream_stands_once_in_an_append() -> None:
    with pytest.raises(ValueError, match="writes each stream once"):
        append(write("a"), write("a", expected=1))


async def test_a_time_without_a_zone_is_refused(store: EventStore) -> None:
    careless = Deed().new(time=NOW.replace(tzinfo=None))

    with pytest.raises(ValueError, match="has no time zone"):
        await store.append(append(StreamWrite("a", 0, (careless,))))


async def test_a_thousand_events_fit_in_one_append(store: EventStore) -> None:
    recorded = await store.append(append(StreamWrite("a", 0, deeds(1001)), write("b")))

    assert (await store.load("a"))[0] == 1001
    assert len(await all_of(store)) == len(recorded) == 1002
