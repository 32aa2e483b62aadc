"""What an installer writes of an ONVIF camera: `onvif://user:password@host:80/?room=bed&away=wall`.

After the question mark, all of it optional:

- `profile=main`: which of the camera's media profiles is shown, by name or token (else its first)
- `room=bed` and `away=wall`, both or neither: the presets, by name or token, that the camera is turned to before the
  first picture and after the last
- `lamp=tt:WhiteLight` or `lamp=relay:TOKEN`: what is lit while the camera is open, an auxiliary command or a relay
- `off_input=TOKEN`: the digital input that an off switch in the home is wired to; while it is active nothing is opened
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote

from pydantic import SecretStr

from camera_gateway.cameras.bad_address import BadCameraAddressError

ONVIF_PORT = 80
SERVICE_PATHS = ("", "/", "/onvif/device_service")
"""The device service stands at a fixed place (ONVIF Core Specification, section 5.1.1)."""
WORDS = ("profile", "room", "away", "lamp", "off_input")
RELAY = "relay:"


@dataclass(frozen=True, slots=True, repr=False)
class OnvifAddress:
    """A camera's ONVIF services and how it is to be used. Only `host` and `port` may be shown."""

    host: str
    port: int
    user: str
    password: SecretStr
    profile: str | None = None
    room: str | None = None
    away: str | None = None
    lamp: str | None = None
    off_input: str | None = None

    @property
    def turns(self) -> bool:
        """Whether the camera is turned away between openings."""
        return self.away is not None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"onvif://{host}:{self.port}/…"

    def __repr__(self) -> str:
        return f"OnvifAddress({self})"


def parse_onvif(parts: SplitResult) -> OnvifAddress:
    """Understand an address of scheme onvif. BadCameraAddressError; ValueError of a port that is none."""
    if not parts.hostname:
        raise BadCameraAddressError("an ONVIF address names a host: write onvif://user:password@host:80/")
    if parts.path not in SERVICE_PATHS:
        raise BadCameraAddressError("an ONVIF address has no path: write onvif://user:password@host:80/?profile=…")
    if ":" in (user := unquote(parts.username or "")):
        raise BadCameraAddressError("the user name has a colon in it, which no login of a camera can have")
    said = _said(parts.query)
    if ("room" in said) != ("away" in said):
        raise BadCameraAddressError("a camera that turns has two presets: write room=… and away=…, or neither")
    if "room" in said and said["room"] == said["away"]:
        raise BadCameraAddressError("room and away are the same preset: name two, or neither")
    return OnvifAddress(
        host=parts.hostname,
        port=parts.port or ONVIF_PORT,
        user=user,
        password=SecretStr(unquote(parts.password or "")),
        **said,
    )


def _said(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    said = dict(pairs)
    if len(said) != len(pairs) or not said.keys() <= set(WORDS) or not all(said.values()):
        raise BadCameraAddressError(f"an ONVIF address takes each of {', '.join(WORDS)} at most once, and not empty")
    if "lamp" in said and not said["lamp"].removeprefix(RELAY):
        raise BadCameraAddressError("lamp=relay:… names the token of a relay output")
    return said
