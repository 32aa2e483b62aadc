"""Row writes: what stands beside the log is written with it, or not at all."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select

from events.store import (
    Delete,
    EventStore,
    Put,
    RefusedByDatabaseError,
    RowWrite,
    Set,
    UnknownRowError,
)
from events.store.tables.read_models import units
from tests.events.store.builders import Deed, all_of, append, unit_of, unit_row, write
from tests.events.store.conftest import OpenStore


async def names(store: EventStore) -> dict[Any, str]:
    """The rows of `units`: name by id."""

    def ask(connection: Connection) -> dict[Any, str]:
        return {row.id: row.name for row in connection.execute(select(units))}

    return await store.query(ask)


async def test_rows_are_made_changed_and_removed(store: EventStore) -> None:
    north, south = uuid4(), uuid4()
    await store.append(append(rows=(Put("units", north, unit_row("North")), Put("units", south, unit_row("South")))))
    await store.append(append(rows=(Set("units", north, {"name": "Far north"}), Delete("units", south))))

    assert await names(store) == {north: "Far north"}


async def test_put_replaces_the_whole_row(store: EventStore) -> None:
    row = {"at": Deed().new().context.time, "organisation": uuid4(), "unit": uuid4(), "spooled": 1}
    gateway = uuid4()
    await store.append(append(rows=(Put("heard", gateway, {**row, "schedule_revision": 3, "clock_skew_s": 0.5}),)))
    await store.append(append(rows=(Put("heard", gateway, {**row, "schedule_revision": 4}),)))

    found = await store.query(lambda c: c.exec_driver_sql("SELECT schedule_revision, clock_skew_s FROM heard").all())
    assert [tuple(line) for line in found] == [(4, None)]


async def test_setting_a_row_that_is_not_there_does_nothing(store: EventStore) -> None:
    await store.append(append(rows=(Set("units", uuid4(), {"name": "North"}),)))

    assert await names(store) == {}


async def test_several_writes_of_one_row_take_effect_in_their_order(store: EventStore) -> None:
    rows: dict[str, tuple[RowWrite, ...]] = {
        "put, set": (Put("units", uuid4(), unit_row()),),
        "put, delete, put": (Put("units", uuid4(), unit_row()),),
        "delete, set": (Put("units", uuid4(), unit_row()),),
        "set, set": (Put("units", uuid4(), unit_row()),),
    }
    key = {name: puts[0].key for name, puts in rows.items()}
    await store.append(append(rows=rows["delete, set"] + rows["set, set"]))

    await store.append(
        append(
            rows=(
                *rows["put, set"],
                Set("units", key["put, set"], {"name": "set"}),
                *rows["put, delete, put"],
                Delete("units", key["put, delete, put"]),
                Put("units", key["put, delete, put"], unit_row("again")),
                Delete("units", key["delete, set"]),
                Set("units", key["delete, set"], {"name": "ghost"}),
                Set("units", key["set, set"], {"name": "first", "zone": "UTC"}),
                Set("units", key["set, set"], {"name": "second"}),
            )
        )
    )

    assert await names(store) == {
        key["put, set"]: "set",
        key["put, delete, put"]: "again",
        key["set, set"]: "second",
    }


async def test_projections_see_every_event_and_write_in_its_transaction(opened: OpenStore, url: str) -> None:
    store = await opened(url, projections=(unit_of,))
    recorded = await store.append(append(write("a", number=2), write("b")))

    expected = {getattr(event.event, "slot"): f"{event.stream}/{event.version}" for event in recorded}  # noqa: B009
    assert await names(store) == expected


async def test_a_row_that_the_database_refuses_leaves_nothing_of_the_append(store: EventStore) -> None:
    message = uuid4()
    nameless = Put("units", uuid4(), {**unit_row(), "name": None})

    with pytest.raises(RefusedByDatabaseError, match="nothing of the append was kept"):
        await store.append(append(write("a"), inbox=(message,), rows=(Put("units", uuid4(), unit_row()), nameless)))

    assert await all_of(store) == []
    assert await names(store) == {}
    assert await store.consumed([message]) == frozenset()
    await store.append(append(write("a")))


async def test_a_projection_that_fails_leaves_nothing_of_the_append(opened: OpenStore, url: str) -> None:
    def broken(_: object) -> tuple[RowWrite, ...]:
        raise ZeroDivisionError

    store = await opened(url, projections=(unit_of, broken))
    with pytest.raises(ZeroDivisionError):
        await store.append(append(write("a")))

    assert await all_of(store) == []
    assert await names(store) == {}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (Put("nonsense", 1, {}), "no table that row writes may name"),
        (Delete("events", 1), "no table that row writes may name"),
        (Put("keys", uuid4(), {}), "no table that row writes may name"),
        (Set("units", uuid4(), {"colour": "red", "name": "x"}), "no column colour"),
        (Set("units", uuid4(), {"id": uuid4()}), "no column id beside its key"),
        (Delete("units", (1, 2)), "the key of units is id"),
    ],
)
async def test_rows_that_cannot_be_are_refused_by_name(store: EventStore, row: RowWrite, told: str) -> None:
    with pytest.raises(UnknownRowError, match=told):
        await store.append(append(write("a"), rows=(row,)))

    assert await all_of(store) == []


async def test_a_projection_cannot_write_to_the_log(opened: OpenStore, url: str) -> None:
    store = await opened(url, projections=(lambda _: (Delete("events", 1),),))

    with pytest.raises(UnknownRowError):
        await store.append(append(write("a")))


async def test_queries_cannot_write(store: EventStore) -> None:
    def meddle(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM events")

    with pytest.raises(Exception, match=r"readonly database|read-only transaction"):
        await store.query(meddle)


async def test_a_query_sees_one_snapshot(opened: OpenStore, url: str) -> None:
    import asyncio

    store, other = await opened(url), await opened(url)
    loop = asyncio.get_running_loop()

    def count_around_an_append(connection: Connection) -> tuple[Any, Any]:
        before = connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
        asyncio.run_coroutine_threadsafe(other.append(append(write("a"))), loop).result(timeout=10)
        return before, connection.exec_driver_sql("SELECT count(*) FROM events").scalar()

    assert await store.query(count_around_an_append) == (0, 0)
    assert len(await all_of(store)) == 1
