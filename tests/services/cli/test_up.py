"""`tillsyn up`: everything begins, what is killed begins again, a second one is refused, and all ends when told."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.registering.description import example
from tests.services.cli.running import environment, refused, tillsyn, words

WITHIN_S = 90.0
POLL_S = 0.05


class Up:
    """A running `tillsyn up`, and what it says."""

    def __init__(self, data: Path, *options: str | Path, log: str = "up.log", **given: str) -> None:
        self._log = data.parent / log
        with self._log.open("wb") as said:
            arguments = words("up", "--data", data, *options)
            self.process = subprocess.Popen(arguments, env=environment(given), stdout=said, stderr=said)

    def lines(self) -> list[dict[str, Any]]:
        """What it and the parts have said so far."""
        whole = (line for line in self._log.read_text().splitlines(keepends=True) if line.endswith("}\n"))
        return [json.loads(line) for line in whole]

    def pids(self, name: str) -> list[int]:
        """The process ids that a part has had."""
        begun = (line for line in self.lines() if line["event"] == "part started")
        return [line["pid"] for line in begun if line["name"].startswith(name)]

    def said(self, event: str) -> bool:
        return any(line["event"] == event for line in self.lines())

    def until(self, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < limit and self.process.poll() is None, self._log.read_text()[-3000:]  # noqa: PT018
            time.sleep(POLL_S)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(WITHIN_S)

    def everybody(self) -> set[int]:
        return {pid for name in ("nats-server", "tillsyn", "relay", "gateway") for pid in self.pids(name)}


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    path = tmp_path / "homes.toml"
    path.write_text(example())
    return path


@pytest.fixture
def up(tmp_path: Path, homes: Path) -> Iterator[Up]:
    running = Up(tmp_path / "data", "--homes", homes)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def lives(pid: int) -> bool:
    """Whether the process is there, and not only its remains."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_all_parts_run_a_killed_one_again_and_all_end_when_told(up: Up, tmp_path: Path) -> None:
    up.until(lambda: up.said("all parts are ready"))
    assert "in use by `tillsyn up`" in refused(tillsyn("up", "--data", tmp_path / "data"))

    os.kill(up.pids("relay")[0], signal.SIGKILL)
    up.until(lambda: len(up.pids("relay")) == 2)

    assert up.end(signal.SIGTERM) == 0
    assert not [pid for pid in up.everybody() if lives(pid)]
    stopped = [line["name"].split()[0] for line in up.lines() if line["event"] == "part stopped"]
    assert stopped == ["gateway", "tillsyn", "relay", "nats-server"]


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux: other systems do not end children of themselves")
def test_children_end_when_the_supervisor_is_killed_and_the_next_one_can_begin(up: Up, tmp_path: Path) -> None:
    up.until(lambda: len(up.everybody()) == 4)
    assert up.end(signal.SIGKILL) == -signal.SIGKILL

    after = Up(tmp_path / "data", log="after.log")
    try:
        after.until(lambda: len(after.everybody()) == 4)
        assert not [pid for pid in up.everybody() if lives(pid)]
        assert after.end(signal.SIGINT) == 0
    finally:
        after.process.kill()
        after.process.wait()


def test_with_nobody_registered_it_says_what_to_do(tmp_path: Path) -> None:
    alone = Up(tmp_path / "data")
    try:
        alone.until(lambda: alone.said("nobody is registered"))
        hint = next(line["do"] for line in alone.lines() if line["event"] == "nobody is registered")
        assert "tillsyn register --example" in hint
    finally:
        assert alone.end(signal.SIGTERM) == 0


def test_a_gateway_registered_meanwhile_begins_too(tmp_path: Path, homes: Path) -> None:
    alone = Up(tmp_path / "data")
    try:
        alone.until(lambda: bool(alone.pids("relay")))
        assert tillsyn("register", homes, "--data", tmp_path / "data").returncode == 0
        alone.until(lambda: bool(alone.pids("gateway")))
    finally:
        assert alone.end(signal.SIGTERM) == 0


def test_a_port_that_was_asked_for_and_is_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tillsyn("up", "--data", tmp_path, TILLSYN_NATS_URL=f"nats://127.0.0.1:{port}")

    assert str(port) in refused(done)


def test_a_file_that_is_wrong_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "homes.toml").write_text("[unit]\n")

    assert "unit.id" in refused(tillsyn("up", "--data", tmp_path / "data", "--homes", tmp_path / "homes.toml"))
    assert not (tmp_path / "data").exists()
