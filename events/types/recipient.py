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


class ConsentGiven(Event, name="recipient.consent-given"):
    """The recipient's yes to the camera: how it was given, who took it, what it covers."""

    recipient: UUID
    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    taken_by: UUID


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


class AbsenceReported(Event, name="recipient.absence-reported"):
    """The recipient is away (hospital, holiday): slots that fall due in between are cancelled."""

    recipient: UUID
    absence: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Personal[str]


class AbsenceEnded(Event, name="recipient.absence-ended"):
    """The recipient is back, earlier than was said."""

    recipient: UUID
    absence: UUID
    ended_at: AwareDatetime


class ScheduleSet(Event, name="recipient.schedule-set"):
    """The agreed times, for nights from `from_night` on. A night already planned keeps its times."""

    recipient: UUID
    from_night: date
    entries: tuple[ScheduleEntry, ...]
    holds_from: AwareDatetime
    """Slots due before this instant are not planned, though their night may have begun."""
