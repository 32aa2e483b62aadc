"""What is asked of the store in one append: all of it is kept, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from events.envelope import NewEvent
from events.store.checkpoint import Checkpoint
from events.store.rows import RowWrite


@dataclass(frozen=True, slots=True)
class StreamWrite:
    """Events for one stream, and the version that the decision was made on; 0: there must be no such stream."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A lease as its holder knows it: the token is stale as soon as somebody else takes the lease over."""

    name: str
    token: int


@dataclass(frozen=True, slots=True)
class Append:
    """Events for one or several streams, and what must hold for them to be kept.

    `unchanged` are the versions of other streams that the decision relied on. `inbox` are the ids of the messages
    consumed by it. `rows` are rows that come from no event; `checkpoints` how far named readers have come. With a
    `fence` it is kept only while its lease has not been taken over.
    """

    writes: tuple[StreamWrite, ...] = ()
    unchanged: Mapping[str, int] = field(default_factory=dict)
    inbox: tuple[UUID, ...] = ()
    rows: tuple[RowWrite, ...] = ()
    checkpoints: Mapping[str, Checkpoint] = field(default_factory=dict)
    fence: Fence | None = None

    def __post_init__(self) -> None:
        streams = [write.stream for write in self.writes]
        if len(streams) != len(set(streams)):
            raise ValueError(f"an append writes each stream once; here are {', '.join(streams)}")
