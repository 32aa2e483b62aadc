"""Where pictures come from: one small protocol, and a source for files, RTSP streams and drawn scenes."""

from camera_gateway.cameras.address import (
    BadCameraAddressError,
    FileAddress,
    RtspAddress,
    SceneAddress,
    parse_address,
)
from camera_gateway.cameras.camera import Camera, Clock, Frame, Limits, OpenCamera, take
from camera_gateway.cameras.capture import quieten_capture_library
from camera_gateway.cameras.factory import camera_from_address
from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError
from camera_gateway.cameras.file import FileCamera
from camera_gateway.cameras.rtsp import RtspCamera
from camera_gateway.cameras.scene import SceneCamera

quieten_capture_library()

__all__ = [
    "BadCameraAddressError",
    "Camera",
    "CameraFault",
    "CameraUnavailableError",
    "Clock",
    "FileAddress",
    "FileCamera",
    "Frame",
    "Limits",
    "OpenCamera",
    "RtspAddress",
    "RtspCamera",
    "SceneAddress",
    "SceneCamera",
    "camera_from_address",
    "parse_address",
    "take",
]
