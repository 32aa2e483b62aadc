"""The sealed picture: a JPEG that only the viewer of one look can open.

HPKE (RFC 9180), DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode. The look, the frame's number and the
time the picture was taken are bound into it, so an old picture cannot be passed off as a live one.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class BadPictureError(Exception):
    """The sealed picture was not made for this viewer and look, or was changed on the way."""


@dataclass(frozen=True, slots=True)
class SealedPicture:
    """One picture of a look. `taken_at` is when the camera took it (aware, UTC); `frame` counts from 1."""

    look: UUID
    frame: int
    taken_at: datetime
    ciphertext: bytes


class ViewerKey:
    """The viewer's key pair for one look. It never leaves the viewer's side and is forgotten with the look."""

    def __init__(self, private: X25519PrivateKey | None = None) -> None:
        self._private = private or X25519PrivateKey.generate()

    def public(self) -> str:
        """The public half, base64, for the grant."""
        return b64encode(self._private.public_key().public_bytes_raw()).decode()

    def open(self, picture: SealedPicture) -> bytes:
        """The JPEG; BadPictureError if it is not for this key, this look, this frame and this time."""
        try:
            return SUITE.decrypt(picture.ciphertext, self._private, info=_binding(picture))
        except (InvalidTag, ValueError):
            raise BadPictureError(f"the picture of look {picture.look} cannot be opened with this key") from None


def seal_picture(jpeg: bytes, viewer_key: str, look: UUID, frame: int, taken_at: datetime) -> SealedPicture:
    """`jpeg` sealed for the holder of `viewer_key` (base64); BadPictureError if that is no X25519 public key."""
    try:
        public = X25519PublicKey.from_public_bytes(b64decode(viewer_key, validate=True))
    except (ValueError, Base64Error):
        raise BadPictureError("the viewer's key is not a base64 X25519 public key") from None
    unsealed = SealedPicture(look, frame, taken_at, b"")
    return SealedPicture(look, frame, taken_at, SUITE.encrypt(jpeg, public, info=_binding(unsealed)))


def _binding(picture: SealedPicture) -> bytes:
    return f"tillsyn look {picture.look} frame {picture.frame} at {picture.taken_at.timestamp():.6f}".encode()
