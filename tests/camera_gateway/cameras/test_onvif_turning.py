"""When a camera that was sent to a preset is believed to rest there, by what cameras tell."""

import pytest

from camera_gateway.cameras.onvif_turning import Outcome, Position, Told, Turn

HERE, THERE = Position(0.0, 0.0), Position(0.8, -0.3)
ON_THE_WAY = Position(0.4, -0.1)

Story = list[tuple[bool | None, Position | None]]


def told(goal: Position | None, story: Story, every_s: float = 0.25) -> list[Outcome]:
    """What follows from each part of a story, told at these intervals."""
    turn = Turn(goal)
    return [turn.after(Told(moving, where), number * every_s) for number, (moving, where) in enumerate(story)]


def test_a_camera_that_moves_is_turning_even_where_it_passes_the_preset() -> None:
    assert told(THERE, [(True, HERE), (True, THERE)]) == [Outcome.TURNING] * 2


def test_idle_at_the_presets_position_is_there() -> None:
    assert told(THERE, [(True, ON_THE_WAY), (False, THERE)])[-1] is Outcome.THERE


def test_idle_elsewhere_is_not_there_however_long_and_is_told_after_a_second() -> None:
    outcomes = told(THERE, [(False, HERE)] * 6)
    assert Outcome.THERE not in outcomes
    assert outcomes[0] is Outcome.TURNING
    assert outcomes[-1] is Outcome.ELSEWHERE


def test_a_camera_that_starts_late_is_not_taken_for_one_that_has_arrived() -> None:
    assert told(None, [(False, None), (False, None), (True, None)]) == [Outcome.TURNING] * 3


def test_without_a_position_idle_after_moving_is_there() -> None:
    assert told(None, [(True, None), (False, None)])[-1] is Outcome.THERE


def test_without_a_position_idle_for_a_second_is_there() -> None:
    assert told(None, [(False, None)] * 5)[-1] is Outcome.THERE


def test_without_movement_a_position_that_stands_still_at_the_preset_is_there() -> None:
    assert told(THERE, [(None, HERE), (None, THERE), (None, THERE)])[1:] == [Outcome.TURNING, Outcome.THERE]


def test_a_camera_that_tells_nothing_is_silent_and_never_there() -> None:
    outcomes = told(THERE, [(None, None)] * 8)
    assert Outcome.THERE not in outcomes
    assert outcomes[-1] is Outcome.SILENT


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (Position(0.80, 0.1), Position(0.81, 0.1), True),
        (Position(0.80, 0.1), Position(0.85, 0.1), False),
        (Position(90, 0, "SphericalPositionSpaceDegrees"), Position(91, 0, "SphericalPositionSpaceDegrees"), True),
        (Position(90, 0, "SphericalPositionSpaceDegrees"), Position(0.5, 0, "PositionGenericSpace"), None),
    ],
)
def test_positions_are_compared_in_their_own_space(one: Position, other: Position, near: bool | None) -> None:
    assert one.near(other) is near
