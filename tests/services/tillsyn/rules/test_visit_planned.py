"""Planned visits: made from their time on, by somebody who arrived; what is needed sooner is hastened"""

from collections.abc import Sequence
from uuid import UUID

import pytest

from events.base import Event
from events.schedule import SlotKind
from events.types.night import SlotBecameVisit, SlotCompleted, VisitInstead
from events.types.visit import (
    Found,
    PhoneOutcome,
    VisitArrived,
    VisitAssigned,
    VisitCompleted,
    VisitFoundNobody,
    VisitHastened,
    VisitKind,
    VisitPhoned,
)
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.night.commands import RecordVisitDone
from services.tillsyn.visit import Acknowledge, Arrive, Complete, Decline, FindNobody, Phone, Stage, Sweep, decide
from services.tillsyn.visit.errors import ArrivedOutOfTimeError, BeforeItsTimeError, NobodyArrivedError
from tests.builders import (
    ANNA,
    MANAGER,
    OTHER_SLOT,
    PATROL,
    RULES,
    SECOND_PATROL,
    SLOT,
    VISIT,
    a_night_of,
    a_planned_slot,
    a_planned_visit,
    a_request,
    a_visit,
    after,
    at,
    own_visit,
)
from tests.services.tillsyn.rules.under_way import STUCK

PLANNED = a_planned_visit("02:00", "20:00")
THERE = after(visits, PLANNED, Acknowledge(PATROL, at("01:40")), Arrive(PATROL, at("02:05")))
EARLY = after(visits, PLANNED, Arrive(PATROL, at("01:30")))
MET = pytest.mark.parametrize("found", [Found.ALL_WELL, Found.NO_ENTRY], ids=["met", "met nobody"])


def told(found: Found, when: str, arrived: str | None = None, by: UUID = PATROL) -> visits.Command:
    """What was found is told at `when`, with the arrival if it is given."""
    arrived_at = at(arrived) if arrived else None
    if found is Found.NO_ENTRY:
        return FindNobody(by, 10, 1, 2.5, found, at(when), ANNA, arrived_at)
    return Complete(by, 10, 1, 2.5, found, at(when), ANNA, arrived_at)


def types(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


# Not before its time.


@MET
@pytest.mark.parametrize("visit", [PLANNED, EARLY], ids=["nobody there", "there ahead of time"])
def test_what_was_found_on_a_planned_visit_is_not_told_before_its_time(visit: visits.Visit, found: Found) -> None:
    with pytest.raises(BeforeItsTimeError, match="2026-11-04 02:00Z"):
        decide(visit, told(found, "01:59:59", "01:50"))


def test_a_planned_visit_is_completed_from_its_time_on_by_whoever_came_ahead_of_it() -> None:
    assert types(decide(EARLY, told(Found.ALL_WELL, "02:00"))) == [VisitCompleted]


def test_whoever_comes_ahead_of_a_planned_visit_has_the_limit_from_its_time() -> None:
    [there] = decide(PLANNED, Arrive(PATROL, at("20:30")))
    assert there.complete_by == at("02:00") + RULES.complete_within  # type: ignore[attr-defined]


# By somebody who arrived.


@MET
def test_what_was_found_on_a_planned_visit_is_not_told_of_one_that_nobody_arrived_for(found: Found) -> None:
    for visit in (PLANNED, after(visits, PLANNED, Acknowledge(PATROL, at("02:01")))):
        with pytest.raises(NobodyArrivedError, match=str(PATROL)):
            decide(visit, told(found, "02:30"))


def test_whoever_arrived_tells_what_was_found() -> None:
    assert types(decide(THERE, told(Found.ALL_WELL, "02:30"))) == [VisitCompleted]
    assert types(decide(THERE, told(Found.NO_ENTRY, "02:30"))) == [VisitFoundNobody, VisitAssigned]
    late = after(visits, THERE, Sweep(at("03:05")))
    assert types(decide(late, told(Found.ALL_WELL, "03:10"))) == [VisitCompleted], "they are there still"


def test_an_arrival_may_be_told_with_what_was_found_and_is_on_record_before_it() -> None:
    arrived, completed = decide(PLANNED, told(Found.ALL_WELL, "02:40", "02:20"))
    assert arrived == VisitArrived(
        visit=VISIT,
        responder=PATROL,
        complete_by=at("02:20") + RULES.complete_within,
        by=ANNA,
        people=1,
        at=at("02:20"),
    )
    assert isinstance(completed, VisitCompleted)
    nobody = decide(PLANNED, told(Found.NO_ENTRY, "02:40", "02:20"))
    assert types(nobody) == [VisitArrived, VisitFoundNobody, VisitAssigned]
    assert after(visits, PLANNED, told(Found.NO_ENTRY, "02:40", "02:20")).there == frozenset()


@MET
@pytest.mark.parametrize(("when", "arrived"), [("02:40", "01:59:59"), ("02:40", "02:40:01")], ids=["before", "ahead"])
def test_an_arrival_told_afterwards_lies_between_the_time_of_the_visit_and_now(
    found: Found, when: str, arrived: str
) -> None:
    with pytest.raises(ArrivedOutOfTimeError, match="from 2026-11-04 02:00Z to 2026-11-04 02:40Z"):
        decide(PLANNED, told(found, when, arrived))


def test_an_arrival_that_is_known_is_not_told_again() -> None:
    assert types(decide(THERE, told(Found.ALL_WELL, "02:30", "02:10"))) == [VisitCompleted]


@pytest.mark.parametrize("left", [told(Found.NO_ENTRY, "02:20"), Decline(PATROL, STUCK, at("02:20"))])
def test_of_whoever_has_left_again_nobody_tells_what_was_found_without_another_arrival(left: visits.Command) -> None:
    visit = after(visits, THERE, left)
    with pytest.raises(NobodyArrivedError):
        decide(visit, told(Found.ALL_WELL, "02:50", by=MANAGER))
    [arrived, _] = decide(visit, told(Found.ALL_WELL, "02:50", "02:45", by=MANAGER))
    assert arrived.responder == MANAGER  # type: ignore[attr-defined]


def test_what_was_found_by_whoever_was_sent_is_taken_as_it_is_told() -> None:
    assert types(decide(a_visit("02:00"), told(Found.ALL_WELL, "02:10"))) == [VisitCompleted]
    assert types(decide(a_visit("02:00"), told(Found.ALL_WELL, "02:10", "02:05"))) == [VisitArrived, VisitCompleted]
    with pytest.raises(ArrivedOutOfTimeError):
        decide(a_visit("02:00"), told(Found.ALL_WELL, "02:10", "02:11"))


# Needed sooner.


def test_a_planned_visit_that_somebody_is_at_ahead_of_its_time_is_hastened_and_nobody_else_is_asked() -> None:
    needed = a_request("01:35", VisitKind.SENT, reason="concern")
    assert decide(EARLY, needed) == [VisitHastened(visit=VISIT, reason="concern")]
    phoned = decide(EARLY, Phone(ANNA, PhoneOutcome.NEEDS_HELP, at("01:35")))
    assert types(phoned) == [VisitPhoned, VisitHastened]
    hastened = after(visits, EARLY, needed)
    assert (hastened.stage, hastened.responder) == (Stage.ARRIVED, PATROL)
    assert types(decide(hastened, told(Found.ON_THE_FLOOR, "01:50"))) == [VisitCompleted]


def test_a_slot_whose_visit_was_needed_and_made_before_it_opened_is_gone_to_again_when_it_is_due() -> None:
    visit_at_two = a_planned_slot("02:00", kind=SlotKind.VISIT)
    night = a_night_of(visit_at_two)
    [again] = decide_night(night, "01:44:59")
    assert isinstance(again, SlotBecameVisit)
    assert (again.reason, again.escalates_at) == (VisitInstead.VISITED_EARLIER, visit_at_two.deadline)
    night = after(nights, night, RecordVisitDone(own_visit(SLOT), PATROL, at("01:44:59")))
    assert night.slots[SLOT].open
    assert night.slots[SLOT].visit not in (None, own_visit(SLOT))
    assert types(decide_night(a_night_of(visit_at_two), "01:45")) == [SlotCompleted]


def test_slots_of_one_instant_open_with_the_first_of_them() -> None:
    plans = [a_planned_slot("02:00", n, opens=opens) for n, opens in ((0, 15), (1, 5))]
    night = a_night_of(*plans, a_planned_slot("02:01", 2, opens=60))
    assert [night.opens_at(night.slots[slot]) for slot in (SLOT, OTHER_SLOT)] == [at("01:45"), at("01:45")]


def decide_night(night: nights.Night, when: str) -> Sequence[Event]:
    return nights.decide(night, RecordVisitDone(own_visit(SLOT), SECOND_PATROL, at(when)))
