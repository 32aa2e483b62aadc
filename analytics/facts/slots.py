"""From a night's stream to the facts of its slots."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from analytics.facts.look import LookFact
from analytics.facts.looks import Looks, add_to_looks
from analytics.facts.slot import SlotFact, SlotOutcome
from events.envelope import Recorded
from events.schedule import PlannedSlot
from events.types.night import (
    AllWellUndone,
    CheckDueReported,
    CompletedBy,
    LateReportReceived,
    LookServed,
    ManualAlarmRaised,
    NightPlanned,
    NotSeen,
    SeenUncertain,
    SlotBecameVisit,
    SlotCancelled,
    SlotClaimed,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReopened,
    VisitInstead,
)

_COMPLETED = {
    CompletedBy.REMOTE_CHECK: SlotOutcome.COMPLETED_REMOTE,
    CompletedBy.VISIT: SlotOutcome.COMPLETED_VISIT,
}


@dataclass(slots=True)
class NightFold:
    """One night's stream, taken in event by event in the order of its versions."""

    _slots: dict[UUID, SlotFact] = field(default_factory=dict)
    _looks: Looks = field(default_factory=dict)

    def add(self, recorded: Recorded) -> None:
        """Take the next event."""
        add_to_looks(self._looks, recorded)
        if isinstance(recorded.event, NightPlanned):
            self._plan(recorded.event, recorded)
            return
        if isinstance(recorded.event, ManualAlarmRaised):
            alarm = replace(_planned(recorded.event, recorded.event.plan, recorded), caller=recorded.event.caller)
            self._slots.setdefault(alarm.slot, alarm)
            return
        slot = getattr(recorded.event, "slot", None)
        if isinstance(slot, UUID) and slot in self._slots:
            fact = self._with(self._slots[slot], recorded)
            self._slots[slot] = replace(fact, events=(*fact.events, recorded.id))

    def facts(self) -> list[SlotFact]:
        """Every slot of the night, with its looks."""
        return [replace(fact, looks=self._looks_of(fact)) for fact in self._slots.values()]

    def _plan(self, night: NightPlanned, recorded: Recorded) -> None:
        for slot in night.slots:
            self._slots.setdefault(slot.slot, _planned(night, slot, recorded))

    def _with(self, fact: SlotFact, recorded: Recorded) -> SlotFact:
        at = recorded.context.time
        match recorded.event:
            case CheckDueReported():
                return replace(fact, due_reported_at=fact.due_reported_at or at)
            case LateReportReceived():
                return replace(fact, late_reports=fact.late_reports + 1)
            case SlotClaimed():
                return replace(fact, claimed_at=fact.claimed_at or at)
            case LookServed():
                return replace(fact, looked_at=fact.looked_at or at)
            case NotSeen() as unseen:
                return replace(fact, second_looks=fact.second_looks + 1, extended_to=unseen.deadline)
            case SlotCompleted() as completed:
                looked_at = fact.looked_at or self._served_at(completed.look)
                return replace(fact, looked_at=looked_at).settled(_COMPLETED[completed.how], at)
            case AllWellUndone():
                return replace(fact.reopened(), undone=fact.undone + 1)
            case SlotReinstated():
                return fact.reopened()
            case SlotReopened():
                return replace(fact.reopened(), reopened_by_name=fact.reopened_by_name + 1)
            case SeenUncertain():
                return replace(fact, second_opinions=fact.second_opinions + 1)
            case SlotBecameVisit() as became if became.reason is not VisitInstead.VISITED_EARLIER:
                return replace(fact, became_visit=became.reason)
            case SlotCancelled() as cancelled:
                return fact.settled(SlotOutcome.CANCELLED, at, cancelled.reason)
            case SlotEscalated() as escalated:
                return fact.settled(SlotOutcome.ESCALATED, at, escalated.reason)
        return fact

    def _served_at(self, look: UUID | None) -> datetime | None:
        """When a look, perhaps granted for another slot of this night, showed its picture."""
        return self._looks[look].served_at if look in self._looks else None

    def _looks_of(self, fact: SlotFact) -> tuple[LookFact, ...]:
        return tuple(look for look in self._looks.values() if look.slot == fact.slot)


def _planned(night: NightPlanned | ManualAlarmRaised, slot: PlannedSlot, recorded: Recorded) -> SlotFact:
    owner = recorded.context.owner
    return SlotFact(
        slot=slot.slot,
        recipient=night.recipient,
        home=night.home,
        organisation=owner.organisation,
        unit=owner.unit,
        night=night.night,
        planned=slot.kind,
        planned_at=recorded.context.time,
        opens_at=slot.opens_at,
        due_at=slot.due_at,
        late_at=slot.late_at,
        deadline=slot.deadline,
        events=(recorded.id,),
    )
