"""What must hold of the effect of any log at all."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from analytics import BOTKYRKA_DERIVED, Effects, Effort, effects, effects_by_unit, fold_facts, slot_effects
from events.envelope import Recorded
from tests.analytics.builders import NightLog, with_key_destroyed
from tests.analytics.strategies import logs, looking_times, unhurried, visit_sizes


def effect_of(log: list[Recorded]) -> Effects:
    facts = fold_facts(log)
    return effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)


@unhurried
@given(logs, st.randoms(use_true_random=False))
def test_order_repetition_and_erasure_change_no_figure(log: list[Recorded], order: random.Random) -> None:
    otherwise = [with_key_destroyed(recorded) for recorded in order.choices(log, k=len(log)) + log] if log else []
    assert effect_of(otherwise) == effect_of(log)


@unhurried
@given(logs)
def test_the_units_add_up_to_the_whole(log: list[Recorded]) -> None:
    facts = fold_facts(log)
    whole = effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)
    units = effects_by_unit(facts.slots, facts.visits, BOTKYRKA_DERIVED).values()
    assert sum((unit.saved for unit in units), Effort()) == whole.saved
    assert sum(unit.saved_sek for unit in units) == whole.saved_sek
    assert sum(unit.slots for unit in units) == whole.slots == len(facts.slots)
    assert sum(unit.visits_made for unit in units) == whole.visits_made


@unhurried
@given(looking_times, visit_sizes)
def test_a_check_moved_from_completed_to_escalated_never_raises_the_saving(
    looking: object, visit: dict[str, float]
) -> None:
    completed = NightLog().all_well(looking=looking)  # type: ignore[arg-type]
    escalated = NightLog().concern(looking=looking)  # type: ignore[arg-type]
    not_yet_visited = effect_of(escalated.log()).saved
    visited = effect_of(escalated.visited(**visit).log()).saved  # type: ignore[arg-type]
    at_most = effect_of(completed.log()).saved
    for less in (not_yet_visited, visited):
        assert less.person_minutes <= at_most.person_minutes
        assert less.kilometres <= at_most.kilometres


@unhurried
@given(logs)
def test_only_a_look_in_a_visits_stead_can_save(log: list[Recorded]) -> None:
    facts = fold_facts(log)
    for line in slot_effects(facts.slots, facts.visits, BOTKYRKA_DERIVED):
        if line.saved.person_minutes > 0 or line.saved.kilometres > 0:
            assert line.counted
            assert not line.visits


@unhurried
@given(logs)
def test_no_slot_saves_more_than_one_visit_of_the_baseline(log: list[Recorded]) -> None:
    effect = effect_of(log)
    assert effect.saved_hours <= effect.counted_slots * Fraction(20, 60)
    assert effect.avoided_km <= effect.counted_slots * Fraction(11, 9)
