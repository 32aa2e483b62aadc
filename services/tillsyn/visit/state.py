"""The state of one visit, folded from its events."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.types import visit as happened
from events.types.unit import DEFAULT_RULES, NightRules
from events.types.visit import VisitKind


class Stage(StrEnum):
    """How far a visit has come. COMPLETED and CLOSED are its ends."""

    NOT_ASKED = "not-asked"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as it stands. `act_at` is the limit that runs now: when it passes, the next in the chain is asked."""

    visit: UUID | None = None
    kind: VisitKind = VisitKind.SENT
    recipient: UUID | None = None
    home: UUID | None = None
    night: date | None = None
    slot: UUID | None = None
    not_before: datetime | None = None
    chain: tuple[UUID, ...] = ()
    rules: NightRules = DEFAULT_RULES
    stage: Stage = Stage.NOT_ASKED
    responder: UUID | None = None
    step: int = 0
    act_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.stage in (Stage.COMPLETED, Stage.CLOSED)

    def next_responder(self, step: int) -> UUID:
        """Who is asked at `step`: along the chain, and the last one again and again."""
        return self.chain[min(step, len(self.chain) - 1)]


EMPTY = Visit()


def stream_of(visit: UUID) -> str:
    """The stream of one visit."""
    return f"visit-{visit}"


def evolve(visit: Visit, event: Event) -> Visit:
    """The visit after `event`. Events of other streams change nothing."""
    match event:
        case happened.VisitRequested():
            return Visit(
                visit=event.visit,
                kind=event.kind,
                recipient=event.recipient,
                home=event.home,
                night=event.night,
                slot=event.slot,
                not_before=event.not_before,
                chain=event.chain,
                rules=event.rules,
            )
        case happened.VisitAssigned(responder=responder, step=step, acknowledge_by=limit):
            return replace(visit, stage=Stage.ASSIGNED, responder=responder, step=step, act_at=limit)
        case happened.VisitAcknowledged(responder=responder, arrive_by=limit):
            return replace(visit, stage=Stage.ACKNOWLEDGED, responder=responder, act_at=limit)
        case happened.VisitArrived(responder=responder, complete_by=limit):
            return replace(visit, stage=Stage.ARRIVED, responder=responder, act_at=limit)
        case happened.VisitHastened():
            return replace(visit, kind=VisitKind.SENT)
        case happened.VisitMoved(home=home):
            return replace(visit, home=home)
        case happened.VisitCompleted():
            return replace(visit, stage=Stage.COMPLETED, act_at=None)
        case happened.VisitClosed() | happened.VisitCalledOff():
            return replace(visit, stage=Stage.CLOSED, act_at=None)
        case _:
            return visit
