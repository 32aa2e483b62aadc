"""What a recipient's coming and going means for a night: back before anybody knew, or living elsewhere."""

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

from events.base import Event
from events.types.night import EscalationReason, NightMoved, SlotReinstated
from services.tillsyn.night import commands as asked
from services.tillsyn.night.ending import escalate
from services.tillsyn.night.slot import Slot, Status
from services.tillsyn.night.state import Night, evolve


def returned(night: Night, command: asked.Returned) -> Sequence[Event]:
    """The latest slot that was left out is taken up again and escalated, for somebody to go at once."""
    left_out = [slot for slot in night.slots.values() if _left_out(slot, command)]
    if not left_out:
        return []
    latest = max(left_out, key=lambda slot: (slot.due_at, str(slot.id)))
    again = [
        SlotReinstated(slot=latest.id, because_of=because, escalates_at=command.at)
        for because in command.because_of
        if because == latest.because_of
    ]
    night = reduce(evolve, again, night)
    return [*again, *escalate(night, night.slots[latest.id], EscalationReason.RETURNED)]


def _left_out(slot: Slot, command: asked.Returned) -> bool:
    if slot.status is not Status.CANCELLED or slot.because_of not in command.because_of:
        return False
    limit = slot.due_at if command.unannounced else slot.deadline
    return command.since <= slot.due_at and limit <= command.at


def moved(night: Night, home: UUID) -> Sequence[Event]:
    """Slots that are open, or cancelled and may be taken up again, are to be done in the new home."""
    if night.recipient is None or night.night is None or night.home == home:
        return []
    meant = tuple(slot.id for slot in night.slots.values() if slot.status in (Status.OPEN, Status.CANCELLED))
    return [NightMoved(recipient=night.recipient, night=night.night, home=home, slots=meant)] if meant else []
