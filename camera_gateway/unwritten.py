"""Reports that the disk did not take: in memory, sent like any other, and remembered until they can be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from camera_gateway.due import Reported
from camera_gateway.message import Message


@dataclass(slots=True)
class Kept:
    """One report, and whether the stream has it already."""

    message: Message
    slot: UUID
    attempt: Reported
    needed_until: datetime
    sent: bool = False


class Unwritten:
    """What is kept, in the order in which it was to be written."""

    def __init__(self) -> None:
        self._kept: list[Kept] = []

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def waiting(self) -> int:
        """How many wait to be sent."""
        return sum(not one.sent for one in self._kept)

    def keep(self, message: Message, slot: UUID, attempt: Reported, needed_until: datetime) -> None:
        """Keep one more."""
        self._kept.append(Kept(message, slot, attempt, needed_until))

    def has(self, slot: UUID, attempt: int) -> bool:
        """Whether that attempt at that slot is among them."""
        return any((one.slot, one.attempt.attempt) == (slot, attempt) for one in self._kept)

    def unsent(self, most: int) -> list[Message]:
        """The first that wait to be sent."""
        return [one.message for one in self._kept if not one.sent][:most]

    def sent(self, messages: Iterable[UUID]) -> set[UUID]:
        """The stream has these; gives back those that are not kept here."""
        others = set(messages)
        for one in self._kept:
            if one.message.id in others:
                one.sent = True
                others.remove(one.message.id)
        return others

    def all(self) -> tuple[Kept, ...]:
        """Every one, oldest first."""
        return tuple(self._kept)

    def drop(self, written: Kept) -> None:
        """It is on disk now."""
        self._kept.remove(written)

    def reported(self) -> dict[UUID, Reported]:
        """The latest attempt of each slot among them."""
        return {one.slot: one.attempt for one in self._kept}

    def forget(self, now: datetime) -> None:
        """Drop those that were sent and are no longer needed."""
        self._kept = [one for one in self._kept if not one.sent or one.needed_until >= now]
