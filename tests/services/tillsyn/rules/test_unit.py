"""Units: the rules and the chain of responders that nights and visits go by."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from events.types.unit import NightRules, UnitRegistered, UnitRulesChanged
from services.tillsyn import unit as units
from tests.builders import CHAIN, ORGANISATION, RULES, UNIT, folded, minutes

REGISTERED = UnitRegistered(
    unit=UNIT, organisation=ORGANISATION, name="Norra", zone="Europe/Stockholm", rules=RULES, chain=CHAIN
)


def test_a_unit_has_its_time_zone_its_rules_and_its_chain() -> None:
    unit = folded(units, units.EMPTY, [REGISTERED])
    assert (unit.zone, unit.rules, unit.chain) == ("Europe/Stockholm", RULES, CHAIN)


def test_new_rules_leave_time_zone_and_chain_as_they_were() -> None:
    rules = NightRules(second_look_after=minutes(20))
    unit = folded(units, units.EMPTY, [REGISTERED, UnitRulesChanged(unit=UNIT, rules=rules)])
    assert (unit.rules, unit.chain) == (rules, CHAIN)


def test_a_unit_without_anybody_to_send_is_refused() -> None:
    with pytest.raises(ValidationError):
        UnitRegistered(**{**REGISTERED.model_dump(), "chain": ()})


@pytest.mark.parametrize("rule", list(NightRules.model_fields))
def test_no_limit_in_the_rules_of_a_unit_is_zero(rule: str) -> None:
    with pytest.raises(ValidationError):
        NightRules(**{rule: timedelta(0)})


def test_the_rules_a_unit_begins_with_are_those_that_were_agreed() -> None:
    assert (RULES.second_look_after, RULES.undo) == (minutes(15), timedelta(seconds=5))
