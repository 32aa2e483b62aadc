"""What a drawn scene is: a kind, a seed and a light."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

EDITION = 1
"""Part of a file's name: raise it when the drawing changes, so that old files are not taken for new."""


class SceneKind(StrEnum):
    """What the camera sees, or why it sees nothing."""

    SLEEPER = "sleeper"
    """Somebody asleep under the blanket, who breathes, and turns over and back during the clip."""
    EMPTY_BED = "empty_bed"
    """The blanket is thrown aside and nobody is there."""
    ON_FLOOR = "on_floor"
    """The bed is empty; somebody lies on the floor beside it, and breathes."""
    COVERED_LENS = "covered_lens"
    """A cloth hangs over the lens."""
    DEAD = "dead"
    """A camera that is broken: its file cannot be played."""


class Scene(BaseModel):
    """One drawn scene. The same values give the same pictures; the seed alone decides the room."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: SceneKind
    seed: int = Field(default=0, ge=0)
    infrared: bool = False
    """Lit by the camera's own infrared lamps, else by a night-light and the window."""
    seconds: float = Field(default=7.0, ge=1, le=60)
    frames_per_second: int = Field(default=8, ge=1, le=30)

    @property
    def content_name(self) -> str:
        """A file name that is the same exactly when the pictures are."""
        light = "infrared" if self.infrared else "dim"
        pace = f"{self.seconds:g}s{self.frames_per_second}"
        return f"{self.kind.value}-{light}-{self.seed}-{pace}-e{EDITION}.mp4"
