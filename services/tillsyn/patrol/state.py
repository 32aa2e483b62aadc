"""The state of one patrol, folded from its events. What its visits tell of it stands in theirs."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.types import patrol as happened
from events.types.patrol import PatrolState


@dataclass(frozen=True, slots=True)
class Patrol:
    """One patrol as it stands. `said` is what its crew said last, and holds until `until` if that is given."""

    patrol: UUID | None = None
    unit: UUID | None = None
    areas: tuple[str, ...] = ()
    place: int = 0
    crew: tuple[UUID, ...] = ()
    said: PatrolState = PatrolState.FREE
    until: datetime | None = None


EMPTY = Patrol()


def stream_of(patrol: UUID) -> str:
    """The stream of one patrol."""
    return f"patrol-{patrol}"


def evolve(patrol: Patrol, event: Event) -> Patrol:
    """The patrol after `event`. Events of other streams change nothing."""
    match event:
        case happened.PatrolRegistered(patrol=id_, unit=unit, areas=areas, place=place):
            return Patrol(id_, unit, areas, place)
        case happened.PatrolAreasChanged(areas=areas):
            return replace(patrol, areas=areas)
        case happened.PatrolCrewed(staff=crew):
            return replace(patrol, crew=crew)
        case happened.PatrolStateSaid(state=said, until=until):
            return replace(patrol, said=said, until=until)
        case _:
            return patrol
