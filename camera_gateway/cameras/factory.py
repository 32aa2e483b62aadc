"""From an address to a camera: the only place that knows every kind of source."""

from pathlib import Path

from camera_gateway.cameras.address import FileAddress, RtspAddress, SceneAddress, parse_address
from camera_gateway.cameras.camera import Camera, Clock, Limits
from camera_gateway.cameras.file import FileCamera
from camera_gateway.cameras.notice import Tell, tell_the_log
from camera_gateway.cameras.onvif import OnvifCamera
from camera_gateway.cameras.onvif_address import OnvifAddress
from camera_gateway.cameras.rtsp import RtspCamera
from camera_gateway.cameras.scene import SceneCamera


def camera_from_address(
    address: str,
    *,
    name: str,
    now: Clock,
    scenes_folder: Path,
    limits: Limits | None = None,
    tell: Tell = tell_the_log,
) -> Camera:
    """The camera at `address` (forms: camera_gateway.cameras.address). Opens nothing yet.

    `scenes_folder` is where drawn scenes are kept as video files; `tell` hears what there is to know
    of the camera beside its pictures. Raises BadCameraAddressError.
    """
    limits = limits or Limits()
    match parse_address(address):
        case FileAddress() as file:
            return FileCamera(name, file, now)
        case RtspAddress() as stream:
            return RtspCamera(name, stream, now, limits)
        case OnvifAddress() as device:
            return OnvifCamera(name, device, now, limits, tell)
        case SceneAddress() as drawn:
            return SceneCamera(name, drawn, now, scenes_folder)
