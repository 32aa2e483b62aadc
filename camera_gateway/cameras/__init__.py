"""Where pictures come from: one small protocol, and a source for files, RTSP streams, ONVIF cameras, drawn scenes."""

from camera_gateway.cameras.address import (
    FileAddress,
    RtspAddress,
    SceneAddress,
    parse_address,
)
from camera_gateway.cameras.asleep import Sleeps
from camera_gateway.cameras.bad_address import BadCameraAddressError
from camera_gateway.cameras.camera import Camera, Clock, Frame, Limits, OpenCamera, take
from camera_gateway.cameras.capture import quieten_capture_library
from camera_gateway.cameras.factory import camera_from_address
from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError
from camera_gateway.cameras.file import FileCamera
from camera_gateway.cameras.notice import Notice, NoticeKind, Tell, tell_the_log
from camera_gateway.cameras.onvif import OnvifCamera
from camera_gateway.cameras.onvif_address import OnvifAddress
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
    "Notice",
    "NoticeKind",
    "OnvifAddress",
    "OnvifCamera",
    "OpenCamera",
    "RtspAddress",
    "RtspCamera",
    "SceneAddress",
    "SceneCamera",
    "Sleeps",
    "Tell",
    "camera_from_address",
    "parse_address",
    "take",
    "tell_the_log",
]
