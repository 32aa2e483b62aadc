"""What a gateway sends, and what of it is given up first when the disk has no room."""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Worth(IntEnum):
    """The smallest is given up first, of these the oldest; CHECK never is."""

    STATE = 1
    """A change of state: what comes after it, and every heartbeat, tell how things are now."""
    LOOK = 2
    """A look was served: the service has the grant on its own record."""
    CHECK = 3
    """What was found of a slot."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be sent. The id is its `Nats-Msg-Id`: the same however often it is sent."""

    id: UUID
    subject: str
    body: bytes
