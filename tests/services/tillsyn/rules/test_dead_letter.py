"""Dead letters, messages that nobody could read: dealt with once, by name, thrown away with a reason only."""

import pytest

from events.types.dead_letter import LONGEST_WHY, DeadLetterDropped, DeadLetterReplayed
from services.tillsyn import dead_letter as letters
from tests.builders import ANNA, after, an_id

TOLD = (an_id("letter"), 7, "tillsyn.in.0.a.b.report", "invalid", "ab" * 32)
REPLAY = letters.Replay(*TOLD, None)


def drop(why: str = "sent by hand, while trying") -> letters.Drop:
    return letters.Drop(*TOLD, ANNA, why)


def test_putting_a_message_back_is_on_record_with_what_it_was() -> None:
    (event,) = letters.decide(letters.EMPTY, REPLAY)

    assert isinstance(event, DeadLetterReplayed)
    assert (event.letter, event.sequence, event.subject, event.reason, event.sha256) == TOLD


def test_dropping_a_message_is_on_record_with_who_and_why() -> None:
    (event,) = letters.decide(letters.EMPTY, drop("  sent by hand,\n while trying "))

    assert isinstance(event, DeadLetterDropped)
    assert (event.by, event.why) == (ANNA, "sent by hand, while trying")


@pytest.mark.parametrize("command", [REPLAY, drop()])
def test_what_is_done_again_after_a_crash_is_on_record_once(command: letters.Command) -> None:
    assert letters.decide(after(letters, letters.EMPTY, command), command) == []


def test_a_message_that_was_put_back_in_vain_can_still_be_dropped() -> None:
    assert letters.decide(after(letters, letters.EMPTY, REPLAY), drop())


def test_no_message_is_dropped_without_a_reason() -> None:
    with pytest.raises(letters.NoReasonGivenError, match="say in a few words"):
        letters.decide(letters.EMPTY, drop(" \n "))


def test_a_reason_for_dropping_has_two_hundred_characters_at_most() -> None:
    assert letters.decide(letters.EMPTY, drop("x" * LONGEST_WHY))
    with pytest.raises(letters.ReasonTooLongError, match="has 201 characters; 200 are allowed"):
        letters.decide(letters.EMPTY, drop("x" * (LONGEST_WHY + 1)))
