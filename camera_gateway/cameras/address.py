"""Camera addresses: what an installer writes, and what may be shown of it.

- `file:///srv/footage/bedroom.mp4` or a plain path: a video that plays as if live, or a still picture
- `rtsp://user:password@host:554/stream`: a network camera
- `onvif://user:password@host:80/?profile=…`: a network camera that is asked for its stream, and may be turned away
  (everything that may be said of it: camera_gateway.cameras.onvif_address)
- `scene:sleeper?seed=7&infrared=1`: a drawn bedroom (kinds: `SceneKind`)

`str()` and `repr()` of an address never show a login, nor a path or query where cameras hide one.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from camera_gateway.cameras.bad_address import BadCameraAddressError
from camera_gateway.cameras.onvif_address import OnvifAddress, parse_onvif
from camera_gateway.scenes import Scene, SceneKind

VIDEO_SUFFIXES = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".ts", ".webm"})
STILL_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
RTSP_PORT = 554
"""RFC 2326, section 3.2."""


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A video file or a still picture on this machine."""

    path: Path

    @property
    def is_still(self) -> bool:
        return self.path.suffix.lower() in STILL_SUFFIXES

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True, repr=False)
class RtspAddress:
    """A stream of a network camera. Only `host` and `port` may be shown."""

    host: str
    port: int
    user: str
    password: SecretStr
    url: SecretStr
    """The whole address, as the capture library wants it."""
    request_uri: SecretStr
    """The address without the login, as it stands in an RTSP request."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"rtsp://{host}:{self.port}/…"

    def __repr__(self) -> str:
        return f"RtspAddress({self})"


@dataclass(frozen=True, slots=True)
class SceneAddress:
    """A drawn scene."""

    scene: Scene

    def __str__(self) -> str:
        return f"scene:{self.scene.kind.value}?seed={self.scene.seed}&infrared={int(self.scene.infrared)}"


Address = FileAddress | RtspAddress | OnvifAddress | SceneAddress


def parse_address(text: str) -> Address:
    """Understand a camera address. Raises BadCameraAddressError with one line that says what to write instead."""
    scheme, colon, _ = text.partition(":")
    try:
        match scheme.lower() if colon else "":
            case "rtsp":
                return _rtsp(urlsplit(text))
            case "onvif":
                return parse_onvif(urlsplit(text))
            case "scene":
                return _scene(urlsplit(text))
            case "file":
                return _file(_path_of(urlsplit(text)))
            case _ if "://" in text:
                raise BadCameraAddressError("unknown kind of address: write file:, rtsp:, onvif: or scene:")
            case _:
                return _file(Path(text))
    except BadCameraAddressError:
        raise
    except ValueError:  # urlsplit's own words may repeat a password
        raise BadCameraAddressError(
            "not a valid address: percent-encode special characters in user name and password"
        ) from None


def _path_of(parts: SplitResult) -> Path:
    if parts.netloc not in ("", "localhost"):
        raise BadCameraAddressError("a file address names no host: write file:///path/to/video.mp4")
    return Path(unquote(parts.path))


def _file(path: Path) -> FileAddress:
    # The capture library "plays" text files too, as pictures of their letters: hence a list of suffixes.
    if path.suffix.lower() not in VIDEO_SUFFIXES | STILL_SUFFIXES:
        known = " ".join(sorted(VIDEO_SUFFIXES | STILL_SUFFIXES))
        raise BadCameraAddressError(f"not a video or picture file by its name; known endings: {known}")
    return FileAddress(path.absolute())


def _rtsp(parts: SplitResult) -> RtspAddress:
    if not parts.hostname:
        raise BadCameraAddressError("an RTSP address names a host: write rtsp://user:password@host:554/stream")
    port = parts.port or RTSP_PORT
    location = parts.netloc.rpartition("@")[2]
    return RtspAddress(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=SecretStr(unquote(parts.password or "")),
        url=SecretStr(parts.geturl()),
        request_uri=SecretStr(parts._replace(netloc=location).geturl()),
    )


def _scene(parts: SplitResult) -> SceneAddress:
    kinds = ", ".join(SceneKind)
    if parts.path not in list(SceneKind):
        raise BadCameraAddressError(f"unknown scene; known: {kinds}")
    wishes = dict(parse_qsl(parts.query, keep_blank_values=True))
    seed, infrared = wishes.pop("seed", "0"), wishes.pop("infrared", "0")
    if wishes or not seed.isdecimal() or infrared not in ("0", "1"):
        raise BadCameraAddressError("a scene takes seed=<whole number> and infrared=0 or 1, nothing else")
    return SceneAddress(Scene(kind=SceneKind(parts.path), seed=int(seed), infrared=infrared == "1"))
