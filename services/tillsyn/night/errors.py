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


class NoReasonError(RefusedError):
    """What goes against the plan is done with a reason."""


class OwnDoubtError(RefusedError):
    """Whoever was uncertain does not look again: a colleague does."""

    def __init__(self, slot: UUID, until: datetime | None) -> None:
        time = f" until {until:%H:%M:%S} UTC" if until else ""
        super().__init__(f"you were uncertain about slot {slot}; a colleague may look{time}, or send somebody")


class NotSettledError(RefusedError):
    """An open slot cannot be reopened."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is open; look at it, or send somebody")


class CancelledError(RefusedError):
    """A cancelled slot is not reopened: what it was cancelled for is ended instead."""

    def __init__(self, slot: UUID, because_of: UUID | None) -> None:
        super().__init__(f"slot {slot} was cancelled because of {because_of}; end that absence or renew that decision")


class InDoubtError(RefusedError):
    """A check in doubt is not cancelled."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is in doubt; look again, or send somebody")


class CarerThereError(RefusedError):
    """A check is not cancelled while somebody is there for it."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"somebody is in the home for slot {slot}; they tell how it was, or that they met nobody")


class SomebodyGoesError(RefusedError):
    """An escalated slot is reopened only as long as nobody has taken the visit."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is escalated and its visit goes on; raise an alarm to look meanwhile")


class VisitMadeError(RefusedError):
    """An escalated slot whose visit was made is not reopened: what was found stands."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(f"slot {slot} is escalated and its visit was made; raise an alarm to look, or to send again")


class NightOverError(RefusedError):
    """A slot is reopened in its own night."""

    def __init__(self, slot: UUID, ended_at: datetime) -> None:
        super().__init__(f"slot {slot} could be reopened until its night ended, {ended_at:%F %H:%M} UTC")


class NoSuchLookError(UnknownError):
    """The slot has no look with this id."""

    def __init__(self, slot: UUID, look: UUID) -> None:
        super().__init__(f"slot {slot} has no look {look}; list the looks to review to see those there are")


class NothingToReviewError(RefusedError):
    """Only looks outside the agreed times are reviewed, and each once."""


class OwnAlarmError(RefusedError):
    """Nobody reviews a look that they asked for themselves."""

    def __init__(self, look: UUID, by: UUID) -> None:
        super().__init__(f"look {look} was made on an alarm that {by} raised; somebody else reviews it")


class OwnLookError(RefusedError):
    """Nobody reviews their own look."""

    def __init__(self, look: UUID, by: UUID) -> None:
        super().__init__(f"look {look} was made by {by}; somebody else reviews it")
