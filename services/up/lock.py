"""One `up` a data folder: a lock that holds as long as the supervisor or any of its children lives."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from events.runtime.settings import BadConfigurationError

ORPHANS_END_WITHIN_S = 20.0
"""Children of a supervisor that was killed end by themselves; the next one waits for them."""
POLL_S = 0.05


class AlreadyUpError(Exception):
    """Everything runs on this data folder already."""


@contextmanager
def locked(data: Path) -> Iterator[int]:
    """The data folder is ours alone; gives the open file that children hold too. AlreadyUpError if it is another's."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadConfigurationError(f"TILLSYN_DATA: cannot write to {data}: {error.strerror}") from None
    try:
        _lock(file, data)
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        yield file
    finally:
        os.close(file)


def _lock(file: int, data: Path) -> None:
    until = time.monotonic() + ORPHANS_END_WITHIN_S
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        holder = _holder(file)
        if holder is None or _lives(holder) or time.monotonic() > until:
            told = f"process {holder}" if holder else "another process"
            raise AlreadyUpError(f"{data} is in use by `tillsyn up` ({told}); stop that one, or name another --data")
        time.sleep(POLL_S)


def _holder(file: int) -> int | None:
    """The process that took the lock, as it has written there."""
    text = os.pread(file, 32, 0).decode(errors="replace").strip()
    return int(text) if text.isdecimal() else None


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
