"""Is a picture good enough to look at? Figures, a verdict, and what cannot be told. Pure: no camera, no clock.

judge(frames, seconds=…, reference=…) -> PictureQuality    # a verdict, and the figures behind it
learn(frames, before) -> Reference                         # what the camera shows, as numbers; never a picture
bed_hint(frames, zone) -> BedHint                          # for the viewer; settles nothing
"""

from camera_gateway.quality.hints import BedHint, Occupancy, bed_hint
from camera_gateway.quality.judge import NotPicturesError, judge
from camera_gateway.quality.learning import NotAReferenceError, learn
from camera_gateway.quality.picture import Liveness, PictureQuality, Verdict, View, ViewAnswer
from camera_gateway.quality.reference import Reference
from camera_gateway.quality.thresholds import Thresholds

__all__ = [
    "BedHint",
    "Liveness",
    "NotAReferenceError",
    "NotPicturesError",
    "Occupancy",
    "PictureQuality",
    "Reference",
    "Thresholds",
    "Verdict",
    "View",
    "ViewAnswer",
    "bed_hint",
    "judge",
    "learn",
]
