"""Where the verdicts part. Measured; every value can be set for a camera."""

from pydantic import BaseModel, ConfigDict, Field


class Thresholds(BaseModel):
    """Limits of the verdicts.

    Measured on five clips and five stills (rooms lit by night, a bed under infrared, very dark rooms), and on the
    same pictures defocused (σ 8 and 15 pixels), darkened to 6 %, over-exposed (×5) and seen through cloth: see each
    value. Mean grey is not among them: good infrared pictures have 18–20. Nor is the variance of the Laplacian:
    black noise has 100, a covered lens 180–430, a good picture 40–140.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_edge_share: float = Field(default=0.4, ge=0, le=100)
    """Per cent. Usable pictures 1.4–6.4; dark, covered and defocused ones 0.0."""
    least_bright_grey: float = Field(default=20.0, ge=0, le=255)
    """Grey levels, where there are no edges. Darkened pictures 3–15; cloth in a lit room 81–85, under infrared
    26–34."""
    most_saturated_share: float = Field(default=50.0, ge=0, le=100)
    """Per cent. Usable pictures 0–8 (a lamp in view); over-exposed ones 87–94."""
    least_coarse_structure: float = Field(default=1.2, ge=0)
    """Grey levels, where there are no edges. Defocused pictures 1.9–16; cloth before the lens 0.2–0.7."""
    infrared_hue_spread: float = Field(default=0.12, ge=0)
    """Colour that lightness does not explain, as a share of the spread of lightness. Infrared 0.07–0.08 (drawn
    and true grey 0.0); colour in very dark rooms 0.18–0.25, in lit ones 0.27."""
    least_grey_spread: float = Field(default=3.0, gt=0)
    """Grey levels (standard deviation) below which nothing is said of colour."""
    frozen_after_s: float = Field(default=30.0, gt=0)
    """Seconds without any change. Cameras send a fresh picture at least every 250 frames; at 10 a second that is
    25 s. Shorter: runs of a whole group of pictures were identical in a live, quiet infrared scene."""

    # With a reference: what a camera showed when it was set up, in this light. Measured on the rooms that
    # docs/picture-quality.md names for setting thresholds, and tried there on others.
    least_of_usual_edges: float = Field(default=0.4, ge=0, le=1)
    """A share of the reference's edges, in its light. Its own room 0.7–1.5; defocused by σ 3 pixels 0–0.36. Where
    there is less light than in the reference, less by its fourth power."""
    lost_light: float = Field(default=0.6, gt=0, le=1)
    """Below this share of it, a picture without edges is called dark rather than blurred."""
    more_saturated: float = Field(default=25.0, gt=0, le=100)
    """Percentage points over the reference that are always allowed."""
    more_saturated_without_edges: float = Field(default=10.0, gt=0, le=100)
    """Percentage points over the reference from which on lost edges are put down to too much light."""

    least_own_likeness: float = Field(default=0.5, gt=0, le=1)
    """Correlation. A reference whose own pictures are less alike is of noise alone."""
    plain_likeness: float = Field(default=0.65, ge=0, le=1)
    """From here on, unmoved, a view is the same, and no turn is tried."""
    found_likeness: float = Field(default=0.5, ge=0, le=1)
    """Of the reference's own. From here on a view is found again."""
    another_likeness: float = Field(default=0.2, ge=-1, le=1)
    """Of the reference's own, unmoved. Below it, and not found anywhere else, it is another view."""
    moved_gain: float = Field(default=0.1, ge=0, le=2)
    """How much more like the reference a picture must be at another place than unmoved."""
    tolerated_shift_px: float = Field(default=3.0, ge=0, le=96)
    """Pixels at 640 pixels' width."""
    tolerated_degrees: float = Field(default=1.0, ge=0, le=7)
