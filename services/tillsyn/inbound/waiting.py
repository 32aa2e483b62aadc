"""Which reports of which gateway wait to be tried again. All that wait take up places that a partition has few of
(`events.transport.topology.MAX_ACK_PENDING`), so that one gateway, broken or broken into, may take only some.
"""

from uuid import UUID

MOST_OF_ONE_GATEWAY = 200
"""Sixteen homes with six checks each, and two reports of each, are 192 of a night that nobody has planned yet."""


class Waiting:
    """The reports that wait, by their sequence in the stream."""

    def __init__(self) -> None:
        self._of: dict[UUID, set[int]] = {}

    def enter(self, gateway: UUID, sequence: int) -> bool:
        """Let a report wait; False if its gateway has as many waiting as it may. One that waits already may go on."""
        waiting = self._of.setdefault(gateway, set())
        if sequence not in waiting and len(waiting) >= MOST_OF_ONE_GATEWAY:
            return False
        waiting.add(sequence)
        return True

    def leave(self, gateway: UUID, sequence: int) -> None:
        """A report waits no more: it was recorded, or buried."""
        waiting = self._of.get(gateway, set())
        waiting.discard(sequence)
        if not waiting:
            self._of.pop(gateway, None)
