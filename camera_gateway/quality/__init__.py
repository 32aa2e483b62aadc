"""Is a picture good enough to look at? Figures, a verdict, and what cannot be told. Pure: no camera, no clock."""

from camera_gateway.quality.judge import judge
from camera_gateway.quality.picture import Liveness, PictureQuality, Verdict
from camera_gateway.quality.thresholds import Thresholds

__all__ = ["Liveness", "PictureQuality", "Thresholds", "Verdict", "judge"]
