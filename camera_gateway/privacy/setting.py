"""How much a home lets be seen, and the rule that decides the filter's strength.

The rule: at the nearest distance a face can plausibly have from the camera, it spans at most `face_blocks` blocks
after the filter. Familiar faces have been recognised from about 7 × 10 pixels upwards (Yip and Sinha, 2002,
"Contribution of color to face recognition", Perception 31), staff know the people they look at, and they see
several pictures of them: hence 4, well below.
"""

from enum import StrEnum
from math import ceil, radians, tan

from pydantic import BaseModel, ConfigDict, Field, model_validator

HEAD_BREADTH_M = 0.165
"""Metres: the breadth of a man's head at the 95th percentile (ISO 7250-2, rounded up)."""
MIN_BLOCK = 6
"""Pixels. No filter is finer than this, however far away the camera hangs."""


class PrivacyFilter(StrEnum):
    """What is done to the whole picture after the black zones."""

    NONE = "none"
    PIXELATED = "pixelated"
    BLURRED = "blurred"
    SILHOUETTE = "silhouette"


class Zone(BaseModel):
    """A rectangle that nobody ever sees, in fractions of the picture from its upper left corner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    right: float = Field(ge=0, le=1)
    bottom: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _has_an_area(self) -> "Zone":
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError("a zone's left must be less than its right, and its top less than its bottom")
        return self


class PrivacySetting(BaseModel):
    """What one home has agreed to for one camera."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: PrivacyFilter = PrivacyFilter.PIXELATED
    zones: tuple[Zone, ...] = ()
    nearest_m: float = Field(default=1.5, ge=0.3, le=10)
    """Metres from the camera to the nearest face there can plausibly be; a camera under a ceiling has 1 to 2."""
    view_degrees: float = Field(default=80.0, ge=20, le=170)
    """The camera's horizontal angle of view. When unknown, a smaller one is the safer guess."""
    face_blocks: int = Field(default=4, ge=1, le=6)
    """Blocks that a face may span."""


def face_width(setting: PrivacySetting, picture_width: int) -> float:
    """How many pixels the nearest face spans in a picture of this width (pixels), unfiltered.

    The breadth of a head over the width of what the camera sees at that distance, 2 · d · tan(view / 2).
    """
    seen_m = 2 * setting.nearest_m * tan(radians(setting.view_degrees) / 2)
    return picture_width * min(HEAD_BREADTH_M / seen_m, 1.0)


def block_size(setting: PrivacySetting, picture_width: int) -> int:
    """The side of a block, in pixels of a picture of this width: the rule above."""
    return max(MIN_BLOCK, ceil(face_width(setting, picture_width) / setting.face_blocks))
