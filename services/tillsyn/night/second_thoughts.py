"""Against the plan, by name and with a reason: a settled slot is reopened, an alarm is raised, a look is reviewed."""

from collections.abc import Sequence

from events.base import Event
from events.looks.grant import LookPurpose
from events.personal import Personal, Purpose
from events.schedule import PlannedSlot, SlotKind
from events.types.night import (
    CancelReason,
    EscalationReason,
    LookReviewed,
    ManualAlarmRaised,
    SlotCancelled,
    SlotReopened,
)
from services.tillsyn.night import commands as asked
from services.tillsyn.night.ending import escalate
from services.tillsyn.night.errors import (
    CancelledError,
    CarerThereError,
    InDoubtError,
    NightOverError,
    NoSuchLookError,
    NothingToReviewError,
    NotSettledError,
    OwnAlarmError,
    OwnLookError,
    SomebodyGoesError,
    VisitMadeError,
)
from services.tillsyn.night.needs import require_reason
from services.tillsyn.night.slot import Slot, Status
from services.tillsyn.night.state import Night, evolve


def reopen(night: Night, slot: Slot, command: asked.ReopenSlot) -> Sequence[Event]:
    """Slots that ended together are open again together: what is doubted is the look or the visit they ended by."""
    reason = require_reason(command.reason, f"slot {slot.id} is reopened")
    _require_reopenable(slot, command)
    together = night.settled_together(slot)
    leads = together[0]
    until = command.at + night.rules.reopened_for
    return [
        SlotReopened(
            slot=one.id,
            by=command.by,
            reason=Personal.of(reason, night.recipient or one.id, Purpose.ACCESS_LOG),
            at=command.at,
            late_at=command.at + night.rules.reopened_for / 2,
            deadline=until,
            visit=leads.visit_after(leads.reopenings + 1) if one.kind is SlotKind.VISIT else None,
        )
        for one in together
    ]


def _require_reopenable(slot: Slot, command: asked.ReopenSlot) -> None:
    match slot.status:
        case Status.OPEN:
            raise NotSettledError(slot.id)
        case Status.CANCELLED if slot.cancelled_by is None:
            raise CancelledError(slot.id, slot.because_of)
        case Status.ESCALATED if command.visit_made:
            raise VisitMadeError(slot.id)
        case Status.ESCALATED if command.visit_taken or (slot.kind is SlotKind.VISIT and not command.visit_ended):
            raise SomebodyGoesError(slot.id)
    if command.at >= command.night_ends:
        raise NightOverError(slot.id, command.night_ends)


def cancel(night: Night, slot: Slot, command: asked.CancelSlot) -> Sequence[Event]:
    """Slots of one instant are one check. Whoever was looked for in vain, or is in doubt, is not left at that."""
    reason = require_reason(command.reason, f"slot {slot.id} is cancelled")
    if slot.uncertain_by is not None or slot.second_look_at is not None:
        raise InDoubtError(slot.id)
    if command.carer_there:
        raise CarerThereError(slot.id)
    return [
        SlotCancelled(
            slot=one.id,
            reason=CancelReason.BY_NAME,
            because_of=slot.id,
            by=command.by,
            note=Personal.of(reason, night.recipient or one.id, Purpose.ACCESS_LOG),
        )
        for one in night.fallen_together(slot)
    ]


def raise_alarm(night: Night, command: asked.RaiseManualAlarm) -> Sequence[Event]:
    """A slot of its own, open at once. Where no camera is to be used, somebody is sent in the same moment."""
    if command.slot in night.slots:
        return []
    reason = require_reason(command.reason, "an alarm is raised")
    rules = night.rules if night.planned else command.rules
    plan = PlannedSlot(
        slot=command.slot,
        entry=command.slot,
        n=0,
        kind=SlotKind.REMOTE if command.camera else SlotKind.VISIT,
        opens_at=command.at,
        due_at=command.at,
        late_at=command.at + rules.alarm_look_within / 2,
        deadline=command.at + rules.alarm_look_within,
    )
    raised = ManualAlarmRaised(
        slot=command.slot,
        recipient=command.recipient,
        home=command.home,
        night=command.night,
        plan=plan,
        rules=rules,
        caller=command.caller,
        by=command.by,
        reason=Personal.of(reason, command.recipient, Purpose.ACCESS_LOG),
    )
    if command.camera:
        return [raised]
    night = evolve(night, raised)
    return [raised, *escalate(night, night.slots[command.slot], EscalationReason.ALARM)]


def review(night: Night, slot: Slot, command: asked.ReviewLook) -> Sequence[Event]:
    look = slot.looks.get(command.look)
    if look is None:
        raise NoSuchLookError(slot.id, command.look)
    if look.purpose is not LookPurpose.ALARM:
        raise NothingToReviewError(f"look {command.look} was at an agreed time; only looks outside those are reviewed")
    if look.by == command.by:
        raise OwnLookError(command.look, command.by)
    if slot.raised_by == command.by:
        raise OwnAlarmError(command.look, command.by)
    if look.reviewed == (command.by, command.verdict):
        return []
    if look.reviewed is not None:
        by, verdict = look.reviewed
        raise NothingToReviewError(f"look {command.look} was reviewed by {by}, {verdict}; it is reviewed once")
    note = command.note.strip()
    reviewed = LookReviewed(
        slot=slot.id,
        look=command.look,
        by=command.by,
        verdict=command.verdict,
        note=Personal.of(note, night.recipient or slot.id, Purpose.ACCESS_LOG) if note else None,
    )
    return [reviewed]
