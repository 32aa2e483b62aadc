"""The small programs of an installation: its keys, and the question whether a container lives."""

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from deploy.healthcheck import alive
from deploy.make_keys import make_keys
from events.keys import LocalMasterKey
from events.looks.grant import GrantVerifier
from events.runtime.health import HealthPage
from events.transport import subjects
from events.transport.connect import connect, read_seed
from events.transport.server import EmbeddedNats, embedded_nats
from events.transport.users import NatsUser, new_seed, public_key
from services.watchdog.callers import callers_of
from services.watchdog.settings import WatchdogSettings

ORGANISATION, UNIT, GATEWAY = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    make_keys(tmp_path / "secrets", ORGANISATION, UNIT, GATEWAY)
    return tmp_path / "secrets"


def test_what_is_made_can_be_used(installation: Path) -> None:
    LocalMasterKey.from_file(installation / "master.key")
    GrantVerifier((installation / "grant.key.pub").read_text())
    assert (installation / "gateways" / f"{GATEWAY}.env").read_text() == (
        f"TILLSYN_ORGANISATION={ORGANISATION}\nTILLSYN_UNIT={UNIT}\nTILLSYN_GATEWAY={GATEWAY}\n"
    )
    assert (installation / "postgres_password").read_text() in (installation / "pgpass").read_text()


def test_only_its_owner_reads_a_secret(installation: Path) -> None:
    secret = [path for path in installation.rglob("*") if path.is_file() and path.name != "server.conf"]

    assert [path.name for path in secret if stat.S_IMODE(path.stat().st_mode) != 0o600] == []
    assert stat.S_IMODE(installation.stat().st_mode) == 0o700


def test_run_again_it_keeps_every_key_and_adds_a_gateway(installation: Path) -> None:
    before = {path: path.read_text() for path in installation.rglob("*") if path.is_file()}
    other = uuid4()

    make_keys(installation, ORGANISATION, UNIT, other)

    users = installation / "nats" / "users.conf"
    assert [path for path, text in before.items() if path != users and path.read_text() != text] == []
    assert str(GATEWAY) in users.read_text()
    assert str(other) in users.read_text()


async def test_nats_runs_on_what_was_made_and_lets_the_gateway_in(installation: Path) -> None:
    class AsMade(EmbeddedNats):
        """A server on the files as they lie there, as in a container."""

        def _prepare(self) -> None:
            self._ports_folder.mkdir()

    server = AsMade(installation / "nats", [])
    await server.start()
    seeds = installation / "nats-keys"
    try:
        client = await connect(server.url, read_seed(seeds / f"gateway-{GATEWAY}.nk"), "gateway")
        await client.publish(subjects.heartbeat(ORGANISATION, GATEWAY), b"alive")
        await client.flush()
        assert client.last_error is None
        await client.close()
    finally:
        await server.stop()


async def test_a_part_that_answers_is_alive_and_one_that_does_not_is_not() -> None:
    async with HealthPage({}).serve("127.0.0.1", 0) as port:
        assert await asyncio.to_thread(alive, f"http://127.0.0.1:{port}/healthz")
        assert not await asyncio.to_thread(alive, f"http://127.0.0.1:{port}/nowhere")
        assert not await asyncio.to_thread(alive, f"nats://127.0.0.1:{port}")
    assert not await asyncio.to_thread(alive, f"http://127.0.0.1:{port}/healthz")


async def test_nats_is_alive_when_it_greets(tmp_path: Path) -> None:
    async with embedded_nats(tmp_path, [NatsUser.service(public_key(new_seed()))]) as server:
        assert await asyncio.to_thread(alive, server.url)
    assert not await asyncio.to_thread(alive, server.url)


async def test_the_container_asks_its_own_page_and_ends_with_the_answer() -> None:
    async with HealthPage({}).serve("127.0.0.1", 0) as port:
        environment = os.environ | {"TILLSYN_HEALTH_PORT": str(port)}
        answers = [await _status(environment), await _status(environment, "http://127.0.0.1:1/healthz")]

    assert answers == [0, 1]


async def _status(environment: dict[str, str], *arguments: str) -> int:
    command = [sys.executable, "-m", "deploy.healthcheck", *arguments]
    done = await asyncio.to_thread(subprocess.run, command, env=environment, check=False)
    return done.returncode


def test_the_watchdogs_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "deploy/examples/watchdog.toml"

    callers = callers_of(WatchdogSettings.load(example, data=tmp_path))

    assert set(callers) == {"larmcentralen", "mail-1"}
