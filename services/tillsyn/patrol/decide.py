"""A patrol's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.types.patrol import PatrolAreasChanged, PatrolCrewed, PatrolRegistered, PatrolState, PatrolStateSaid
from services.tillsyn.patrol.state import Patrol
from services.tillsyn.refused import RefusedError, UnknownError


@dataclass(frozen=True, slots=True)
class Register:
    """A car of a unit, the areas it is near to, and its place in the order of asking (0 first)."""

    patrol: UUID
    unit: UUID
    name: str
    areas: tuple[str, ...]
    place: int


@dataclass(frozen=True, slots=True)
class ChangeAreas:
    """It is near to other areas from now on."""

    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """These people are in the car from now on; none: it stands."""

    staff: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SayState:
    """Somebody of the crew says what they are doing, until they say otherwise or until then."""

    state: PatrolState
    by: UUID
    at: datetime
    until: datetime | None = None


Command = Register | ChangeAreas | Crew | SayState


class NoSuchPatrolError(UnknownError):
    """No patrol is registered with this id."""


class NotInTheCrewError(RefusedError):
    """What a car is doing is said by somebody who is in it."""


class UntilPastError(RefusedError):
    """What is said of a car cannot have ended before it is said."""


def decide(patrol: Patrol, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, Register):
        return _register(patrol, command)
    if patrol.patrol is None:
        raise NoSuchPatrolError("no patrol is registered with this id; register the patrol first")
    match command:
        case ChangeAreas(areas):
            return [] if areas == patrol.areas else [PatrolAreasChanged(patrol=patrol.patrol, areas=areas)]
        case Crew(staff):
            crew = tuple(dict.fromkeys(staff))
            return [] if crew == patrol.crew else [PatrolCrewed(patrol=patrol.patrol, staff=crew)]
        case SayState():
            return _say(patrol, patrol.patrol, command)


def _register(patrol: Patrol, command: Register) -> Sequence[Event]:
    if patrol.patrol is not None:
        return []
    registered = PatrolRegistered(
        patrol=command.patrol, unit=command.unit, name=command.name, areas=command.areas, place=command.place
    )
    return [registered]


def _say(patrol: Patrol, id_: UUID, command: SayState) -> Sequence[Event]:
    if command.by not in patrol.crew:
        crew = ", ".join(map(str, patrol.crew)) or "nobody"
        raise NotInTheCrewError(f"{command.by} is not in patrol {id_}; in it are {crew}")
    if command.until is not None and command.until <= command.at:
        raise UntilPastError(f"{command.until:%H:%M:%S} UTC is past; give a time after {command.at:%H:%M:%S} UTC")
    if (command.state, command.until) == (patrol.said, patrol.until):
        return []
    return [PatrolStateSaid(patrol=id_, state=command.state, by=command.by, until=command.until)]
