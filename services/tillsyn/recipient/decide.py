"""A recipient's rules: who may be looked at, when, and by what right.

Decisions stand in `granting`, absences in `absences`.
"""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.types.recipient import (
    CameraPaused,
    CameraResumed,
    ConsentGiven,
    ConsentWithdrawn,
    DeathTakenBack,
    RecipientDied,
    RecipientMoved,
    RecipientRegistered,
    ScheduleSet,
)
from services.tillsyn.recipient import commands as asked
from services.tillsyn.recipient.absences import decide_absence
from services.tillsyn.recipient.errors import (
    DeadError,
    EndsBeforeItBeginsError,
    EntryTwiceError,
    NoReasonError,
    NoSuchRecipientError,
)
from services.tillsyn.recipient.granting import decide_decision
from services.tillsyn.recipient.state import Recipient


def decide(recipient: Recipient, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, asked.Register):
        if recipient.recipient is not None:
            return []
        return [
            RecipientRegistered(recipient=command.recipient, home=command.home, unit=command.unit, name=command.name)
        ]
    if recipient.recipient is None:
        raise NoSuchRecipientError("no recipient is registered with this id; register the recipient first")
    if recipient.died_at is not None and isinstance(command, _FOR_THE_LIVING):
        raise DeadError(f"{recipient.recipient} died at {recipient.died_at:%F %H:%M} UTC; take that back first")
    id_ = recipient.recipient
    match command:
        case asked.GrantDecision() | asked.EndDecision() | asked.WarnOfEnd() | asked.HandOverDecision():
            return decide_decision(recipient, id_, command)
        case asked.ReportAbsence() | asked.ReviewAbsence() | asked.EndAbsence():
            return decide_absence(recipient, id_, command)
        case asked.SetSchedule(from_night, entries, at):
            ids = [entry.id for entry in entries]
            if len(set(ids)) < len(ids):
                raise EntryTwiceError(f"the schedule names an entry twice: {max(ids, key=ids.count)}")
            return [ScheduleSet(recipient=id_, from_night=from_night, entries=entries, holds_from=at)]
        case asked.RecordDeath() | asked.TakeDeathBack():
            return _death(recipient, id_, command)
        case asked.Move(to_home, at):
            if recipient.home is None or recipient.home == to_home:
                return []
            return [RecipientMoved(recipient=id_, from_home=recipient.home, to_home=to_home, at=at)]
        case _:
            return _camera(recipient, id_, command)


_FOR_THE_LIVING = (asked.GrantDecision, asked.GiveConsent, asked.SetSchedule, asked.Move, asked.ReportAbsence)


def _camera(
    recipient: Recipient,
    id_: UUID,
    command: asked.GiveConsent | asked.WithdrawConsent | asked.PauseCamera | asked.ResumeCamera,
) -> Sequence[Event]:
    match command:
        case asked.GiveConsent(consent, scope, given_how, taken_by, given_at):
            return [
                ConsentGiven(
                    recipient=id_,
                    consent=consent,
                    scope=scope,
                    given_how=given_how,
                    taken_by=taken_by,
                    given_at=given_at,
                )
            ]
        case asked.WithdrawConsent(reason):
            if recipient.consent is None:
                return []
            return [ConsentWithdrawn(recipient=id_, consent=recipient.consent.consent, reason=reason)]
        case asked.PauseCamera(until, at):
            if until is not None and until <= at:
                raise EndsBeforeItBeginsError(f"the pause would end at {until:%F %H:%M} UTC, which is past")
            return [CameraPaused(recipient=id_, until=until)]
        case asked.ResumeCamera():
            return [CameraResumed(recipient=id_)] if recipient.paused else []


def _death(recipient: Recipient, id_: UUID, command: asked.RecordDeath | asked.TakeDeathBack) -> Sequence[Event]:
    if isinstance(command, asked.RecordDeath):
        if recipient.died_at is not None:
            return []
        return [RecipientDied(recipient=id_, at=command.at, told_by=command.told_by)]
    if recipient.died_at is None:
        return []
    if not command.reason.strip():
        raise NoReasonError(f"the death of recipient {id_} is taken back with a reason; say how it came to be recorded")
    return [DeathTakenBack(recipient=id_, by=command.by, reason=Personal.of(command.reason.strip(), id_))]
