"""The watchdog beside the real service, each in a process: killed, hung, or with a sweeper that cannot sweep."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from events.store import migrate
from services.watchdog.asking import ask
from tests.services.cli.running import environment
from tests.services.tillsyn.tamper import run_sql
from tests.services.watchdog.elsewhere import Elsewhere, dead_port

WITHIN_S = 60.0
SILENT_AFTER_S = 3.0
ROUND_S = 0.5
SLACK_S = 10.0
"""What a busy machine may take for one round with its call, beyond the limit."""


@dataclass
class Process:
    """One of ours, which can be ended and begun again at the same place."""

    words: tuple[str, ...]
    variables: dict[str, str]
    log: Path
    running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self.log.open("ab") as said:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self.words, env=environment(self.variables), stdout=said, stderr=said
            )

    def send(self, number: signal.Signals) -> None:
        assert self.running is not None
        self.running.send_signal(number)

    async def end(self, number: signal.Signals = signal.SIGKILL) -> int:
        assert self.running is not None
        if self.running.returncode is None:
            self.running.send_signal(number)
        return await self.running.wait()


@dataclass
class Pair:
    """The service, and the watchdog that watches it."""

    service: Process
    watchdog: Process
    database: str
    address: str
    hook: Elsewhere

    def calls(self, watched: str = "sweeper") -> list[dict[str, Any]]:
        return [request.json for request in self.hook.taken if request.json["watched"] == watched]

    def kinds(self) -> list[str]:
        return [call["kind"] for call in self.calls()]

    async def lives(self) -> None:
        """Wait until the sweeper and the planner have proved that they live."""
        async with asyncio.timeout(WITHIN_S):
            while set((await ask(self.address, 1)).proofs) != {"sweeper", "planner"}:
                assert self.service.running is not None
                assert self.service.running.returncode is None, self.service.log.read_text()[-2000:]
                await asyncio.sleep(0.05)

    async def until(self, condition: Callable[[], bool], within_s: float = WITHIN_S) -> None:
        try:
            async with asyncio.timeout(within_s):
                while not condition():  # noqa: ASYNC110 - it lies in another process
                    await asyncio.sleep(0.02)
        except TimeoutError:
            said = self.watchdog.log.read_text()[-3000:] + self.service.log.read_text()[-2000:]
            raise AssertionError(f"not within {within_s:g} s; calls {self.kinds()}\n{said}") from None

    async def calls_out_in_time(self) -> None:
        begun = time.monotonic()
        await self.until(lambda: self.kinds() == ["silent"], SILENT_AFTER_S + ROUND_S + SLACK_S)
        assert time.monotonic() - begun > SILENT_AFTER_S - 2 * ROUND_S - 1, "it called before the limit"
        assert self.calls()[0]["seconds"] >= SILENT_AFTER_S
        assert "reservlista" in self.calls()[0]["text"]

    async def says_that_it_is_back(self) -> None:
        await self.until(lambda: self.kinds()[-1:] == ["back"])
        assert self.kinds().count("back") == 1


@asynccontextmanager
async def a_pair(folder: Path, hook: Elsewhere) -> AsyncIterator[Pair]:
    database = f"sqlite:///{folder / 'tillsyn.db'}"
    await asyncio.to_thread(migrate, database)
    port = dead_port()
    address = f"http://127.0.0.1:{port}/alive"
    given = {
        "TILLSYN_DATA": str(folder),
        "TILLSYN_DATABASE_URL": database,
        "TILLSYN_NATS_URL": "nats://127.0.0.1:9",  # sweeper and planner need none
        "TILLSYN_HEALTH_PORT": str(port),
        "TILLSYN_SWEEP_INTERVAL": "PT0.3S",
        "TILLSYN_PLAN_INTERVAL": "PT0.3S",
    }
    file = folder / "watchdog.toml"
    file.write_text(
        f'[watchdog]\nwatch = ["{address}"]\ndata = "{folder / "watchdog"}"\nlook_interval = {ROUND_S}\n'
        f"silent_after = {SILENT_AFTER_S}\nplanner_silent_after = 3600\nanswer_within_s = 1\nagain_after = [3600]\n"
        f'[[watchdog.webhooks]]\nname = "desk"\nurl = "{hook.url}/call"\n'
    )
    service = Process(("services.cli", "run", "tillsyn"), given, folder / "tillsyn.log")
    watchdog = Process(("services.cli", "run", "watchdog", "--config", str(file)), {}, folder / "watchdog.log")
    pair = Pair(service, watchdog, database, address, hook)
    try:
        await service.start()
        await pair.lives()
        await watchdog.start()
        await pair.until(lambda: (folder / "watchdog/watchdog.json").exists())
        await pair.until(lambda: bool(json.loads((folder / "watchdog/watchdog.json").read_bytes())["sweeper"]["seen"]))
        yield pair
        assert await watchdog.end(signal.SIGTERM) == 0
    finally:
        for process in (watchdog, service):
            if process.running is not None:
                await process.end()


@pytest.fixture
async def pair(tmp_path: Path, hook: Elsewhere) -> AsyncIterator[Pair]:
    async with a_pair(tmp_path, hook) as running:
        yield running


async def test_a_service_that_is_killed_is_called_out_in_time_and_its_return_is_told(pair: Pair) -> None:
    await pair.service.end(signal.SIGKILL)
    await pair.calls_out_in_time()
    await pair.service.start()
    await pair.says_that_it_is_back()


async def test_a_service_that_hangs_is_as_dead(pair: Pair) -> None:
    pair.service.send(signal.SIGSTOP)
    await pair.calls_out_in_time()
    pair.service.send(signal.SIGCONT)
    await pair.says_that_it_is_back()


async def test_a_service_that_answers_while_its_sweeper_cannot_sweep_is_called_out(pair: Pair) -> None:
    run_sql(pair.database, "ALTER TABLE visits RENAME TO visits_away")
    await pair.calls_out_in_time()
    assert "sweeper" in pair.calls()[0]["answers"][pair.address], "it answered all the while"
    run_sql(pair.database, "ALTER TABLE visits_away RENAME TO visits")
    await pair.says_that_it_is_back()
