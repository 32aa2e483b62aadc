"""One recipient's night: what may happen to its slots, and what follows. Reads like the rule book of the unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from uuid import UUID

from events.base import Event
from events.schedule import SlotKind
from events.types.night import (
    AllWellUndone,
    CheckDueReported,
    CompletedBy,
    DelayReason,
    EscalationDelayed,
    EscalationReason,
    LateReportReceived,
    LookFailed,
    LookGranted,
    LookServed,
    NightPlanned,
    NotSeen,
    PictureMissing,
    SlotBecameVisit,
    SlotCancelled,
    SlotClaimed,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReleased,
    VisitInstead,
)
from services.tillsyn.night import commands as asked
from services.tillsyn.night.errors import (
    LeaseHeldByOtherError,
    NightNotPlannedError,
    NoLeaseError,
    NoLivePictureError,
    NoSuchSlotError,
    NotForTheCameraError,
    SlotSettledError,
    TooEarlyError,
    UndoTooLateError,
)
from services.tillsyn.night.state import Lease, Night, Slot, Status, evolve

LAST_ATTEMPT = 2
"""A gateway retries once; failures reported of further attempts buy no time."""


def decide(night: Night, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.PlanNight():
            return _plan(night, command)
        case asked.ReportDue() | asked.ReportNoPicture():
            return _report(night, _slot(night, command.slot), command)
        case asked.Claim(slot, by, at):
            return _claim(night, _for_the_camera(night, slot), by, at)
        case asked.Release(slot, by, at):
            return _release(_slot(night, slot), by, at)
        case asked.GrantLook():
            return _grant(night, _for_the_camera(night, command.slot), command)
        case asked.RecordServed() | asked.RecordFailed():
            return _record_look(_slot(night, command.slot), command)
        case asked.SayAllWell(slot, by, at):
            return _all_well(night, _for_the_camera(night, slot), by, at)
        case asked.UndoAllWell(slot, by, at):
            return _undo(night, _slot(night, slot), by, at)
        case asked.SayNotSeen():
            return _not_seen(night, _for_the_camera(night, command.slot), command)
        case asked.RaiseConcern(slot, _, _, note):
            escalated = _escalate(night, _open(night, slot), EscalationReason.CONCERN)
            return [event.model_copy(update={"note": note}) if event.slot == slot else event for event in escalated]
        case asked.Apply(restrictions, at):
            return _apply(night, restrictions, at)
        case asked.RecordVisitArrived(visit, until):
            return [event for slot in _stood_for(night, visit) for event in _visit_arrived(night, slot, until)]
        case asked.RecordVisitDone(visit, by, at):
            return [_visit_done(slot, visit, by, at) for slot in _stood_for(night, visit)]
        case asked.Sweep(at):
            return _sweep(night, at)


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


# A gateway's reports: kept whenever they come, acted on while the slot is open, and once only.


def _report(night: Night, slot: Slot, report: asked.ReportDue | asked.ReportNoPicture) -> Sequence[Event]:
    kind = report.reason.value if isinstance(report, asked.ReportNoPicture) else "due"
    if (report.attempt, kind) in slot.heard:
        return []
    if not slot.open or slot.kind is SlotKind.VISIT:
        late = LateReportReceived(slot=slot.id, attempt=report.attempt, report=kind, reported_at=report.at)
        return [late]
    until = _escalates_after(night, slot, report)
    if isinstance(report, asked.ReportDue):
        due = CheckDueReported(slot=slot.id, attempt=report.attempt, quality=report.quality, escalates_at=until)
        return [due]
    missing = PictureMissing(
        slot=slot.id, attempt=report.attempt, reason=report.reason, fault=report.fault, escalates_at=until
    )
    return [missing]


def _escalates_after(night: Night, slot: Slot, report: asked.ReportDue | asked.ReportNoPicture) -> datetime:
    """When the slot is escalated if nobody settles it.

    An attempt older than one already known decides nothing, nor does a report held up until a second look or a delay
    was decided, nor a failure after the last attempt. Of two reports of one attempt (the gateway was restarted in the
    middle of it) the worse counts, whichever comes first.
    """
    failed = isinstance(report, asked.ReportNoPicture)
    counted = [attempt for attempt, trouble in slot.reports.items() if attempt <= LAST_ATTEMPT or trouble is None]
    if slot.second_look_at is not None or slot.delayed or (failed and report.attempt > LAST_ATTEMPT):
        return slot.escalates_at
    if report.attempt < max(counted, default=0):
        return slot.escalates_at
    contradicted = slot.reports.get(report.attempt) is not None
    if not failed:
        return slot.escalates_at if contradicted else slot.deadline
    rules = night.rules
    wait = rules.trouble_grace if report.attempt > 1 else rules.retry_after + rules.trouble_grace
    until = min(slot.deadline, max(report.at, slot.plan.due_at) + wait)
    return min(until, slot.escalates_at) if contradicted else until


# What staff do at the desk.


def _claim(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    opens_at = slot.second_look_at or slot.plan.opens_at
    if at < opens_at:
        raise TooEarlyError(slot.id, opens_at)
    for other in night.slots.values():
        held = other.lease
        if held is not None and held.live(at) and held.by != by:
            raise LeaseHeldByOtherError(other.id, held.by, held.until)
    renewed = slot.lease is not None and slot.lease.live(at)
    return [SlotClaimed(slot=slot.id, by=by, until=at + night.rules.lease, renewed=renewed)]


def _release(slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    if slot.lease is None or slot.lease.by != by or not slot.lease.live(at):
        return []
    return [SlotReleased(slot=slot.id, by=by)]


def _grant(night: Night, slot: Slot, command: asked.GrantLook) -> Sequence[Event]:
    lease = _require_lease(slot, command.by, command.at)
    if command.look in slot.looks:
        return []
    granted = LookGranted(
        slot=slot.id,
        look=command.look,
        by=command.by,
        camera=command.camera,
        valid_from=command.at,
        valid_until=min(command.at + night.rules.look, lease.until),
        recipient_version=command.recipient_version,
    )
    return [granted]


def _record_look(slot: Slot, command: asked.RecordServed | asked.RecordFailed) -> Sequence[Event]:
    look = slot.looks.get(command.look)
    if look is None or look.served_at is not None:
        return []
    if isinstance(command, asked.RecordFailed):
        if look.failed:
            return []
        return [LookFailed(slot=slot.id, look=command.look, fault=command.fault)]
    return [LookServed(slot=slot.id, look=command.look, taken_at=command.taken_at, frames=command.frames)]


def _all_well(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    _require_lease(slot, by, at)
    look = _require_live_picture(slot, by)
    return [
        SlotCompleted(slot=one.id, how=CompletedBy.REMOTE_CHECK, by=by, at=at, look=look, visit=None)
        for one in night.fallen_together(slot)
    ]


def _undo(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    done = slot.completion
    if done is None or done.how is not CompletedBy.REMOTE_CHECK:
        raise SlotSettledError(slot.id, f'{slot.status}, and not by "all well"')
    if done.by != by or at > done.at + night.rules.undo:
        raise UndoTooLateError(slot.id, done.at + night.rules.undo)
    together = [one for one in night.slots.values() if one.completion == done and one.plan.due_at == slot.plan.due_at]
    return [AllWellUndone(slot=one.id, by=by, escalates_at=one.deadline) for one in together]


def _not_seen(night: Night, slot: Slot, command: asked.SayNotSeen) -> Sequence[Event]:
    _require_lease(slot, command.by, command.at)
    look = _require_live_picture(slot, command.by)
    rules = night.rules
    again_at = command.at + rules.second_look_after
    until = min(again_at + rules.second_look_window, night.hard_maximum(slot))
    if slot.second_look_at is not None or not command.second_look_consented or again_at >= until:
        return _escalate(night, slot, EscalationReason.NOT_SEEN)
    return [
        NotSeen(
            slot=one.id,
            look=look,
            by=command.by,
            second_look_at=again_at,
            late_at=max(one.late_at, again_at + (until - again_at) / 2),
            deadline=max(one.deadline, until),
        )
        for one in night.fallen_together(slot)
    ]


# Visits, and time running out.


def _apply(night: Night, restrictions: Mapping[UUID, asked.Restriction], at: datetime) -> Sequence[Event]:
    """Whoever is back is first taken up again: without a camera to use, the slot is then a visit, not nothing."""
    back = [
        SlotReinstated(slot=slot.id, because_of=slot.because_of, escalates_at=slot.deadline)
        for slot in night.slots.values()
        if slot.because_of is not None and at < slot.deadline
        if not isinstance(restrictions.get(slot.id), asked.Cancelled)
    ]
    night = reduce(evolve, back, night)
    return [*back, *(event for slot in night.slots.values() for event in _restrict(night, slot, restrictions))]


def _restrict(night: Night, slot: Slot, restrictions: Mapping[UUID, asked.Restriction]) -> Sequence[Event]:
    match restrictions.get(slot.id):
        case asked.Cancelled(reason, because_of) if slot.open:
            return [SlotCancelled(slot=slot.id, reason=reason, because_of=because_of)]
        case VisitInstead() as reason if slot.open and slot.kind is SlotKind.REMOTE:
            visit = night.fallen_together(slot)[0].own_visit
            return [SlotBecameVisit(slot=slot.id, reason=reason, visit=visit, escalates_at=slot.deadline)]
        case _:
            return []


def _stood_for(night: Night, visit: UUID) -> list[Slot]:
    """The open slots that `visit` is made for."""
    return [slot for slot in night.slots.values() if slot.open and slot.visit == visit]


def _visit_arrived(night: Night, slot: Slot, until: datetime) -> Sequence[Event]:
    if DelayReason.VISIT_ARRIVED in slot.delayed:
        return []
    later = max(min(until, night.hard_maximum(slot)), slot.escalates_at)
    return [EscalationDelayed(slot=slot.id, reason=DelayReason.VISIT_ARRIVED, until=later)]


def _visit_done(slot: Slot, visit: UUID, by: UUID, at: datetime) -> Event:
    return SlotCompleted(slot=slot.id, how=CompletedBy.VISIT, by=by, at=at, look=None, visit=visit)


def _sweep(night: Night, at: datetime) -> Sequence[Event]:
    events: list[Event] = []
    swept: set[UUID] = set()
    for slot in night.slots.values():
        if not slot.open or slot.escalates_at > at or slot.id in swept:
            continue
        held = night.held_until(slot, at)
        if held is not None and held > at and DelayReason.LIVE_LEASE not in slot.delayed:
            events.append(EscalationDelayed(slot=slot.id, reason=DelayReason.LIVE_LEASE, until=held))
            continue
        escalated = _escalate(night, slot, _why(slot))
        swept |= {event.slot for event in escalated}
        events += escalated
    return events


def _why(slot: Slot) -> EscalationReason:
    if slot.kind is SlotKind.VISIT:
        return EscalationReason.VISIT_NOT_MADE
    if slot.second_look_at is not None:
        return EscalationReason.NOT_SEEN
    return slot.trouble or EscalationReason.NOBODY_LOOKED


def _escalate(night: Night, slot: Slot, reason: EscalationReason) -> list[SlotEscalated]:
    together = night.fallen_together(slot)
    visit = slot.visit or together[0].own_visit
    return [SlotEscalated(slot=one.id, reason=reason, visit=visit) for one in together]


# What a command needs before anything follows from it.


def _slot(night: Night, slot_id: UUID) -> Slot:
    if not night.planned:
        raise NightNotPlannedError("this night is not planned; the planner plans it when decision and schedule stand")
    slot = night.slots.get(slot_id)
    if slot is None:
        raise NoSuchSlotError(slot_id)
    return slot


def _open(night: Night, slot_id: UUID) -> Slot:
    slot = _slot(night, slot_id)
    if slot.status is not Status.OPEN:
        raise SlotSettledError(slot.id, slot.status)
    return slot


def _for_the_camera(night: Night, slot_id: UUID) -> Slot:
    slot = _open(night, slot_id)
    if slot.kind is not SlotKind.REMOTE:
        raise NotForTheCameraError(slot.id)
    return slot


def _require_lease(slot: Slot, by: UUID, at: datetime) -> Lease:
    if slot.lease is None or slot.lease.by != by or not slot.lease.live(at):
        raise NoLeaseError(slot.id)
    return slot.lease


def _require_live_picture(slot: Slot, by: UUID) -> UUID:
    looks = ((id_, slot.looks[id_]) for id_ in slot.answerable)
    served = [(look.served_at, id_) for id_, look in looks if look.by == by and look.served_at is not None]
    if not served:
        raise NoLivePictureError(slot.id)
    return max(served)[1]
