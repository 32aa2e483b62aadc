"""The command line as its users have it: a process, its exit status, and what it wrote where."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

WITHIN_S = 120.0


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without settings of ours."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TILLSYN_")}
    return bare | dict(given or {})


def words(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "services.cli", *map(str, arguments)]


def tillsyn(*arguments: str | Path, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        words(*arguments), env=environment(given), capture_output=True, text=True, check=False, timeout=WITHIN_S
    )


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line with which a command refused, with exit status 2 and no traceback."""
    assert done.returncode == 2, done
    complaints = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(complaints) == 1, done.stderr
    assert complaints[0].startswith("tillsyn: ")
    return complaints[0]
