"""What gateways report of a slot, and what night staff do about it: claim, look, answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.personal import Personal
from events.types.check import PictureQuality
from events.types.night import EscalationReason


@dataclass(frozen=True, slots=True)
class ReportDue:
    """The gateway says that the slot's time has come and a picture can be had. `at` is the gateway's time."""

    slot: UUID
    attempt: int
    quality: PictureQuality | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportNoPicture:
    """The gateway says that no usable picture can be had, and why."""

    slot: UUID
    attempt: int
    reason: EscalationReason
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Take the slot for the length of a lease, or renew one's own lease."""

    slot: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """Give a claimed slot back."""

    slot: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantLook:
    """Let the holder of the lease open the camera once. The shell has checked the recipient at `recipient_version`.

    `with_slot` is the slot that the look is counted for, where one opening is for two recipients of a home.
    """

    slot: UUID
    look: UUID
    by: UUID
    camera: UUID
    recipient_version: int
    at: datetime
    with_slot: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordServed:
    """A live picture reached its viewer."""

    slot: UUID
    look: UUID
    taken_at: datetime
    frames: int


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """A granted look showed nothing."""

    slot: UUID
    look: UUID
    fault: str
    at: datetime
    trouble: EscalationReason | None = None
    """Set where camera or gateway failed, and not the asker."""


@dataclass(frozen=True, slots=True)
class SayAllWell:
    """The person was seen, and all is well."""

    slot: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class UndoAllWell:
    """Take "all well" back, within the seconds allowed."""

    slot: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SayNotSeen:
    """The person was not in the picture. A second look follows if consent covers one and there is time."""

    slot: UUID
    by: UUID
    at: datetime
    second_look_consented: bool


@dataclass(frozen=True, slots=True)
class SaySeenUncertain:
    """Somebody was seen, but whoever looked cannot tell whether all is well: a colleague is to look."""

    slot: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """Something is wrong: send somebody now. Anybody on duty may say so, lease or not."""

    slot: UUID
    by: UUID
    at: datetime
    note: Personal[str] | None = None


@dataclass(frozen=True, slots=True)
class GiveUpCamera:
    """The camera cannot be reached, as is known already: escalate now, and do not wait for the deadline."""

    slot: UUID
    reason: EscalationReason
