"""Turns a camera to one of its presets and waits until it is known to rest there."""

import asyncio
import time
from typing import Any

from camera_gateway.cameras.asleep import Over
from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_device import Device
from camera_gateway.cameras.onvif_fault import UnfitError
from camera_gateway.cameras.onvif_media import Profile, told_names
from camera_gateway.cameras.onvif_turning import Outcome, Position, Told, Turn

PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
LOOK_EVERY_S = 0.2
"""Seconds between two questions where the camera looks."""


async def turn_to(device: Device, profile: Profile, preset: str, limit_s: float, over: Over = lambda: False) -> None:
    """Turn the camera to the preset of that name or token. UnfitError when it is not known to rest there in time.

    Returns early, whatever the camera does, when it is over.
    """
    token, goal = await _preset(device, profile, preset)
    began = time.monotonic()
    while not over():
        await device.ask("ptz", "GotoPreset", ProfileToken=profile.token, PresetToken=token)
        outcome = await _watch(device, profile, Turn(goal), began + limit_s, over)
        if outcome is Outcome.THERE:
            return
        if outcome is Outcome.SILENT:
            detail = "the camera tells neither where it looks nor whether it moves: leave out room= and away="
            raise UnfitError(CameraFault.NO_FRAMES, detail)
        if time.monotonic() - began >= limit_s:
            does = "still turning" if outcome is Outcome.TURNING else "resting elsewhere"
            detail = f"{does} {limit_s:g} s after it was sent to a preset"
            raise UnfitError(CameraFault.TIMED_OUT, detail)


async def _preset(device: Device, profile: Profile, wanted: str) -> tuple[str, Position | None]:
    if not device.offers(PTZ) or not profile.turns:
        raise UnfitError(CameraFault.UNREACHABLE, "the camera has no motor that turns it: leave out room= and away=")
    presets = await device.ask("ptz", "GetPresets", ProfileToken=profile.token) or []
    for preset in presets:
        if wanted in (preset.Name, preset.token):
            return str(preset.token), _position(preset.PTZPosition)
    names = told_names(preset.Name or preset.token for preset in presets)
    raise UnfitError(CameraFault.UNREACHABLE, f"the camera has no such preset; it has: {names}")


async def _watch(device: Device, profile: Profile, turn: Turn, until: float, over: Over) -> Outcome:
    sent = time.monotonic()
    outcome = Outcome.TURNING
    while not over() and (now := time.monotonic()) < until:
        status = await device.ask("ptz", "GetStatus", ProfileToken=profile.token)
        outcome = turn.after(Told(_moving(status), _position(status.Position)), now - sent)
        if outcome is not Outcome.TURNING:
            return outcome
        await asyncio.sleep(LOOK_EVERY_S)
    return outcome


def _moving(status: Any) -> bool | None:
    told = [status.MoveStatus.PanTilt, status.MoveStatus.Zoom] if status.MoveStatus is not None else []
    if "MOVING" in told:
        return True
    return False if "IDLE" in told else None


def _position(vector: Any) -> Position | None:
    where = vector.PanTilt if vector is not None else None
    return Position(float(where.x), float(where.y), str(where.space or "")) if where is not None else None
