"""Reading the whole log: pages, checkpoints, and everything exactly once."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, select

from events.envelope import Recorded
from events.store import BadCheckpointError, Checkpoint, EventStore, Put
from events.store.tables.read_models import units
from tests.events.store.builders import all_of, append, places, unit_row, write
from tests.events.store.conftest import OpenStore


async def test_pages_follow_each_other_without_gap_or_overlap(store: EventStore) -> None:
    for number in range(5):
        await store.append(append(write(f"s{number}", number=3)))

    whole = places(await all_of(store))
    for size in (1, 2, 7, 15, 16):
        assert places(await all_of(store, page=size)) == whole
    assert whole == [(f"s{number}", version) for number in range(5) for version in (1, 2, 3)]


async def test_an_empty_page_leaves_the_reader_where_it_is(store: EventStore) -> None:
    assert (await store.read_all(None, 10)).checkpoint == Checkpoint.START
    await store.append(append(write("a")))
    place = (await store.read_all(None, 10)).checkpoint

    page = await store.read_all(place, 10)

    assert (page.events, page.checkpoint) == ((), place)


async def test_a_reader_goes_on_after_its_checkpoint(store: EventStore) -> None:
    await store.append(append(write("a", number=2)))
    place = (await store.read_all(None, 10)).checkpoint
    await store.append(append(write("b")))

    assert places((await store.read_all(place, 10)).events) == [("b", 1)]


async def test_each_event_of_a_page_has_a_checkpoint_of_its_own(store: EventStore) -> None:
    await store.append(append(write("a", number=3)))
    page = await store.read_all(None, 10)

    assert page.checkpoints[-1] == page.checkpoint
    assert places((await store.read_all(page.checkpoints[0], 10)).events) == [("a", 2), ("a", 3)]


async def test_checkpoints_survive_being_written_down(store: EventStore) -> None:
    await store.append(append(write("a", number=2)))
    place = (await store.read_all(None, 1)).checkpoint

    assert Checkpoint.parse(f" {place}\n") == place


@pytest.mark.parametrize("text", ["", "1.2", "1.2.3.4", "1.2.x", "1.-2.3", "1.²."])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadCheckpointError, match="is no checkpoint"):
        Checkpoint.parse(text)


async def test_a_named_checkpoint_is_saved_with_the_append(store: EventStore) -> None:
    assert await store.checkpoint("projector") is None
    await store.append(append(checkpoints={"projector": Checkpoint(1, 2, 3)}))
    await store.append(append(write("a"), checkpoints={"projector": Checkpoint(1, 2, 4), "relay": Checkpoint(1, 0, 9)}))

    assert await store.checkpoint("projector") == Checkpoint(1, 2, 4)
    assert await store.checkpoint("relay") == Checkpoint(1, 0, 9)


async def test_a_reader_beside_busy_writers_sees_everything_once_and_in_order(opened: OpenStore, url: str) -> None:
    writers = [await opened(url) for _ in range(3)]
    reader = await opened(url)

    async def write_on(store: EventStore, name: str) -> None:
        for version in range(0, 40, 2):
            await store.append(append(write(name, expected=version, number=2)))

    busy = asyncio.gather(*(write_on(store, f"s{n}-{m}") for n, store in enumerate(writers) for m in range(3)))
    seen: list[tuple[str, int]] = []
    place = None
    while True:
        finished = busy.done()
        page = await reader.read_all(place, 50)
        seen += places(page.events)
        place = page.checkpoint
        if finished and not page.events:
            break
    await busy

    assert len(seen) == len(set(seen)) == 9 * 40
    for stream in {stream for stream, _ in seen}:
        assert [version for name, version in seen if name == stream] == list(range(1, 41))


async def test_the_whole_log_in_one_snapshot_ends_though_somebody_appends_at_every_step(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.store.reader.PAGE", 2)
    await store.append(append(write("a", number=5), rows=(Put("units", uuid4(), unit_row()),)))
    before, loop = await all_of(store), asyncio.get_running_loop()

    def busily(connection: Connection, log: Iterator[Recorded]) -> tuple[list[Recorded], int | None]:
        read = []
        for recorded in log:
            read.append(recorded)
            more = append(write(f"more-{len(read)}"), rows=(Put("units", uuid4(), unit_row()),))
            asyncio.run_coroutine_threadsafe(store.append(more), loop).result()
        return read, connection.scalar(select(func.count()).select_from(units))

    assert await store.query_log(busily) == (before, 1)
    assert len(await all_of(store)) == 10
