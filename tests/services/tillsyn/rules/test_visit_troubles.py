"""Visits that go otherwise: declined, two needed, phoned first."""

import pytest

from events.types.visit import (
    PhoneOutcome,
    VisitAcknowledged,
    VisitAssigned,
    VisitClosed,
    VisitDeclined,
    VisitHastened,
    VisitLimit,
    VisitLimitPassed,
    VisitNeedsTwo,
    VisitPhoned,
    VisitReleased,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import (
    Acknowledge,
    Arrive,
    Close,
    Decline,
    Hold,
    Join,
    NeedTwo,
    Phone,
    Stage,
    Sweep,
    decide,
)
from services.tillsyn.visit.errors import (
    NotAskedError,
    SecondGoesError,
    TooFewError,
)
from tests.builders import (
    ANNA,
    CHAIN,
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
    minutes,
    secret,
)
from tests.services.tillsyn.rules.under_way import INCIDENT, STUCK, TAKEN, THERE, done

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
