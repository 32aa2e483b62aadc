"""How visits end that go otherwise: nobody met, help called, held, called off, made with another."""

from dataclasses import replace
from math import inf, nan

import pytest

from events.types.night import CancelReason
from events.types.visit import (
    DeclineReason,
    Found,
    Help,
    VisitAssigned,
    VisitCalledOff,
    VisitDriven,
    VisitFoundNobody,
    VisitHeld,
    VisitHelpCalled,
    VisitKind,
    VisitMadeWith,
    VisitMoved,
    VisitReleased,
    VisitRequested,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import (
    Acknowledge,
    Arrive,
    CallHelp,
    CallOff,
    Complete,
    Decline,
    FindNobody,
    Hold,
    Join,
    MakeWith,
    Move,
    Release,
    Stage,
    Sweep,
    TellDriven,
    decide,
)
from services.tillsyn.visit.errors import (
    HeldError,
    MetNobodyError,
    NotDrivenError,
    NotInTheHomeError,
    OutOfMeasureError,
)
from tests.builders import (
    ANNA,
    CHAIN,
    HOME,
    MANAGER,
    PATROL,
    SECOND_PATROL,
    VISIT,
    a_planned_visit,
    a_request,
    a_visit,
    after,
    an_id,
    at,
    folded,
)
from tests.services.tillsyn.rules.under_way import INCIDENT, NOBODY, STUCK, TAKEN, THERE, WIFE, done

# What was found.


@pytest.mark.parametrize("found", [Found.NO_ENTRY, Found.NOT_AT_HOME])
def test_meeting_nobody_does_not_end_the_visit_and_the_manager_is_asked_at_once(found: Found) -> None:
    nobody, asked = decide(THERE, FindNobody(PATROL, 5, 1, 2.5, found, at("02:30"), ANNA))
    assert isinstance(nobody, VisitFoundNobody)
    assert (nobody.found, nobody.by, nobody.kilometres) == (found, ANNA, 2.5)
    assert asked == VisitAssigned(visit=VISIT, responder=MANAGER, step=1, acknowledge_by=at("02:35"))


def test_meeting_nobody_told_twice_is_once_until_they_went_there_again() -> None:
    visit = after(visits, THERE, NOBODY)
    assert decide(visit, FindNobody(PATROL, 5, 1, 2.5, Found.NO_ENTRY, at("02:31"))) == []
    assert decide(visit, FindNobody(PATROL, 5, 1, 2.5, Found.NOT_AT_HOME, at("02:31"))) != []
    again = after(visits, visit, Arrive(PATROL, at("02:50")))
    assert decide(again, FindNobody(PATROL, 5, 1, 2.5, Found.NO_ENTRY, at("02:55"))) != []


def test_a_manager_who_met_nobody_is_asked_again_and_louder() -> None:
    visit = after(visits, THERE, NOBODY, FindNobody(MANAGER, 5, 1, 2.5, Found.NO_ENTRY, at("02:40")))
    assert (visit.responder, visit.loudness) == (MANAGER, 1)


def test_the_manager_can_hand_the_visit_to_a_patrol_that_was_not_asked_yet() -> None:
    visit = after(visits, THERE, NOBODY)
    [_, asked] = decide(visit, Decline(MANAGER, DeclineReason.OTHER, at("02:32")))
    assert asked.responder == SECOND_PATROL  # type: ignore[attr-defined]


@pytest.mark.parametrize("found", [Found.NO_ENTRY, Found.NOT_AT_HOME])
def test_a_visit_is_not_completed_by_somebody_who_met_nobody(found: Found) -> None:
    with pytest.raises(MetNobodyError, match="goes on"):
        decide(THERE, Complete(PATROL, 10, 1, 2.5, found, at("02:30")))


def test_whoever_met_somebody_completes_the_visit() -> None:
    with pytest.raises(MetNobodyError, match="complete"):
        decide(THERE, FindNobody(PATROL, 5, 1, 2.5, Found.ON_THE_FLOOR, at("02:30")))


def test_help_called_is_on_record_once_for_each_helper() -> None:
    assert decide(THERE, CallHelp(ANNA, Help.NURSE)) == [VisitHelpCalled(visit=VISIT, by=ANNA, whom=Help.NURSE)]
    visit = after(visits, THERE, CallHelp(ANNA, Help.NURSE))
    assert not decide(visit, CallHelp(ANNA, Help.NURSE))
    assert decide(visit, CallHelp(ANNA, Help.EMERGENCY))


def test_others_who_are_reported_as_met_must_live_in_that_home() -> None:
    [completed] = decide(THERE, done(also_seen=(WIFE,), lives_here=frozenset({WIFE})))
    assert completed.also_seen == (WIFE,)  # type: ignore[attr-defined]
    with pytest.raises(NotInTheHomeError, match=str(WIFE)):
        decide(THERE, done(also_seen=(WIFE,)))


# Held by an incident.


def test_a_held_visit_asks_nobody_and_no_limit_runs() -> None:
    assert decide(a_visit(), Hold(INCIDENT)) == [VisitHeld(visit=VISIT, incident=INCIDENT)]
    visit = after(visits, a_visit(), Hold(INCIDENT))
    assert (visit.responder, visit.act_at, visit.held_by) == (None, None, INCIDENT)
    assert not decide(visit, Sweep(at("09:00")))
    assert not decide(visit, Hold(INCIDENT))


def test_a_visit_can_be_held_from_the_beginning() -> None:
    requested, held = decide(visits.EMPTY, a_request(incident=INCIDENT))
    assert isinstance(requested, VisitRequested)
    assert held == VisitHeld(visit=VISIT, incident=INCIDENT)


@pytest.mark.parametrize("visit", [TAKEN, THERE, a_planned_visit()], ids=["on the way", "there", "planned"])
def test_neither_a_visit_under_way_nor_a_planned_one_is_held(visit: visits.Visit) -> None:
    assert not decide(visit, Hold(INCIDENT))


def test_a_visit_released_is_asked_from_the_beginning_of_the_line() -> None:
    visit = after(visits, a_visit("02:00"), Sweep(at("02:05")), Hold(INCIDENT))
    assert decide(visit, Release(MANAGER, at("02:30"))) == [
        VisitReleased(visit=VISIT, by=MANAGER),
        VisitAssigned(visit=VISIT, responder=PATROL, step=2, acknowledge_by=at("02:35")),
    ]
    assert not decide(a_visit(), Release(MANAGER, at("02:30")))


def test_nobody_goes_along_to_a_visit_that_is_held_but_somebody_may_take_it() -> None:
    visit = after(visits, a_visit(), Hold(INCIDENT))
    with pytest.raises(HeldError):
        decide(visit, Join(PATROL, at("02:10")))
    assert after(visits, visit, Acknowledge(PATROL, at("02:10"))).held_by is None


# Called off, moved, and what was driven for it.


@pytest.mark.parametrize("because", [CancelReason.DEATH, CancelReason.ABSENT])
@pytest.mark.parametrize("visit", [a_visit(), TAKEN, after(visits, a_visit(), Hold(INCIDENT))])
def test_a_visit_that_was_sent_is_called_off_when_there_is_nobody_to_go_to(
    visit: visits.Visit, because: CancelReason
) -> None:
    assert decide(visit, CallOff("gone", because)) == [VisitCalledOff(visit=VISIT, reason="gone")]


def test_a_visit_is_not_called_off_for_another_reason_nor_when_somebody_is_there() -> None:
    assert not decide(a_visit(), CallOff("decision ended", CancelReason.DECISION_ENDED))
    assert not decide(THERE, CallOff("fetched", CancelReason.ABSENT))


def test_a_visit_that_was_called_off_is_asked_for_again_when_it_is_needed_after_all() -> None:
    visit = after(visits, a_visit("02:00"), CallOff("fetched", CancelReason.ABSENT))
    assert [type(event) for event in decide(visit, a_request("03:00"))] == [VisitRequested, VisitAssigned]


def test_a_visit_follows_somebody_who_moved() -> None:
    new = an_id("a new home")
    assert decide(a_visit(), Move(new, "Söder")) == [VisitMoved(visit=VISIT, home=new, area="Söder")]
    assert not decide(a_visit(), Move(HOME))
    assert not decide(THERE, Move(new))


def test_a_visit_that_is_held_is_asked_for_at_once_when_the_recipient_moves() -> None:
    held = folded(visits, visits.EMPTY, decide(visits.EMPTY, a_request("02:00", incident=an_id("incident"))))
    moved, asked = decide(held, Move(an_id("new home"), order=CHAIN, at=at("02:10")))
    assert isinstance(moved, VisitMoved)
    assert isinstance(asked, VisitAssigned)
    after_it = folded(visits, held, [moved, asked])
    assert (after_it.responder, after_it.held_by) == (PATROL, None)


def test_kilometres_driven_for_a_visit_that_was_called_off_are_told_once() -> None:
    visit = after(visits, TAKEN, CallOff("fetched", CancelReason.ABSENT))
    [driven] = decide(visit, TellDriven(PATROL, 4.5, ANNA))
    assert driven == VisitDriven(visit=VISIT, responder=PATROL, by=ANNA, kilometres=4.5)
    again = after(visits, visit, TellDriven(PATROL, 4.5), a_request("03:00"))
    assert again.driven == {PATROL}, "asked for again, and not forgotten"
    assert not decide(again, TellDriven(PATROL, 4.5))


def test_kilometres_are_not_told_by_whoever_never_took_the_visit_nor_again_by_whoever_made_it() -> None:
    with pytest.raises(NotDrivenError):
        decide(a_visit(), TellDriven(PATROL, 4.5))
    with pytest.raises(NotDrivenError):
        decide(after(visits, THERE, done()), TellDriven(PATROL, 4.5))


# Made with another.


@pytest.mark.parametrize("visit", [a_visit(), TAKEN, THERE, after(visits, a_visit(), Hold(INCIDENT))])
def test_whoever_was_met_on_another_visit_needs_no_other_that_was_sent(visit: visits.Visit) -> None:
    other = an_id("the visit that was made")
    made = [VisitMadeWith(visit=VISIT, made=other, responder=PATROL)]
    assert decide(visit, MakeWith(other, PATROL)) == made
    done_with = folded(visits, visit, made)
    assert (done_with.stage, done_with.act_at, done_with.held_by) == (Stage.COMPLETED, None, None)


def test_who_is_in_the_home_already_and_a_planned_visit_are_not_done_with_another() -> None:
    other = an_id("the visit that was made")
    assert not decide(THERE, MakeWith(other, SECOND_PATROL))
    assert not decide(a_planned_visit(), MakeWith(other, PATROL))
    assert not decide(TAKEN, MakeWith(VISIT, PATROL))


def test_kilometres_of_a_visit_made_with_another_are_told_by_who_drove_for_nothing_and_no_other() -> None:
    other = an_id("the visit that was made")
    met_by_others = after(visits, TAKEN, MakeWith(other, SECOND_PATROL))
    assert [type(event) for event in decide(met_by_others, TellDriven(PATROL, 4.5))] == [VisitDriven]
    with pytest.raises(NotDrivenError):
        decide(after(visits, TAKEN, MakeWith(other, PATROL)), TellDriven(PATROL, 4.5))


def test_a_planned_visit_may_be_for_two_as_well() -> None:
    request = a_request("20:00", VisitKind.PLANNED, "02:00", people=2)
    visit = after(visits, visits.EMPTY, request, Acknowledge(PATROL, at("20:05")))
    assert visit.second is not None
    assert visit.second.act_at == at("02:05")


@pytest.mark.parametrize(
    "wrong", [{"minutes": -1000}, {"people": 0}, {"people": 21}, {"kilometres": inf}, {"kilometres": nan}]
)
def test_minutes_people_and_kilometres_are_those_of_one_night(wrong: dict[str, float]) -> None:
    for command in (replace(done(), **wrong), replace(NOBODY, **wrong)):
        with pytest.raises(OutOfMeasureError, match=r"visit .* cannot have had .*; give"):
            decide(THERE, command)
    if "kilometres" in wrong:
        with pytest.raises(OutOfMeasureError):
            decide(after(visits, TAKEN, Decline(PATROL, STUCK, at("02:10"))), TellDriven(PATROL, wrong["kilometres"]))
