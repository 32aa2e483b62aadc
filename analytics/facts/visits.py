"""From a visit's stream to its fact."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from uuid import UUID

from analytics.facts.visit import VisitFact, VisitOutcome
from events.envelope import Recorded
from events.types.visit import (
    VisitAcknowledged,
    VisitArrived,
    VisitAssigned,
    VisitCalledOff,
    VisitClosed,
    VisitCompleted,
    VisitDriven,
    VisitFoundNobody,
    VisitHastened,
    VisitLimitPassed,
    VisitMadeWith,
    VisitRequested,
)


@dataclass(slots=True)
class VisitFold:
    """One visit's stream, taken in event by event in the order of its versions."""

    _visits: dict[UUID, VisitFact] = field(default_factory=dict)

    def add(self, recorded: Recorded) -> None:
        """Take the next event."""
        if isinstance(recorded.event, VisitRequested):
            self._visits.setdefault(recorded.event.visit, _requested(recorded.event, recorded))
        visit = getattr(recorded.event, "visit", None)
        if isinstance(visit, UUID) and visit in self._visits:
            fact = _with(self._visits[visit], recorded)
            self._visits[visit] = replace(fact, events=(*fact.events, recorded.id))

    def facts(self) -> list[VisitFact]:
        """The visit of the stream."""
        return list(self._visits.values())


def _requested(event: VisitRequested, recorded: Recorded) -> VisitFact:
    owner = recorded.context.owner
    return VisitFact(
        visit=event.visit,
        slot=event.slot,
        recipient=event.recipient,
        home=event.home,
        organisation=owner.organisation,
        unit=owner.unit,
        night=event.night,
        kind=event.kind,
        reason=event.reason,
        requested_at=recorded.context.time,
    )


def _with(fact: VisitFact, recorded: Recorded) -> VisitFact:
    at = recorded.context.time
    match recorded.event:
        case VisitAssigned():
            return replace(fact, assigned_at=fact.assigned_at or at, asked=fact.asked + 1)
        case VisitHastened():
            return replace(fact, hastened_at=fact.hastened_at or at)
        case VisitAcknowledged():
            return replace(fact, acknowledged_at=fact.acknowledged_at or at)
        case VisitArrived(at=told):
            return replace(fact, arrived_at=fact.arrived_at or told or at)
        case VisitLimitPassed():
            return replace(fact, limits_passed=fact.limits_passed + 1)
        case VisitCompleted() as done if fact.outcome is not VisitOutcome.MADE:
            return replace(
                fact,
                outcome=VisitOutcome.MADE,
                ended_at=at,
                minutes=done.minutes,
                people=done.people,
                kilometres=Fraction(str(done.kilometres)),  # the decimal that somebody typed, not its nearest binary
                found=done.found,
            )
        case VisitFoundNobody() as vain:
            minutes = fact.vain_person_minutes + vain.minutes * vain.people
            return _in_vain(replace(fact, vain_person_minutes=minutes), vain.kilometres)
        case VisitDriven() as vain_drive:
            return _in_vain(fact, vain_drive.kilometres)
        case VisitMadeWith() if fact.outcome is VisitOutcome.UNDER_WAY:
            return replace(fact, outcome=VisitOutcome.MADE_WITH, ended_at=at)
        case VisitClosed() if fact.outcome is VisitOutcome.UNDER_WAY:
            return replace(fact, outcome=VisitOutcome.CLOSED, ended_at=at)
        case VisitCalledOff() if fact.outcome is VisitOutcome.UNDER_WAY:
            return replace(fact, outcome=VisitOutcome.CALLED_OFF, ended_at=at)
        case VisitRequested() if fact.outcome is VisitOutcome.CALLED_OFF:  # needed after all
            return replace(fact, outcome=VisitOutcome.UNDER_WAY, ended_at=None)
        case VisitRequested() if fact.outcome is VisitOutcome.MADE:  # to whoever it told dead, and who is not
            return _made_in_vain(fact)
    return fact


def _made_in_vain(fact: VisitFact) -> VisitFact:
    """It met somebody else: what it took was in vain, and the visit is still to be made."""
    driven = fact.vain_kilometres + fact.kilometres
    there = fact.vain_person_minutes + fact.person_minutes
    again = replace(fact, outcome=VisitOutcome.UNDER_WAY, ended_at=None, minutes=0, people=0, kilometres=Fraction(0))
    return replace(again, found=None, vain_person_minutes=there, vain_kilometres=driven)


def _in_vain(fact: VisitFact, kilometres: float) -> VisitFact:
    return replace(fact, vain_kilometres=fact.vain_kilometres + Fraction(str(kilometres)))
