"""The service's read models rebuilt while another process appends whole nights, and when the rebuilding is killed."""

import asyncio
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, select

from events.store import Delete, EventStore, Progress, Put, Set
from events.store.tables import METADATA, from_events
from services.tillsyn.read_models import PROJECTIONS, project
from tests.builders import NIGHT
from tests.events.store.test_rebuild import schema
from tests.services.tillsyn.house import House
from tests.services.tillsyn.nights import command
from tests.services.tillsyn.tamper import run_sql

NIGHTS = 8
Rows = dict[str, dict[Any, dict[str, Any]]]


async def in_service(store: EventStore) -> Rows:
    """Every row of every table that events fill."""

    def read(connection: Connection) -> Rows:
        return {
            name: {tuple(row._mapping[key.name] for key in table.primary_key): row._asdict() for row in rows}
            for name, table in from_events().items()
            for rows in [connection.execute(select(table)).all()]
        }

    return await store.query(read)


async def as_the_log_has_it(house: House) -> Rows:
    """The same, folded here, by nothing that the store has."""
    rows: Rows = defaultdict(dict)
    for recorded in await house.log():
        for write in project(recorded):
            columns = METADATA.tables[write.table].columns
            names = [column.name for column in columns if column.primary_key]
            key = write.key if isinstance(write.key, tuple) else (write.key,)
            match write:
                case Put(table, _, values):
                    rows[table][key] = {**dict.fromkeys(columns.keys()), **dict(zip(names, key, strict=True)), **values}
                case Set(table, _, values):
                    if key in rows[table]:
                        rows[table][key] |= values
                case Delete(table, _):
                    rows[table].pop(key, None)
    return {name: rows[name] for name in from_events()}


DAMAGE = (
    "DELETE FROM slots",
    "UPDATE slots SET status = 'completed', act_at = NULL WHERE status = 'open'",
    "DELETE FROM looks",
    "UPDATE visits SET stage = 'closed', found = 'damaged'",
    "UPDATE recipients SET paused = true, consent = NULL",
    "DELETE FROM homes",
    "UPDATE staff SET roles = 'nobody'",
)


@asynccontextmanager
async def another_writing(url: str, nights: int = NIGHTS) -> AsyncIterator["asyncio.subprocess.Process"]:
    """Somebody else appends nights inside the block; ended after it, if it is not at its end."""
    process = await asyncio.create_subprocess_exec(*command(url, nights), stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_rebuilt_again_and_again_while_another_process_appends_whole_nights(house: House, url: str) -> None:
    """It is also what shows that the writer goes on undisturbed: an error would end it with another status."""
    rebuilt = 0
    async with another_writing(url) as writer:
        assert writer.stdout is not None
        assert (await writer.stdout.readline()).decode().strip() == NIGHT.isoformat()
        over = asyncio.create_task(writer.wait())
        while not over.done():
            done = await house.store.rebuild(check=rebuilt % 2 == 1)
            assert done.differences == (), "nothing is wrong, so nothing may seem wrong, whatever is appended"
            rebuilt += 1
        assert await over == 0

    assert rebuilt >= 2
    assert await in_service(house.store) == await as_the_log_has_it(house)
    assert [breach for breach in await house.breaches() if breach.rule == "rows agree with log"] == []


async def test_damage_is_mended_while_another_process_appends_whole_nights(house: House, url: str) -> None:
    """What the writer does with damaged rows is its own affair (it may be refused); the rows must be right after."""
    async with another_writing(url) as writer:
        assert writer.stdout is not None
        mended = 0
        while await writer.stdout.readline():
            run_sql(url, "DELETE FROM looks")
            run_sql(url, "UPDATE visits SET kilometres = 99.5, minutes = NULL")
            mended += len((await house.store.rebuild()).differences)
        assert await writer.wait() == 0

    assert mended > NIGHTS
    assert await in_service(house.store) == await as_the_log_has_it(house)
    assert (await house.store.rebuild(check=True)).differences == ()


async def test_read_models_damaged_by_hand_are_mended(house: House, url: str) -> None:
    async with another_writing(url, 2) as writer:
        assert await writer.wait() == 0
    right = await in_service(house.store)
    assert all(right[statement.split(" FROM ")[-1].removeprefix("UPDATE ").split()[0]] for statement in DAMAGE)
    for statement in DAMAGE:
        run_sql(url, statement)
    assert [breach for breach in await house.breaches() if breach.rule == "rows agree with log"]

    await house.store.rebuild()

    assert await in_service(house.store) == right == await as_the_log_has_it(house)
    assert [breach for breach in await house.breaches() if breach.rule == "rows agree with log"] == []


def rebuild_and_wait(url: str, at: str) -> None:
    """What the process that is killed does: it stops for ever at a step of the rebuilding, and says so."""
    asyncio.run(_rebuild_and_wait(url, at))


async def _rebuild_and_wait(url: str, at: str) -> None:
    from datetime import UTC, datetime
    from time import sleep

    from events.store.rebuilding import rebuild
    from events.types import REGISTRY

    rebuild.PORTION = 5

    def told(step: Progress) -> None:
        if step.doing == at:
            print("here", flush=True)
            sleep(600)

    now = lambda: datetime.now(UTC)  # noqa: E731
    async with await EventStore.open(url, registry=REGISTRY, projections=PROJECTIONS, now=now) as store:
        await store.rebuild(told=told)


@pytest.mark.parametrize("step", ["replaying the log", "comparing", "mending"])
async def test_killed_in_the_middle_it_leaves_what_was_in_service_and_can_be_run_again(
    house: House, url: str, step: str, house_on: Callable[[str], Awaitable[House]]
) -> None:
    async with another_writing(url, 2) as writer:
        assert await writer.wait() == 0
    right, tables = await in_service(house.store), schema(url)
    run_sql(url, "DELETE FROM slots")
    damaged = len(right["slots"])
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"from {__name__} import rebuild_and_wait as f; f({url!r}, {step!r})",
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"here\n"
    killed.kill()
    assert await killed.wait() == -signal.SIGKILL

    assert schema(url) == tables, "nothing is left behind"
    left = await in_service(house.store)
    assert left["slots"].items() <= right["slots"].items(), "a row is as it was, or right"
    assert {**left, "slots": None} == {**right, "slots": None}
    assert len(left["slots"]) == (5 if step == "mending" else 0)

    again = await house.store.rebuild()
    assert len(again.differences) == damaged - len(left["slots"])
    assert await in_service(house.store) == right
