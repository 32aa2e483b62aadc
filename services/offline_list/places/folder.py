"""A folder: on this machine, on a stick, or a share that is mounted."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from services.offline_list.places.place import MOST_BYTES, PlaceError

T = TypeVar("T")
WITHIN_S = 30.0
"""A share whose server is gone can hang for minutes."""


class Folder:
    """The folder must exist: a mount point that is not mounted shall not be filled in its place."""

    name = "folder"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def put(self, file: str, data: bytes) -> None:
        await self._do(lambda: self._put(file, data))

    async def get(self, file: str) -> bytes | None:
        return await self._do(lambda: self._get(file))

    async def remove(self, file: str) -> None:
        await self._do(lambda: (self._path / file).unlink(missing_ok=True))

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(WITHIN_S):
                return await asyncio.to_thread(work)
        except TimeoutError:
            raise PlaceError(f"no answer within {WITHIN_S:g} s") from None
        except OSError as error:
            raise PlaceError(error.strerror or type(error).__name__) from None

    def _put(self, file: str, data: bytes) -> None:
        under_way = self._path / f".{file}.part"
        try:
            handle = os.open(under_way, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
            with os.fdopen(handle, "wb") as open_file:
                open_file.write(data)
                open_file.flush()
                os.fsync(open_file.fileno())
            under_way.replace(self._path / file)
        except OSError:
            under_way.unlink(missing_ok=True)
            raise

    def _get(self, file: str) -> bytes | None:
        try:
            with (self._path / file).open("rb") as open_file:
                return open_file.read(MOST_BYTES)
        except FileNotFoundError:
            if not self._path.is_dir():
                raise
            return None
