"""Visits that go otherwise: declined, two needed, phoned first, nobody met, help called, held, called off."""

from dataclasses import replace
from math import inf, nan

import pytest

from events.types.night import CancelReason
from events.types.visit import (
    DeclineReason,
    Found,
    Help,
    PhoneOutcome,
    VisitAcknowledged,
    VisitAssigned,
    VisitCalledOff,
    VisitClosed,
    VisitDeclined,
    VisitDriven,
    VisitFoundNobody,
    VisitHastened,
    VisitHeld,
    VisitHelpCalled,
    VisitKind,
    VisitLimit,
    VisitLimitPassed,
    VisitMadeWith,
    VisitMoved,
    VisitNeedsTwo,
    VisitPhoned,
    VisitReleased,
    VisitRequested,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import (
    Acknowledge,
    Arrive,
    CallHelp,
    CallOff,
    Close,
    Complete,
    Decline,
    FindNobody,
    Hold,
    Join,
    MakeWith,
    Move,
    NeedTwo,
    Phone,
    Release,
    Stage,
    Sweep,
    TellDriven,
    decide,
)
from services.tillsyn.visit.errors import (
    HeldError,
    MetNobodyError,
    NotAskedError,
    NotDrivenError,
    NotInTheHomeError,
    OutOfMeasureError,
    SecondGoesError,
    TooFewError,
)
from tests.builders import (
    ANNA,
    CHAIN,
    HOME,
    MANAGER,
    PATROL,
    RULES,
    SECOND_PATROL,
    VISIT,
    a_planned_visit,
    a_request,
    a_visit,
    after,
    an_id,
    at,
    folded,
    minutes,
    secret,
)

STUCK = DeclineReason.STUCK
INCIDENT = an_id("incident")
WIFE = an_id("wife")
TAKEN = after(visits, a_visit("02:00"), Acknowledge(PATROL, at("02:02")))
THERE = after(visits, TAKEN, Arrive(PATROL, at("02:20")))
NOBODY = FindNobody(PATROL, 5, 1, 2.5, Found.NO_ENTRY, at("02:30"))


def done(by: object = PATROL, people: int = 1, **more: object) -> Complete:
    return Complete(by, 10, people, 2.5, Found.ALL_WELL, at("02:30"), **more)  # type: ignore[arg-type]


# Who is asked.


def test_the_line_given_when_a_visit_is_asked_for_goes_before_the_chain() -> None:
    [_, assigned] = decide(visits.EMPTY, a_request(order=(SECOND_PATROL, PATROL, MANAGER)))
    assert assigned == VisitAssigned(visit=VISIT, responder=SECOND_PATROL, step=0, acknowledge_by=at("02:05"))


def test_the_line_may_change_and_nobody_is_asked_twice_before_everybody_was() -> None:
    visit = a_visit("02:00", order=(SECOND_PATROL, PATROL, MANAGER))
    [_, assigned] = decide(visit, Sweep(at("02:05"), (SECOND_PATROL, PATROL, MANAGER)))
    assert (assigned.responder, assigned.loudness) == (PATROL, 0)  # type: ignore[attr-defined]
    assert decide(visit, Sweep(at("02:05"), (SECOND_PATROL, MANAGER)))[1].responder == MANAGER  # type: ignore[attr-defined]


def test_the_last_in_line_is_asked_again_and_again_and_louder_each_time() -> None:
    visit, louder = a_visit("02:00"), []
    for n in range(1, 6):
        sweep = Sweep(at("02:00") + n * minutes(5))
        louder += [event.loudness for event in decide(visit, sweep) if isinstance(event, VisitAssigned)]
        visit = after(visits, visit, sweep)
    assert louder == [0, 0, 1, 2, 3]
    assert visit.responder == MANAGER


def test_a_patrol_that_was_not_known_when_the_visit_was_asked_for_can_take_it_when_it_would_be_asked() -> None:
    new = an_id("a new patrol")
    [taken] = decide(a_visit(), Acknowledge(new, at("02:01"), ANNA, 2, (new, *CHAIN)))
    assert isinstance(taken, VisitAcknowledged)
    assert (taken.responder, taken.by, taken.people) == (new, ANNA, 2)


# Declined.


@pytest.mark.parametrize("visit", [a_visit("02:00"), TAKEN, THERE], ids=["asked", "on the way", "there"])
def test_whoever_declines_is_followed_by_the_next_in_line_at_once(visit: visits.Visit) -> None:
    assert decide(visit, Decline(PATROL, STUCK, at("02:25"), ANNA)) == [
        VisitDeclined(visit=VISIT, responder=PATROL, by=ANNA, reason=STUCK),
        VisitAssigned(visit=VISIT, responder=SECOND_PATROL, step=1, acknowledge_by=at("02:30")),
    ]


def test_the_last_in_line_cannot_decline_into_nothing() -> None:
    visit = after(visits, a_visit("02:00"), Sweep(at("02:05")), Sweep(at("02:10")))
    assert visit.responder == MANAGER
    [declined] = decide(visit, Decline(MANAGER, STUCK, at("02:11")))
    assert isinstance(declined, VisitDeclined)
    visit = after(visits, visit, Decline(MANAGER, STUCK, at("02:11")))
    assert (visit.responder, visit.act_at) == (MANAGER, at("02:15"))
    assert not decide(visit, Decline(MANAGER, STUCK, at("02:12"))), "said once"
    [_, again] = decide(visit, Sweep(at("02:15")))
    assert (again.responder, again.loudness) == (MANAGER, 1)  # type: ignore[attr-defined]


def test_the_last_in_line_who_hands_back_what_they_took_is_asked_again_within_minutes() -> None:
    visit = after(visits, a_visit("02:00", (MANAGER,)), Acknowledge(MANAGER, at("02:01")))
    [_, again] = decide(visit, Decline(MANAGER, STUCK, at("02:10")))
    assert (again.responder, again.loudness) == (MANAGER, 1)  # type: ignore[attr-defined]
    assert again.acknowledge_by == at("02:15")  # type: ignore[attr-defined]


def test_only_whoever_was_asked_or_has_the_visit_can_decline() -> None:
    with pytest.raises(NotAskedError, match=str(PATROL)):
        decide(a_visit(), Decline(MANAGER, STUCK, at("02:01")))


def test_a_planned_visit_that_is_declined_early_is_pressed_from_its_time() -> None:
    [_, assigned] = decide(a_planned_visit("02:00", "20:00"), Decline(PATROL, STUCK, at("21:00")))
    assert assigned.acknowledge_by == at("02:05")  # type: ignore[attr-defined]


# Two are needed.


def test_whoever_goes_alone_where_two_are_needed_has_a_second_asked_for() -> None:
    visit = a_visit("02:00", people=2)
    taken, second = decide(visit, Acknowledge(PATROL, at("02:02")))
    assert isinstance(taken, VisitAcknowledged)
    assert second == VisitAssigned(
        visit=VISIT, responder=SECOND_PATROL, step=1, acknowledge_by=at("02:07"), second=True
    )


def test_a_crew_of_two_is_enough() -> None:
    assert len(decide(a_visit("02:00", people=2), Acknowledge(PATROL, at("02:02"), ANNA, 2))) == 1


def test_two_can_be_needed_when_somebody_is_there() -> None:
    needed, second = decide(THERE, NeedTwo(PATROL, at("02:25"), ANNA))
    assert needed == VisitNeedsTwo(visit=VISIT, by=ANNA)
    assert (second.responder, second.second) == (SECOND_PATROL, True)  # type: ignore[attr-defined]
    assert not decide(after(visits, THERE, NeedTwo(PATROL, at("02:25"))), NeedTwo(PATROL, at("02:26")))


def test_whoever_could_not_take_the_visit_is_asked_anew_to_go_along_the_nearest_first() -> None:
    handed_on = Decline(PATROL, STUCK, at("02:05"), order=CHAIN)
    visit = after(visits, TAKEN, handed_on, Decline(SECOND_PATROL, STUCK, at("02:06"), order=CHAIN))
    there = after(visits, visit, Arrive(MANAGER, at("02:20")))
    asked = decide(there, NeedTwo(MANAGER, at("02:25"), order=(PATROL, SECOND_PATROL, MANAGER)))[1]
    assert (asked.responder, asked.second, asked.loudness) == (PATROL, True, 0)  # type: ignore[attr-defined]


def test_needing_two_gives_no_second_turn_to_somebody_who_was_asked_and_has_not_answered() -> None:
    asked_second = after(visits, a_visit("02:00"), Sweep(at("02:05")), NeedTwo(MANAGER, at("02:06")))
    assert asked_second.responder == SECOND_PATROL
    assert decide(asked_second, Sweep(at("02:10")))[1].responder == MANAGER  # type: ignore[attr-defined]


def test_the_first_keeps_the_visit_while_a_second_is_asked() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")))
    assert (visit.responder, visit.stage) == (PATROL, Stage.ARRIVED)


def test_a_second_who_does_not_answer_is_followed_by_the_next() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")))
    passed, asked = decide(visit, Sweep(at("02:30")))
    assert passed == VisitLimitPassed(
        visit=VISIT, limit=VisitLimit.ACKNOWLEDGE, responder=SECOND_PATROL, step=0, second=True
    )
    assert (asked.responder, asked.second) == (MANAGER, True)  # type: ignore[attr-defined]


def test_a_second_who_declines_is_followed_by_the_next() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")))
    declined, asked = decide(visit, Decline(SECOND_PATROL, STUCK, at("02:26")))
    assert declined.second  # type: ignore[attr-defined]
    assert asked.responder == MANAGER  # type: ignore[attr-defined]


def test_a_second_who_joins_has_a_time_to_come() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")), Join(SECOND_PATROL, at("02:27")))
    assert visit.second is not None
    assert visit.second.act_at == at("02:27") + RULES.arrive_within
    visit = after(visits, visit, Arrive(SECOND_PATROL, at("02:40")))
    assert (visit.people, visit.second and visit.second.act_at) == (2, None)
    assert visit.responder == PATROL
    assert not decide(visit, Arrive(SECOND_PATROL, at("02:41")))


def test_taking_it_when_asked_to_go_along_is_joining() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")))
    assert decide(visit, Acknowledge(SECOND_PATROL, at("02:27"))) == decide(visit, Join(SECOND_PATROL, at("02:27")))


def test_one_colleague_goes_along_and_no_more() -> None:
    visit = after(visits, THERE, Join(SECOND_PATROL, at("02:27")))
    with pytest.raises(SecondGoesError, match=str(SECOND_PATROL)):
        decide(visit, Join(MANAGER, at("02:28")))
    assert not decide(visit, Join(SECOND_PATROL, at("02:29")))


def test_a_visit_for_two_made_by_one_is_refused_unless_they_say_why() -> None:
    visit = after(visits, THERE, NeedTwo(PATROL, at("02:25")))
    with pytest.raises(TooFewError, match="join"):
        decide(visit, done(people=1))
    assert decide(visit, done(people=2))
    assert decide(visit, done(people=1, note=secret("he stood up by himself")))


# Phoned.


@pytest.mark.parametrize("outcome", [PhoneOutcome.ANSWERED_WELL, PhoneOutcome.NO_ANSWER])
def test_a_call_is_on_record_and_ends_nothing(outcome: PhoneOutcome) -> None:
    assert decide(a_visit(), Phone(ANNA, outcome, at("02:01"))) == [VisitPhoned(visit=VISIT, by=ANNA, outcome=outcome)]
    visit = after(visits, a_visit("02:00"), Phone(ANNA, outcome, at("02:01")))
    assert (visit.over, visit.act_at) == (False, at("02:05"))


def test_an_answer_by_phone_that_all_is_well_lets_a_named_person_close_the_visit() -> None:
    visit = after(visits, a_visit(), Phone(ANNA, PhoneOutcome.ANSWERED_WELL, at("02:01")))
    [closed] = decide(visit, Close(MANAGER, "phoned: all well, power is out"))
    assert isinstance(closed, VisitClosed)


def test_an_answer_by_phone_that_help_is_needed_hastens_a_planned_visit() -> None:
    events = decide(a_planned_visit("05:00"), Phone(ANNA, PhoneOutcome.NEEDS_HELP, at("01:00")))
    assert [type(event) for event in events] == [VisitPhoned, VisitHastened, VisitAssigned]
    assert events[2].acknowledge_by == at("01:05")  # type: ignore[attr-defined]


def test_an_answer_by_phone_that_help_is_needed_sends_somebody_though_an_incident_holds_the_visit() -> None:
    visit = after(visits, a_visit("02:00"), Hold(INCIDENT))
    events = decide(visit, Phone(ANNA, PhoneOutcome.NEEDS_HELP, at("02:10")))
    assert [type(event) for event in events] == [VisitPhoned, VisitReleased, VisitAssigned]
    assert events[1].by == ANNA  # type: ignore[attr-defined]


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
