"""The effect: figures worked by hand, and cases in which there is none."""

from collections.abc import Iterable
from fractions import Fraction

import pytest

from analytics import BOTKYRKA_DERIVED, Effects, Effort, effects, fold_facts, rounded, slot_effects
from events.envelope import Recorded
from events.schedule import SlotKind
from tests.analytics.builders import NightLog, VisitLog, seconds


def effect_of(log: Iterable[Recorded]) -> Effects:
    facts = fold_facts(log)
    return effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)


def test_botkyrkas_9000_checks_give_exactly_what_botkyrka_told() -> None:
    effect = effect_of(recorded for number in range(1, 9001) for recorded in NightLog(number).all_well().log())
    assert (effect.saved_sek, effect.saved_hours, effect.avoided_km) == (900_000, 3_000, 11_000)
    assert effect.headline() == {"saved_hours": 3000.0, "avoided_km": 11000.0, "saved_sek": 900000.0}


def hundred_checks(**visit: float) -> list[Recorded]:
    """97 all well, 3 escalated; each look 30 s. `visit` is what the last of the three visits took."""
    well = [NightLog(number).all_well(looking=seconds(30)).log() for number in range(1, 98)]
    concerns = [NightLog(number).concern(looking=seconds(30)) for number in range(98, 101)]
    sizes = [{"minutes": 10, "kilometres": 0.0}, {"minutes": 10, "kilometres": 0.0}, visit]
    sent = [night.visited(**size).log() for night, size in zip(concerns, sizes, strict=True)]  # type: ignore[arg-type]
    return [recorded for log in (*well, *sent) for recorded in log]


def test_a_hundred_checks_three_of_them_visits_as_in_the_baseline() -> None:
    # 100 × 20 = 2 000 person-minutes of visits; 100 looks × 1/2 = 50; 3 visits × 10 min × 2 people = 60
    effect = effect_of(hundred_checks(minutes=10))
    assert effect.counterfactual.person_minutes == 2_000
    assert effect.looking.person_minutes == 50
    assert effect.visited.person_minutes == 60
    assert effect.withheld.person_minutes == 0
    assert effect.saved.person_minutes == 1_890
    assert effect.saved_sek == 9_450  # 1 890 / 60 × 300
    assert effect.avoided_km == Fraction(97 * 11, 9)


def test_one_long_visit_among_them_costs_what_it_took() -> None:
    # 2 000 − 50 − (2 × 10 × 2 + 60 × 1) = 1 850
    assert effect_of(hundred_checks(minutes=60, people=1)).saved.person_minutes == 1_850


def test_an_escalated_slot_saves_nothing_however_short_its_recorded_visit() -> None:
    effect = effect_of(NightLog().concern(looking=seconds(30)).visited(minutes=2, people=1).log())
    assert effect.saved == Effort(Fraction(-1, 2), Fraction(0))
    assert effect.withheld == Effort(Fraction(18), Fraction(11, 9))


def test_an_escalated_slot_costs_what_its_visit_took_beyond_the_baseline() -> None:
    effect = effect_of(NightLog().concern().visited(minutes=30, people=2, kilometres=12.5).log())
    assert effect.saved == Effort(Fraction(20 - 60), Fraction(11, 9) - Fraction(25, 2))


def test_a_completed_check_that_was_visited_all_the_same_saves_nothing() -> None:
    night = NightLog().all_well()
    assert effect_of(night.log() + VisitLog(night).made(minutes=3, people=1).written).saved == Effort()


def test_a_slot_that_a_visit_covered_is_no_visit_avoided() -> None:
    alone = NightLog().concern().visited(minutes=10)
    covering = NightLog(slots=2).concern().visited(minutes=10).covered(1)
    assert effect_of(covering.log()).saved == effect_of(alone.log()).saved == Effort()
    assert effect_of(covering.log()).counted_slots == 1


def test_what_was_driven_in_vain_is_a_cost_whether_the_visit_was_made_or_not() -> None:
    night = NightLog().concern()
    closed = VisitLog(night).found_nobody(minutes=5, people=2, kilometres=2.5).driven(4.5).closed()
    effect = effect_of(night.log() + closed.written)
    assert (effect.visited, effect.visits_made) == (Effort(Fraction(10), Fraction(7)), 0)
    made = VisitLog(night).found_nobody(minutes=5, people=2, kilometres=2.5).made(minutes=10, people=1, kilometres=3)
    effect = effect_of(night.log() + made.written)
    assert (effect.visited, effect.visits_made) == (Effort(Fraction(20), Fraction(11, 2)), 1)


def test_an_escalation_whose_visit_was_closed_saves_nothing() -> None:
    night = NightLog().concern()
    assert effect_of(night.log() + VisitLog(night).closed().written).saved == Effort()


def test_two_slots_that_fall_together_would_have_been_one_visit() -> None:
    night = NightLog(slots=2, apart=seconds(0))
    look = night.look(0)
    night.complete(look, 0, after=seconds(90)).complete(look, 1, after=seconds(90))
    effect = effect_of(night.log())
    assert (effect.slots, effect.counted_slots) == (2, 1)
    assert effect.saved == Effort(20 - Fraction(1, 2), Fraction(11, 9))


@pytest.mark.parametrize("minutes", [1, 10, 90])
def test_a_planned_visit_would_have_been_the_same_without_a_camera(minutes: int) -> None:
    planned = NightLog(1, kind=SlotKind.VISIT).visited(minutes=minutes, kilometres=7.5)
    became = NightLog(2).became_visit().visited(minutes=minutes, kilometres=7.5)
    effect = effect_of(planned.log() + became.log())
    assert (effect.saved, effect.counted_slots, effect.visits_made) == (Effort(), 0, 2)


def test_a_slot_that_is_open_or_cancelled_saves_nothing_but_its_looks_cost() -> None:
    cancelled = NightLog(1)
    cancelled.look()
    still_open = NightLog(2)
    still_open.look()
    effect = effect_of(cancelled.cancel().log() + still_open.log())
    assert effect.counted_slots == 0
    assert effect.saved == Effort(Fraction(0) - effect.looking.person_minutes)
    assert effect.looking.person_minutes == Fraction(1, 2)  # 0 s until it was cancelled, and 30 s of an open camera


def test_looks_longer_than_visits_are_no_gain() -> None:
    effect = effect_of(NightLog().all_well(looking=seconds(21 * 60)).log())
    assert (effect.saved_sek, effect.gains) == (-5, False)
    assert effect.avoided_km == Fraction(11, 9)


def test_nothing_done_is_no_gain() -> None:
    effect = effect_of([])
    assert (effect.saved_sek, effect.gains) == (0, False)


def test_gross_and_costs_explain_the_saving() -> None:
    effect = effect_of(hundred_checks(minutes=2, people=1))
    assert effect.gross_sek - effect.cost_sek - effect.withheld_sek == effect.saved_sek
    assert effect.gains


def test_a_figure_can_be_followed_back_to_its_slots_and_events() -> None:
    facts = fold_facts(hundred_checks(minutes=60))
    lines = list(slot_effects(facts.slots, facts.visits, BOTKYRKA_DERIVED))
    dearest = min(lines, key=lambda line: line.saved.person_minutes)
    (visit,) = (fact for fact in facts.visits if fact.visit in dearest.visits)
    assert (visit.minutes, visit.slot) == (60, dearest.slot)
    assert visit.events


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(Fraction(1, 3), "0.3"), (Fraction(1, 4), "0.3"), (Fraction(-1, 4), "-0.3"), (Fraction(2), "2.0")],
)
def test_rounding_is_for_showing_and_halves_go_away_from_zero(figure: Fraction, shown: str) -> None:
    assert str(rounded(figure, 1)) == shown
