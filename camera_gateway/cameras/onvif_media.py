"""What a camera's media and imaging services are asked: its stream's address, and whether it sees by day or night."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_address import OnvifAddress
from camera_gateway.cameras.onvif_device import Device
from camera_gateway.cameras.onvif_fault import UnfitError

TCP_STREAM = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
"""RTP in the RTSP connection (ONVIF Media Service Specification, StreamSetup)."""
MOST_NAMED = 8
"""How many of a camera's names are told to an installer."""


class DayNight(StrEnum):
    """What the infrared cut filter says. Read, never set; nor is brightness or anything else of the picture."""

    DAY = "day"
    """The filter is in: colours."""
    NIGHT = "night"
    """The filter is out: the camera sees by infrared light."""
    AUTO = "auto"
    """The camera decides; which it is now it does not tell."""
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class Profile:
    """A media profile: which stream, of which source, turned by which motor."""

    token: str
    source: str | None
    turns: bool


async def chosen_profile(device: Device, wanted: str | None) -> Profile:
    """The profile of that name or token, else the camera's first with a video encoder."""
    found = await device.ask("media", "GetProfiles")
    usable = [profile for profile in found if profile.VideoEncoderConfiguration is not None] or list(found)
    named = [profile for profile in usable if wanted in (None, profile.token, profile.Name)]
    if not named:
        names = told_names(profile.Name for profile in usable)
        raise UnfitError(CameraFault.UNREACHABLE, f"the camera has no such profile; it has: {names}")
    first = named[0]
    source = first.VideoSourceConfiguration
    return Profile(str(first.token), source and str(source.SourceToken), first.PTZConfiguration is not None)


async def stream_address(device: Device, profile: Profile, address: OnvifAddress) -> str:
    """Where the profile's stream is, with the login in it.

    The host is always the one we were told: where a camera names another, by mistake or worse, our login is not sent.
    """
    answer = await device.ask("media", "GetStreamUri", StreamSetup=TCP_STREAM, ProfileToken=profile.token)
    parts = urlsplit(str(answer.Uri))
    if parts.scheme != "rtsp":
        raise UnfitError(CameraFault.NO_FRAMES, "the camera offers no RTSP stream")
    host = f"[{address.host}]" if ":" in address.host else address.host
    login = f"{quote(address.user, safe='')}:{quote(address.password.get_secret_value(), safe='')}@"
    netloc = (login if address.user else "") + host + (f":{parts.port}" if parts.port else "")
    return parts._replace(netloc=netloc).geturl()


async def day_or_night(device: Device, profile: Profile) -> DayNight:
    """What the camera says of its infrared cut filter."""
    settings = await device.ask("imaging", "GetImagingSettings", VideoSourceToken=profile.source)
    match getattr(settings, "IrCutFilter", None):
        case "ON":
            return DayNight.DAY
        case "OFF":
            return DayNight.NIGHT
        case "AUTO":
            return DayNight.AUTO
        case _:
            return DayNight.NOT_TOLD


def told_names(names: Any) -> str:
    """Names that a camera gave, fit to be shown: few, short, printable."""
    shown = ["".join(letter for letter in str(name) if letter.isprintable())[:40] for name in names]
    return ", ".join(shown[:MOST_NAMED]) or "none"
