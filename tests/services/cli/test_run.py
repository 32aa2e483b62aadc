"""`tillsyn run`: what it cannot begin with is said in one line; what it waits for is said on the health page."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from events.store import migrate
from services.up.process import PartProcess
from tests.services.cli.running import environment, refused, tillsyn

WITHIN_S = 60.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database."""
    migrate(f"sqlite:///{tmp_path / 'tillsyn.db'}")
    return tmp_path


def test_an_unknown_part_is_refused_with_those_there_are() -> None:
    assert "'tillsyn', 'relay', 'gateway'" in refused(tillsyn("run", "dashboard"))


def test_a_wrong_setting_is_named_with_its_value() -> None:
    complaint = refused(tillsyn("run", "relay", TILLSYN_RELAY_BATCH="many"))

    assert "TILLSYN_RELAY_BATCH" in complaint
    assert "'many'" in complaint


def test_a_configuration_file_that_is_not_there_is_refused() -> None:
    assert "/nowhere.toml" in refused(tillsyn("run", "tillsyn", "--config", "/nowhere.toml"))


@pytest.mark.parametrize("part", ["tillsyn", "relay"])
def test_a_database_that_is_not_migrated_is_refused_with_what_to_do(part: str, tmp_path: Path) -> None:
    assert "tillsyn migrate" in refused(tillsyn("run", part, TILLSYN_DATA=str(tmp_path)))


def test_a_health_port_in_use_is_refused(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        complaint = refused(tillsyn("run", "tillsyn", TILLSYN_DATA=str(data), TILLSYN_HEALTH_PORT=port))

    assert port in complaint
    assert "in use" in complaint


def test_a_gateway_needs_nothing_of_the_services() -> None:
    """Its box has no database: here those packages are as if they were not installed."""
    away = ("sqlalchemy", "alembic", "psycopg", "faststream")
    program = f"import sys; sys.modules.update(dict.fromkeys({away!r})); from services.cli import main; main()"
    words = [sys.executable, "-c", program, "run", "gateway"]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=WITHIN_S)

    assert "TILLSYN_GATEWAY: Field required" in refused(done)


@pytest.mark.parametrize("part", ["tillsyn", "relay"])
async def test_without_nats_it_waits_and_says_so_and_ends_when_told(part: str, data: Path) -> None:
    log = data / "log"
    given = {"TILLSYN_DATA": str(data), "TILLSYN_NATS_URL": "nats://127.0.0.1:9"}
    process = PartProcess((part,), environment(given), log, ())
    await process.start()
    try:
        async with asyncio.timeout(WITHIN_S):
            while await process.health() != "nats: not connected":
                assert process.pid is not None, log.read_text()
                await asyncio.sleep(0.05)
    finally:
        await process.stop()

    assert await process.wait() == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line for line in lines if "nats" in line["event"] and line["level"] == "warning"]
    assert lines[-1]["event"] == "stopped"
