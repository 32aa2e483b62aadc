"""One fact a visit: its times, what it took, and how it ended."""

from fractions import Fraction

from analytics import VisitOutcome
from events.types import visit as visits
from tests.analytics.builders import MINUTE, PATROL, UNIT, NightLog, VisitLog, only_visit


def test_a_visit_made_tells_when_each_thing_happened_and_what_it_took() -> None:
    night = NightLog()
    made = VisitLog(night).made(minutes=12, people=2, kilometres=3.7)
    fact = only_visit(made.written)
    assert (fact.slot, fact.unit, fact.kind, fact.outcome) == (
        night.slot(),
        UNIT,
        visits.VisitKind.SENT,
        VisitOutcome.MADE,
    )
    asked = fact.requested_at
    assert (fact.assigned_at, fact.acknowledged_at, fact.arrived_at, fact.ended_at) == (
        asked,
        asked + 2 * MINUTE,
        asked + 15 * MINUTE,
        asked + 27 * MINUTE,
    )
    assert (fact.minutes, fact.people, fact.person_minutes, fact.found) == (12, 2, 24, visits.Found.ALL_WELL)
    assert fact.events == tuple(recorded.id for recorded in made.written)


def test_an_arrival_that_was_told_afterwards_counts_from_when_it_was() -> None:
    log = VisitLog(NightLog())
    log.assigned()
    arrived, told = log.asked_at + 15 * MINUTE, log.asked_at + 50 * MINUTE
    limit = arrived + 60 * MINUTE
    log.write(visits.VisitArrived(visit=log.visit, responder=PATROL, complete_by=limit, at=arrived), told)
    assert only_visit(log.written).arrived_at == arrived


def test_kilometres_are_the_decimal_that_was_recorded() -> None:
    fact = only_visit(VisitLog(NightLog()).made(minutes=1, kilometres=0.1).written)
    assert fact.kilometres == Fraction(1, 10)


def test_a_visit_that_was_closed_was_not_made_and_took_nothing() -> None:
    fact = only_visit(VisitLog(NightLog()).closed().written)
    assert fact.outcome is VisitOutcome.CLOSED
    assert (fact.person_minutes, fact.kilometres) == (0, 0)


def test_a_visit_remembers_whom_it_had_to_ask_again() -> None:
    visit = VisitLog(NightLog())
    visit.assigned()
    passed = visits.VisitLimitPassed(visit=visit.visit, limit=visits.VisitLimit.ACKNOWLEDGE, responder=PATROL, step=0)
    visit.write(passed, visit.asked_at + 5 * MINUTE)
    visit.assigned(after=5 * MINUTE, step=1)
    fact = only_visit(visit.written)
    assert (fact.asked, fact.limits_passed, fact.assigned_at) == (2, 1, visit.asked_at)
    assert fact.outcome is VisitOutcome.UNDER_WAY


def test_a_visit_that_told_of_a_death_that_was_none_was_made_in_vain_and_is_to_be_made() -> None:
    visit = VisitLog(NightLog()).made(minutes=12, people=2, kilometres=3.7)
    requested = visit.written[0].event
    visit.write(requested, visit.asked_at + 30 * MINUTE)
    fact = only_visit(visit.written)
    assert (fact.outcome, fact.person_minutes, fact.kilometres, fact.found) == (VisitOutcome.UNDER_WAY, 0, 0, None)
    assert (fact.vain_person_minutes, fact.vain_kilometres) == (24, Fraction(37, 10))
