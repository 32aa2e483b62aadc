"""The night itself, undisturbed: what the other tests of this folder rest on."""

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night


async def test_a_night_in_which_nothing_happens(night: Night) -> None:
    await night.is_over()

    await nothing_is_lost_and_nothing_twice(night)
    assert sum(slot.completed_by == "remote-check" for slot in await night.slots()) > 0
