"""Facts depend on what happened and on nothing else: not on order, repetition, or whether anybody can be named."""

import random

from hypothesis import given
from hypothesis import strategies as st

from analytics import fold_facts
from events.envelope import Recorded
from tests.analytics.builders import with_key_destroyed
from tests.analytics.strategies import logs, unhurried


@unhurried
@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_delivery_changes_nothing(log: list[Recorded], order: random.Random) -> None:
    shuffled = order.sample(log, len(log))
    assert fold_facts(shuffled) == fold_facts(log)


@unhurried
@given(logs, st.data())
def test_what_is_delivered_again_changes_nothing(log: list[Recorded], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(log))) if log else []
    assert fold_facts(log + again) == fold_facts(log)


@unhurried
@given(logs)
def test_erasing_everybody_changes_nothing(log: list[Recorded]) -> None:
    assert fold_facts(map(with_key_destroyed, log)) == fold_facts(log)


@unhurried
@given(logs)
def test_each_event_of_a_night_or_visit_can_be_found_in_a_fact(log: list[Recorded]) -> None:
    facts = fold_facts(log)
    named = {event for fact in (*facts.slots, *facts.visits) for event in fact.events}
    assert named == {recorded.id for recorded in log}
