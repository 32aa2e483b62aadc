"""Whether a camera that was sent to a preset has come to rest there, by what it tells of itself.

Cameras tell different parts of it (ONVIF PTZ Service Specification, GetStatus and GetPresets: position and movement are
both optional). In falling order of worth: it stands idle at the preset's coordinates; it stands still, and tells no
coordinates to compare. A camera that tells neither cannot be confirmed.
"""

from dataclasses import dataclass
from enum import Enum, auto

QUIET_S = 1.0
"""Seconds that a camera without coordinates is idle before that is believed: one that starts late looks idle too."""
CLOSE = 0.02
"""How near is there, in the generic position space of −1…1: 1 % of the whole range."""
CLOSE_DEGREES = 1.5
"""The same, where positions are in degrees (spherical space)."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a camera looks, in a coordinate space of its own."""

    pan: float
    tilt: float
    space: str = ""

    def near(self, other: "Position") -> bool | None:
        """Whether both are the same view; None when they cannot be compared."""
        if self.space and other.space and self.space != other.space:
            return None
        close = CLOSE_DEGREES if "degrees" in (self.space + other.space).lower() else CLOSE
        return abs(self.pan - other.pan) <= close and abs(self.tilt - other.tilt) <= close


@dataclass(frozen=True, slots=True)
class Told:
    """What a camera tells of itself at one moment; None where it does not tell."""

    moving: bool | None
    position: Position | None


class Outcome(Enum):
    """How a turn goes."""

    TURNING = auto()
    THERE = auto()
    ELSEWHERE = auto()
    """It rests, and not where it was sent."""
    SILENT = auto()
    """It tells nothing that could confirm anything."""


class Turn:
    """One turn to one preset. Time is an argument, in seconds since the command."""

    def __init__(self, goal: Position | None) -> None:
        """`goal` is the preset's position, where the camera tells it."""
        self._goal = goal
        self._seen_moving = False
        self._still_since: float | None = None
        self._last: Position | None = None

    def after(self, told: Told, at_s: float) -> Outcome:
        """What follows from what the camera tells now."""
        if told.moving is None and told.position is None:
            return Outcome.SILENT if at_s >= QUIET_S else Outcome.TURNING
        if not self._rests(told):
            self._seen_moving, self._still_since = True, None
            return Outcome.TURNING
        if self._still_since is None:
            self._still_since = at_s
        return self._resting(told, at_s - self._still_since)

    def _rests(self, told: Told) -> bool:
        before, self._last = self._last, told.position
        if told.moving is not None:
            return not told.moving
        return before is not None and before == told.position

    def _resting(self, told: Told, for_s: float) -> Outcome:
        near = told.position.near(self._goal) if told.position and self._goal else None
        if near:
            return Outcome.THERE
        if for_s < QUIET_S and not (near is None and self._seen_moving and told.moving is False):
            return Outcome.TURNING
        return Outcome.THERE if near is None else Outcome.ELSEWHERE
