"""What compose.yaml and the systemd units say is run, is run: health answers, metrics are there, SIGTERM ends it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from deploy.healthcheck import alive
from events.transport.connect import read_seed
from events.transport.server import find_binary
from events.transport.users import public_key
from tests.chaos.deployed import Command, Compose, Systemd, gateway_seed, unit_file
from tests.postgres import cluster

WITHIN_S = 60.0
WATCHDOG = """
[watchdog]
watch = ["http://127.0.0.1:9/alive"]
[[watchdog.commands]]
name = "nobody"
program = ["cat"]
"""
METRIC = {
    "tillsyn": "tillsyn_reports_recorded_total",
    "relay": "tillsyn_relay_published_total",
    "gateway": "tillsyn_gateway_sent_total",
}


async def test_as_compose_runs_them(tmp_path: Path) -> None:
    with cluster() as postgres:
        with postgres.connect(autocommit=True) as connection:
            connection.execute("CREATE DATABASE tillsyn")
        compose = Compose(tmp_path, postgres.port, postgres.password)
        nats = compose.command("nats")
        async with _running((find_binary(), *nats.words[1:]), nats.variables):
            await _succeeds(compose.command("migrate"))
            await _register(compose.command("tillsyn"), gateway_seed(compose.secrets), tmp_path)
            await _answer_and_end({part: compose.command(part) for part in METRIC})


async def test_as_systemd_runs_them(tmp_path: Path) -> None:
    machine = Systemd(tmp_path)
    (nats,) = machine.commands("nats")
    async with _running((find_binary(), *nats.words), nats.variables):
        migrate, tillsyn = machine.commands("tillsyn")
        await _succeeds(migrate)
        await _register(tillsyn, gateway_seed(machine.etc), tmp_path)
        (relay,), (gateway,) = machine.commands("tillsyn-relay"), machine.commands("tillsyn-gateway@")
        await _answer_and_end({"tillsyn": tillsyn, "relay": relay, "gateway": gateway})


async def test_the_watchdog_runs_alone_as_compose_has_it(tmp_path: Path) -> None:
    compose = Compose(tmp_path, 1, "")
    (compose.secrets / "watchdog.toml").write_text(WATCHDOG)
    command = compose.command("watchdog")
    assert command.words == ("run", "watchdog")
    await _watches_and_ends("services.cli", command)


async def test_the_watchdog_runs_alone_as_systemd_has_it(tmp_path: Path) -> None:
    machine = Systemd(tmp_path)
    (machine.etc / "watchdog.toml").write_text(WATCHDOG)
    (command,) = machine.commands("tillsyn-watchdog")
    await _watches_and_ends("services.watchdog", command)


async def _watches_and_ends(module: str, command: Command) -> None:
    async with _running((sys.executable, "-m", module, *command.words), command.variables) as process:
        await _until_ready(command.health)
        assert "tillsyn_watchdog_calls_total" in (await _get(f"{command.health}/metrics"))[1]
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def _answer_and_end(parts: dict[str, Command]) -> None:
    async with (
        _running(_ours(parts["tillsyn"]), parts["tillsyn"].variables) as tillsyn,
        _running(_ours(parts["relay"]), parts["relay"].variables) as relay,
        _running(_ours(parts["gateway"]), parts["gateway"].variables) as gateway,
    ):
        for part, command in parts.items():
            await _until_ready(command.health)
            assert await asyncio.to_thread(alive, f"{command.health}/healthz")
            page = (await _get(f"{command.health}/metrics"))[1]
            assert METRIC[part] in page
            assert "process_resident_memory_bytes" in page
        for process in (gateway, relay, tillsyn):
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0


async def _register(command: Command, seed: Path, folder: Path) -> None:
    file = folder / "homes.toml"
    file.write_text(unit_file(public_key(read_seed(seed))))
    await _succeeds(Command(("register", str(file)), command.variables))


async def _succeeds(command: Command) -> None:
    async with _running(_ours(command), command.variables) as process:
        assert await process.wait() == 0


def _ours(command: Command) -> Sequence[str]:
    return (sys.executable, "-m", "services.cli", *command.words)


@asynccontextmanager
async def _running(words: Sequence[str | Path], variables: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, with the variables that the file gives it and no others of ours."""
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    process = await asyncio.create_subprocess_exec(*words, env=bare | variables, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until_ready(health: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            status, _ = await _get(f"{health}/readyz")
            if status == HTTPStatus.OK:
                return
            await asyncio.sleep(0.1)


async def _get(url: str) -> tuple[int, str]:
    """Status and text; status 0 while nobody answers."""
    parts = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return 0, ""
    writer.write(f"GET {parts.path} HTTP/1.1\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), body
