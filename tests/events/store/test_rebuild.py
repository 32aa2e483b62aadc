"""Rebuilding read models: rows become what the log says, whoever appends meanwhile, and nothing else changes."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
)

from events.envelope import Recorded
from events.store import (
    Delete,
    Difference,
    EventStore,
    NoSuchReadModelError,
    NotFromEventsError,
    Progress,
    Put,
    RowWrite,
    Set,
    UnreadableLogError,
)
from events.store.database import parse_url
from events.store.rebuilding import difference, rebuild
from events.store.rebuilding.shadow import Shadow
from events.store.tables import from_events
from events.store.tables.read_models import slots, units
from events.store.tables.types import Id
from tests.builders import an_id
from tests.events.store.builders import NOW, OWNER, Deed, append, deeds, unit_row, until_blocked, write
from tests.events.store.conftest import OpenStore
from tests.services.tillsyn.tamper import run_sql


def story(recorded: Recorded) -> Iterable[RowWrite]:
    """One row of `units` a stream: made by its first event, changed by each later one, gone with the ninth."""
    row = stream_row(recorded.stream)
    if recorded.version == 1:
        return (Put("units", row, unit_row(recorded.stream)),)
    if recorded.version == 9:
        return (Delete("units", row),)
    return (Set("units", row, {"name": f"{recorded.stream}/{recorded.version}"}),)


def stream_row(stream: str) -> UUID:
    return an_id(stream)


async def names(store: EventStore) -> dict[UUID, str]:
    return await store.query(lambda c: {row.id: row.name for row in c.execute(select(units))})


@pytest.fixture
async def told(opened: OpenStore, url: str) -> EventStore:
    """A store in which three streams have told their story; the third one's row is gone."""
    store = await opened(url, projections=(story,))
    await store.append(append(write("a", number=3), write("b"), write("c", number=9)))
    return store


def damage(url: str) -> None:
    """One row is missing, one is different, one is surplus."""
    run_sql(url, "DELETE FROM units WHERE id = :id_", id_=stream_row("a"))
    run_sql(url, "UPDATE units SET name = 'wrong', zone = 'UTC' WHERE id = :id_", id_=stream_row("b"))
    run_sql(
        url,
        "INSERT INTO units (id, name, zone, organisation, unit) VALUES (:id_, 'ghost', 'UTC', :org, :unit)",
        id_=stream_row("c"),
        org=OWNER.organisation,
        unit=OWNER.unit,
    )


DAMAGED = {
    Difference("units", stream_row("a"), "missing"),
    Difference("units", stream_row("b"), "different", ("name", "zone")),
    Difference("units", stream_row("c"), "surplus"),
}


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


@pytest.mark.parametrize("check", [False, True])
async def test_what_is_appended_at_any_moment_of_it_is_neither_lost_nor_applied_twice(
    told: EventStore, url: str, monkeypatch: pytest.MonkeyPatch, check: bool
) -> None:
    monkeypatch.setattr(rebuild, "PORTION", 3)
    await told.append(append(*(write(f"s{number}") for number in range(12))))
    if not check:
        damage(url)
        run_sql(url, "DELETE FROM units WHERE name LIKE 's%'")
    loop, said = asyncio.get_running_loop(), dict.fromkeys([f"s{number}" for number in range(12)], 1)

    async def go_on(step: int) -> None:
        """A new stream, and one more event of each old one."""
        await told.append(append(write(f"new {step}")))
        for name, version in said.items():
            if version < 8:
                await told.append(append(write(name, version)))
                said[name] = version + 1

    steps: list[Progress] = []

    def meanwhile(step: Progress) -> None:
        steps.append(step)
        asyncio.run_coroutine_threadsafe(go_on(len(steps)), loop).result(timeout=20)

    rebuilt = await told.rebuild(check=check, told=meanwhile)

    assert len(steps) >= 3
    if check:
        assert rebuilt.differences == (), "rows that only seemed to differ, for they changed meanwhile, do not"
    expected = {stream_row(name): f"{name}/{version}" for name, version in said.items()}
    expected |= {stream_row("a"): "a/3", stream_row("b"): "b"}
    expected |= {stream_row(f"new {n + 1}"): f"new {n + 1}" for n in range(len(steps))}
    assert await names(told) == expected
    assert (await told.rebuild(check=True)).differences == ()


async def test_nobody_appends_between_a_rounds_look_at_a_row_and_its_mending(
    told: EventStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the change would find no row, and the mending would then make it as it was before the change."""
    damage(url)
    loop, mend = asyncio.get_running_loop(), rebuild.mend
    tried: list[Any] = []

    def with_an_append_before(*given: Any) -> None:
        if not tried:
            tried.append(asyncio.run_coroutine_threadsafe(told.append(append(write("a", 3))), loop))
            with pytest.raises(TimeoutError):
                tried[0].result(timeout=0.5)
        mend(*given)

    monkeypatch.setattr(rebuild, "mend", with_an_append_before)
    await told.rebuild()
    await asyncio.wrap_future(tried[0])

    assert (await names(told))[stream_row("a")] == "a/4"


async def test_an_append_that_began_before_a_round_ended_finds_the_row_that_the_round_made(
    opened: OpenStore, postgres_url: str, raw: Callable[[], Any]
) -> None:
    """On a snapshot from before, its update would find no row and silently do nothing."""
    store = await opened(postgres_url, projections=(story,))
    await store.append(append(write("a")))
    run_sql(postgres_url, "DELETE FROM units")
    round_ = raw()
    round_.execute("LOCK TABLE stream_heads IN EXCLUSIVE MODE")

    appending = asyncio.create_task(store.append(append(write("a", 1))))
    await until_blocked(raw())
    row = {**unit_row("a"), "id": stream_row("a")}
    round_.execute(
        "INSERT INTO units (id, name, zone, organisation, unit) "
        "VALUES (%(id)s, %(name)s, %(zone)s, %(organisation)s, %(unit)s)",
        row,
    )
    round_.commit()
    await appending

    assert await names(store) == {stream_row("a"): "a/2"}


async def test_what_the_watermark_hides_from_readers_is_rebuilt_all_the_same(
    opened: OpenStore, postgres_url: str, raw: Callable[[], Any]
) -> None:
    """Somebody's open transaction holds back the readers of the whole log; who appends is not held back by it."""
    store = await opened(postgres_url, projections=(story,))
    elsewhere = raw()
    elsewhere.execute("SELECT pg_current_xact_id()")
    await store.append(append(write("a", number=2)))
    assert (await store.read_all(None, 10)).events == ()

    assert (await store.rebuild(check=True)).differences == ()
    run_sql(postgres_url, "DELETE FROM units")
    await store.rebuild()
    assert await names(store) == {stream_row("a"): "a/2"}


async def test_readers_in_the_middle_of_a_snapshot_see_one_state_throughout(told: EventStore, url: str) -> None:
    damage(url)
    before, loop = await names(told), asyncio.get_running_loop()

    def around_a_rebuild(connection: Connection) -> dict[UUID, str]:
        connection.execute(select(func.count()).select_from(slots)).all()
        asyncio.run_coroutine_threadsafe(told.rebuild(), loop).result(timeout=20)
        return {row.id: row.name for row in connection.execute(select(units))}

    assert await told.query(around_a_rebuild) == before
    assert await names(told) != before


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


async def test_it_can_be_run_by_two_at_once(opened: OpenStore, told: EventStore, url: str) -> None:
    before = await names(told)
    damage(url)
    other = await opened(url, projections=(story,))

    await asyncio.gather(told.rebuild(), other.rebuild())

    assert await names(told) == before
