"""The state of one night, folded from its events. No clock, no personal field, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from events.base import Event
from events.schedule import PlannedSlot, SlotKind
from events.types import night as happened
from events.types.night import CompletedBy, DelayReason, EscalationReason
from events.types.unit import DEFAULT_RULES, NightRules


class Status(StrEnum):
    """How a slot stands. Everything but OPEN is an end."""

    OPEN = "open"
    COMPLETED = "completed"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a slot, and until when."""

    by: UUID
    until: datetime

    def live(self, at: datetime) -> bool:
        """Whether the lease still holds at `at`."""
        return at < self.until


@dataclass(frozen=True, slots=True)
class Look:
    """One look: whose, until when it may be served, and whether a live picture was."""

    by: UUID
    valid_until: datetime
    served_at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """How a slot was completed."""

    how: CompletedBy
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it stands now. `reports` maps each attempt to the trouble it told of, or to None."""

    plan: PlannedSlot
    kind: SlotKind
    status: Status
    late_at: datetime
    deadline: datetime
    escalates_at: datetime
    reports: Mapping[int, EscalationReason | None] = field(default_factory=dict)
    heard: frozenset[tuple[int, str]] = frozenset()
    """Every report that was kept, late ones included: attempt and what it said."""
    lease: Lease | None = None
    looks: Mapping[UUID, Look] = field(default_factory=dict)
    answerable: frozenset[UUID] = frozenset()
    """Looks granted under the present lease: only these can be answered."""
    look_trouble: EscalationReason | None = None
    visit: UUID | None = None
    second_look_at: datetime | None = None
    delayed: frozenset[DelayReason] = frozenset()
    completion: Completion | None = None
    because_of: UUID | None = None

    @property
    def id(self) -> UUID:
        """The slot's id."""
        return self.plan.slot

    @property
    def open(self) -> bool:
        """Whether the slot still has to end."""
        return self.status is Status.OPEN

    @property
    def trouble(self) -> EscalationReason | None:
        """What stands against the camera: a look that failed since, else what the gateway's latest attempt told."""
        return self.look_trouble or (self.reports[max(self.reports)] if self.reports else None)

    @property
    def own_visit(self) -> UUID:
        """The id of the visit that this slot leads to, if it ever does and leads it."""
        return uuid5(self.id, "visit")


@dataclass(frozen=True, slots=True)
class Night:
    """One recipient's night."""

    recipient: UUID | None = None
    home: UUID | None = None
    night: date | None = None
    rules: NightRules = DEFAULT_RULES
    slots: Mapping[UUID, Slot] = field(default_factory=dict)

    @property
    def planned(self) -> bool:
        """Whether the night's slots are fixed."""
        return self.night is not None

    def fallen_together(self, slot: Slot) -> tuple[Slot, ...]:
        """The open slots of the same kind and instant as `slot` (daylight saving can make two of them), in order."""
        same = (
            other
            for other in self.slots.values()
            if other.open and other.kind is slot.kind and other.plan.due_at == slot.plan.due_at
        )
        return tuple(sorted(same, key=lambda other: str(other.id)))

    def hard_maximum(self, slot: Slot) -> datetime:
        """The last instant to which anything may hold `slot` open."""
        return max(slot.plan.deadline, slot.plan.due_at + self.rules.hard_maximum)

    def held_until(self, slot: Slot, at: datetime) -> datetime | None:
        """Until when a lease that is live at `at` can hold `slot` open, its own or that of one fallen together."""
        leases = [one.lease for one in self.fallen_together(slot) if one.lease is not None and one.lease.live(at)]
        return min(max(lease.until for lease in leases), self.hard_maximum(slot)) if leases else None


EMPTY = Night()


def stream_of(recipient: UUID, night: date) -> str:
    """The stream of one recipient's night."""
    return f"night-{recipient}-{night.isoformat()}"


def evolve(night: Night, event: Event) -> Night:
    """The night after `event`. Events of other streams change nothing."""
    match event:
        case happened.NightPlanned():
            slots = {plan.slot: _fresh(plan) for plan in event.slots}
            return Night(event.recipient, event.home, event.night, event.rules, slots)
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
        case happened.LookGranted(slot=slot, look=look, by=by, valid_until=until):
            answerable = night.slots[slot].answerable | {look}
            return _with(night, slot, looks={look: Look(by, until)}, answerable=answerable)
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
        case happened.EscalationDelayed(slot=slot, reason=delay, until=until):
            return _with(night, slot, delayed=night.slots[slot].delayed | {delay}, escalates_at=until)
        case _:
            return _evolve_endings(night, event)


def _evolve_endings(night: Night, event: Event) -> Night:
    match event:
        case happened.SlotCompleted(slot=slot, how=how, by=by, at=at):
            return _with(night, slot, status=Status.COMPLETED, completion=Completion(how, by, at), lease=None)
        case happened.AllWellUndone(slot=slot, escalates_at=until):
            return _with(night, slot, status=Status.OPEN, completion=None, escalates_at=until)
        case happened.SlotBecameVisit(slot=slot, visit=visit, escalates_at=until):
            return _with(night, slot, kind=SlotKind.VISIT, visit=visit, lease=None, escalates_at=until)
        case happened.SlotCancelled(slot=slot, because_of=because_of):
            return _with(night, slot, status=Status.CANCELLED, because_of=because_of, lease=None)
        case happened.SlotReinstated(slot=slot, escalates_at=until):
            return _with(night, slot, status=Status.OPEN, because_of=None, escalates_at=until)
        case happened.SlotEscalated(slot=slot, visit=visit):
            return _with(night, slot, status=Status.ESCALATED, visit=visit, lease=None)
        case happened.NightMoved(home=home):
            return replace(night, home=home)
        case _:
            return night


def _fresh(plan: PlannedSlot) -> Slot:
    visit = uuid5(plan.slot, "visit") if plan.kind is SlotKind.VISIT else None
    return Slot(plan, plan.kind, Status.OPEN, plan.late_at, plan.deadline, plan.deadline, visit=visit)


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
    return Night(night.recipient, night.home, night.night, night.rules, {**night.slots, slot_id: changed})


_FIELDS = tuple(each.name for each in fields(Slot))
_VALUES = attrgetter(*_FIELDS)
"""What `dataclasses.replace` does, in half its time: folding is mostly this."""
