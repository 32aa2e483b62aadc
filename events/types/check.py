"""What a gateway reports of a slot's time. These are messages on the wire; what they lead to is decided by the service.

The id of such a message is UUIDv5(slot, kind, attempt), so a repeated one is known again.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.base import Event

MOST = 2_000_000_000
"""No count of ours comes near it, and every database can keep it."""


class PictureQuality(BaseModel):
    """Figures of a judged picture; no part of the picture can be made from them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: str = Field(max_length=40)
    """What the judge calls the picture: usable, dark, covered, blurred …"""
    mean_grey: float = Field(ge=0, le=255)
    """Mean brightness, 0–255."""
    edge_share: float = Field(ge=0, le=100)
    """Share of edge pixels, per cent."""
    movement_share: float | None = Field(default=None, ge=0, le=100)
    """Share of pixels that changed between the frames judged, per cent; None when there was one frame."""
    infrared: bool | None
    """None when there is too little light to tell."""
    liveness: str | None = Field(default=None, max_length=40)
    """Whether the pictures are of this moment: live, frozen, cannot_tell."""
    view: str | None = Field(default=None, max_length=40)
    """Whether the camera shows what it was set up to show: same, moved, another, cannot_tell."""
    shift_px: float | None = Field(default=None, ge=0, le=10_000)
    """How far the view has moved, in pixels of a picture 640 wide; None when it was not found again."""
    rotation_degrees: float | None = Field(default=None, ge=-180, le=180)
    """How far the view has turned, anticlockwise; None when it was not found again."""
    likeness: float | None = Field(default=None, ge=-1, le=1)
    """How like the picture is to the camera's reference, 1 at most; None when they were not compared."""


class CameraTrouble(StrEnum):
    """Why a camera gave no frames at all."""

    REFUSED = "refused"
    UNAUTHORISED = "unauthorised"
    TIMED_OUT = "timed-out"
    NO_FRAMES = "no-frames"
    STALE = "stale"
    UNREACHABLE = "unreachable"
    UNPLUGGED = "unplugged"
    """The machine has no such device any more: the camera's cable or its power is gone."""
    SHUT_OFF = "shut-off"
    """A switch or a privacy button in the home closes the camera. Nobody overrides that."""
    CLOCK_OFF = "clock-off"
    """The camera refuses a login because its own clock is wrong; the password may well be right."""


class SlotReport(Event):
    """What every report of a slot says: which slot of whose night, at which home, at which attempt (from 1)."""

    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    attempt: int = Field(ge=1, le=10)


class CheckDue(SlotReport, name="check.due", version=2):
    """The slot's time has come, and a usable picture can be had."""

    quality: PictureQuality | None = None
    """None when consent does not let the gateway open the camera by itself."""


class NoUsablePicture(SlotReport, name="check.no-usable-picture", version=2):
    """The slot's time has come; the camera answers, but its picture is of no use."""

    quality: PictureQuality


class CameraUnreachable(SlotReport, name="check.camera-unreachable", version=2):
    """The slot's time has come, and the camera gives no frames."""

    trouble: CameraTrouble


class Heartbeat(Event, name="gateway.heartbeat"):
    """A gateway is alive. Not kept in the log; the service records only that it fell silent or came back."""

    gateway: UUID
    started_at: AwareDatetime
    spooled: int = Field(ge=0, le=MOST)
    """Messages that wait to be sent."""
    schedule_revision: int = Field(ge=0, le=MOST)
    clock_skew_s: float | None = None
    """The gateway's clock minus the server's, seconds; None when it could not be compared."""


def report_id(slot: UUID, kind: type[SlotReport], attempt: int) -> UUID:
    """The message id of a slot's report: the same for every repetition of it."""
    return uuid5(slot, f"{kind.NAME}/{attempt}")
