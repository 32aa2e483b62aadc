"""Rebuilding read models: rows become what the log says, whoever appends meanwhile, and nothing else changes."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Date,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
)

from events.envelope import Recorded
from events.store import (
    EventStore,
    NoSuchReadModelError,
    NotFromEventsError,
    Progress,
    Put,
    UnreadableLogError,
)
from events.store.database import parse_url
from events.store.rebuilding import difference, rebuild
from events.store.rebuilding.shadow import Shadow
from events.store.tables import from_events
from events.store.tables.types import Id
from tests.events.store.builders import NOW, Deed, append, deeds, unit_row, write
from tests.events.store.stories import DAMAGED, damage, names
from tests.services.tillsyn.tamper import run_sql


async def test_rows_damaged_by_hand_are_as_the_log_has_them_again(told: EventStore, url: str) -> None:
    before = await names(told)
    damage(url)

    rebuilt = await told.rebuild()

    assert set(rebuilt.differences) == DAMAGED
    assert await names(told) == before
    assert (await told.rebuild()).differences == ()


async def test_a_check_says_which_rows_differ_in_which_columns_and_changes_nothing(told: EventStore, url: str) -> None:
    damage(url)
    before = await names(told)

    for _ in range(2):
        assert set((await told.rebuild(check=True)).differences) == DAMAGED
    assert await names(told) == before
    assert "wrong" not in repr(await told.rebuild(check=True))


async def test_a_table_that_is_empty_is_filled_in_portions(
    told: EventStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PORTION", 4)
    monkeypatch.setattr(rebuild, "PAGE", 3)
    await told.append(append(*(write(f"s{number}") for number in range(30))))
    before = await names(told)
    run_sql(url, "DELETE FROM units")
    steps: list[Progress] = []

    rebuilt = await told.rebuild(told=steps.append)

    assert await names(told) == before
    assert {each.how for each in rebuilt.differences} == {"missing"}
    assert len([step for step in steps if step.doing == "mending"]) >= 7
    assert all(0 <= step.done <= step.total for step in steps)


async def test_what_comes_from_no_event_is_left_alone(told: EventStore, url: str) -> None:
    at, gateway = Deed().new().context.time, uuid4()
    heard = {"at": at, "organisation": uuid4(), "unit": uuid4(), "spooled": 1, "schedule_revision": 3}
    alive = {"at": at, "process": "one"}
    await told.append(append(rows=(Put("heard", gateway, heard), Put("alive", "sweeper", alive))))

    await told.rebuild()

    counted = await told.query(lambda c: c.exec_driver_sql("SELECT count(*) FROM heard, alive").scalar())
    assert counted == 1
    assert not {"heard", "alive", "events", "inbox", "keys"} & from_events().keys()
    assert {"slots", "visits", "units"} <= from_events().keys()


async def test_a_table_that_no_event_writes_to_is_not_emptied_unless_it_is_named(store: EventStore, url: str) -> None:
    """A table that somebody forgot to mark as operational, say."""
    await store.append(append(write("a"), rows=(Put("units", uuid4(), unit_row()),)))

    with pytest.raises(NotFromEventsError, match="no event in the log writes to units"):
        await store.rebuild()
    assert len(await names(store)) == 1

    await store.rebuild(["units"])
    assert await names(store) == {}


@pytest.mark.parametrize("name", ["nonsense", "events", "heard"])
async def test_only_tables_that_events_fill_can_be_named(store: EventStore, name: str) -> None:
    with pytest.raises(NoSuchReadModelError, match=f"'{name}' is no table that events fill; there are .*slots"):
        await store.rebuild([name])


async def test_named_tables_are_rebuilt_and_others_are_not(told: EventStore, url: str) -> None:
    damage(url)

    assert (await told.rebuild(["slots", "visits"])).differences == ()
    assert {each.table for each in (await told.rebuild(["units"])).differences} == {"units"}


async def test_an_event_that_cannot_be_read_ends_it_by_name_and_nothing_is_changed(told: EventStore, url: str) -> None:
    damage(url)
    before = await names(told)
    position = (await told.read("c"))[3].position
    run_sql(url, "UPDATE events SET data = '{}' WHERE stream = 'c' AND version = 5")

    with pytest.raises(UnreadableLogError, match=rf"the event after \S+\.{position} in the log cannot be read .*slot"):
        await told.rebuild()
    assert await names(told) == before


async def test_schema_indexes_and_constraints_are_the_migrations_before_and_after(told: EventStore, url: str) -> None:
    before = schema(url)
    damage(url)
    await told.rebuild()

    assert schema(url) == before
    assert set(before) >= from_events().keys()
    assert before["slots"]["indexes"]


def schema(url: str) -> dict[str, Any]:
    """All that the database says of its tables."""
    engine = create_engine(parse_url(url))
    try:
        inspector = inspect(engine)
        return {
            name: {
                "columns": [{**column, "type": str(column["type"])} for column in inspector.get_columns(name)],
                "key": inspector.get_pk_constraint(name),
                "unique": inspector.get_unique_constraints(name),
                "indexes": sorted(inspector.get_indexes(name), key=lambda index: str(index["name"])),
                "checks": inspector.get_check_constraints(name),
            }
            for name in inspector.get_table_names()
            if name != "events"  # SQLAlchemy cannot reflect xid8
        }
    finally:
        engine.dispose()


async def test_one_that_is_stopped_leaves_nothing_behind(told: EventStore, url: str) -> None:
    damage(url)
    before = schema(url)
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def wait(_: Progress) -> None:
        loop.call_soon_threadsafe(begun.set)
        while not running.cancelled():
            pass

    running = asyncio.create_task(told.rebuild(told=wait))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert schema(url) == before
    assert set((await told.rebuild()).differences) == DAMAGED


async def test_rows_with_a_key_of_several_columns_and_with_nothing_but_a_key_are_mended(url: str) -> None:
    metadata = MetaData()
    who = (Column("unit", Id, primary_key=True), Column("night", Date, primary_key=True))
    pairs = Table("pairs", metadata, *who, Column("word", String), Column("more", JSON(none_as_null=True)))
    bare = Table("bare", metadata, *(Column(column.name, column.type, primary_key=True) for column in who))
    engine = create_engine(parse_url(url))
    day, one, two, three = date(2026, 11, 3), uuid4(), uuid4(), uuid4()
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(pairs), [{"unit": one, "night": day, "word": "x", "more": {"n": 1}}])
        connection.execute(insert(pairs), [{"unit": two, "night": day, "word": "x", "more": None}])
        connection.execute(insert(bare), [{"unit": one, "night": day}])
        said = {one: ("y", {"n": 1}), three: (None, {"n": 2})}
        puts = [Put("pairs", (id_, day), {"word": word, "more": more}) for id_, (word, more) in said.items()]
        shadow = Shadow(
            {"pairs": pairs, "bare": bare}, [lambda _: [*puts, Put("bare", (two, day), {})]], engine.dialect
        )
        shadow.make(connection)
        shadow.take(connection, [Recorded(uuid4(), "s", 1, 1, NOW, deeds(1)[0].event, deeds(1)[0].context)])

        for table, expected in (
            (pairs, {((one, day), "different", ("word",)), ((three, day), "missing", ()), ((two, day), "surplus", ())}),
            (bare, {((two, day), "missing", ()), ((one, day), "surplus", ())}),
        ):
            beside = shadow.tables[table.name]
            keys = difference.unlike(connection, table, beside)
            found = difference.differences(connection, table, beside, keys)
            assert {(each.key, each.how, each.columns) for each in found} == expected
            difference.mend(connection, table, beside, found)
            assert difference.unlike(connection, table, beside) == []
            assert len(connection.execute(select(table)).all()) == len(expected) - 1
    engine.dispose()
