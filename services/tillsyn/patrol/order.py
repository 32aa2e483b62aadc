"""Who is asked first: the nearest free patrol, then other free ones, then those that are busy, then the unit's people.

A car that is off the road, or that nobody is in, is not asked. Those of the unit's chain who are no patrol come after
all of them, in their order; the on-call manager is the last, and is asked again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from events.types.patrol import PatrolState


@dataclass(frozen=True, slots=True)
class PatrolView:
    """A patrol as whoever sends sees it now. `crew` is how many are in the car; `place` 0 is asked first."""

    patrol: UUID
    areas: tuple[str, ...]
    place: int
    crew: int
    state: PatrolState

    @property
    def can_go(self) -> bool:
        """Whether it makes sense to ask it at all."""
        return self.crew > 0 and self.state is not PatrolState.OFF_THE_ROAD

    def as_on_duty(self) -> "PatrolView":
        """As it will be when its night has begun: what a visit of later tonight is planned by."""
        return replace(self, crew=max(self.crew, 1), state=PatrolState.FREE)


def asking_order(
    area: str | None, people_needed: int, patrols: Sequence[PatrolView], chain: Sequence[UUID]
) -> tuple[UUID, ...]:
    """Who is asked, in this order, for a home in `area` that takes `people_needed` at once. Never empty.

    Of those that are equally free, a car with people enough comes first; the chain as it is where no patrol is known,
    or where neither patrol nor person could be asked otherwise.
    """
    ready = sorted((patrol for patrol in patrols if patrol.can_go), key=lambda one: _place(one, area, people_needed))
    return tuple(one.patrol for one in ready) + _people(patrols, chain) or tuple(chain)


def everybody(patrols: Sequence[PatrolView], chain: Sequence[UUID]) -> tuple[UUID, ...]:
    """All who may take a visit, asked or not: every patrol of the unit by its place, then its people."""
    by_place = sorted(patrols, key=lambda one: (one.place, str(one.patrol)))
    return tuple(one.patrol for one in by_place) + _people(patrols, chain) or tuple(chain)


def _place(patrol: PatrolView, area: str | None, people_needed: int) -> tuple[bool, bool, bool, int, str]:
    busy = patrol.state is not PatrolState.FREE
    far = not busy and (area is None or area not in patrol.areas)
    return (busy, patrol.crew < people_needed, far, patrol.place, str(patrol.patrol))


def _people(patrols: Sequence[PatrolView], chain: Sequence[UUID]) -> tuple[UUID, ...]:
    cars = {patrol.patrol for patrol in patrols}
    return tuple(id_ for id_ in chain if id_ not in cars)
