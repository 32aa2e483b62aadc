"""Drawn scenes: the same every time, real files, and plainly different from one another."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from camera_gateway.scenes import Scene, SceneKind, frames, render
from camera_gateway.scenes.render import CannotRenderError

ALIVE = [kind for kind in SceneKind if kind is not SceneKind.DEAD]


def still(kind: SceneKind, seed: int = 1, infrared: bool = False) -> npt.NDArray[np.uint8]:
    return next(frames(Scene(kind=kind, seed=seed, infrared=infrared)))


def smooth(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The picture without its noise."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 3).astype(np.float32), dtype=np.float32)


@pytest.mark.parametrize("kind", ALIVE)
def test_the_same_scene_gives_the_same_pictures(kind: SceneKind) -> None:
    scene = Scene(kind=kind, seed=5, seconds=1)
    for one, other in zip(frames(scene), frames(scene), strict=True):
        assert np.array_equal(one, other)


def test_another_seed_gives_another_room() -> None:
    difference = np.abs(smooth(still(SceneKind.EMPTY_BED, 1)) - smooth(still(SceneKind.EMPTY_BED, 2)))
    assert difference.mean() > 5


def test_a_home_looks_the_same_whatever_happens_in_it() -> None:
    difference = np.abs(smooth(still(SceneKind.EMPTY_BED)) - smooth(still(SceneKind.ON_FLOOR)))
    assert (difference.max(axis=2) < 6).mean() > 0.8
    assert (difference.max(axis=2) > 15).mean() > 0.005  # and somebody lies there


def test_infrared_is_grey_and_a_night_light_is_not() -> None:
    assert np.ptp(still(SceneKind.SLEEPER, infrared=True), axis=2).max() == 0
    assert np.ptp(smooth(still(SceneKind.SLEEPER)), axis=2).max() > 20


def test_a_sleeper_breathes_and_turns() -> None:
    film = [smooth(picture) for picture in frames(Scene(kind=SceneKind.SLEEPER, seed=1, infrared=True))]
    breath = np.abs(film[7] - film[49]).max(axis=2)  # in and out, on the back both times
    turn = np.abs(film[0] - film[30]).max(axis=2)
    assert (breath > 3).sum() > 100
    assert (turn > 8).sum() > 20 * (breath > 8).sum()


def test_nothing_moves_in_an_empty_bedroom() -> None:
    film = [smooth(picture) for picture in frames(Scene(kind=SceneKind.EMPTY_BED, seed=1))]
    assert np.abs(film[0] - film[30]).max() < 8


@pytest.mark.parametrize("kind", ALIVE)
def test_a_scene_becomes_a_video_file_of_its_length(kind: SceneKind, tmp_path: Path) -> None:
    scene = Scene(kind=kind, seed=1, seconds=2, frames_per_second=8)
    capture = cv2.VideoCapture(str(render(scene, tmp_path)))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 16
    assert capture.get(cv2.CAP_PROP_FPS) == 8
    there, picture = capture.read()
    capture.release()
    assert there
    assert np.abs(smooth(np.asarray(picture)) - smooth(still(kind))).mean() < 3


def test_a_scene_is_drawn_once(tmp_path: Path) -> None:
    scene = Scene(kind=SceneKind.COVERED_LENS, seed=1, seconds=1)
    path = render(scene, tmp_path)
    path.write_bytes(b"left as it is")
    assert render(scene, tmp_path).read_bytes() == b"left as it is"
    assert list(tmp_path.iterdir()) == [path]


def test_different_scenes_never_share_a_file() -> None:
    scenes = [
        Scene(kind=kind, seed=seed, infrared=infrared, seconds=seconds)
        for kind in SceneKind
        for seed in (1, 11)
        for infrared in (False, True)
        for seconds in (1, 1.5)
    ]
    assert len({scene.content_name for scene in scenes}) == len(scenes)


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(CannotRenderError, match="cannot write"):
        render(Scene(kind=SceneKind.DEAD), tmp_path / "taken")
