"""Rebuilding read models while others append, read and rebuild: nothing is lost, nobody sees it half done."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Connection,
    func,
    select,
)

from events.store import (
    EventStore,
    Progress,
)
from events.store.rebuilding import rebuild
from events.store.tables.read_models import slots, units
from tests.events.store.builders import append, unit_row, until_blocked, write
from tests.events.store.conftest import OpenStore
from tests.events.store.stories import damage, names, story, stream_row
from tests.services.tillsyn.tamper import run_sql


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


async def test_it_can_be_run_by_two_at_once(opened: OpenStore, told: EventStore, url: str) -> None:
    before = await names(told)
    damage(url)
    other = await opened(url, projections=(story,))

    await asyncio.gather(told.rebuild(), other.rebuild())

    assert await names(told) == before
