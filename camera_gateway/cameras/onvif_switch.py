"""The off switch in the home, where it is wired to one of the camera's digital inputs.

A digital input's state is told only as an event (ONVIF Device IO Service Specification, section 5.9: the property event
`tns1:Device/Trigger/DigitalInput`). Who subscribes is told the state as it is, at once.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_device import Device
from camera_gateway.cameras.onvif_fault import ShutOffError, UnfitError

EVENTS = "http://www.onvif.org/ver10/events/wsdl"
PORT = "PullPointSubscription"
TOPIC = "Device/Trigger/DigitalInput"
PULLS = 3
"""Messages are asked for so often: cameras with many inputs and detectors tell the states in parts."""


async def require_not_shut_off(device: Device, input_token: str) -> None:
    """ShutOffError when the switch is on. UnfitError when the camera does not tell: then nothing is opened either."""
    subscribed = await device.ask("events", "CreatePullPointSubscription", InitialTerminationTime="PT10S")
    at = str(subscribed.SubscriptionReference.Address._value_1)
    try:
        for _ in range(PULLS):
            pulled = await device.ask_at(
                EVENTS, at, "pullpoint", PORT, "PullMessages", Timeout=timedelta(seconds=1), MessageLimit=50
            )
            state = _state(pulled.NotificationMessage or [], input_token)
            if state is not None:
                break
    finally:
        with suppress(Exception):  # a courtesy: it ends by itself after ten seconds
            await device.ask_at(EVENTS, at, "subscription", PORT, "Unsubscribe")
    if state is None:
        raise UnfitError(CameraFault.NO_FRAMES, "the camera does not tell how the off switch stands: see off_input=")
    if state:
        raise ShutOffError


def _state(messages: list[Any], input_token: str) -> bool | None:
    """The last that these messages tell of the input."""
    state = None
    for notification in messages:
        if not str(notification.Topic._value_1).strip().endswith(TOPIC):
            continue
        told = notification.Message._value_1
        if _items(told.Source).get("InputToken") == input_token:
            state = _items(told.Data).get("LogicalState", "").lower() in ("true", "1")
    return state


def _items(part: Any) -> dict[str, str]:
    return {str(item.Name): str(item.Value) for item in part.SimpleItem} if part is not None else {}
