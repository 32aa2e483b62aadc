"""Documents made from code: written, or checked to be what the code would write."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def write_or_check(documents: Mapping[str, str], command: str, arguments: Sequence[str] = (), root: Path = ROOT) -> int:
    """Write each document (path below `root` → text), or with ``--check`` say which is stale; the exit status."""
    if list(arguments) not in ([], ["--check"]):
        print(f"usage: {command} [--check]", file=sys.stderr)
        return 2
    if not arguments:
        for path, text in documents.items():
            (root / path).write_text(text)
        return 0
    stale = [path for path, text in documents.items() if not _is_fresh(root / path, text)]
    for path in stale:
        print(f"{path} is stale; run `{command}`", file=sys.stderr)
    return 1 if stale else 0


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text() == text
