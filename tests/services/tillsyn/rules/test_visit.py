"""Visits: requested, assigned, acknowledged, arrived, completed; who is asked next; and that none fades away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.personal import Personal, Purpose
from events.types.visit import (
    Found,
    VisitAcknowledged,
    VisitArrived,
    VisitAssigned,
    VisitClosed,
    VisitCompleted,
    VisitHastened,
    VisitKind,
    VisitLimit,
    VisitLimitPassed,
    VisitRequested,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import Acknowledge, Arrive, CallOff, Close, Complete, Stage, Sweep, Visit, decide
from services.tillsyn.visit.errors import NoReasonError, NoSuchVisitError, NotInTheChainError, VisitOverError
from tests.builders import (
    ANNA,
    CHAIN,
    MANAGER,
    PATROL,
    RECIPIENT,
    RULES,
    SECOND_PATROL,
    VISIT,
    a_planned_visit,
    a_request,
    a_visit,
    after,
    at,
    minutes,
    secret,
)

DONE = Complete(PATROL, minutes=12, people=2, kilometres=3.5, found=Found.ALL_WELL, at=at("02:30"))
TAKEN = after(visits, a_visit("02:00"), Acknowledge(PATROL, at("02:02")))
THERE = after(visits, TAKEN, Arrive(PATROL, at("02:20")))
COMPLETED = after(visits, THERE, DONE)
CLOSED = after(visits, a_visit(), Close(MANAGER, "the daughter is there"))


def asked(events: object) -> list[object]:
    assert isinstance(events, list)
    return [event.responder for event in events if isinstance(event, VisitAssigned)]


def act_at(visit: Visit) -> object:
    return visit.act_at


# The way of a visit.


def test_a_visit_asked_for_is_assigned_to_the_first_in_line() -> None:
    requested, assigned = decide(visits.EMPTY, a_request("02:00"))
    assert isinstance(requested, VisitRequested)
    assert assigned == VisitAssigned(visit=VISIT, responder=PATROL, step=0, acknowledge_by=at("02:05"))


def test_whoever_takes_a_visit_has_a_limit_to_arrive() -> None:
    [event] = decide(a_visit("02:00"), Acknowledge(PATROL, at("02:02")))
    assert event == VisitAcknowledged(visit=VISIT, responder=PATROL, arrive_by=at("02:02") + RULES.arrive_within)


def test_whoever_arrives_has_a_limit_to_be_done() -> None:
    [event] = decide(TAKEN, Arrive(PATROL, at("02:20")))
    assert event == VisitArrived(visit=VISIT, responder=PATROL, complete_by=at("02:20") + RULES.complete_within)


def test_a_visit_made_tells_minutes_people_kilometres_and_what_was_found() -> None:
    note = secret("slept")
    [event] = decide(THERE, Complete(PATROL, 12, 2, 3.5, Found.NEEDED_HELP, at("02:30"), note=note))
    assert event == VisitCompleted(
        visit=VISIT, responder=PATROL, minutes=12, people=2, kilometres=3.5, found=Found.NEEDED_HELP, note=note
    )


@pytest.mark.parametrize(
    ("done", "visit"),
    [
        (a_request("02:10"), a_visit()),
        (Acknowledge(PATROL, at("02:03")), TAKEN),
        (Arrive(PATROL, at("02:21")), THERE),
        (Sweep(at("02:04:59")), a_visit("02:00")),
    ],
    ids=["requested", "acknowledged", "arrived", "not yet time"],
)
def test_no_step_of_a_visit_is_taken_twice(done: object, visit: Visit) -> None:
    assert not decide(visit, done)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": -1}, {"people": 0}, {"kilometres": -0.1}, {"kilometres": float("inf")}, {"kilometres": float("nan")}],
    ids=str,
)
def test_impossible_figures_are_refused(wrong: dict[str, float]) -> None:
    figures = {"minutes": 12, "people": 2, "kilometres": 3.5} | wrong
    with pytest.raises(Exception):  # noqa: B017, PT011 - of whatever type, nothing of it reaches the log
        decide(THERE, Complete(PATROL, found=Found.ALL_WELL, at=at("02:30"), **figures))  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [Acknowledge(ANNA, at("02:02")), Arrive(ANNA, at("02:02"))])
def test_only_those_in_the_chain_take_a_visit(command: object) -> None:
    with pytest.raises(NotInTheChainError):
        decide(a_visit(), command)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [Acknowledge(PATROL, at("02:02")), DONE, Close(MANAGER, "no"), CallOff("absent")])
def test_a_visit_that_nobody_asked_for_is_refused(command: object) -> None:
    with pytest.raises(NoSuchVisitError):
        decide(visits.EMPTY, command)  # type: ignore[arg-type]


@pytest.mark.parametrize("visit", [COMPLETED, CLOSED], ids=["completed", "closed"])
@pytest.mark.parametrize("command", [Acknowledge(PATROL, at("04:00")), Arrive(PATROL, at("04:00")), DONE])
def test_a_visit_that_is_over_stays_over(visit: Visit, command: object) -> None:
    with pytest.raises(VisitOverError):
        decide(visit, command)  # type: ignore[arg-type]


@pytest.mark.parametrize("visit", [visits.EMPTY, COMPLETED, CLOSED], ids=["never asked", "completed", "closed"])
def test_nobody_is_asked_to_make_a_visit_that_is_over_or_was_never_asked_for(visit: Visit) -> None:
    assert not decide(visit, Sweep(at("09:00")))


# Closing.


def test_a_visit_is_closed_by_name_and_with_a_reason() -> None:
    [event] = decide(a_visit(), Close(MANAGER, " the daughter is there "))
    reason = Personal.of("the daughter is there", RECIPIENT, Purpose.ACCESS_LOG)
    assert event == VisitClosed(visit=VISIT, by=MANAGER, reason=reason)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_visit_is_not_closed_without_a_reason(reason: str) -> None:
    with pytest.raises(NoReasonError):
        decide(a_visit(), Close(MANAGER, reason))


# Limits: the next in line is asked, and the last one again and again.


@pytest.mark.parametrize(
    ("visit", "limit", "when"),
    [
        (a_visit("02:00"), VisitLimit.ACKNOWLEDGE, "02:05"),
        (TAKEN, VisitLimit.ARRIVE, "02:47"),
        (THERE, VisitLimit.COMPLETE, "03:20"),
    ],
    ids=["not acknowledged", "not arrived", "not done"],
)
def test_a_limit_that_passes_asks_the_next_in_line(visit: Visit, limit: VisitLimit, when: str) -> None:
    assert decide(visit, Sweep(at(when))) == [
        VisitLimitPassed(visit=VISIT, limit=limit, responder=PATROL, step=0),
        VisitAssigned(visit=VISIT, responder=SECOND_PATROL, step=1, acknowledge_by=at(when) + minutes(5)),
    ]


def test_the_chain_goes_through_everybody_and_its_last_step_repeats() -> None:
    visit, who = a_visit("02:00"), [PATROL]
    for step in range(1, 7):
        events = list(decide(visit, Sweep(at("02:00") + step * RULES.acknowledge_within)))
        who += asked(events)  # type: ignore[arg-type]
        visit = after(visits, visit, Sweep(at("02:00") + step * RULES.acknowledge_within))
        assert visit.step == step
    assert who == [*CHAIN, MANAGER, MANAGER, MANAGER, MANAGER]


def test_a_chain_of_one_is_asked_again_and_again() -> None:
    visit = a_visit("02:00", (MANAGER,))
    assert asked(list(decide(visit, Sweep(at("02:05"))))) == [MANAGER]


def test_a_sweeper_that_comes_late_asks_from_then_on() -> None:
    visit = after(visits, a_visit("02:00"), Sweep(at("03:00")))
    assert act_at(visit) == at("03:05")


def test_whoever_was_first_asked_may_still_take_it_when_the_next_has_been_asked() -> None:
    visit = after(visits, a_visit("02:00"), Sweep(at("02:05")), Acknowledge(PATROL, at("02:06")))
    assert (visit.stage, visit.responder) == (Stage.ACKNOWLEDGED, PATROL)


def test_whoever_is_there_may_be_done_after_the_limit() -> None:
    visit = after(visits, THERE, Sweep(at("03:20")), DONE)
    assert visit.stage is Stage.COMPLETED


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 90), max_size=30))
def test_until_somebody_has_been_there_a_limit_always_runs(steps: list[int]) -> None:
    visit, now = a_visit("02:00"), at("02:00")
    for step in steps:
        now += minutes(step)
        visit = after(visits, visit, Sweep(now))
        assert visit.act_at is not None
        assert visit.act_at > now


# Planned visits.


def test_a_planned_visit_is_not_pressed_before_its_time() -> None:
    visit = a_planned_visit("02:00", "20:00")
    assert act_at(visit) == at("02:05")
    assert not decide(visit, Sweep(at("02:04:59")))


def test_a_planned_visit_taken_early_is_to_be_made_within_the_limit_from_its_time() -> None:
    visit = after(visits, a_planned_visit("02:00", "20:00"), Acknowledge(PATROL, at("20:01")))
    assert act_at(visit) == at("02:00") + RULES.arrive_within


def test_a_planned_visit_taken_after_its_time_is_to_be_made_within_the_limit_from_then() -> None:
    visit = after(visits, a_planned_visit("02:00", "20:00"), Sweep(at("02:05")), Acknowledge(PATROL, at("02:06")))
    assert act_at(visit) == at("02:06") + RULES.arrive_within


@pytest.mark.parametrize("taken", [False, True], ids=["assigned", "acknowledged"])
def test_a_planned_visit_that_is_needed_now_is_hastened(taken: bool) -> None:
    visit = a_planned_visit("05:00", "20:00")
    visit = after(visits, visit, Acknowledge(PATROL, at("20:01"))) if taken else visit
    hastened, assigned = decide(visit, a_request("01:00", VisitKind.SENT, reason="concern"))
    assert hastened == VisitHastened(visit=VISIT, reason="concern")
    assert isinstance(assigned, VisitAssigned)
    assert assigned.acknowledge_by == at("01:05")


def test_a_hastened_visit_is_to_be_made_now() -> None:
    visit = after(visits, a_planned_visit("05:00"), a_request("01:00"), Acknowledge(PATROL, at("01:01")))
    assert act_at(visit) == at("01:01") + RULES.arrive_within


def test_a_visit_is_hastened_once_and_not_when_somebody_is_there() -> None:
    assert not decide(after(visits, a_planned_visit("05:00"), a_request("01:00")), a_request("01:10"))
    assert not decide(after(visits, a_planned_visit(), Arrive(PATROL, at("02:00"))), a_request("02:10"))


def test_a_visit_sent_is_not_called_off_with_a_cancelled_slot() -> None:
    assert not decide(a_visit(), CallOff("absent"))


@pytest.mark.parametrize("ending", [CallOff("absent"), Close(MANAGER, "nobody at home")], ids=["called off", "closed"])
@pytest.mark.parametrize("kind", list(VisitKind))
def test_a_planned_visit_that_was_called_off_is_asked_for_again_when_it_is_needed_after_all(
    ending: object, kind: VisitKind
) -> None:
    events = decide(after(visits, a_planned_visit("05:00"), ending), a_request("01:00", kind, "05:00"))
    assert [type(event) for event in events] == [VisitRequested, VisitAssigned]


def test_a_visit_sent_that_a_named_person_closed_stays_closed() -> None:
    assert not decide(CLOSED, a_request("03:00"))
    assert not decide(COMPLETED, a_request("03:00"))
