"""What staff do at the desk: claim, look, answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.schedule import SlotKind
from events.types.night import (
    AllWellUndone,
    CompletedBy,
    EscalationReason,
    LookFailed,
    LookGranted,
    LookServed,
    NotSeen,
    SeenUncertain,
    SlotClaimed,
    SlotCompleted,
    SlotReleased,
)
from services.tillsyn.night import commands as asked
from services.tillsyn.night.ending import escalate
from services.tillsyn.night.errors import OwnDoubtError, SlotSettledError, TooEarlyError, UndoTooLateError
from services.tillsyn.night.needs import require_lease, require_live_picture, require_nobody_else
from services.tillsyn.night.slot import Slot
from services.tillsyn.night.state import Night


def claim(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    opens_at = slot.second_look_at or slot.plan.opens_at
    if at < opens_at:
        raise TooEarlyError(slot.id, opens_at)
    require_nobody_else(night, by, at)
    if by in _uncertain(night, slot):
        raise OwnDoubtError(slot.id, slot.answer_by)
    renewed = slot.lease is not None and slot.lease.live(at)
    return [SlotClaimed(slot=slot.id, by=by, until=at + night.rules.lease, renewed=renewed)]


def release(slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    if slot.lease is None or slot.lease.by != by or not slot.lease.live(at):
        return []
    return [SlotReleased(slot=slot.id, by=by)]


def grant(night: Night, slot: Slot, command: asked.GrantLook) -> Sequence[Event]:
    lease = require_lease(slot, command.by, command.at)
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
        purpose=night.purpose_of(slot, command.at),
        with_slot=command.with_slot,
    )
    return [granted]


def record_look(night: Night, slot: Slot, command: asked.RecordServed | asked.RecordFailed) -> Sequence[Event]:
    look = slot.looks.get(command.look)
    if look is None or look.served_at is not None:
        return []
    if isinstance(command, asked.RecordFailed):
        if look.failed:
            return []
        return [_failed(night, slot, command)]
    return [LookServed(slot=slot.id, look=command.look, taken_at=command.taken_at, frames=command.frames)]


def _failed(night: Night, slot: Slot, command: asked.RecordFailed) -> Event:
    """A look that failed for the camera's or the gateway's sake has found a fault: somebody goes, within the grace."""
    until = slot.escalates_at
    if command.trouble and slot.open and slot.kind is SlotKind.REMOTE:
        until = min(until, command.at + night.rules.trouble_grace)
    trouble = command.trouble if slot.open else None
    return LookFailed(slot=slot.id, look=command.look, fault=command.fault, trouble=trouble, escalates_at=until)


def all_well(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    require_lease(slot, by, at)
    look = require_live_picture(night, slot, by, at)
    return [
        SlotCompleted(slot=one.id, how=CompletedBy.REMOTE_CHECK, by=by, at=at, look=look, visit=None)
        for one in night.fallen_together(slot)
    ]


def undo(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    done = slot.completion
    if done is None or done.how is not CompletedBy.REMOTE_CHECK:
        raise SlotSettledError(slot.id, f'{slot.status}, and not by "all well"')
    if done.by != by or at > done.at + night.rules.undo:
        raise UndoTooLateError(slot.id, done.at + night.rules.undo)
    return [AllWellUndone(slot=one.id, by=by, escalates_at=one.ends_by) for one in night.settled_together(slot)]


def not_seen(night: Night, slot: Slot, command: asked.SayNotSeen) -> Sequence[Event]:
    require_lease(slot, command.by, command.at)
    look = require_live_picture(night, slot, command.by, command.at)
    rules = night.rules
    again_at = command.at + rules.second_look_after
    until = min(again_at + rules.second_look_window, night.hard_maximum(slot))
    no_wait = slot.second_look_at is not None or slot.caller is not None or _uncertain(night, slot)
    if no_wait or not command.second_look_consented or again_at >= until:
        return escalate(night, slot, EscalationReason.NOT_SEEN)
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


def seen_uncertain(night: Night, slot: Slot, by: UUID, at: datetime) -> Sequence[Event]:
    """A colleague is asked once; where two cannot tell, or no time is left for a second, somebody goes."""
    require_lease(slot, by, at)
    look = require_live_picture(night, slot, by, at)
    until = min(at + night.rules.second_opinion_within, night.hard_maximum(slot))
    if _uncertain(night, slot) or until <= at:
        return escalate(night, slot, EscalationReason.UNCERTAIN)
    return [SeenUncertain(slot=one.id, look=look, by=by, answer_by=until) for one in night.fallen_together(slot)]


def _uncertain(night: Night, slot: Slot) -> set[UUID]:
    """Who has looked and could not tell, at this slot or one fallen together with it."""
    return {one.uncertain_by for one in night.fallen_together(slot) if one.uncertain_by is not None}
