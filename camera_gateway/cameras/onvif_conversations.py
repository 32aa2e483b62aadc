"""What is said to an ONVIF camera before an opening, after it, and by the installer: each one conversation.

Imported only when a camera is spoken to: see `onvif_device`.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from camera_gateway.cameras.asleep import Over
from camera_gateway.cameras.camera import Limits
from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_address import OnvifAddress
from camera_gateway.cameras.onvif_device import Device, converse
from camera_gateway.cameras.onvif_fault import (
    Finding,
    ShutOffError,
    finding_of,
    is_expected,
    is_expired,
    is_refused,
)
from camera_gateway.cameras.onvif_lamp import switch_lamp
from camera_gateway.cameras.onvif_media import DayNight, Profile, chosen_profile, day_or_night, stream_address
from camera_gateway.cameras.onvif_ptz import turn_to
from camera_gateway.cameras.onvif_switch import require_not_shut_off

T = TypeVar("T")

CLOCK_TOLERANCE = timedelta(seconds=5)
"""A camera tells its time in whole seconds; beyond this its clock is called off."""


class AskedInVainError(Exception):
    """A conversation that came to nothing. `reason` and `detail` as in CameraUnavailableError."""

    def __init__(self, finding: Finding, clock_off: timedelta | None) -> None:
        super().__init__(finding[1])
        self.reason, self.detail = finding
        self.clock_off = clock_off


@dataclass(frozen=True, slots=True, repr=False)
class Awake:
    """A camera that is ready to be seen through."""

    stream: str
    """The stream's address with the login in it."""
    lamp_failed: str | None
    """Why its lamp is not lit, although it has one."""


def wake(address: OnvifAddress, limits: Limits) -> tuple[Awake, timedelta | None]:
    """Light the lamp, turn the camera to the room; where its stream is, and how far its clock is ahead of ours.

    Asks about the off switch before anything else is touched. AskedInVainError.
    """

    async def work(device: Device) -> Awake:
        if address.off_input is not None:
            await require_not_shut_off(device, address.off_input)
        profile = await chosen_profile(device, address.profile)
        lamp_failed = await _lamp(device, profile, address.lamp, lit=True)
        if address.room is not None:
            await turn_to(device, profile, address.room, limits.turn_s)
        return Awake(await stream_address(device, profile, address), lamp_failed)

    return _conversation(address, limits, work)


def put_to_sleep(address: OnvifAddress, limits: Limits, over: Over) -> str | None:
    """Put the lamp out and turn the camera away; returns when it is known to look away. AskedInVainError.

    What it returns is why the lamp is not out, if it has one and it is not.
    """

    async def work(device: Device) -> str | None:
        profile = await chosen_profile(device, address.profile)
        lamp_failed = None if over() else await _lamp(device, profile, address.lamp, lit=False)
        if address.away is not None and not over():
            await turn_to(device, profile, address.away, limits.turn_s, over)
        return lamp_failed

    return _conversation(address, limits, work)[0]


def ask_day_or_night(address: OnvifAddress, limits: Limits) -> DayNight:
    """What the camera says of its infrared cut filter. AskedInVainError."""

    async def work(device: Device) -> DayNight:
        return await day_or_night(device, await chosen_profile(device, address.profile))

    return _conversation(address, limits, work)[0]


async def _lamp(device: Device, profile: Profile, lamp: str | None, *, lit: bool) -> str | None:
    """Why the lamp did not do what it was told. Neither looking nor looking away depends on it."""
    if lamp is None:
        return None
    try:
        await switch_lamp(device, profile, lamp, lit=lit)
    except Exception as error:
        if is_refused(error) or not is_expected(error):
            raise
        return f"its lamp could not be {'lit' if lit else 'put out'}: {finding_of(error)[1]}"
    return None


def _conversation(
    address: OnvifAddress, limits: Limits, work: Callable[[Device], Coroutine[Any, Any, T]]
) -> tuple[T, timedelta | None]:
    """Always by the camera's own clock first. Some tell another time than they check a login by: then by ours."""
    outcome, device = converse(address, limits, work, adjust_time=True)
    off = device.clock_off if device else None
    clock_off = off if off is not None and abs(off) > CLOCK_TOLERANCE else None
    tells_time = not (isinstance(outcome, Exception) and off is None and _is_unreadable(outcome))
    if isinstance(outcome, Exception) and (not tells_time or (clock_off and is_refused(outcome))):
        outcome, _ = converse(address, limits, work, adjust_time=False)
    if not isinstance(outcome, Exception):
        return outcome, clock_off
    if not is_expected(outcome):
        raise outcome
    if is_refused(outcome):
        raise AskedInVainError(_refused(outcome, clock_off, tells_time), clock_off)
    raise AskedInVainError(finding_of(outcome), clock_off)


def _is_unreadable(error: Exception) -> bool:
    """The camera answered, and what it answered was no time: the library then fails while it reads the parts."""
    return isinstance(error, AttributeError | TypeError | ValueError) and not isinstance(error, ShutOffError)


def _refused(error: Exception, clock_off: timedelta | None, tells_time: bool) -> Finding:
    """A login that was refused is the clock's fault where the camera says so, or tells no time to allow for."""
    if is_expired(error):
        return CameraFault.CLOCK_OFF, "the camera finds the login out of date: set its clock"
    if not tells_time:
        return CameraFault.CLOCK_OFF, "the camera refuses the login, and its clock shows no time: set it first"
    if clock_off:
        detail = f"the camera does not accept the login, by its own clock ({told(clock_off)}) or by ours"
        return CameraFault.UNAUTHORISED, detail
    return CameraFault.UNAUTHORISED, "the camera does not accept the login"


def told(clock_off: timedelta) -> str:
    """How far a camera's clock is off, in words for an installer."""
    seconds = abs(round(clock_off.total_seconds()))
    amount = f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"
    return f"{amount} {'ahead' if clock_off > timedelta(0) else 'behind'}"
