"""The state of one unit, folded from its events. Registering a unit needs no rules yet."""

from dataclasses import dataclass, replace
from uuid import UUID

from events.base import Event
from events.types.unit import DEFAULT_RULES, NightRules, UnitRegistered, UnitRulesChanged


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands now."""

    unit: UUID | None = None
    organisation: UUID | None = None
    zone: str = "Europe/Stockholm"
    rules: NightRules = DEFAULT_RULES
    chain: tuple[UUID, ...] = ()


EMPTY = Unit()


def stream_of(unit: UUID) -> str:
    """The stream of one unit."""
    return f"unit-{unit}"


def evolve(unit: Unit, event: Event) -> Unit:
    """The unit after `event`. Events of other streams change nothing."""
    match event:
        case UnitRegistered():
            return Unit(event.unit, event.organisation, event.zone, event.rules, event.chain)
        case UnitRulesChanged(rules=rules):
            return replace(unit, rules=rules)
        case _:
            return unit
