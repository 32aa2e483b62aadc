"""One recipient's night: its slots, what was done about each, and how each ended."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.looks.grant import LookPurpose
from events.personal import Personal
from events.schedule import PlannedSlot
from events.types.check import PictureQuality
from events.types.unit import NightRules

MOST_WORDS = 300
"""A fault is named, not told at length."""


class CompletedBy(StrEnum):
    """How a slot was done."""

    REMOTE_CHECK = "remote-check"
    VISIT = "visit"


class EscalationReason(StrEnum):
    """Why the camera could not settle a slot."""

    NOT_SEEN = "not-seen"
    CONCERN = "concern"
    NO_USABLE_PICTURE = "no-usable-picture"
    CAMERA_UNREACHABLE = "camera-unreachable"
    NOBODY_LOOKED = "nobody-looked"
    VISIT_NOT_MADE = "visit-not-made"
    UNCERTAIN = "uncertain"
    """Seen, but two people could not tell, or no colleague answered."""
    ALARM = "alarm"
    """Somebody is worried, and the camera may not be used for that or did not settle it."""
    RETURNED = "returned-unannounced"
    """Back from an absence, and nobody had said so: checks were left out that should have been made."""


class VisitInstead(StrEnum):
    """Why a slot that was meant for the camera becomes a visit."""

    CONSENT_WITHDRAWN = "consent-withdrawn"
    CAMERA_PAUSED = "camera-paused"
    NO_CAMERA = "no-camera"
    NOT_COMMISSIONED = "not-commissioned"
    """The camera is linked, but its test has not passed."""
    COHABITANT = "cohabitant-not-asked"
    """Somebody else who lives there, checked on or not, has not consented, or no longer does."""
    CAMERAS_STOPPED = "cameras-stopped"
    """All cameras of the home are stopped, as after a death."""


class CancelReason(StrEnum):
    """Why nobody is to be checked on."""

    ABSENT = "absent"
    DECISION_ENDED = "decision-ended"
    DEATH = "death"
    BY_NAME = "by-name"
    """A named person says why nobody need go or look this once."""


class AlarmCaller(StrEnum):
    """On whose word somebody looks, or goes, outside the agreed times."""

    RELATIVE = "relative"
    STAFF = "staff"
    DEVICE = "device"


class ReviewVerdict(StrEnum):
    """What a review of something out of the ordinary came to."""

    IN_ORDER = "in-order"
    NOT_IN_ORDER = "not-in-order"


class DelayReason(StrEnum):
    """What holds an escalation back, once."""

    LIVE_LEASE = "live-lease"
    VISIT_ARRIVED = "visit-arrived"


class NightPlanned(Event, name="night.planned", version=2):
    """The night's slots are fixed, with the rules they are judged by. What changes later is an event of its own."""

    recipient: UUID
    home: UUID
    night: date
    slots: tuple[PlannedSlot, ...]
    rules: NightRules


class CheckDueReported(Event, name="night.check-due-reported"):
    """The gateway opened the camera at the slot's time, and a usable picture can be had."""

    slot: UUID
    attempt: int
    quality: PictureQuality | None
    """Figures of the picture that was judged; None when the gateway was not allowed to open by itself."""
    escalates_at: AwareDatetime


class PictureMissing(Event, name="night.picture-missing"):
    """The gateway could get no usable picture, or could not reach the camera."""

    slot: UUID
    attempt: int
    reason: EscalationReason
    fault: str = Field(max_length=MOST_WORDS)
    escalates_at: AwareDatetime


class LateReportReceived(Event, name="night.late-report-received"):
    """A gateway's report came when the slot was settled already. It is kept and changes nothing."""

    slot: UUID
    attempt: int
    report: str
    reported_at: AwareDatetime


class SlotClaimed(Event, name="night.slot-claimed"):
    """A member of staff takes the slot, for the length of a lease."""

    slot: UUID
    by: UUID
    until: AwareDatetime
    renewed: bool = False
    """The holder prolonged a lease that was still live: pictures served under it still count."""


class SlotReleased(Event, name="night.slot-released"):
    """Whoever held the slot gave it back."""

    slot: UUID
    by: UUID


class LookGranted(Event, name="night.look-granted", version=2):
    """One named person may open one camera, once, within these instants."""

    slot: UUID
    look: UUID
    by: UUID
    camera: UUID
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    recipient_version: int
    """The version of the recipient's stream that the grant relied on: consent was there and nothing paused it."""
    purpose: LookPurpose = LookPurpose.SLOT
    with_slot: UUID | None = None
    """Set where one opening is for two recipients of a home, on the grant that came with another's: the slot (of that
    other) that the look is counted for."""


class LookServed(Event, name="night.look-served"):
    """A live picture reached the person it was granted to."""

    slot: UUID
    look: UUID
    taken_at: AwareDatetime
    frames: int


class LookFailed(Event, name="night.look-failed"):
    """The granted look showed nothing, and why."""

    slot: UUID
    look: UUID
    fault: str = Field(max_length=MOST_WORDS)
    trouble: EscalationReason | None
    """Set where camera or gateway failed: the slot is escalated for that, unless a later look shows something."""
    escalates_at: AwareDatetime


class NotSeen(Event, name="night.not-seen"):
    """The person was not in the picture; a second look is planned, and window and deadline are extended once."""

    slot: UUID
    look: UUID
    by: UUID
    second_look_at: AwareDatetime
    late_at: AwareDatetime
    deadline: AwareDatetime


class SlotCompleted(Event, name="night.slot-completed"):
    """All is well: somebody looked, or somebody was there."""

    slot: UUID
    how: CompletedBy
    by: UUID
    at: AwareDatetime
    look: UUID | None
    visit: UUID | None


class AllWellUndone(Event, name="night.all-well-undone"):
    """ "All well" was taken back within the seconds allowed; the slot is open again."""

    slot: UUID
    by: UUID
    escalates_at: AwareDatetime


class EscalationDelayed(Event, name="night.escalation-delayed"):
    """The slot would have been escalated now, but somebody is on it; it waits once, no longer than this."""

    slot: UUID
    reason: DelayReason
    until: AwareDatetime


class SlotBecameVisit(Event, name="night.slot-became-visit"):
    """The camera may not be used for this slot any more; somebody goes there instead."""

    slot: UUID
    reason: VisitInstead
    visit: UUID
    escalates_at: AwareDatetime


class SlotCancelled(Event, name="night.slot-cancelled", version=2):
    """Nobody is to be checked on in this slot; who said so stands in the envelope's actor."""

    slot: UUID
    reason: CancelReason
    because_of: UUID
    """The absence or the decision it follows from; of one cancelled by name its closed visit, or the slot itself."""
    by: UUID | None = None
    """Who cancelled it, by name."""
    note: Personal[str] | None = None
    """Why they did; where they closed its visit, that says why."""


class SlotReinstated(Event, name="night.slot-reinstated"):
    """What it was cancelled for no longer holds (back from hospital early): the slot is to be done after all."""

    slot: UUID
    because_of: UUID
    """The absence that ended."""
    escalates_at: AwareDatetime


class ManualAlarmRaised(Event, name="night.alarm-raised"):
    """Somebody is worried: a slot outside the agreed times, for the camera where consent covers it, else a visit."""

    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    plan: PlannedSlot
    """The slot itself; its `entry` is its own id, for no schedule asks for it."""
    rules: NightRules
    """What it is judged by: the night's rules, or the unit's where the night is not planned."""
    caller: AlarmCaller
    by: UUID
    reason: Personal[str]


class SeenUncertain(Event, name="night.seen-uncertain"):
    """Somebody was seen, but it cannot be told whether all is well: a colleague looks, or somebody goes."""

    slot: UUID
    look: UUID
    by: UUID
    answer_by: AwareDatetime


class SlotReopened(Event, name="night.slot-reopened"):
    """A named person has second thoughts about a slot that was settled: it is open again, until this deadline."""

    slot: UUID
    by: UUID
    reason: Personal[str]
    at: AwareDatetime
    late_at: AwareDatetime
    deadline: AwareDatetime
    visit: UUID | None
    """The visit that is asked for; None where the camera may look."""


class LookReviewed(Event, name="night.look-reviewed"):
    """A look outside the agreed times was reviewed by a named person who did not make it."""

    slot: UUID
    look: UUID
    by: UUID
    verdict: ReviewVerdict
    note: Personal[str] | None


class NightMoved(Event, name="night.moved"):
    """The recipient moved: what is still open this night is to be done in another home."""

    recipient: UUID
    night: date
    home: UUID
    slots: tuple[UUID, ...]
    """Those that were open, or may be taken up again."""


class SlotEscalated(Event, name="night.slot-escalated"):
    """The camera could not settle the slot; a visit is asked for."""

    slot: UUID
    reason: EscalationReason
    visit: UUID
    note: Personal[str] | None = None
