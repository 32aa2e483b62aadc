"""What can be asked of a night. `at` is when it is asked (aware, UTC); `by` is the member of staff who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from events.personal import Personal
from events.schedule import PlannedSlot
from events.types.check import PictureQuality
from events.types.night import AlarmCaller, CancelReason, EscalationReason, ReviewVerdict, VisitInstead
from events.types.unit import NightRules


@dataclass(frozen=True, slots=True)
class PlanNight:
    """Fix the night's slots."""

    recipient: UUID
    home: UUID
    night: date
    slots: tuple[PlannedSlot, ...]
    rules: NightRules


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


@dataclass(frozen=True, slots=True)
class ReopenSlot:
    """Second thoughts about a settled slot. The shell knows when the night ends, and whether the visit is taken."""

    slot: UUID
    by: UUID
    reason: str
    at: datetime
    night_ends: datetime
    visit_taken: bool = False
    """Somebody has acknowledged the visit that the slot was escalated to, or has made it."""


@dataclass(frozen=True, slots=True)
class RaiseManualAlarm:
    """Somebody is worried: look now, outside the agreed times, or with `camera=False` send somebody at once.

    The shell has seen to it that a decision stands, and that consent covers the look. `rules` are the unit's, for a
    night that is not planned.
    """

    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    rules: NightRules
    caller: AlarmCaller
    by: UUID
    reason: str
    camera: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewLook:
    """Somebody who did not look says whether a look outside the agreed times was in order."""

    slot: UUID
    look: UUID
    by: UUID
    verdict: ReviewVerdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What stands against a slot: nobody is to be checked on, because of an absence or a decision that ended."""

    reason: CancelReason
    because_of: UUID
    since: datetime | None = field(default=None, compare=False)
    """Of an absence: from when on nobody is there."""


Restriction = Cancelled | VisitInstead
"""What stands against using the camera for a slot, or against doing it at all."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Hold the open slots against what stands now (consent, pause, absence …). Not named: nothing stands against it."""

    restrictions: Mapping[UUID, Restriction]
    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """Whoever was away (`because_of`: the absence, or a death taken back) is here, and it is known only now.

    The latest slot due from `since` on, and until `at`, that was left out for it is escalated at once: one visit, for
    all that was left out. A slot of those that can still be done in time is not meant, unless `unannounced`.
    """

    because_of: UUID
    since: datetime
    at: datetime
    unannounced: bool = False


@dataclass(frozen=True, slots=True)
class MoveNight:
    """The recipient lives in another home now: what is still to be done is done there."""

    home: UUID


@dataclass(frozen=True, slots=True)
class RecordVisitArrived:
    """Somebody is at the door for the slots that this visit stands for; it may take until `until`."""

    visit: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class RecordVisitDone:
    """The visit that slots stand for was made."""

    visit: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordCovered:
    """A visit met the recipient: whatever was open of them by then is done, whichever slot the visit was made for."""

    visit: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Sweep:
    """Escalate every slot whose time is up."""

    at: datetime


Command = (
    PlanNight
    | ReportDue
    | ReportNoPicture
    | Claim
    | Release
    | GrantLook
    | RecordServed
    | RecordFailed
    | SayAllWell
    | UndoAllWell
    | SayNotSeen
    | SaySeenUncertain
    | RaiseConcern
    | GiveUpCamera
    | ReopenSlot
    | RaiseManualAlarm
    | ReviewLook
    | Apply
    | Returned
    | MoveNight
    | RecordVisitArrived
    | RecordVisitDone
    | RecordCovered
    | Sweep
)
