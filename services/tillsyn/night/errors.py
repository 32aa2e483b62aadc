"""What a night refuses, and why."""

from datetime import datetime
from uuid import UUID

from services.tillsyn.refused import RefusedError, UnknownError


class NightNotPlannedError(UnknownError):
    """Nothing is planned for this recipient and night."""


class NoSuchSlotError(UnknownError):
    """The night has no slot with this id."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"there is no slot {slot} in this night; list the night to see those there are")


class SlotSettledError(RefusedError):
    """The slot has ended already."""

    def __init__(self, slot: UUID, status: str) -> None:
        super().__init__(f"slot {slot} is {status} already; nothing more can be done to it")


class NotForTheCameraError(RefusedError):
    """The slot is a visit; the camera may not be used for it."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is a visit; the camera stays shut")


class TooEarlyError(RefusedError):
    """The slot's window has not opened."""

    def __init__(self, slot: UUID, opens_at: datetime) -> None:
        super().__init__(f"slot {slot} opens at {opens_at:%H:%M:%S} UTC; not before")


class LeaseHeldByOtherError(RefusedError):
    """A colleague is with this home."""

    def __init__(self, slot: UUID, by: UUID, until: datetime) -> None:
        super().__init__(f"slot {slot} is held by {by} until {until:%H:%M:%S} UTC")
        self.by = by
        self.until = until


class NoLeaseError(RefusedError):
    """Whoever asks does not hold the slot, or not any more."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is not held by you; claim it first")


class NoLivePictureError(RefusedError):
    """An answer needs a live picture that was served to whoever answers."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"no live picture of slot {slot} was served to you under this lease; look first")


class UndoTooLateError(RefusedError):
    """ "All well" can be taken back for some seconds only, by whoever said it."""

    def __init__(self, slot: UUID, until: datetime) -> None:
        super().__init__(f'"all well" of slot {slot} could be taken back until {until:%H:%M:%S} UTC by its sayer')
