"""One recipient's night: what may happen to its slots, and what follows. Reads like the rule book of the unit.

The rules themselves stand in `answering` (staff), `second_thoughts` (staff, against the plan), `reporting` (gateways)
and `ending` (visits, agreements, time).
"""

from collections.abc import Sequence

from events.base import Event
from events.types.night import EscalationReason, NightPlanned
from services.tillsyn.night import commands as asked
from services.tillsyn.night.answering import (
    all_well,
    claim,
    grant,
    not_seen,
    record_look,
    release,
    seen_uncertain,
    undo,
)
from services.tillsyn.night.ending import (
    apply,
    covered,
    escalate,
    stood_for,
    sweep,
    visit_arrived,
    visit_closed,
    visit_done,
)
from services.tillsyn.night.moving import moved, returned
from services.tillsyn.night.needs import for_the_camera, open_slot, slot_of
from services.tillsyn.night.reporting import report_came
from services.tillsyn.night.second_thoughts import cancel, raise_alarm, reopen, review
from services.tillsyn.night.state import Night


def decide(night: Night, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.PlanNight():
            return _plan(night, command)
        case asked.ReportDue() | asked.ReportNoPicture():
            return report_came(night, slot_of(night, command.slot), command)
        case asked.Claim(slot, by, at):
            return claim(night, for_the_camera(night, slot), by, at)
        case asked.Release(slot, by, at):
            return release(slot_of(night, slot), by, at)
        case asked.GrantLook():
            return grant(night, for_the_camera(night, command.slot), command)
        case asked.RecordServed() | asked.RecordFailed():
            return record_look(night, slot_of(night, command.slot), command)
        case asked.SayAllWell(slot, by, at):
            return all_well(night, for_the_camera(night, slot), by, at)
        case asked.UndoAllWell(slot, by, at):
            return undo(night, slot_of(night, slot), by, at)
        case asked.SayNotSeen():
            return not_seen(night, for_the_camera(night, command.slot), command)
        case asked.SaySeenUncertain(slot, by, at):
            return seen_uncertain(night, for_the_camera(night, slot), by, at)
        case asked.RaiseConcern(slot, _, _, note):
            escalated = escalate(night, open_slot(night, slot), EscalationReason.CONCERN)
            return [event.model_copy(update={"note": note}) if event.slot == slot else event for event in escalated]
        case asked.GiveUpCamera(slot, reason):
            given_up = slot_of(night, slot)
            return escalate(night, given_up, reason) if given_up.open else []
        case asked.ReopenSlot() | asked.CancelSlot() | asked.RaiseManualAlarm() | asked.ReviewLook():
            return _against_the_plan(night, command)
        case asked.Apply(restrictions, at):
            return apply(night, restrictions, at)
        case asked.Returned():
            return returned(night, command)
        case asked.MoveNight(home):
            return moved(night, home)
        case asked.RecordVisitArrived(visit, until):
            return [event for slot in stood_for(night, visit) for event in visit_arrived(night, slot, until)]
        case asked.RecordVisitDone(visit, by, at):
            return [visit_done(night, slot, visit, by, at) for slot in stood_for(night, visit)]
        case asked.RecordVisitClosed(visit, by):
            return [visit_closed(slot, visit, by) for slot in stood_for(night, visit)]
        case asked.RecordCovered(visit, by, at):
            return [visit_done(night, slot, visit, by, at) for slot in covered(night, at)]
        case asked.Sweep(at):
            return sweep(night, at)


def _against_the_plan(
    night: Night, command: asked.ReopenSlot | asked.CancelSlot | asked.RaiseManualAlarm | asked.ReviewLook
) -> Sequence[Event]:
    match command:
        case asked.ReopenSlot():
            return reopen(night, slot_of(night, command.slot), command)
        case asked.CancelSlot():
            return cancel(night, open_slot(night, command.slot), command)
        case asked.RaiseManualAlarm():
            return raise_alarm(night, command)
        case asked.ReviewLook():
            return review(night, slot_of(night, command.slot), command)


def _plan(night: Night, command: asked.PlanNight) -> Sequence[Event]:
    if night.planned:
        return []
    return [
        NightPlanned(
            recipient=command.recipient,
            home=command.home,
            night=command.night,
            slots=command.slots,
            rules=command.rules,
        )
    ]
