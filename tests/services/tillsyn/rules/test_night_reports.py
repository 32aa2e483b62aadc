"""Reports of a gateway: one retry, staff may still look, then somebody is sent; late and repeated change nothing."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.types.night import (
    CheckDueReported,
    EscalationReason,
    LateReportReceived,
    PictureMissing,
    SlotEscalated,
    VisitInstead,
)
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from tests.builders import (
    ANNA,
    RULES,
    SLOT,
    a_claimed_slot,
    a_night,
    a_served_look,
    after,
    all_well,
    apply_to,
    at,
    concern,
    due,
    looks,
    minutes,
    no_picture,
    sweep,
    undo,
    unreachable,
)

COMPLETED = after(nights, a_served_look(ANNA, "02:00"), all_well(ANNA, "02:00:20"))
ESCALATED = after(nights, a_night(), concern(ANNA, "02:00"))


def escalates_at(night: Night) -> object:
    return night.slots[SLOT].escalates_at


def swept(night: Night, when: str) -> list[EscalationReason]:
    return [event.reason for event in decide(night, sweep(when)) if isinstance(event, SlotEscalated)]


def test_a_picture_that_can_be_had_leaves_the_slot_until_its_deadline() -> None:
    [event] = decide(a_night(), due(1, "02:00"))
    assert event == CheckDueReported(slot=SLOT, attempt=1, quality=None, escalates_at=at("03:00"))


@pytest.mark.parametrize("report", [no_picture, unreachable])
def test_a_camera_that_fails_once_waits_for_its_retry_and_for_staff_to_try(report: object) -> None:
    [event] = decide(a_night(), report(1, "02:00"))  # type: ignore[operator]
    assert isinstance(event, PictureMissing)
    assert event.escalates_at == at("02:00") + RULES.retry_after + RULES.trouble_grace


@pytest.mark.parametrize(
    ("report", "reason"),
    [(no_picture, EscalationReason.NO_USABLE_PICTURE), (unreachable, EscalationReason.CAMERA_UNREACHABLE)],
)
def test_a_camera_that_fails_its_retry_leads_to_a_visit_for_that_reason(report: object, reason: object) -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), report(2, "02:02"))  # type: ignore[operator]
    assert swept(night, "02:06:59") == []
    assert swept(night, "02:07") == [reason]


def test_a_retry_that_never_comes_leads_to_a_visit_too() -> None:
    assert swept(after(nights, a_night(), no_picture(1, "02:00")), "02:07") == [EscalationReason.NO_USABLE_PICTURE]


def test_a_retry_that_works_leaves_the_slot_until_its_deadline() -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), due(2, "02:02"))
    assert swept(night, "02:59:59") == []
    assert swept(night, "03:00") == [EscalationReason.NOBODY_LOOKED]


def test_there_is_one_retry_and_a_third_failure_buys_no_time() -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), no_picture(2, "02:02"), no_picture(3, "02:06"))
    assert swept(night, "02:07") == [EscalationReason.NO_USABLE_PICTURE]


def test_staff_may_still_look_when_the_gateway_got_no_picture() -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), unreachable(2, "02:02"))
    after_it = after(nights, night, *looks(ANNA, "02:05"), all_well(ANNA, "02:05:30"))
    assert after_it.slots[SLOT].status is Status.COMPLETED


@pytest.mark.parametrize("report", [no_picture(1, "02:58"), unreachable(2, "02:58"), no_picture(1, "05:00")])
def test_trouble_never_moves_the_deadline(report: object) -> None:
    assert escalates_at(after(nights, a_night(), report)) == at("03:00")


def test_a_clock_that_is_behind_does_not_send_anybody_before_the_slot_is_due() -> None:
    assert escalates_at(after(nights, a_night(), no_picture(1, "23:00"))) == at("02:07")


# Late, repeated, out of order.


@pytest.mark.parametrize("report", [due(1, "02:00"), no_picture(1, "02:00"), unreachable(2, "02:02")])
@pytest.mark.parametrize("night", [COMPLETED, ESCALATED], ids=["completed", "escalated"])
def test_a_report_of_a_settled_slot_is_recorded_as_late_and_changes_nothing(night: Night, report: object) -> None:
    [event] = decide(night, report)  # type: ignore[arg-type]
    assert isinstance(event, LateReportReceived)
    after_it = nights.evolve(night, event).slots[SLOT]
    before = night.slots[SLOT]
    assert (after_it.status, after_it.completion, after_it.visit) == (before.status, before.completion, before.visit)


@pytest.mark.parametrize("report", [due(1, "02:00"), no_picture(1, "02:00")])
@pytest.mark.parametrize("night", [COMPLETED, ESCALATED, a_night()], ids=["completed", "escalated", "open"])
def test_the_same_report_twice_is_kept_once(night: Night, report: object) -> None:
    assert not decide(after(nights, night, report), report)  # type: ignore[arg-type]


@pytest.mark.parametrize("report", [due(1, "02:00"), no_picture(1, "02:00"), unreachable(2, "02:02")])
def test_a_report_known_before_the_end_is_not_late_afterwards(report: object) -> None:
    night = after(nights, a_night(), report, concern(ANNA, "02:03"))
    assert not decide(night, report)  # type: ignore[arg-type]


def test_a_report_that_was_late_stays_known_when_all_well_is_taken_back() -> None:
    night = after(nights, COMPLETED, no_picture(1, "02:00"), undo(ANNA, "02:00:22"))
    assert not decide(night, no_picture(1, "02:00"))


def test_a_report_of_a_slot_that_became_a_visit_is_kept_and_sends_nobody_earlier() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    assert [type(event) for event in decide(night, no_picture(1, "02:00"))] == [LateReportReceived]
    assert escalates_at(after(nights, night, no_picture(1, "02:00"))) == at("03:00")


ONE_A_SLOT_AND_ATTEMPT = [due, no_picture, unreachable]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(ONE_A_SLOT_AND_ATTEMPT), min_size=1, max_size=3), st.data())
def test_reports_in_any_order_and_repeated_lead_to_the_same_night_and_no_extra_events(
    kinds: list[object], data: st.DataObject
) -> None:
    reports = [kind(n, f"02:{2 * n - 2:02}") for n, kind in enumerate(kinds, start=1)]  # type: ignore[operator]
    in_order = after(nights, a_night(), *reports)
    arrived = data.draw(st.permutations(reports + reports[: data.draw(st.integers(0, len(reports)))]))
    night, events = a_night(), 0
    for report in arrived:
        decided = decide(night, report)
        events += len(decided)
        for event in decided:
            night = nights.evolve(night, event)
    assert night == in_order
    assert events == len(reports)


def test_contradicting_reports_of_one_attempt_lead_to_the_same_night_in_any_order() -> None:
    """A gateway killed in the middle of an attempt makes it again, and may then see something else."""
    reports = (due(1, "02:00"), no_picture(1, "02:00"), unreachable(1, "02:00"))
    outcomes = [after(nights, a_night(), *arrived) for arrived in permutations(reports)]
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_no_report_is_dropped_without_a_trace() -> None:
    assert decide(after(nights, a_night(), no_picture(1, "02:00")), due(1, "02:00"))


def test_a_report_does_not_take_back_what_a_live_lease_was_granted() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:59"), sweep("03:00"))
    assert escalates_at(night) == at("03:00:30")
    for report in (due(1, "02:00"), no_picture(1, "02:00"), unreachable(2, "02:02")):
        assert escalates_at(after(nights, night, report)) == at("03:00:30")


def test_a_picture_seen_by_staff_counts_though_the_gateway_reports_trouble_afterwards() -> None:
    night = after(nights, a_served_look(ANNA, "02:00"), no_picture(1, "02:00"))
    assert after(nights, night, all_well(ANNA, "02:00:30")).slots[SLOT].status is Status.COMPLETED
    assert escalates_at(night) == at("02:00") + RULES.retry_after + minutes(5)
