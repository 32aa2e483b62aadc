"""A recipient's rules: who may be looked at, when, and by what right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.schedule import ScheduleEntry
from events.types.recipient import (
    AbsenceEnded,
    AbsenceReported,
    CameraPaused,
    CameraResumed,
    ConsentForm,
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    DecisionEnded,
    DecisionGranted,
    RecipientRegistered,
    ScheduleSet,
)
from services.tillsyn.recipient.state import Absence, Decision, Recipient
from services.tillsyn.refused import RefusedError, UnknownError


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
    """End a decision from an instant on: the one named, else the one that stands in that night."""

    from_instant: datetime
    reason: str
    decision: UUID | None = None


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Record the recipient's yes."""

    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    taken_by: UUID


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
    """The recipient is away. An absence always has an end; said again with other times, it has those."""

    absence: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """The recipient is back."""

    absence: UUID
    ended_at: datetime


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
    | GiveConsent
    | WithdrawConsent
    | PauseCamera
    | ResumeCamera
    | ReportAbsence
    | EndAbsence
    | SetSchedule
)


class NoSuchRecipientError(UnknownError):
    """Nobody is registered with this id."""


class NoDecisionError(RefusedError):
    """No decision stands that could be ended."""


class DecisionOverError(RefusedError):
    """A decision that was ended is not taken up again; a new one is granted."""


class EndsBeforeItBeginsError(RefusedError):
    """A period that ends before it begins."""


class NoSuchAbsenceError(UnknownError):
    """The recipient has no absence with this id."""


class EntryTwiceError(RefusedError):
    """Two entries of a schedule have the same id."""


def decide(recipient: Recipient, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, Register):
        if recipient.recipient is not None:
            return []
        return [
            RecipientRegistered(recipient=command.recipient, home=command.home, unit=command.unit, name=command.name)
        ]
    if recipient.recipient is None:
        raise NoSuchRecipientError("no recipient is registered with this id; register the recipient first")
    id_ = recipient.recipient
    match command:
        case GrantDecision() | EndDecision():
            return _decision(recipient, id_, command)
        case GiveConsent(consent, scope, given_how, taken_by):
            return [ConsentGiven(recipient=id_, consent=consent, scope=scope, given_how=given_how, taken_by=taken_by)]
        case WithdrawConsent(reason):
            if recipient.consent is None:
                return []
            return [ConsentWithdrawn(recipient=id_, consent=recipient.consent.consent, reason=reason)]
        case PauseCamera(until, at):
            if until is not None and until <= at:
                raise EndsBeforeItBeginsError(f"the pause would end at {until:%F %H:%M} UTC, which is past")
            return [CameraPaused(recipient=id_, until=until)]
        case ResumeCamera():
            return [CameraResumed(recipient=id_)] if recipient.paused else []
        case ReportAbsence() | EndAbsence():
            return _absence(recipient, id_, command)
        case SetSchedule(from_night, entries, at):
            ids = [entry.id for entry in entries]
            if len(set(ids)) < len(ids):
                raise EntryTwiceError(f"the schedule names an entry twice: {max(ids, key=ids.count)}")
            return [ScheduleSet(recipient=id_, from_night=from_night, entries=entries, holds_from=at)]


def _decision(recipient: Recipient, id_: UUID, command: GrantDecision | EndDecision) -> Sequence[Event]:
    if isinstance(command, EndDecision):
        standing = _to_end(recipient, command)
        if standing.ended_at is not None and standing.ended_at <= command.from_instant:
            return []
        ended = DecisionEnded(
            recipient=id_,
            decision=standing.decision,
            from_instant=command.from_instant,
            reason=Personal.of(command.reason, id_),
        )
        return [ended]
    known = next((decision for decision in recipient.decisions if decision.decision == command.decision), None)
    if known is not None and known.ended_at is not None:
        raise DecisionOverError(f"decision {known.decision} was ended; grant a new one, with an id of its own")
    if command.to_night is not None and command.to_night < command.from_night:
        raise EndsBeforeItBeginsError(f"the decision would end on {command.to_night}, before {command.from_night}")
    return [
        DecisionGranted(
            recipient=id_,
            decision=command.decision,
            from_night=command.from_night,
            to_night=command.to_night,
            checks_a_night=command.checks_a_night,
            holds_from=command.at,
        )
    ]


def _to_end(recipient: Recipient, command: EndDecision) -> Decision:
    """The decision that is meant: the one named, else the one that the instant's night stands under."""
    if command.decision is not None:
        named = [decision for decision in recipient.decisions if decision.decision == command.decision]
    else:
        day = command.from_instant.date()
        under = [recipient.decision_of(night) for night in (day - timedelta(days=1), day)]
        named = [decision for decision in under if decision is not None] or list(recipient.decisions[-1:])
    if not named:
        raise NoDecisionError("no decision stands for this recipient; there is nothing to end")
    return named[0]


def _absence(recipient: Recipient, id_: UUID, command: ReportAbsence | EndAbsence) -> Sequence[Event]:
    if isinstance(command, EndAbsence):
        absence = recipient.absences.get(command.absence)
        if absence is None:
            raise NoSuchAbsenceError(f"the recipient has no absence {command.absence}")
        if absence.ends_at <= command.ended_at:
            return []
        return [AbsenceEnded(recipient=id_, absence=command.absence, ended_at=command.ended_at)]
    if recipient.absences.get(command.absence) == Absence(command.starts_at, command.ends_at):
        return []
    if command.ends_at <= command.starts_at:
        raise EndsBeforeItBeginsError(f"the absence would end at {command.ends_at:%F %H:%M} UTC, before it begins")
    return [
        AbsenceReported(
            recipient=id_,
            absence=command.absence,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            reason=Personal.of(command.reason, id_),
        )
    ]
