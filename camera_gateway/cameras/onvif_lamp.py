"""The lamp that shows people in the room that the camera is open."""

from camera_gateway.cameras.onvif_address import RELAY
from camera_gateway.cameras.onvif_device import Device
from camera_gateway.cameras.onvif_fault import is_fault, is_refused
from camera_gateway.cameras.onvif_media import Profile
from camera_gateway.cameras.onvif_ptz import PTZ


async def switch_lamp(device: Device, profile: Profile, lamp: str, *, lit: bool) -> None:
    """Light the lamp or put it out: a relay output (`relay:TOKEN`), or an auxiliary command such as `tt:WhiteLight`.

    Auxiliary commands belong to the device service, and to the PTZ service where lamp and motor are one; both exist.
    That the lamp shines cannot be confirmed: no standard answer tells it.
    """
    if lamp.startswith(RELAY):
        state = "active" if lit else "inactive"
        token = lamp.removeprefix(RELAY)
        await device.ask("devicemgmt", "SetRelayOutputState", RelayOutputToken=token, LogicalState=state)
        return
    command = f"{lamp}|{'On' if lit else 'Off'}"
    try:
        await device.ask("devicemgmt", "SendAuxiliaryCommand", AuxiliaryCommand=command)
    except Exception as error:
        if not is_fault(error) or is_refused(error) or not device.offers(PTZ):
            raise
        await device.ask("ptz", "SendAuxiliaryCommand", ProfileToken=profile.token, AuxiliaryData=command)
