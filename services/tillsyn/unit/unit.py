"""The state of one unit, folded from its events. Registering a unit needs no rules yet."""

from dataclasses import dataclass, replace
from uuid import UUID

from events.base import Event
from events.envelope import Owner
from events.types.unit import DEFAULT_RULES, NightRules, UnitChainChanged, UnitRegistered, UnitRulesChanged
from services.tillsyn.refused import UnknownError


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands now."""

    unit: UUID | None = None
    organisation: UUID | None = None
    zone: str = "Europe/Stockholm"
    rules: NightRules = DEFAULT_RULES
    chain: tuple[UUID, ...] = ()


class NoSuchUnitError(UnknownError):
    """No unit is registered with this id."""


EMPTY = Unit()


def stream_of(unit: UUID) -> str:
    """The stream of one unit."""
    return f"unit-{unit}"


def owner_of(unit: Unit) -> Owner:
    """Who answers for what happens in the unit; NoSuchUnitError if it was never registered."""
    if unit.organisation is None or unit.unit is None:
        raise NoSuchUnitError("no such unit is registered; register the unit first")
    return Owner(unit.organisation, unit.unit)


def evolve(unit: Unit, event: Event) -> Unit:
    """The unit after `event`. Events of other streams change nothing."""
    match event:
        case UnitRegistered():
            return Unit(event.unit, event.organisation, event.zone, event.rules, event.chain)
        case UnitRulesChanged(rules=rules):
            return replace(unit, rules=rules)
        case UnitChainChanged(chain=chain):
            return replace(unit, chain=chain)
        case _:
            return unit
