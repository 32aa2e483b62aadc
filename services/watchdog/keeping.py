"""What the watchdog remembers from one round to the next, and from one run to the next: one small file."""

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from events.runtime.settings import BadConfigurationError
from services.watchdog.state import Watch

log = structlog.get_logger()

Watches = dict[str, Watch]
_FILE: TypeAdapter[Watches] = TypeAdapter(Watches)


def read_watches(path: Path, watched: Collection[str], callers: Collection[str]) -> Watches:
    """What was kept, of what is still watched and of callers that there still are; new where nothing is kept.

    A file that cannot be read is loud and then forgotten: it must not keep a watchdog from watching.
    """
    kept: Mapping[str, Watch] = {}
    with suppress(FileNotFoundError):
        try:
            kept = from_bytes(path.read_bytes())
        except ValidationError:
            log.error("what was remembered cannot be read, and is begun anew", file=str(path))
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise BadConfigurationError(f"TILLSYN_DATA: cannot read {path}: {error.strerror}") from None
    return {name: _of(kept.get(name, Watch()), callers) for name in watched}


def keep_watches(path: Path, watches: Mapping[str, Watch]) -> None:
    """Write it so that a reader finds the old or the new, whole. OSError when it cannot be written."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(as_bytes(watches))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path.parent)


def as_bytes(watches: Mapping[str, Watch]) -> bytes:
    """What is written."""
    return _FILE.dump_json(dict(watches))


def from_bytes(written: bytes) -> Watches:
    """What was written. ValidationError when it was something else."""
    return _FILE.validate_json(written)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else works with the file inside the block. BadConfigurationError when somebody does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = path.with_suffix(".lock").open("ab")
    except OSError as error:
        raise BadConfigurationError(f"TILLSYN_DATA: cannot write to {path.parent}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadConfigurationError(
                f"TILLSYN_DATA: another watchdog works in {path.parent}; give each a folder of its own"
            ) from None
        yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _of(watch: Watch, callers: Collection[str]) -> Watch:
    owed = {name: owed for name, owed in watch.owed.items() if name in callers}
    return replace(watch, owed=owed, told=watch.told & set(callers), heard=watch.heard & set(callers))
