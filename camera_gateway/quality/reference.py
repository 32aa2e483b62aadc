"""What a camera is known by: numbers learned from a few good pictures, and never a picture.

Kept as JSON with `Reference.model_dump_json`, some 10 kB. Why no recognisable picture can be made of it stands in
docs/picture-quality.md.
"""

from collections.abc import Sequence
from statistics import median
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from camera_gateway.quality.figures import Figures
from camera_gateway.quality.profile import Lines, Profile, likeness

FINEST = 1000
"""A line's numbers are kept as whole thousandths of its largest: three digits, finer than any use of them."""
MOST_BINS = 4096

Thousandths = Annotated[int, Field(ge=-FINEST, le=FINEST)]
KeptLine = Annotated[tuple[Thousandths, ...], Field(min_length=8, max_length=MOST_BINS)]


class ModeReference(BaseModel):
    """A camera in one light, by day or under infrared: each number is the median over the pictures learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pictures: int = Field(ge=1)
    """How many were learned from."""
    edge_share: float = Field(ge=0, le=100)
    """Per cent, as in PictureQuality."""
    bright_grey: float = Field(ge=0, le=255)
    """Grey levels, as in PictureQuality."""
    saturated_share: float = Field(ge=0, le=100)
    """Per cent, as in PictureQuality."""
    column_lines: tuple[KeptLine, KeptLine]
    """How edges add up along columns: strength, direction. Whole thousandths of the largest."""
    row_lines: tuple[KeptLine, KeptLine]
    own_likeness: float = Field(gt=0, le=1)
    """How like the pictures learned from are to their median (correlation): what a good camera's noise leaves."""

    @model_validator(mode="after")
    def _lines_are_of_one_picture(self) -> "ModeReference":
        if any(len(first) != len(second) for first, second in (self.column_lines, self.row_lines)):
            raise ValueError("the two lines for columns, and the two for rows, must be as long as each other")
        return self

    @property
    def profile(self) -> Profile:
        """The lines as they are compared; their scale means nothing."""
        return Profile(np.asarray(self.column_lines, np.float32), np.asarray(self.row_lines, np.float32))


class Reference(BaseModel):
    """A camera in each light that it was learned in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["tillsyn.camera-reference.v1"] = "tillsyn.camera-reference.v1"
    day: ModeReference | None = None
    infrared: ModeReference | None = None

    def mode(self, infrared: bool | None) -> ModeReference | None:
        """The reference for a picture in this light; None where it was not learned, or the light is not known."""
        if infrared is None:
            return None
        return self.infrared if infrared else self.day

    def learned(self, mode: ModeReference, *, infrared: bool) -> "Reference":
        """This reference, with one light learned anew."""
        return self.model_copy(update={"infrared" if infrared else "day": mode})


def mode_reference(profiles: Sequence[Profile], figures: Sequence[Figures]) -> ModeReference:
    """The reference that pictures of one light give. The median keeps out what only a few of them showed."""
    middle = Profile(
        columns=np.median([profile.columns for profile in profiles], axis=0).astype(np.float32),
        rows=np.median([profile.rows for profile in profiles], axis=0).astype(np.float32),
    )
    return ModeReference(
        pictures=len(profiles),
        edge_share=round(median(one.edge_share for one in figures), 3),
        bright_grey=round(median(one.bright_grey for one in figures), 1),
        saturated_share=round(median(one.saturated_share for one in figures), 2),
        column_lines=_kept(middle.columns),
        row_lines=_kept(middle.rows),
        own_likeness=round(min(1.0, max(0.001, median(_at_home(profile, middle) for profile in profiles))), 3),
    )


def _at_home(profile: Profile, middle: Profile) -> float:
    """How alike two profiles are where they lie, without a shift."""
    columns, rows = likeness(profile.columns, middle.columns), likeness(profile.rows, middle.rows)
    return float(columns[len(columns) // 2] + rows[len(rows) // 2]) / 2


def _kept(lines: Lines) -> tuple[KeptLine, KeptLine]:
    first, second = (_thousandths(line) for line in lines)
    return first, second


def _thousandths(line: Lines) -> KeptLine:
    largest = max(float(np.abs(line).max()), 1e-9)
    return tuple(int(number) for number in np.rint(line / largest * FINEST))
