"""A file that behaves like a live camera."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from camera_gateway.cameras import CameraFault, CameraUnavailableError, take
from camera_gateway.scenes import Scene, SceneKind, render
from tests.camera_gateway.cameras.builders import (
    RATE,
    SteppedClock,
    camera_at,
    number_of,
    numbered_pictures,
    write_video,
)

COUNT = 40


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_video(tmp_path / "film.mp4", numbered_pictures(COUNT))


def due_at(clock: SteppedClock) -> int:
    return int(clock.time.timestamp() * RATE) % COUNT


@pytest.mark.parametrize("later_s", [0.0, 0.7, 1.3, 3.9, 3600.4])
def test_a_film_is_opened_at_its_place_in_real_time(film: Path, later_s: float) -> None:
    clock = SteppedClock()
    clock.step(later_s)
    (frame,) = take(camera_at(str(film), film.parent, clock), 1)
    assert number_of(frame.pixels) == due_at(clock)


def test_an_open_film_follows_the_clock(film: Path) -> None:
    clock = SteppedClock()
    with camera_at(str(film), film.parent, clock).open() as opened:
        opened.read()
        for _ in range(12):
            clock.step(0.5)
            assert number_of(opened.read().pixels) == due_at(clock)


def test_a_film_goes_on_under_a_clock_that_stands_still_and_begins_again_at_its_end(film: Path) -> None:
    frames = take(camera_at(str(film), film.parent), COUNT + 5)
    numbers = [number_of(frame.pixels) for frame in frames]
    assert numbers == [(numbers[0] + step) % COUNT for step in range(COUNT + 5)]


def test_a_still_picture_is_shown_again_and_again(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "bed.png"), np.full((20, 30, 3), 90, dtype=np.uint8))
    one, other = take(camera_at(f"file://{tmp_path}/bed.png", tmp_path), 2)
    assert one.pixels.shape == (20, 30, 3)
    assert np.array_equal(one.pixels, other.pixels)
    assert one.pixels is not other.pixels


@pytest.mark.parametrize(
    ("file_name", "content", "fault"),
    [
        ("missing.mp4", None, CameraFault.UNREACHABLE),
        ("empty.mp4", b"", CameraFault.NO_FRAMES),
        ("letters.mp4", b"not a film\n" * 50, CameraFault.NO_FRAMES),
        ("empty.png", b"", CameraFault.NO_FRAMES),
        ("letters.jpg", b"not a picture", CameraFault.NO_FRAMES),
    ],
)
def test_a_file_without_pictures_is_named_for_what_it_is(
    tmp_path: Path, file_name: str, content: bytes | None, fault: CameraFault
) -> None:
    if content is not None:
        (tmp_path / file_name).write_bytes(content)
    with pytest.raises(CameraUnavailableError) as caught:
        take(camera_at(str(tmp_path / file_name), tmp_path), 1)
    assert caught.value.reason is fault


def test_a_truncated_film_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.avi", numbered_pictures(COUNT)).read_bytes()
    (tmp_path / "cut.avi").write_bytes(whole[: len(whole) // 2])
    assert len(take(camera_at(str(tmp_path / "cut.avi"), tmp_path), COUNT)) == COUNT


def test_a_drawn_scene_is_read_from_a_real_video_file(tmp_path: Path) -> None:
    scene = Scene(kind=SceneKind.SLEEPER, seed=2)
    (frame,) = take(camera_at("scene:sleeper?seed=2", tmp_path), 1)
    assert [path.name for path in tmp_path.iterdir()] == [render(scene, tmp_path).name]
    assert frame.pixels.shape == (480, 640, 3)


def test_the_dead_scene_is_a_file_that_gives_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(CameraUnavailableError) as caught:
        take(camera_at("scene:dead?seed=2", tmp_path), 1)
    assert caught.value.reason is CameraFault.NO_FRAMES
