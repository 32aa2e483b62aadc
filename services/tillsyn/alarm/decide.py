"""An alarm's rules. It ends when its cause does, and in no other way; until then a limit runs."""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.types.alarm import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmDisowned,
    AlarmHandedOver,
    AlarmRaised,
    AlarmRepeated,
)
from services.tillsyn.alarm.commands import Acknowledge, Clear, Command, Disown, HandOver, Raise, Sweep
from services.tillsyn.alarm.errors import AlarmClearedError, AlarmOwnedError, NoSuchAlarmError, NotTheOwnerError
from services.tillsyn.alarm.limits import limits_of
from services.tillsyn.alarm.state import Alarm, State, alarm_id


def decide(alarm: Alarm, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case Raise():
            return [] if alarm.stands else [_raised(alarm, command)]
        case Acknowledge():
            return _acknowledge(alarm, _standing(alarm), command)
        case HandOver():
            return _hand_over(alarm, _standing(alarm), command)
        case Disown(was, at, rules):
            if not alarm.stands or alarm.alarm is None or alarm.owner != was:
                return []
            answer_by = at + limits_of(alarm.kind, rules).answer
            return [AlarmDisowned(alarm=alarm.alarm, was=was, answer_by=answer_by)]
        case Sweep():
            return _sweep(alarm, command)
        case Clear(because):
            if not alarm.stands or alarm.alarm is None:
                return []
            return [AlarmCleared(alarm=alarm.alarm, because=because)]


def _raised(alarm: Alarm, command: Raise) -> AlarmRaised:
    return AlarmRaised(
        alarm=alarm_id(command.kind, command.cause, alarm.raised),
        kind=command.kind,
        unit=command.unit,
        cause=command.cause,
        role=command.role,
        recipient=command.recipient,
        home=command.home,
        since=command.at,
        answer_by=command.at + limits_of(command.kind, command.rules).answer,
    )


def _acknowledge(alarm: Alarm, id_: UUID, command: Acknowledge) -> Sequence[Event]:
    if alarm.state is State.ACKNOWLEDGED:
        if alarm.owner == command.by:
            return []
        until = f"until {alarm.act_at:%H:%M} UTC" if alarm.act_at else "now"
        raise AlarmOwnedError(f"alarm {id_} is {alarm.owner}'s {until}; they can hand it over to {command.by}")
    mend_by = command.at + limits_of(alarm.kind, command.rules).mend
    return [AlarmAcknowledged(alarm=id_, by=command.by, mend_by=mend_by)]


def _hand_over(alarm: Alarm, id_: UUID, command: HandOver) -> Sequence[Event]:
    if alarm.owner == command.to:
        return []
    if alarm.owner != command.by:
        has_it = f"{alarm.owner} can" if alarm.owner else "it is nobody's, and can be acknowledged"
        raise NotTheOwnerError(f"{command.by} does not have alarm {id_}, and cannot hand it over; {has_it}")
    return [AlarmHandedOver(alarm=id_, by=command.by, to=command.to)]


def _sweep(alarm: Alarm, command: Sweep) -> Sequence[Event]:
    due = alarm.act_at is not None and alarm.act_at <= command.at
    if not due or alarm.alarm is None or alarm.since is None:
        return []
    answer_by = command.at + limits_of(alarm.kind, command.rules).answer
    repeats = alarm.repeats + 1
    return [AlarmRepeated(alarm=alarm.alarm, repeats=repeats, since=alarm.since, answer_by=answer_by)]


def _standing(alarm: Alarm) -> UUID:
    if alarm.alarm is None:
        raise NoSuchAlarmError("there is no such alarm; list the alarms to see those that stand")
    if not alarm.stands:
        raise AlarmClearedError(f"alarm {alarm.alarm} is cleared: its cause is gone, and nothing is left to do")
    return alarm.alarm
