"""What is said: both languages, what is wrong, since when, and what to do."""

from zoneinfo import ZoneInfo

import pytest

from services.watchdog.state import PLANNER, SWEEPER, WATCHED, Call, Kind
from services.watchdog.words import Place, as_json, words_for, words_of_a_test
from tests.builders import at, minutes

PLACE = Place("Botkyrka {natt}", ZoneInfo("Europe/Stockholm"), "driftjouren, 08-123 45")
SILENT = Call("sms", Kind.SILENT, at("01:14"), minutes(3), 1)
STILL = Call("sms", Kind.STILL, at("01:14"), minutes(12), 3)
BACK = Call("sms", Kind.BACK, at("01:14"), minutes(190), 0)
ANSWERS = {"http://one/alive": "no answer in time"}


def test_it_says_what_is_wrong_since_when_and_what_to_do_in_both_languages() -> None:
    said = words_for(SWEEPER, SILENT, PLACE, ANSWERS)

    for words in (said.subject, said.text, said.short):
        assert "02:14 4 nov" in words  # in the place's zone
        assert "3 min" in words
    assert "fysisk tillsyn" in said.text
    assert "reservlista" in said.text
    assert "Ring driftjouren, 08-123 45." in said.text
    assert "physical checks" in said.text
    assert "offline list" in said.text
    assert "Phone driftjouren, 08-123 45." in said.text
    assert "http://one/alive: no answer in time" in said.text
    assert said.urgent


def test_a_repetition_says_still_how_long_and_how_often() -> None:
    said = words_for(SWEEPER, STILL, PLACE, ANSWERS)

    for words in (said.subject, said.text, said.short):
        assert "FORTFARANDE" in words
        assert "STILL" in words
        assert "12 min" in words
    assert "[3]" in said.subject


def test_the_end_says_how_long_it_was_silent_and_is_not_urgent() -> None:
    said = words_for(SWEEPER, BACK, PLACE, ANSWERS)

    assert said.subject.startswith("ÅTER")
    assert "BACK" in said.subject
    assert "3 h 10 min" in said.short
    assert not said.urgent


@pytest.mark.parametrize("watched", WATCHED)
@pytest.mark.parametrize("call", [SILENT, STILL, BACK], ids=lambda call: call.kind.value)
@pytest.mark.parametrize("place", [PLACE, Place("", ZoneInfo("UTC"), "")], ids=["named", "bare"])
def test_every_message_is_whole_and_short_enough(watched: str, call: Call, place: Place) -> None:
    said = words_for(watched, call, place, {})

    assert "\n" not in said.subject + said.short
    assert "  " not in said.subject + said.text + said.short
    assert len(said.short) <= 3 * 153, "three parts of an SMS"
    assert ("{" in said.subject) == (place is PLACE)  # what a setting says is put in as it is


def test_a_planner_at_a_standstill_sends_nobody_out_at_once() -> None:
    said = words_for(PLANNER, SILENT, PLACE, ANSWERS)

    assert "planeringen" in said.subject
    assert "fysisk" not in said.short


def test_programs_get_the_facts() -> None:
    assert (
        as_json(words_for(SWEEPER, STILL, PLACE, ANSWERS)).items()
        >= {
            "kind": "still",
            "watched": "sweeper",
            "since": "2026-11-04T01:14:00+00:00",
            "seconds": 720,
            "call": 3,
            "answers": ANSWERS,
        }.items()
    )


def test_a_test_call_says_that_nothing_is_wrong() -> None:
    said = words_of_a_test(PLACE)

    assert "PROV" in said.subject
    assert "Inget är fel" in said.short
    assert "Nothing is wrong" in said.short
    assert as_json(said)["kind"] == "test"
