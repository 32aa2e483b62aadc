"""What can be asked of a recipient's agreements. `at` is when it is asked (aware, UTC) unless it says otherwise."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.personal import Personal
from events.schedule import ScheduleEntry
from events.types.recipient import ConsentForm, ConsentScope


@dataclass(frozen=True, slots=True)
class Register:
    """Somebody is to be checked on in this home."""

    recipient: UUID
    home: UUID
    unit: UUID
    name: Personal[str]


@dataclass(frozen=True, slots=True)
class GrantDecision:
    """Grant night supervision from one night to another, both included."""

    decision: UUID
    from_night: date
    to_night: date | None
    checks_a_night: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EndDecision:
    """End a decision from an instant on: the one named, else the one that stands in that night.

    Before its time only where a successor takes over, or where it was handed over to somebody by name.
    """

    from_instant: datetime
    reason: str
    decision: UUID | None = None


@dataclass(frozen=True, slots=True)
class WarnOfEnd:
    """The assessor was told that a decision ends, and has no successor."""

    decision: UUID
    last_night: date


@dataclass(frozen=True, slots=True)
class HandOverDecision:
    """A decision ends without a successor: `to` answers for the nights that follow. Said by `by`, with a reason."""

    decision: UUID
    to: UUID
    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Record the recipient's yes: what it covers, how it was given, who took it, and when if that was not now."""

    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    taken_by: UUID
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Record the recipient's no. It is never refused."""

    reason: Personal[str] | None = None


@dataclass(frozen=True, slots=True)
class PauseCamera:
    """No camera until then, or until somebody resumes it."""

    until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ResumeCamera:
    """The pause is over."""


@dataclass(frozen=True, slots=True)
class ReportAbsence:
    """The recipient is away. There is always an end, or a time at which somebody asks; said again, the new times hold.

    Without an end slots stay cancelled until somebody says that the recipient is back.
    """

    absence: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    review_at: datetime | None = None
    at: datetime | None = None
    """When it is said. The desk sets it: by what was to be asked before, nobody has asked until its time has come."""


@dataclass(frozen=True, slots=True)
class ReviewAbsence:
    """A named person has asked: still away, and to be asked again at `review_at`. The desk sets `at`."""

    absence: UUID
    by: UUID
    review_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """The recipient is back, since `ended_at`: every absence that covers that ends, on whatever word it is there.

    Not `announced`: they stood there, and nobody had said so.
    """

    absence: UUID
    ended_at: datetime
    announced: bool = True


@dataclass(frozen=True, slots=True)
class RecordDeath:
    """The recipient is dead. Said by `told_by`."""

    at: datetime
    told_by: UUID


@dataclass(frozen=True, slots=True)
class TakeDeathBack:
    """The death was recorded by mistake. It can be taken back at any time: refusing would leave somebody who lives
    without checks. What is past stays as it was; the cameras of the home stay shut until somebody allows them by name.
    """

    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """The recipient lives in another home, since `at`; it acts from when it is entered.

    Decision and schedule go with them. Consent, pause and camera do not: they are asked for, and tested, anew.
    """

    to_home: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SetSchedule:
    """The agreed times from a night on. The shell sees to it that this night is not planned yet."""

    from_night: date
    entries: tuple[ScheduleEntry, ...]
    at: datetime


Command = (
    Register
    | GrantDecision
    | EndDecision
    | WarnOfEnd
    | HandOverDecision
    | GiveConsent
    | WithdrawConsent
    | PauseCamera
    | ResumeCamera
    | ReportAbsence
    | ReviewAbsence
    | EndAbsence
    | RecordDeath
    | TakeDeathBack
    | Move
    | SetSchedule
)
