"""Patrols: a car with its areas, its crew of the night, and whether it is free."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event


class PatrolState(StrEnum):
    """What a patrol is doing."""

    FREE = "free"
    DRIVING = "driving"
    WITH_SOMEBODY = "with-somebody"
    OFF_THE_ROAD = "off-the-road"
    """Stuck, broken down, or not on duty: nobody asks it."""


class PatrolRegistered(Event, name="patrol.registered"):
    """A patrol of a unit, the areas it is near to, and its place in the order of asking (0 first)."""

    patrol: UUID
    unit: UUID
    name: str = Field(min_length=1, max_length=60)
    """The car's name on the road, not a person's."""
    areas: tuple[str, ...]
    place: int = Field(ge=0)


class PatrolAreasChanged(Event, name="patrol.areas-changed"):
    """The patrol is near to other areas from now on."""

    patrol: UUID
    areas: tuple[str, ...]


class PatrolCrewed(Event, name="patrol.crewed"):
    """These people are in the car now; none: it stands."""

    patrol: UUID
    staff: tuple[UUID, ...]


class PatrolStateSaid(Event, name="patrol.state-said"):
    """The crew says what it is doing; until then, or until it says otherwise."""

    patrol: UUID
    state: PatrolState
    by: UUID
    until: AwareDatetime | None
