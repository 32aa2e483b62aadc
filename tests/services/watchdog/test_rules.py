"""The watchdog: when it calls out, calls again, and says that it is over."""

import pytest

from services.watchdog.decide import RETRY_MOST, ClockSetBack, Proof, Rang
from services.watchdog.state import Kind, due
from tests.builders import at, minutes, seconds
from tests.services.watchdog.told import ONE, TWO, Told, proof

SILENT, STILL, BACK = Kind.SILENT, Kind.STILL, Kind.BACK


def silent() -> Told:
    """Proven at 02:00:29, silent since; people are called at 02:02:30."""
    return Told().proven("02:00:30").look("02:02:30")


def rings(told: Told) -> list[tuple[object, int]]:
    return [(event.at, event.rings) for event in told.events if isinstance(event, Rang)]


# Calling out.


def test_a_proof_that_is_two_minutes_old_calls_out() -> None:
    told = Told().proven("02:00:30")

    assert told.look("02:02:28").calls("02:02:28") == {}
    assert told.look("02:02:29").calls("02:02:29") == {"webhook": SILENT, "sms": SILENT}


def test_a_proof_that_comes_in_time_calls_nobody() -> None:
    told = Told()
    for clock in ("02:00:15", "02:02:00", "02:03:45", "02:05:30"):
        assert told.proven(clock).calls(clock) == {}


def test_who_begins_and_gets_no_answer_waits_two_minutes_and_then_calls_out() -> None:
    told = Told()

    assert told.look("02:01:59").calls("02:01:59") == {}
    assert told.look("02:02:00").calls("02:02:00") == {"webhook": SILENT, "sms": SILENT}
    assert due(told.watch, at("02:02:00"))[0].since == at("02:00")


def test_who_begins_and_reads_an_old_proof_calls_out_at_once() -> None:
    told = Told().look("02:00:01", {ONE: proof("01:30", now="02:00:01")})

    (call, _) = due(told.watch, at("02:00:01"))
    assert (call.kind, call.since) == (SILENT, at("01:30"))


def test_who_begins_again_remembers_and_still_waits_before_it_calls_about_no_answer() -> None:
    told = Told().proven("02:00:30")
    again = Told(begins=None)
    again.watch = told.watch
    again.begin("05:00")

    assert again.look("05:01:59").calls("05:01:59") == {}
    assert again.look("05:02:00").calls("05:02:00") == {"webhook": SILENT, "sms": SILENT}
    assert due(again.watch, at("05:02:00"))[0].since == at("02:00:29")


def test_a_first_single_round_without_a_beginning_counts_from_that_round() -> None:
    told = Told(begins=None)

    assert told.look("02:00").calls("02:00") == {}
    assert told.look("02:02").calls("02:02") == {"webhook": SILENT, "sms": SILENT}


# Several instances; clocks that differ.


def test_one_sweeper_alive_anywhere_is_enough() -> None:
    told = Told().proven("02:00:30", ONE, TWO)
    for clock in ("02:01:30", "02:02:30", "02:03:30"):
        assert told.proven(clock, TWO).calls(clock) == {}


def test_the_newest_proof_counts_when_one_instance_tells_an_old_one() -> None:
    told = Told().look("02:10", {ONE: proof("02:00", now="02:10"), TWO: proof("02:09:50", now="02:10")})

    assert told.calls("02:10") == {}
    assert told.look("02:11:50").calls("02:11:50") == {"webhook": SILENT, "sms": SILENT}


@pytest.mark.parametrize("their_now", ["00:30", "03:30"])
def test_a_service_whose_clock_differs_from_ours_is_judged_by_its_own(their_now: str) -> None:
    def given(age: int) -> dict[str, Proof]:
        return {ONE: Proof(at(their_now) - seconds(age), seconds(age))}

    assert Told().look("02:00:10", given(5)).calls("02:00:10") == {}
    assert Told().look("02:00:10", given(121)).calls("02:00:10") != {}


def test_the_same_proof_seen_again_proves_nothing_new() -> None:
    frozen = {ONE: proof("02:00:29", now="02:00:30")}
    told = Told().look("02:00:30", frozen)
    for clock in ("02:01", "02:01:30", "02:02"):
        told.look(clock, frozen)

    assert told.look("02:02:29", frozen).calls("02:02:29") == {"webhook": SILENT, "sms": SILENT}


def test_a_proof_from_the_future_counts_when_it_is_first_seen_and_no_longer() -> None:
    told = Told().look("02:00:30", {ONE: proof("03:00", now="02:00:30")})

    assert told.look("02:02", {ONE: proof("03:00", now="02:02")}).calls("02:02") == {}
    assert told.look("02:02:30", {ONE: proof("03:00", now="02:02:30")}).calls("02:02:30") != {}


def test_our_clock_set_back_does_not_make_silence_shorter() -> None:
    told = Told().proven("02:00:30").look("02:02:00").look("01:02:00")

    assert [event.by for event in told.events if isinstance(event, ClockSetBack)] == [minutes(60)]
    assert told.look("01:02:29").calls("01:02:29") == {"webhook": SILENT, "sms": SILENT}


# Louder and louder.


def test_it_calls_again_at_shorter_and_shorter_intervals_and_the_last_one_repeats() -> None:
    told = silent()
    for second in range(0, 30 * 60, 15):
        told.look(at("02:02:30") + seconds(second))

    clocks = ["02:02:30", "02:07:30", "02:11:30", "02:14:30", "02:17:30"]
    assert rings(told)[:5] == [(at(clock), n) for n, clock in enumerate(clocks, 1)]


def test_a_repetition_says_still_and_for_how_long() -> None:
    told = silent().tell("02:02:31", "webhook", "sms").look("02:07:30")

    call = due(told.watch, at("02:07:30"))[0]
    assert (call.kind, call.lasted, call.rings) == (STILL, minutes(7) + seconds(1), 2)


def test_who_joins_later_is_called_from_that_ring_on() -> None:
    told = silent()
    assert "manager" not in told.calls("02:02:30")

    assert told.look("02:07:30").calls("02:07:30") == {"webhook": STILL, "sms": STILL, "manager": STILL}


# Callers that fail.


def test_who_got_across_is_not_called_again_for_one_that_did_not() -> None:
    told = silent().tell("02:02:31", "webhook").tell("02:02:31", "sms", arrived=False)

    assert told.calls("02:02:45") == {}
    assert told.calls("02:02:46") == {"sms": SILENT}


def test_a_caller_that_fails_is_tried_again_later_each_time_but_not_too_late() -> None:
    told = Told().look("02:02:00")
    pauses, now = [], at("02:02:00")
    for _ in range(8):
        told.tell(f"{now:%H:%M:%S}", "sms", arrived=False)
        pauses.append(told.watch.owed["sms"].next_at - now)
        now = told.watch.owed["sms"].next_at

    assert pauses[:4] == [seconds(15), seconds(30), seconds(60), seconds(120)]
    assert pauses[4:] == [seconds(240), RETRY_MOST, RETRY_MOST, RETRY_MOST]


def test_it_is_known_when_nobody_could_be_reached() -> None:
    told = silent()
    assert not told.watch.nobody_reached
    told.tell("02:02:31", "webhook", arrived=False)
    assert not told.watch.nobody_reached
    assert told.tell("02:02:31", "sms", arrived=False).watch.nobody_reached
    assert not told.tell("02:02:50", "sms").watch.nobody_reached


def test_a_new_ring_calls_everybody_at_once_however_they_failed() -> None:
    told = silent().tell("02:07:29", "webhook", "sms", arrived=False)

    assert set(told.look("02:07:30").calls("02:07:30")) == {"webhook", "sms", "manager"}


def test_an_answer_of_a_call_that_nobody_waits_for_changes_nothing() -> None:
    told = Told().proven("02:00:30")
    before = told.watch

    assert told.tell("02:01", "sms").tell("02:01", "stranger", arrived=False).watch == before


# Back.


def test_whoever_was_told_is_told_that_it_is_back_and_how_long_it_was_silent() -> None:
    told = silent().tell("02:02:31", "webhook", "sms").proven("02:04:30")

    assert told.calls("02:04:30") == {"webhook": BACK, "sms": BACK}
    call = due(told.watch, at("02:09"))[0]
    assert (call.since, call.lasted) == (at("02:00:29"), minutes(4) + seconds(1))
    assert told.tell("02:04:31", "webhook", "sms").look("02:04:45").calls("02:04:45") == {}


def test_who_could_not_be_reached_in_time_hears_of_it_afterwards() -> None:
    told = silent().tell("02:02:31", "webhook").tell("02:02:31", "sms", arrived=False).proven("02:03")

    assert told.calls("02:03") == {"webhook": BACK, "sms": BACK}


def test_who_was_never_called_does_not_hear_of_the_end() -> None:
    assert "manager" not in silent().tell("02:02:31", "webhook", "sms").proven("02:04").calls("02:04")


def test_an_old_proof_or_an_answer_without_proof_is_not_back() -> None:
    told = silent().tell("02:02:31", "webhook", "sms")

    told.look("02:03", {ONE: proof("02:00:29", now="02:03")}).look("02:03:15", {TWO: proof("01:00", now="02:03:15")})

    assert told.watch.alarm is not None
    assert told.calls("02:03:15") == {}


def test_beginning_again_in_the_middle_of_an_alarm_neither_ends_nor_repeats_it() -> None:
    told = silent().tell("02:02:31", "webhook", "sms")
    told.begin("02:03")

    assert told.look("02:03:01").calls("02:03:01") == {}
    assert told.proven("02:04").calls("02:04") == {"webhook": BACK, "sms": BACK}


def test_who_did_not_hear_of_one_end_before_the_next_silence_hears_of_that_ones_end() -> None:
    told = silent().tell("02:02:31", "webhook", "sms").look("02:07:30").tell("02:07:31", "webhook", "sms", "manager")
    told.proven("02:08").tell("02:08:01", "manager", arrived=False).look("02:10")

    assert set(told.calls("02:10")) == {"webhook", "sms"}
    assert told.proven("02:11").calls("02:11") == {"webhook": BACK, "sms": BACK, "manager": BACK}


def test_silence_after_it_was_back_is_a_new_alarm() -> None:
    told = silent().tell("02:02:31", "webhook", "sms").proven("02:04")

    assert told.look("02:05:59").calls("02:06") == {"webhook": SILENT, "sms": SILENT}
    assert rings(told)[-1] == (at("02:05:59"), 1)
