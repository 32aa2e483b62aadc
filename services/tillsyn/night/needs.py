"""What a command needs before anything follows from it; a refusal says what is lacking."""

from datetime import datetime
from uuid import UUID

from events.schedule import SlotKind
from services.tillsyn.night.errors import (
    LeaseHeldByOtherError,
    NightNotPlannedError,
    NoLeaseError,
    NoLivePictureError,
    NoReasonError,
    NoSuchSlotError,
    NotForTheCameraError,
    SlotSettledError,
)
from services.tillsyn.night.slot import Lease, Slot, Status
from services.tillsyn.night.state import Night


def slot_of(night: Night, slot_id: UUID) -> Slot:
    if night.night is None:
        raise NightNotPlannedError("this night is not planned; the planner plans it when decision and schedule stand")
    slot = night.slots.get(slot_id)
    if slot is None:
        raise NoSuchSlotError(slot_id)
    return slot


def open_slot(night: Night, slot_id: UUID) -> Slot:
    slot = slot_of(night, slot_id)
    if slot.status is not Status.OPEN:
        raise SlotSettledError(slot.id, slot.status)
    return slot


def for_the_camera(night: Night, slot_id: UUID) -> Slot:
    slot = open_slot(night, slot_id)
    if slot.kind is not SlotKind.REMOTE:
        raise NotForTheCameraError(slot.id)
    return slot


def require_lease(slot: Slot, by: UUID, at: datetime) -> Lease:
    if slot.lease is None or slot.lease.by != by or not slot.lease.live(at):
        raise NoLeaseError(slot.id)
    return slot.lease


def require_live_picture(night: Night, slot: Slot, by: UUID, at: datetime) -> UUID:
    """The look that `by` may answer by now: served under this lease, and not so long ago that it says nothing."""
    since = at - night.rules.look - night.rules.lease
    looks = ((id_, slot.looks[id_]) for id_ in slot.answerable)
    seen = [(look.served_at, id_) for id_, look in looks if look.by == by and look.served_at is not None]
    served = [(served_at, id_) for served_at, id_ in seen if served_at >= since]
    if not served:
        raise NoLivePictureError(slot.id)
    return max(served)[1]


def require_nobody_else(night: Night, by: UUID, at: datetime) -> None:
    """LeaseHeldByOtherError while a colleague of `by` is with a slot of this night: a home is looked at by one."""
    for slot in night.slots.values():
        held = slot.lease
        if held is not None and held.live(at) and held.by != by:
            raise LeaseHeldByOtherError(slot.id, held.by, held.until)


def require_reason(reason: str, what: str) -> str:
    """`reason` without spaces around it; NoReasonError where nothing is left."""
    if not reason.strip():
        raise NoReasonError(f"{what} with a reason, and {reason!r} is none; say why")
    return reason.strip()
