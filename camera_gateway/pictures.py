"""What happens while a camera is open, in the camera's own thread: pictures are judged, or one is made ready to show.

The black zones are painted over before anything else sees a picture. No picture outlives its function except as the
JPEG that a look sends on.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from camera_gateway.cameras import Camera, CameraFault, CameraUnavailableError, Frame, take
from camera_gateway.privacy import PrivacySetting, apply, black_out, encode_jpeg
from camera_gateway.quality import PictureQuality as Judgement
from camera_gateway.quality import Reference, Verdict, judge
from events.types.check import PictureQuality

JPEG_QUALITIES = (80, 60, 40)
"""Tried in turn until the picture is small enough to be sent."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the pictures' quality or the camera's fault; neither when it was not opened."""

    quality: PictureQuality | None = None
    usable: bool = True
    fault: CameraFault | None = None
    opening: UUID | None = None
    """The id under which the opening stands in the gateway's log."""


@dataclass(frozen=True, slots=True)
class LivePicture:
    """A filtered picture, and when it was taken."""

    jpeg: bytes
    taken_at: datetime


def judge_now(
    camera: Camera, count: int, privacy: PrivacySetting, opening: UUID, reference: Reference | None = None
) -> Finding:
    """Open the camera, judge `count` pictures, close it. CameraUnavailableError when they do not come.

    Where a home has black zones a camera that was moved is of no use: they hide another part of the room now.
    """
    frames = take(camera, count)
    seconds = (frames[-1].taken_at - frames[0].taken_at).total_seconds()
    pixels = [black_out(frame.pixels, privacy.zones) for frame in frames]
    judged = judge(pixels, seconds=max(0.0, seconds), reference=reference)
    zones_hold = judged.verdict is not Verdict.MOVED or not privacy.zones
    return Finding(quality=_on_the_wire(judged), usable=judged.usable and zones_hold, opening=opening)


def _on_the_wire(judged: Judgement) -> PictureQuality:
    view = judged.view
    return PictureQuality(
        verdict=judged.verdict.value,
        mean_grey=judged.mean_grey,
        edge_share=judged.edge_share,
        movement_share=judged.movement_share,
        infrared=judged.infrared,
        liveness=judged.liveness.value,
        view=view.answer.value,
        shift_px=view.shift_px,
        rotation_degrees=view.rotation_degrees,
        likeness=view.likeness,
    )


def live_picture(camera: Camera, privacy: PrivacySetting, stale_after_s: float, most_bytes: int) -> LivePicture:
    """Open the camera, take one picture of this moment, filter it. CameraUnavailableError when there is none."""
    (frame,) = take(camera, 1)
    _require_live(camera, frame, stale_after_s)
    return LivePicture(_small_enough(camera, frame, privacy, most_bytes), frame.taken_at)


def _require_live(camera: Camera, frame: Frame, stale_after_s: float) -> None:
    if frame.age_s > stale_after_s:
        raise CameraUnavailableError(camera.name, CameraFault.STALE, f"its newest picture is {frame.age_s:.1f} s old")


def _small_enough(camera: Camera, frame: Frame, privacy: PrivacySetting, most_bytes: int) -> bytes:
    shown = apply(frame.pixels, privacy)
    for quality in JPEG_QUALITIES:
        if len(jpeg := encode_jpeg(shown, quality)) <= most_bytes:
            return jpeg
    raise CameraUnavailableError(camera.name, CameraFault.NO_FRAMES, f"its picture is larger than {most_bytes} bytes")
