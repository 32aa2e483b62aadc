"""The goal: no good picture refused, and 95 of 100 tampers caught, in rooms that set no threshold."""

import pytest

from tests.camera_gateway.quality.footage import needs_footage
from tests.camera_gateway.quality.rooms import SEEDS, SETTING, TRIED, drawn_room, real_rooms
from tests.camera_gateway.quality.table import PAGE
from tests.camera_gateway.quality.trials import OTHER_ROOM, TRIALS, Outcome, caught, outcomes, refused

GOAL = 0.95


def _meets_the_goal(found: dict[str, Outcome]) -> None:
    assert refused(found) == []
    hits, tampered = caught(found)
    assert hits >= GOAL * tampered


@needs_footage
def test_the_goal_is_met_in_real_rooms_that_set_no_threshold() -> None:
    rooms = list(real_rooms())
    _meets_the_goal(outcomes([room for room in rooms if room.used == TRIED], rooms))


@pytest.mark.parametrize("infrared", [False, True], ids=["dim", "infrared"])
def test_the_goal_is_met_in_a_drawn_room_that_set_no_threshold(infrared: bool) -> None:
    room = drawn_room(SEEDS[TRIED][0], infrared)
    _meets_the_goal(outcomes([room], [room]))


def test_no_room_that_set_thresholds_is_one_that_they_are_tried_on() -> None:
    assert not set(SEEDS[SETTING]) & set(SEEDS[TRIED])


def test_the_table_has_a_row_for_every_trial() -> None:
    page = PAGE.read_text()
    for trial in (*TRIALS, OTHER_ROOM):
        assert trial.name in page
