"""The state of one night, folded from its events. No clock, no personal field, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from events.base import Event
from events.looks.grant import LookPurpose
from events.schedule import PlannedSlot, SlotKind
from events.types import night as happened
from events.types.night import EscalationReason
from events.types.unit import DEFAULT_RULES, NightRules
from services.tillsyn.night.slot import Completion, Lease, Look, Slot, Status


@dataclass(frozen=True, slots=True)
class Night:
    """One recipient's night."""

    recipient: UUID | None = None
    home: UUID | None = None
    night: date | None = None
    rules: NightRules = DEFAULT_RULES
    slots: Mapping[UUID, Slot] = field(default_factory=dict)
    planned: bool = False
    """Whether the night's slots are fixed. A manual alarm can be there before."""

    def fallen_together(self, slot: Slot) -> tuple[Slot, ...]:
        """The open slots of the same kind and instant as `slot` (daylight saving can make two of them), in order.

        A manual alarm stands alone: what is seen on somebody's word settles nothing that was agreed, or the reverse.
        """
        same = (
            other
            for other in self.slots.values()
            if other.open and other.kind is slot.kind and _of_one_instant(other, slot)
        )
        return tuple(sorted(same, key=lambda other: str(other.id)))

    def settled_together(self, slot: Slot) -> tuple[Slot, ...]:
        """The slots that ended in the same way and moment as `slot`, by one look or with one visit, in order."""

        def end(one: Slot) -> tuple[object, ...]:
            return one.kind, one.status, one.completion, one.visit

        same = (other for other in self.slots.values() if _of_one_instant(other, slot) and end(other) == end(slot))
        return tuple(sorted(same, key=lambda other: str(other.id)))

    def hard_maximum(self, slot: Slot) -> datetime:
        """The last instant to which anything may hold `slot` open."""
        return max(slot.plan.deadline, slot.due_at + self.rules.hard_maximum)

    def opens_at(self, slot: Slot) -> datetime:
        """From when `slot` may be done: slots of one instant are one check, and open with the first of them."""
        return min(one.plan.opens_at for one in self.slots.values() if _of_one_instant(one, slot))

    def purpose_of(self, slot: Slot, at: datetime) -> LookPurpose:
        """What a look at `slot` is for. Reopened after a look, or when its time is long over, or when it has been
        looked at enough, it is looked at on somebody's word: nobody agreed to be looked at again and again.
        """
        agreed_until = max(slot.plan.deadline, slot.plan.due_at + self.rules.hard_maximum)
        outside = slot.caller is not None or slot.seen_before or at > agreed_until or slot.looked_enough
        return LookPurpose.ALARM if outside else LookPurpose.SLOT

    def held_until(self, slot: Slot, at: datetime) -> datetime | None:
        """Until when a lease that is live at `at` can hold `slot` open, its own or that of one fallen together."""
        leases = [one.lease for one in self.fallen_together(slot) if one.lease is not None and one.lease.live(at)]
        return min(max(lease.until for lease in leases), self.hard_maximum(slot)) if leases else None


def _of_one_instant(one: Slot, other: Slot) -> bool:
    return one.id == other.id or (one.caller is other.caller is None and one.plan.due_at == other.plan.due_at)


EMPTY = Night()


def stream_of(recipient: UUID, night: date) -> str:
    """The stream of one recipient's night."""
    return f"night-{recipient}-{night.isoformat()}"


def evolve(night: Night, event: Event) -> Night:
    """The night after `event`. Events of other streams change nothing."""
    match event:
        case happened.NightPlanned():
            slots = {plan.slot: _fresh(plan) for plan in event.slots}
            return Night(event.recipient, event.home, event.night, event.rules, {**night.slots, **slots}, True)
        case happened.ManualAlarmRaised(plan=plan, caller=caller, by=by):
            slots = {**night.slots, plan.slot: replace(_fresh(plan), caller=caller, raised_by=by)}
            return Night(event.recipient, event.home, event.night, event.rules, slots, night.planned)
        case happened.CheckDueReported(slot=slot, attempt=attempt, escalates_at=until):
            return _reported(night, slot, attempt, None, until)
        case happened.PictureMissing(slot=slot, attempt=attempt, reason=reason, escalates_at=until):
            return _reported(night, slot, attempt, reason, until)
        case happened.LateReportReceived(slot=slot, attempt=attempt, report=report):
            return _with(night, slot, heard=night.slots[slot].heard | {(attempt, report)})
        case happened.SlotClaimed(slot=slot, by=by, until=until, renewed=renewed):
            answerable = night.slots[slot].answerable if renewed else frozenset()
            return _with(night, slot, lease=Lease(by, until), answerable=answerable)
        case happened.SlotReleased(slot=slot):
            return _with(night, slot, lease=None)
        case happened.LookGranted(slot=slot, look=look, by=by, valid_until=until, purpose=purpose):
            answerable = night.slots[slot].answerable | {look}
            return _with(night, slot, looks={look: Look(by, until, purpose=purpose)}, answerable=answerable)
        case happened.LookServed(slot=slot, look=look, taken_at=taken_at):
            served = replace(night.slots[slot].looks[look], served_at=taken_at, failed=False)
            return _with(night, slot, looks={look: served}, look_trouble=None)
        case happened.LookFailed(slot=slot, look=look, trouble=trouble, escalates_at=until):
            failed = replace(night.slots[slot].looks[look], failed=True)
            return _with(night, slot, looks={look: failed}, look_trouble=trouble, escalates_at=until)
        case happened.NotSeen(slot=slot):
            return _with(
                night,
                slot,
                second_look_at=event.second_look_at,
                late_at=event.late_at,
                deadline=event.deadline,
                escalates_at=event.deadline,
                lease=None,
            )
        case happened.SeenUncertain(slot=slot, by=by, answer_by=until):
            return _with(night, slot, uncertain_by=by, answer_by=until, escalates_at=until, lease=None)
        case happened.EscalationDelayed(slot=slot, reason=delay, until=until):
            return _with(night, slot, delayed=night.slots[slot].delayed | {delay}, escalates_at=until)
        case _:
            return _evolve_endings(night, event)


def _evolve_endings(night: Night, event: Event) -> Night:
    match event:
        case happened.SlotCompleted(slot=slot, how=how, by=by, at=at):
            return _with(
                night, slot, status=Status.COMPLETED, completion=Completion(how, by, at), lease=None, reason=None
            )
        case happened.AllWellUndone(slot=slot, escalates_at=until):
            return _with(night, slot, status=Status.OPEN, completion=None, escalates_at=until)
        case happened.SlotBecameVisit(slot=slot, visit=visit, escalates_at=until):
            return _with(night, slot, kind=SlotKind.VISIT, visit=visit, lease=None, escalates_at=until)
        case happened.SlotCancelled(slot=slot, reason=happened.CancelReason.BY_NAME, by=by):
            return _with(night, slot, status=Status.CANCELLED, cancelled_by=by, lease=None)
        case happened.SlotCancelled(slot=slot, because_of=because_of):
            return _with(night, slot, status=Status.CANCELLED, because_of=because_of, lease=None)
        case happened.SlotReinstated(slot=slot, escalates_at=until):
            return _with(night, slot, status=Status.OPEN, because_of=None, escalates_at=until)
        case happened.SlotEscalated(slot=slot, visit=visit, reason=reason):
            return _with(night, slot, status=Status.ESCALATED, visit=visit, lease=None, reason=reason)
        case happened.SlotReopened():
            return _reopened(night, event)
        case happened.LookReviewed(slot=slot, look=look, by=by, verdict=verdict):
            reviewed = replace(night.slots[slot].looks[look], reviewed=(by, verdict))
            return _with(night, slot, looks={look: reviewed})
        case happened.NightMoved(home=home):
            return replace(night, home=home)
        case _:
            return night


def _fresh(plan: PlannedSlot) -> Slot:
    visit = uuid5(plan.slot, "visit") if plan.kind is SlotKind.VISIT else None
    return Slot(plan, plan.kind, Status.OPEN, plan.late_at, plan.deadline, plan.deadline, visit=visit)


def _reopened(night: Night, event: happened.SlotReopened) -> Night:
    """Open as if nothing had been done yet, until its new deadline; what was seen before answers nothing any more."""
    return _with(
        night,
        event.slot,
        status=Status.OPEN,
        completion=None,
        cancelled_by=None,
        visit=event.visit,
        late_at=event.late_at,
        deadline=event.deadline,
        escalates_at=event.deadline,
        lease=None,
        look_trouble=None,
        second_look_at=None,
        delayed=frozenset(),
        uncertain_by=None,
        answer_by=None,
        reopened_by=event.by,
        reopened_at=event.at,
        reopenings=night.slots[event.slot].reopenings + 1,
        seen_before=any(look.served_at is not None for look in night.slots[event.slot].looks.values()),
    )


def _reported(night: Night, slot_id: UUID, attempt: int, trouble: EscalationReason | None, until: datetime) -> Night:
    slot = night.slots[slot_id]
    worst = max(slot.reports.get(attempt) or "", trouble or "")
    return _with(
        night,
        slot_id,
        reports={attempt: EscalationReason(worst) if worst else None},
        heard=slot.heard | {(attempt, trouble.value if trouble else "due")},
        escalates_at=until,
    )


def _with(
    night: Night,
    slot_id: UUID,
    *,
    reports: Mapping[int, EscalationReason | None] | None = None,
    looks: Mapping[UUID, Look] | None = None,
    **changes: Any,
) -> Night:
    slot = night.slots[slot_id]
    if reports is not None:
        changes["reports"] = {**slot.reports, **reports}
    if looks is not None:
        changes["looks"] = {**slot.looks, **looks}
    changed = Slot(**(dict(zip(_FIELDS, _VALUES(slot), strict=True)) | changes))
    slots = {**night.slots, slot_id: changed}
    return Night(night.recipient, night.home, night.night, night.rules, slots, night.planned)


_FIELDS = tuple(each.name for each in fields(Slot))
_VALUES = attrgetter(*_FIELDS)
"""What `dataclasses.replace` does, in half its time: folding is mostly this."""
