"""A whole night in memory: recipient, night and visits together, with what follows from what across them.

What follows is DESIGN.md's: an escalation asks for a visit, a slot that becomes a visit asks for a planned one, a slot
cancelled calls it off, a visit made settles its slots and all that had opened by then, one that nobody has taken ends
when its slot is reopened, and what changes in the agreements acts on the night at once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.schedule import PlannedSlot, SlotKind
from events.types.night import (
    NightPlanned,
    SlotBecameVisit,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReopened,
    VisitInstead,
)
from events.types.visit import VisitArrived, VisitCompleted, VisitKind
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.night import Status
from services.tillsyn.night import commands as asked
from services.tillsyn.visit import CallOff, Close, Request, Stage, Visit
from tests.builders import CHAIN, HOME, NIGHT, RECIPIENT, RULES, a_recipient, plan_of
from tests.services.tillsyn.rules.invariants import a_step_keeps_the_rules
from tests.services.tillsyn.rules.told import Told


class WholeNight:
    """One recipient's night with all that belongs to it, and the time it is."""

    def __init__(self, now: datetime, slots: Iterable[PlannedSlot]) -> None:
        self.now = now
        self.recipient = Told(recipients, a_recipient())
        self.night = Told(nights, nights.EMPTY, a_step_keeps_the_rules)
        self.visits: dict[UUID, Told[Visit]] = {}
        self.ask_night(plan_of(*slots))

    def visit(self, id_: UUID) -> Told[Visit]:
        return self.visits.setdefault(id_, Told(visits, visits.EMPTY))

    def events(self) -> int:
        """How many events there are in all."""
        streams: list[Told[object]] = [self.recipient, self.night, *self.visits.values()]  # type: ignore[list-item]
        return sum(len(stream.history) for stream in streams)

    def ask_night(self, command: asked.Command) -> list[Event]:
        events = list(self.night.do(command, self.now))
        for event in events:
            self._follow(event)
        if isinstance(command, asked.UndoAllWell) and events:
            self.hold_against_agreements()
        return events

    def reopen(self, slot_id: UUID, by: UUID, until: datetime) -> None:
        """Second thoughts; the visit that nobody has taken is ended."""
        slot = self.night.state.slots[slot_id]
        visit = self.visits.get(slot.visit) if slot.visit else None
        taken = visit is not None and visit.state.stage not in (Stage.NOT_ASKED, Stage.ASSIGNED)
        if self.ask_night(asked.ReopenSlot(slot_id, by, "he coughed", self.now, until, taken)):
            if slot.status is Status.ESCALATED and slot.visit is not None:
                self.ask_visit(slot.visit, Close(by, "reopened"))
            self.hold_against_agreements()

    def ask_visit(self, id_: UUID, command: visits.Command) -> list[Event]:
        events = list(self.visit(id_).do(command, self.now))
        for event in events:
            match event:
                case VisitArrived(complete_by=until):
                    self.ask_night(asked.RecordVisitArrived(id_, until))
                case VisitCompleted(responder=by):
                    self.ask_night(asked.RecordVisitDone(id_, by, self.now))
                    self.ask_night(asked.RecordCovered(id_, by, self.now))
                case _:
                    pass
        return events

    def ask_recipient(self, command: recipients.Command) -> None:
        self.recipient.do(command, self.now)
        self.hold_against_agreements()

    def hold_against_agreements(self) -> None:
        self.ask_night(asked.Apply(self.restrictions(), self.now))

    def restrictions(self) -> dict[UUID, asked.Restriction]:
        slots = self.night.state.slots.values()
        stands = {slot.id: self.recipient.state.restriction(slot.plan.due_at, NIGHT) for slot in slots}
        return {slot: why for slot, why in stands.items() if why is not None}

    def sweep(self) -> None:
        self.ask_night(asked.Sweep(self.now))
        for id_ in list(self.visits):
            self.ask_visit(id_, visits.Sweep(self.now))

    def _follow(self, event: Event) -> None:
        match event:
            case NightPlanned(slots=slots):
                for plan in slots:
                    if plan.kind is SlotKind.VISIT:
                        self._ask_for(plan.slot, VisitKind.PLANNED, "planned")
            case SlotBecameVisit(slot=slot, reason=reason):
                self._ask_for(slot, VisitKind.PLANNED, reason)
            case SlotReinstated(slot=slot) if self.night.state.slots[slot].kind is SlotKind.VISIT:
                self._ask_for(slot, VisitKind.PLANNED, VisitInstead.CAMERA_PAUSED)
            case SlotReopened(slot=slot, visit=UUID()):
                self._ask_for(slot, VisitKind.PLANNED, "reopened")
            case SlotEscalated(slot=slot, reason=reason):
                self._ask_for(slot, VisitKind.SENT, reason)
            case SlotCancelled(slot=slot, reason=reason):
                visit = self.night.state.slots[slot].visit
                if visit is not None:
                    self.ask_visit(visit, CallOff(reason))
            case SlotCompleted(slot=slot, visit=made) if made is not None:
                visit = self.night.state.slots[slot].visit
                if visit not in (None, made):
                    self.ask_visit(visit, CallOff("covered"))
            case _:
                pass

    def _ask_for(self, slot_id: UUID, kind: VisitKind, reason: str) -> None:
        slot = self.night.state.slots[slot_id]
        assert slot.visit is not None, "no escalation without a visit"
        not_before = self.now if kind is VisitKind.SENT else slot.plan.opens_at
        request = Request(slot.visit, kind, reason, RECIPIENT, HOME, NIGHT, slot_id, not_before, CHAIN, RULES, self.now)
        self.ask_visit(slot.visit, request)
