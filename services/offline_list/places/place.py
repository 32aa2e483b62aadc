"""What every place can do. All of it may fail, and may hang no longer than its limit."""

from typing import Protocol

MOST_BYTES = 50_000_000
"""More than any list: what is read back may not fill the memory."""


class PlaceError(Exception):
    """It could not be done there. The message says why, and holds no address, name or password."""


class Place(Protocol):
    """Somewhere outside of the system."""

    @property
    def name(self) -> str:
        """What it is called in events and on health pages: `folder` or `web`."""
        ...

    async def put(self, file: str, data: bytes) -> None:
        """Write it whole or not at all, in the place of one with the same name. PlaceError."""
        ...

    async def get(self, file: str) -> bytes | None:
        """What lies there now; None when nothing does. PlaceError."""
        ...

    async def remove(self, file: str) -> None:
        """Make it gone; nothing happens when it is. PlaceError."""
        ...
