"""Which patrol a home belongs to on paper: the nearest, by its areas; where none is near, the first one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PatrolOnPaper:
    """A patrol as a list is headed. `place` 0 is asked first."""

    patrol: UUID
    name: str
    areas: frozenset[str]
    place: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose list it is (None: the unit's own), and whether a patrol is near at all."""

    patrol: UUID | None
    near: bool


def belonging(area: str | None, patrols: Sequence[PatrolOnPaper]) -> Belonging:
    """The patrol for a home in `area`, in the order of asking; what a car is doing just now does not matter here.

    A unit without patrols has one list, and nothing is far from it.
    """
    if not patrols:
        return Belonging(None, near=True)
    first = min(patrols, key=lambda one: (area not in one.areas, one.place, str(one.patrol)))
    return Belonging(first.patrol, near=area in first.areas)
