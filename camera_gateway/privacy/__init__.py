"""What of a picture may leave the home: black zones, and a filter that a face does not survive. Pure."""

from camera_gateway.privacy.filter import apply, black_out
from camera_gateway.privacy.jpeg import encode_jpeg
from camera_gateway.privacy.setting import PrivacyFilter, PrivacySetting, Zone, block_size, face_width

__all__ = [
    "PrivacyFilter",
    "PrivacySetting",
    "Zone",
    "apply",
    "black_out",
    "block_size",
    "encode_jpeg",
    "face_width",
]
