"""What stands around a command: a folder that may only be read."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.store import migrate
from services.registering.description import example
from tests.builders import UNIT
from tests.services.cli.running import WITHIN_S, environment, refused, words

NIGHT = "2026-11-03"


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a database in which nothing can be written, as a backup is kept for a look at it."""
    folder = tmp_path / "kept"
    folder.mkdir()
    migrate(f"sqlite:///{folder / 'tillsyn.db'}")
    for path in (*folder.iterdir(), folder):
        path.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def bound_by_permissions() -> list[str]:
    """What comes before a command so that file permissions hold for it, root's too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root writes everywhere, and there is no setpriv here to take that from it")
    rights = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("night", NIGHT),
        ("log",),
        ("alarms",),
        ("roster", "show", NIGHT, "--unit", str(UNIT)),
        ("register", "homes.toml"),
        ("import", "homes.csv"),
    ],
    ids=lambda command: command[0],
)
def test_a_folder_that_can_only_be_read_is_told_in_one_line_and_breaks_no_rule(
    command: tuple[str, ...], read_only: Path, tmp_path: Path
) -> None:
    (tmp_path / "homes.toml").write_text(example())
    (tmp_path / "homes.csv").write_text("")
    line = [*bound_by_permissions(), *words(*command, "--data", read_only)]
    # From the checkout, whose commands these are; what they name is beside the data.
    line = [str(tmp_path / word) if word.startswith("homes.") else word for word in line]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, check=False, timeout=WITHIN_S)

    assert f"the database {read_only / 'tillsyn.db'} cannot be used: " in refused(done)
