"""Where a reader of the whole log stands, and the page that it gets next."""

from dataclasses import dataclass
from typing import ClassVar

from events.envelope import Recorded
from events.store.errors import BadCheckpointError


@dataclass(frozen=True, slots=True, order=True)
class Checkpoint:
    """A place in the global order. Opaque: keep it, hand it back, compare it; as text it is `str()` and `parse()`.

    The order is by transaction (`xid`) and then position, within an epoch: xids of different clusters say nothing
    about each other. On SQLite the xid is always 0 and the position alone decides.
    """

    epoch: int
    xid: int
    position: int

    START: ClassVar["Checkpoint"]

    def __str__(self) -> str:
        return f"{self.epoch}.{self.xid}.{self.position}"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint that `str()` wrote; BadCheckpointError for anything else."""
        parts = text.strip().split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
            raise BadCheckpointError(f"{text!r} is no checkpoint; one looks like 1.4711.42")
        return cls(*map(int, parts))


Checkpoint.START = Checkpoint(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """The next events of the log in global order, and where to go on. No events: nothing more for now."""

    events: tuple[Recorded, ...]
    checkpoint: Checkpoint
    checkpoints: tuple[Checkpoint, ...] = ()
    """Where to go on after each of the events, for readers that pass them on one by one."""
