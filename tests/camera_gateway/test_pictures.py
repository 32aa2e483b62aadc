"""What is done with pictures while a camera is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import cv2
import numpy as np
import pytest

from camera_gateway.cameras import CameraFault, CameraUnavailableError, Frame, OpenCamera
from camera_gateway.pictures import judge_now, live_picture
from camera_gateway.privacy import PrivacyFilter, PrivacySetting, Zone
from camera_gateway.quality import learn
from tests.camera_gateway.builders import at
from tests.camera_gateway.quality.tampers import with_noise

ROOM = np.random.default_rng(7).integers(40, 200, size=(48, 64, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
EVERYTHING = Zone(left=0, top=0, right=1, bottom=1)


@dataclass
class Showing:
    """A camera that shows one picture of a given age."""

    pixels: "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]"
    age_s: float = 0.0
    name: str = "camera"
    address: str = "here"

    @contextmanager
    def open(self) -> Iterator[OpenCamera]:
        yield self

    def read(self) -> Frame:
        return Frame(self.pixels, at("23:00"), self.age_s)


def test_a_stale_picture_is_never_shown_as_live() -> None:
    live_picture(Showing(ROOM, age_s=1.5), PrivacySetting(), 1.5, 900_000)
    with pytest.raises(CameraUnavailableError) as told:
        live_picture(Showing(ROOM, age_s=1.6), PrivacySetting(), 1.5, 900_000)
    assert told.value.reason is CameraFault.STALE


def test_black_zones_are_black_before_anything_sees_the_picture() -> None:
    setting = PrivacySetting(zones=(EVERYTHING,), filter=PrivacyFilter.NONE)
    assert judge_now(Showing(ROOM), 2, PrivacySetting(), UUID(int=1)).usable
    found = judge_now(Showing(ROOM), 2, setting, UUID(int=1))
    assert found.quality is not None
    assert (found.usable, found.quality.mean_grey) == (False, 0)
    shown = cv2.imdecode(np.frombuffer(live_picture(Showing(ROOM), setting, 1.5, 900_000).jpeg, np.uint8), 1)
    assert np.asarray(shown).max() == 0


def test_a_moved_camera_is_reported_with_figures_and_is_of_no_use_where_it_has_black_zones() -> None:
    known = learn([with_noise(ROOM, 2, seed) for seed in range(3)])
    moved = Showing(np.ascontiguousarray(np.roll(ROOM, 20, axis=1)))
    corner = PrivacySetting(zones=(Zone(left=0.9, top=0.9, right=1, bottom=1),))
    open_home = judge_now(moved, 2, PrivacySetting(), UUID(int=1), known)
    with_zones = judge_now(moved, 2, corner, UUID(int=1), known)
    for found in (open_home, with_zones):
        assert found.quality is not None
        assert (found.quality.verdict, found.quality.view, found.quality.liveness) == ("moved", "moved", "cannot_tell")
        assert (found.quality.shift_px, found.quality.rotation_degrees) == (20, 0)
    assert (open_home.usable, with_zones.usable) == (True, False)
    assert judge_now(Showing(ROOM), 2, corner, UUID(int=1), known).usable


def test_a_large_picture_is_sent_at_lower_quality_and_a_huge_one_not_at_all() -> None:
    setting = PrivacySetting(filter=PrivacyFilter.NONE)
    full = len(live_picture(Showing(ROOM), setting, 1.5, 900_000).jpeg)
    smaller = live_picture(Showing(ROOM), setting, 1.5, full - 1)
    assert len(smaller.jpeg) < full
    with pytest.raises(CameraUnavailableError, match="larger than 1000 bytes"):
        live_picture(Showing(ROOM), setting, 1.5, 1000)
