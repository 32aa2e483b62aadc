"""Rows of slots and looks."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from events.envelope import Recorded
from events.schedule import PlannedSlot
from events.store import Put, RowWrite, Set
from events.types import night as happened


def night_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a night changes."""
    event = recorded.event
    match event:
        case happened.NightPlanned(slots=planned):
            return [Put("slots", plan.slot, _planned(recorded, event, plan)) for plan in planned]
        case happened.ManualAlarmRaised(plan=plan, caller=caller):
            return [Put("slots", plan.slot, _planned(recorded, event, plan) | {"caller": caller.value})]
        case happened.LookGranted() | happened.LookServed() | happened.LookFailed() | happened.LookReviewed():
            return _look(recorded, event)
        case happened.LateReportReceived():
            return []
        case happened.NightMoved(home=home, slots=slots):
            return [Set("slots", slot, {"home": home}) for slot in slots]
        case _:
            slot: UUID | None = getattr(event, "slot", None)
            changes = _changes(recorded)
            return [Set("slots", slot, changes)] if slot is not None and changes else []


def _planned(
    recorded: Recorded, event: happened.NightPlanned | happened.ManualAlarmRaised, plan: PlannedSlot
) -> dict[str, Any]:
    owner = recorded.context.owner
    return {
        "organisation": owner.organisation,
        "unit": owner.unit,
        "recipient": event.recipient,
        "home": event.home,
        "night": event.night,
        "kind": plan.kind.value,
        "status": "open",
        "opens_at": plan.opens_at,
        "due_at": plan.due_at,
        "late_at": plan.late_at,
        "deadline": plan.deadline,
        "act_at": plan.deadline,
    }


_NO_LEASE: dict[str, Any] = {"lease_by": None, "lease_until": None}
_OPEN_AGAIN: dict[str, Any] = {
    "status": "open",
    "reason": None,
    "completed_by": None,
    "settled_by": None,
    "settled_at": None,
}
_AS_IF_NOTHING_WAS_DONE = {"reported": None, "second_look_at": None, "uncertain_by": None} | _NO_LEASE


def _changes(recorded: Recorded) -> dict[str, Any]:
    match recorded.event:
        case happened.CheckDueReported(escalates_at=until):
            return {"reported": "due", "act_at": until}
        case happened.PictureMissing(reason=reason, escalates_at=until):
            return {"reported": reason.value, "act_at": until}
        case happened.SlotClaimed(by=by, until=until):
            return {"lease_by": by, "lease_until": until}
        case happened.SlotReleased():
            return dict(_NO_LEASE)
        case happened.NotSeen(second_look_at=again_at, late_at=late_at, deadline=deadline):
            extended = {"second_look_at": again_at, "late_at": late_at, "deadline": deadline, "act_at": deadline}
            return extended | _NO_LEASE
        case happened.SeenUncertain(by=by, answer_by=until):
            return {"uncertain_by": by, "act_at": until} | _NO_LEASE
        case happened.EscalationDelayed(until=until):
            return {"act_at": until}
        case happened.SlotBecameVisit(reason=reason, visit=visit, escalates_at=until):
            return {"kind": "visit", "reason": reason.value, "visit": visit, "act_at": until} | _NO_LEASE
        case happened.AllWellUndone(escalates_at=until) | happened.SlotReinstated(escalates_at=until):
            return _OPEN_AGAIN | {"act_at": until}
        case happened.SlotReopened(by=by, late_at=late_at, deadline=deadline, visit=visit):
            limits = {"late_at": late_at, "deadline": deadline, "act_at": deadline}
            return _OPEN_AGAIN | _AS_IF_NOTHING_WAS_DONE | limits | {"reopened_by": by, "visit": visit}
        case _:
            return _ending(recorded)


def _ending(recorded: Recorded) -> dict[str, Any]:
    settled = {"settled_by": recorded.context.actor.id, "settled_at": recorded.context.time, "act_at": None}
    match recorded.event:
        case happened.SlotCompleted(how=how):
            return settled | {"status": "completed", "completed_by": how.value} | _NO_LEASE
        case happened.SlotCancelled(reason=reason):
            return settled | {"status": "cancelled", "reason": reason.value} | _NO_LEASE
        case happened.SlotEscalated(reason=escalated, visit=visit):
            return settled | {"status": "escalated", "reason": escalated.value, "visit": visit} | _NO_LEASE
        case _:
            return {}


def _look(
    recorded: Recorded,
    event: happened.LookGranted | happened.LookServed | happened.LookFailed | happened.LookReviewed,
) -> Iterable[RowWrite]:
    match event:
        case happened.LookGranted(with_slot=UUID()):
            return []  # the look has its row already, by the slot that it is counted for
        case happened.LookGranted(slot=slot, look=look, by=by, camera=camera, valid_from=valid_from, purpose=purpose):
            owner = recorded.context.owner
            row = {"slot": slot, "staff": by, "camera": camera, "granted_at": valid_from, "purpose": purpose.value}
            return [Put("looks", look, {"organisation": owner.organisation, "unit": owner.unit, **row})]
        case happened.LookServed(look=look, taken_at=taken_at, frames=frames):
            return [Set("looks", look, {"served_at": taken_at, "frames": frames})]
        case happened.LookReviewed(look=look, by=by):
            return [Set("looks", look, {"reviewed_by": by, "reviewed_at": recorded.context.time})]
        case happened.LookFailed(slot=slot, look=look, fault=fault, trouble=trouble, escalates_at=until):
            failed = Set("looks", look, {"fault": fault})
            return [failed, Set("slots", slot, {"reported": trouble.value, "act_at": until})] if trouble else [failed]
        case _:
            return []
