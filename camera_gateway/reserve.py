"""Room on the disk that is kept for checks: a file of nothing, removed when the disk is full."""

import errno
import os
import shutil
from pathlib import Path

import structlog

log = structlog.get_logger()

RESERVE_BYTES = 8 * 1024 * 1024
"""Room for two weeks of a busy gateway's reports (400 a night of 1.2 kB), the write-ahead log, and a schedule."""


class Reserve:
    """Taken when there is room for it, given up when something has to be written that must not be lost."""

    def __init__(self, file: Path, size: int = RESERVE_BYTES) -> None:
        self._file = file
        self._size = size
        self.missing = False
        """It is used up, or there was no room for it."""

    def take(self) -> None:
        """Have it, if there is room for it and as much again: what has just been freed is not taken away at once."""
        if self._file.exists():
            self.missing = False
            return
        try:
            if shutil.disk_usage(self._file.parent).free < 2 * self._size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._allocate()
        except OSError as error:
            if not self.missing:  # once, and not at every try
                log.error("no room can be kept for checks", file=str(self._file), bytes=self._size, why=error.strerror)
            self.missing = True
        else:
            self.missing = False

    def give_up(self) -> bool:
        """Free the room; False when it is gone already."""
        try:
            self._file.unlink()
        except OSError:
            return False
        self.missing = True
        log.error("the disk is full: the room kept for checks is given up", bytes=self._size)
        return True

    def _allocate(self) -> None:
        unfinished = self._file.with_name(self._file.name + ".new")
        try:
            with unfinished.open("wb") as writing:
                os.posix_fallocate(writing.fileno(), 0, self._size)
            unfinished.replace(self._file)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
