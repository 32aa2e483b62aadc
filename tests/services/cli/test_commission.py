"""`tillsyn commission`: through the running system, as an installer and a nurse do it, and what is refused."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from services.cli.commission import UPPER_HALF, drawn
from services.registering.description import example, parse_description
from tests.chaos.deployed import free_port
from tests.services.cli.running import environment, refused, tillsyn, words
from tests.services.cli.test_up import WITHIN_S, Up
from tests.waiting import wait_until

HOME = parse_description(example(), "the example").homes[0]
STAFF = {role: member.id for member in parse_description(example(), "the example").staff for role in member.roles}


@dataclass(frozen=True)
class Place:
    """A running installation."""

    data: Path
    url: str

    def tillsyn(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return tillsyn("commission", *arguments, "--data", self.data, TILLSYN_NATS_URL=self.url)

    def on_a_terminal(self, *arguments: str) -> tuple[int, str]:
        """Exit status, and what a terminal of 80 by 24 characters was given."""
        master, slave = pty.openpty()
        given = environment({"TILLSYN_NATS_URL": self.url, "COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color"})
        command = words("commission", *arguments, "--data", self.data)
        process = subprocess.Popen(command, env=given, stdout=slave, stderr=slave)
        os.close(slave)
        said = b""
        try:
            while chunk := os.read(master, 65536):
                said += chunk
        except OSError:  # the other end is closed
            pass
        os.close(master)
        return process.wait(WITHIN_S), said.decode(errors="replace")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    homes = tmp_path / "homes.toml"
    homes.write_text(example())
    url = f"nats://127.0.0.1:{free_port()}"
    running = Up(tmp_path / "data", "--homes", homes, TILLSYN_NATS_URL=url)
    try:
        running.until(lambda: running.said("all parts are ready"))
        yield Place(tmp_path / "data", url)
    finally:
        running.process.terminate()
        running.process.wait(WITHIN_S)


def looked(place: Place) -> str:
    """What the terminal showed, as soon as the gateway had heard of the test."""
    shown = []

    def heard() -> bool:
        status, said = place.on_a_terminal("look", "--home", str(HOME.id), "--by", str(STAFF["night-staff"]))
        assert status == 0 or "outdated" in said, said
        shown.append(said)
        return status == 0

    wait_until(heard, WITHIN_S, "the gateway has heard of the test")
    return shown[-1]


def test_a_camera_is_in_use_when_its_code_was_read_in_a_live_picture(place: Place) -> None:
    assert HOME.camera is not None
    by = ("--home", str(HOME.id), "--by", str(STAFF["night-staff"]))
    fitting = ("--home", str(HOME.id), "--camera", str(HOME.camera.id), "--installer", str(STAFF["installer"]))
    assert "come back when they are" in refused(place.tillsyn("begin", *fitting))
    begun = place.tillsyn("begin", *fitting, "--recipient-present")
    found = re.search(r"[0-9]{6}", begun.stdout)
    assert begun.returncode == 0, begun
    assert found is not None, begun
    code = found[0]

    early = place.tillsyn("confirm", *by, "--code", code, "--recipient-present")
    assert "picture" in refused(early)
    assert UPPER_HALF in looked(place)
    wrong = place.tillsyn("confirm", *by, "--code", "x" + code[1:], "--recipient-present")
    assert (wrong.returncode, "look again" in wrong.stderr) == (1, True)
    assert place.tillsyn("confirm", *by, "--code", code, "--recipient-present").returncode == 0


def test_a_picture_goes_to_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    done = tillsyn("commission", "look", "--home", str(HOME.id), "--by", str(HOME.id), "--data", tmp_path)

    assert done.returncode == 2
    assert "drawn in a terminal" in done.stderr


def test_a_drawn_picture_keeps_its_shape_and_fits() -> None:
    picture = np.tile(np.arange(0, 240, dtype=np.uint8), (120, 1))
    text = drawn(picture, 40, 100).plain.splitlines()

    assert {len(line) for line in text} == {40}
    assert len(text) == 10
