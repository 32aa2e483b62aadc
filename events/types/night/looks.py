"""What was seen of one recipient's night: what gateways reported, who looked, and what they said."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.looks.grant import LookPurpose
from events.personal import Personal
from events.types.check import PictureQuality
from events.types.night.reasons import EscalationReason, ReviewVerdict

MOST_WORDS = 300
"""A fault is named, not told at length."""


class CheckDueReported(Event, name="night.check-due-reported", version=2):
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


class SeenUncertain(Event, name="night.seen-uncertain"):
    """Somebody was seen, but it cannot be told whether all is well: a colleague looks, or somebody goes."""

    slot: UUID
    look: UUID
    by: UUID
    answer_by: AwareDatetime


class LookReviewed(Event, name="night.look-reviewed"):
    """A look outside the agreed times was reviewed by a named person who did not make it."""

    slot: UUID
    look: UUID
    by: UUID
    verdict: ReviewVerdict
    note: Personal[str] | None
