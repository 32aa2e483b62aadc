"""One recipient's night: its slots, who has them, and how each ended."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from events.base import Event
from events.personal import Personal
from events.schedule import PlannedSlot
from events.types.night.reasons import (
    AlarmCaller,
    CancelReason,
    CompletedBy,
    DelayReason,
    EscalationReason,
    VisitInstead,
)
from events.types.unit import NightRules


class NightPlanned(Event, name="night.planned", version=2):
    """The night's slots are fixed, with the rules they are judged by. What changes later is an event of its own."""

    recipient: UUID
    home: UUID
    night: date
    slots: tuple[PlannedSlot, ...]
    rules: NightRules


class SlotClaimed(Event, name="night.slot-claimed"):
    """A member of staff takes the slot, for the length of a lease."""

    slot: UUID
    by: UUID
    until: AwareDatetime
    renewed: bool = False
    """The holder prolonged a lease that was still live: pictures served under it still count."""


class SlotReleased(Event, name="night.slot-released"):
    """Whoever held the slot gave it back."""

    slot: UUID
    by: UUID


class SlotCompleted(Event, name="night.slot-completed"):
    """All is well: somebody looked, or somebody was there."""

    slot: UUID
    how: CompletedBy
    by: UUID
    at: AwareDatetime
    look: UUID | None
    visit: UUID | None


class AllWellUndone(Event, name="night.all-well-undone"):
    """ "All well" was taken back within the seconds allowed; the slot is open again."""

    slot: UUID
    by: UUID
    escalates_at: AwareDatetime


class EscalationDelayed(Event, name="night.escalation-delayed"):
    """The slot would have been escalated now, but somebody is on it; it waits once, no longer than this."""

    slot: UUID
    reason: DelayReason
    until: AwareDatetime


class SlotBecameVisit(Event, name="night.slot-became-visit"):
    """The camera may not be used for this slot any more; somebody goes there instead."""

    slot: UUID
    reason: VisitInstead
    visit: UUID
    escalates_at: AwareDatetime


class SlotCancelled(Event, name="night.slot-cancelled", version=2):
    """Nobody is to be checked on in this slot; who said so stands in the envelope's actor."""

    slot: UUID
    reason: CancelReason
    because_of: UUID
    """The absence or the decision it follows from; of one cancelled by name its closed visit, or the slot itself."""
    by: UUID | None = None
    """Who cancelled it, by name."""
    note: Personal[str] | None = None
    """Why they did; where they closed its visit, that says why."""


class SlotReinstated(Event, name="night.slot-reinstated"):
    """What it was cancelled for no longer holds (back from hospital early): the slot is to be done after all."""

    slot: UUID
    because_of: UUID
    """The absence that ended."""
    escalates_at: AwareDatetime


class ManualAlarmRaised(Event, name="night.alarm-raised"):
    """Somebody is worried: a slot outside the agreed times, for the camera where consent covers it, else a visit."""

    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    plan: PlannedSlot
    """The slot itself; its `entry` is its own id, for no schedule asks for it."""
    rules: NightRules
    """What it is judged by: the night's rules, or the unit's where the night is not planned."""
    caller: AlarmCaller
    by: UUID
    reason: Personal[str]


class SlotReopened(Event, name="night.slot-reopened"):
    """A named person has second thoughts about a slot that was settled: it is open again, until this deadline."""

    slot: UUID
    by: UUID
    reason: Personal[str]
    at: AwareDatetime
    late_at: AwareDatetime
    deadline: AwareDatetime
    visit: UUID | None
    """The visit that is asked for; None where the camera may look."""


class NightMoved(Event, name="night.moved"):
    """The recipient moved: what is still open this night is to be done in another home."""

    recipient: UUID
    night: date
    home: UUID
    slots: tuple[UUID, ...]
    """Those that were open, or may be taken up again."""


class SlotEscalated(Event, name="night.slot-escalated"):
    """The camera could not settle the slot; a visit is asked for."""

    slot: UUID
    reason: EscalationReason
    visit: UUID
    note: Personal[str] | None = None
