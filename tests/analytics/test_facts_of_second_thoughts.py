"""What figures make of nights that did not go to plan: doubts, reopened slots, alarms, one look at two people."""

from fractions import Fraction
from uuid import UUID

from analytics import BOTKYRKA_DERIVED, Effort, SlotOutcome, effects, fold_facts
from events.schedule import SlotKind
from events.types import night as nights
from tests.analytics.builders import ASTRID, BENGT, MINUTE, NightLog, only_slot, seconds


def test_a_reopened_slot_is_one_fact_with_its_last_outcome() -> None:
    night = NightLog().all_well(looking=seconds(30)).reopen(after=20 * MINUTE)
    assert only_slot(night.log()).outcome is SlotOutcome.OPEN
    night.escalate(after=35 * MINUTE)
    fact = only_slot(night.log())
    assert (fact.outcome, fact.reopened_by_name, fact.settled_at) == (
        SlotOutcome.ESCALATED,
        1,
        night.at(0, 35 * MINUTE),
    )
    assert fact.looking_seconds == 30


def test_a_slot_that_was_escalated_by_mistake_saves_what_a_look_saves() -> None:
    night = NightLog()
    night.escalate(after=MINUTE)
    night.reopen(after=2 * MINUTE)
    night.complete(night.look(after=3 * MINUTE), after=4 * MINUTE)
    facts = fold_facts(night.log())
    assert facts.slots[0].outcome is SlotOutcome.COMPLETED_REMOTE
    effect = effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)
    assert (effect.counted_slots, effect.withheld, effect.saved.person_minutes) == (1, Effort(), 20 - 1)


def test_a_slot_that_was_seen_well_and_visited_after_all_saves_nothing() -> None:
    night = NightLog().all_well().reopen(after=20 * MINUTE)
    night.escalate(after=35 * MINUTE)
    facts = fold_facts(night.visited(minutes=2, people=1).log())
    assert effects(facts.slots, facts.visits, BOTKYRKA_DERIVED).saved_sek == 0


def test_both_who_looked_at_somebody_in_doubt_count_with_their_time() -> None:
    night = NightLog()
    night.uncertain(night.look(), after=MINUTE + seconds(40))
    night.complete(night.look(by=BENGT, after=3 * MINUTE, number=2), by=BENGT, after=3 * MINUTE + seconds(20))
    fact = only_slot(night.log())
    assert [(look.by, look.seconds, look.answered) for look in fact.looks] == [(ASTRID, 40, True), (BENGT, 20, True)]
    assert (fact.second_opinions, fact.outcome) == (1, SlotOutcome.COMPLETED_REMOTE)


def test_a_manual_alarm_is_a_fact_of_its_own_kind() -> None:
    night = NightLog()
    n = night.alarm()
    night.all_well(n, looking=seconds(30))
    planned, alarm = fold_facts(night.log()).slots
    assert (planned.caller, alarm.caller) == (None, nights.AlarmCaller.RELATIVE)
    assert (alarm.slot, alarm.outcome, alarm.looking_seconds) == (night.slot(n), SlotOutcome.COMPLETED_REMOTE, 30)
    assert len(alarm.events) == 5


def test_a_manual_alarm_saves_nothing_and_costs_its_look() -> None:
    night = NightLog()
    night.all_well(night.alarm(), looking=seconds(30))
    facts = fold_facts(night.log())
    effect = effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)
    assert (effect.counted_slots, effect.counterfactual) == (0, Effort())
    assert effect.saved == Effort(Fraction(-1, 2), Fraction(0))


def test_somebody_sent_on_an_alarm_is_neither_gain_nor_loss() -> None:
    night = NightLog()
    n = night.alarm(kind=SlotKind.VISIT)
    night.escalate(n, after=-10 * MINUTE, reason=nights.EscalationReason.ALARM)
    facts = fold_facts(night.visited(n, minutes=40).log())
    effect = effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)
    assert (effect.visits_made, effect.saved) == (1, Effort())


def test_an_alarm_is_a_fact_where_no_night_was_planned() -> None:
    night = NightLog()
    night.written.clear()
    night.planned.clear()
    night.alarm()
    assert only_slot(night.log()).caller is nights.AlarmCaller.RELATIVE


def test_one_opening_for_two_recipients_is_counted_once() -> None:
    one, other, look = NightLog(1), NightLog(2), UUID(int=0x100C)
    one.grant(look, at=one.at(0, MINUTE))
    other.grant(look, at=other.at(0, MINUTE), with_slot=one.slot())
    for night in (one, other):
        night.complete(look, after=MINUTE + seconds(30))
    facts = fold_facts([*one.log(), *other.log()]).slots
    assert [fact.looking_seconds for fact in facts] == [30, 0]
    assert [look.answered for fact in facts for look in fact.looks] == [True, True]
    assert {fact.outcome for fact in facts} == {SlotOutcome.COMPLETED_REMOTE}
