"""Hints for who looks: does something move where the bed is, and does that speak for somebody in it?

Never a verdict. There is no answer that says the bed is empty: somebody who lies still under a blanket looks like
nobody, and a slot is settled by a person.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from camera_gateway.privacy import Zone
from camera_gateway.quality.figures import Pixels, changed
from camera_gateway.quality.judge import require_pictures

LEAST_MOVEMENT = 1.0
"""Per cent of the bed zone. Somebody asleep who turns, or sits down, moves 2 and more; noise 0.0."""
MOST_OUTSIDE = 0.15
"""Share of all that moved. More of it outside the zone: somebody walks by, the light changes, or the camera moves."""
MOST_OF_ZONE = 60.0
"""Per cent of the bed zone. More is a change of light rather than a person."""


class Occupancy(StrEnum):
    """Whether there is somebody in the bed, as far as moving pictures can tell."""

    OCCUPIED = "occupied"
    """Something moves in the bed zone, and nothing to speak of outside it."""
    CANNOT_TELL = "cannot_tell"


class BedHint(BaseModel):
    """What moving pictures say of the bed zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    movement_share: float | None = Field(ge=0, le=100)
    """Per cent of the bed zone's pixels that changed between one picture and the next, the largest of the pairs. None
    for a single picture."""
    occupancy: Occupancy


def bed_hint(frames: Sequence[Pixels], zone: Zone) -> BedHint:
    """The hint for pictures (height × width × 3, blue-green-red) of one camera, up to some seconds apart.

    The zone is that of the bed with who sits on its edge, in fractions of the picture. Raises NotPicturesError.
    """
    require_pictures(frames)
    if len(frames) < 2:
        return BedHint(movement_share=None, occupancy=Occupancy.CANNOT_TELL)
    pairs = [changed(one, other) for one, other in pairwise(frames)]
    shares = [_share_of_zone(moved, zone) for moved in pairs]
    everywhere = np.logical_or.reduce(pairs)
    return BedHint(
        movement_share=round(max(shares), 3),
        occupancy=_occupancy(max(shares), _share_outside(everywhere, zone)),
    )


def _occupancy(movement: float, outside: float) -> Occupancy:
    if LEAST_MOVEMENT <= movement <= MOST_OF_ZONE and outside <= MOST_OUTSIDE:
        return Occupancy.OCCUPIED
    return Occupancy.CANNOT_TELL


def _share_of_zone(moved: npt.NDArray[np.bool_], zone: Zone) -> float:
    return 100.0 * float(_inside(moved, zone).mean())


def _share_outside(moved: npt.NDArray[np.bool_], zone: Zone) -> float:
    """Of all that moved; 0 where nothing did."""
    all_of_it = int(moved.sum())
    return 1.0 - int(_inside(moved, zone).sum()) / all_of_it if all_of_it else 0.0


def _inside(moved: npt.NDArray[np.bool_], zone: Zone) -> npt.NDArray[np.bool_]:
    height, width = moved.shape
    rows = slice(floor(zone.top * height), ceil(zone.bottom * height))
    return moved[rows, floor(zone.left * width) : ceil(zone.right * width)]
