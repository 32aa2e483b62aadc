"""Two processes on one database: every stream without gaps, and nothing lost."""

import asyncio
import random
import subprocess
import sys

import pytest

from events.store import ConflictError, EventStore
from tests.events.store.builders import Time, all_of, append, write
from tests.events.store.conftest import OpenStore

STREAMS = [f"s{number}" for number in range(6)]
APPENDS, CALLERS = 15, 4


async def write_until_done(store: EventStore, seed: int) -> int:
    """So many appends to streams that others write too, each tried until it is kept; how many events were kept."""

    async def caller(number: int) -> int:
        dice = random.Random(seed * 100 + number)
        kept = 0
        for _ in range(APPENDS):
            names = dice.sample(STREAMS, 2)
            while True:
                versions = {name: version for name, (version, _) in (await store.load_many(names)).items()}
                size = dice.randint(1, 3)
                try:
                    await store.append(
                        append(write(names[0], versions[names[0]], size), unchanged={names[1]: versions[names[1]]})
                    )
                except ConflictError:
                    continue
                kept += size
                break
        return kept

    return sum(await asyncio.gather(*map(caller, range(CALLERS))))


async def main(url: str, seed: int) -> None:
    """What the other process runs: it prints how many events it kept."""
    from events.types import REGISTRY

    async with await EventStore.open(url, registry=REGISTRY, now=Time()) as store:
        print(await write_until_done(store, seed))


@pytest.mark.parametrize("processes", [2])
async def test_streams_that_several_processes_write_have_no_gaps_and_lose_nothing(
    opened: OpenStore, url: str, processes: int
) -> None:
    command = [sys.executable, "-c", f"import asyncio; from {__name__} import main; asyncio.run(main({url!r}, %d))"]
    others = [
        await asyncio.create_subprocess_exec(*command[:2], command[2] % seed, stdout=subprocess.PIPE)
        for seed in range(1, processes)
    ]
    store = await opened(url)
    kept = await write_until_done(store, 0)
    for other in others:
        output, _ = await other.communicate()
        assert other.returncode == 0
        kept += int(output)

    log = await all_of(store)
    assert len(log) == len({event.id for event in log}) == kept
    for name in STREAMS:
        versions = [event.version for event in log if event.stream == name]
        assert versions == list(range(1, len(versions) + 1))
        assert await store.read(name) == tuple(event for event in log if event.stream == name)
