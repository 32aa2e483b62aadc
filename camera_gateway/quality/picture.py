"""What is said of a picture: figures with their units, and a verdict."""

from enum import StrEnum
from math import hypot

from pydantic import BaseModel, ConfigDict, Field


class Verdict(StrEnum):
    """Whether somebody who looks would see the room. It says nothing of who is in it."""

    USABLE = "usable"
    DARK = "dark"
    """No light to speak of. A dark room and a lens behind something opaque look the same."""
    OVER_EXPOSED = "over_exposed"
    BLURRED = "blurred"
    """Light and dark shapes, but no edge anywhere: out of focus, or a smeared lens."""
    COVERED = "covered"
    """Light, but no shape at all: something hangs before the lens."""
    FROZEN = "frozen"
    """Not one picture differed from the next for longer than any camera repeats itself."""
    MOVED = "moved"
    """The camera no longer shows what it showed when its reference was learned."""


class Liveness(StrEnum):
    """Whether the pictures are of this moment."""

    LIVE = "live"
    """Something changed between them, if only the sensor's noise."""
    CANNOT_TELL = "cannot_tell"
    """Nothing changed, for too short a time: a quiet infrared scene at a low bit rate looks the same."""
    FROZEN = "frozen"


class ViewAnswer(StrEnum):
    """Whether a camera shows what it showed when its reference was learned."""

    SAME = "same"
    MOVED = "moved"
    """The view was found again, at another place or turned."""
    ANOTHER = "another"
    """The view was not found again: turned far away, or another room."""
    CANNOT_TELL = "cannot_tell"
    """No reference for this camera in this light, or a picture that is neither like it nor plainly unlike it."""


class View(BaseModel):
    """What was found when a picture was compared with the camera's reference.

    Pixels are of the picture scaled to at most 640 pixels' width, to the nearest 2; degrees to the nearest 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: ViewAnswer
    right_px: float | None = None
    """How far what is seen has moved to the right (the camera looks further to the left); None: not found again."""
    down_px: float | None = None
    rotation_degrees: float | None = None
    """How far what is seen has turned anticlockwise; None: not found again."""
    likeness: float | None = Field(default=None, ge=-1, le=1)
    """1: as like the reference as the pictures it was learned from; 0: nothing in common. None: not compared."""

    @property
    def shift_px(self) -> float | None:
        """How far the view has moved in any direction."""
        if self.right_px is None or self.down_px is None:
            return None
        return round(hypot(self.right_px, self.down_px), 1)


class PictureQuality(BaseModel):
    """The judgement of a few pictures taken one after another. Each figure is the median over them.

    Grey levels run from 0 (black) to 255 (white). Figures are of the picture scaled to at most 640 pixels' width,
    so that they mean the same for every camera. No picture can be made from them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    liveness: Liveness
    pictures: int = Field(ge=1)
    """How many were judged."""
    mean_grey: float = Field(ge=0, le=255)
    """Grey levels."""
    bright_grey: float = Field(ge=0, le=255)
    """The grey level that 1 % of the (smoothed) picture exceeds."""
    saturated_share: float = Field(ge=0, le=100)
    """Per cent of pixels at grey level 250 or above."""
    edge_share: float = Field(ge=0, le=100)
    """Per cent of pixels on a Canny (30, 90) edge after a 5 × 5 Gaussian."""
    laplacian_variance: float = Field(ge=0)
    """Grey levels squared. Reported, not judged by: noise raises it as much as sharpness."""
    coarse_structure: float = Field(ge=0)
    """Grey levels: how much 20-pixel cells stand out from their surroundings (standard deviation)."""
    movement_share: float | None = Field(ge=0, le=100)
    """Per cent of pixels that changed by more than 12 grey levels between two pictures, after smoothing; the
    largest of the pairs. None for a single picture. A hint for the viewer, never a verdict."""
    infrared: bool | None
    """Whether one hue (usually none) explains all colour, as under infrared light. None: too little light to
    tell."""
    view: View = View(answer=ViewAnswer.CANNOT_TELL)
    """Compared only where there are edges to compare."""

    @property
    def usable(self) -> bool:
        """Whether somebody who looks would see the room that is to be seen. Never settles a slot.

        A view that has moved a little still shows it, and its verdict says that it has moved: better a look with a
        warning than a visit for every nudge of a camera.
        """
        moved_a_little = self.verdict is Verdict.MOVED and self.view.answer is ViewAnswer.MOVED
        return self.verdict is Verdict.USABLE or moved_a_little
