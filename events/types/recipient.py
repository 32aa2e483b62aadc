"""The recipient: decision, consent, schedule and absences — all that says whether and when we may look."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.personal import Personal
from events.schedule import ScheduleEntry


class ConsentScope(StrEnum):
    """What a consent covers beyond the agreed looks."""

    SECOND_LOOKS = "second-looks"
    EXTRA_AUTUMN_LOOK = "extra-autumn-look"
    MACHINE_OPENINGS = "machine-openings"
    """The gateway may open the camera by itself, to judge whether a picture can be had."""
    ALARM_BY_RELATIVE = "alarm-by-relative"
    """A look outside the agreed times when a relative or neighbour phones."""
    ALARM_BY_STAFF = "alarm-by-staff"
    """The same when night staff, a nurse or a patrol is worried."""
    ALARM_BY_DEVICE = "alarm-by-device"
    """The same when an alarm button or sensor calls."""


class ConsentForm(StrEnum):
    """How a yes was given."""

    WRITTEN = "written"
    ORAL = "oral"
    THROUGH_REPRESENTATIVE = "through-representative"


class RecipientRegistered(Event, name="recipient.registered"):
    """Somebody is to be checked on at night, in this home."""

    recipient: UUID
    home: UUID
    unit: UUID
    name: Personal[str]


class DecisionGranted(Event, name="recipient.decision-granted"):
    """The formal grant of night supervision. It holds from one night to another, both included; no end is open."""

    recipient: UUID
    decision: UUID
    from_night: date
    to_night: date | None
    checks_a_night: int = Field(ge=1)
    holds_from: AwareDatetime
    """Slots due before this instant are not planned, though their night may have begun."""


class DecisionEnded(Event, name="recipient.decision-ended"):
    """The decision no longer holds from this instant on."""

    recipient: UUID
    decision: UUID
    from_instant: AwareDatetime
    reason: Personal[str]


class ConsentGiven(Event, name="recipient.consent-given", version=2):
    """The recipient's yes to the camera: how it was given, who took it, what it covers."""

    recipient: UUID
    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    taken_by: UUID
    given_at: AwareDatetime | None = None
    """When it was given, where that was not when it was entered."""


class ConsentWithdrawn(Event, name="recipient.consent-withdrawn"):
    """The recipient's no. It acts at once: the camera stays shut and slots become visits."""

    recipient: UUID
    consent: UUID
    reason: Personal[str] | None


class CameraPaused(Event, name="recipient.camera-paused"):
    """The recipient wants no camera for a while; supervision goes on by visits."""

    recipient: UUID
    until: AwareDatetime | None
    """When the pause ends by itself; None when somebody must end it."""


class CameraResumed(Event, name="recipient.camera-resumed"):
    """The pause is over; nights planned from now on use the camera again."""

    recipient: UUID


class AbsenceReported(Event, name="recipient.absence-reported", version=2):
    """The recipient is away (hospital, holiday): slots that fall due in between are cancelled.

    Without an end there is a time at which somebody has to review it.
    """

    recipient: UUID
    absence: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    reason: Personal[str]
    review_at: AwareDatetime | None = None


class AbsenceReviewed(Event, name="recipient.absence-reviewed"):
    """A named person asked where the recipient is: still away, to be asked again then."""

    recipient: UUID
    absence: UUID
    by: UUID
    review_at: AwareDatetime


class AbsenceEnded(Event, name="recipient.absence-ended", version=2):
    """The recipient is back, earlier than was said."""

    recipient: UUID
    absence: UUID
    ended_at: AwareDatetime
    announced: bool = True
    """False: they stood there, and nobody had said so. Somebody goes or looks at once."""


class DecisionEndWarned(Event, name="recipient.decision-end-warned"):
    """The decision ends soon, and no successor stands: the assessor was told."""

    recipient: UUID
    decision: UUID
    last_night: date


class DecisionHandedOver(Event, name="recipient.decision-handed-over"):
    """The decision ends without a successor: this named person answers for the nights that follow."""

    recipient: UUID
    decision: UUID
    to: UUID
    by: UUID
    reason: Personal[str]


class RecipientDied(Event, name="recipient.died"):
    """The recipient is dead. Every camera is shut at once and what was planned is cancelled."""

    recipient: UUID
    at: AwareDatetime
    told_by: UUID


class DeathTakenBack(Event, name="recipient.death-taken-back"):
    """It was recorded by mistake. What is ahead is done after all; the cameras wait for somebody's word."""

    recipient: UUID
    by: UUID
    reason: Personal[str]


class RecipientMoved(Event, name="recipient.moved"):
    """The recipient lives in another home from this instant on. Decision and schedule go with them; consent and camera
    do not: they are asked for, and tested, anew.
    """

    recipient: UUID
    from_home: UUID
    to_home: UUID
    at: AwareDatetime


class ScheduleSet(Event, name="recipient.schedule-set", version=2):
    """The agreed times, for nights from `from_night` on. A night already planned keeps its times."""

    recipient: UUID
    from_night: date
    entries: tuple[ScheduleEntry, ...]
    holds_from: AwareDatetime
    """Slots due before this instant are not planned, though their night may have begun."""
