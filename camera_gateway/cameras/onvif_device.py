"""A conversation with one camera over ONVIF.

The ONVIF library costs memory and time (measured: docs/decisions/0022), so this module, and those that import it, are
imported only when a camera is spoken to. What the library parses of the standard's WSDL, 3–10 MB a service, it keeps
once for all cameras.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from camera_gateway.cameras.camera import Limits
from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_address import OnvifAddress
from camera_gateway.cameras.onvif_fault import UnfitError
from camera_gateway.cameras.onvif_quiet import quietly

with quietly():
    import onvif
    from onvif.definition import SERVICES

T = TypeVar("T")

WSDL_FOLDER = str(Path(onvif.__file__).parent / "wsdl")
_ONE_PARSES = threading.Lock()
"""The library's cache of parsed WSDL is shared by all threads, and none of them waits for another by itself."""


class Device:
    """One camera, during one conversation."""

    def __init__(self, camera: onvif.ONVIFCamera, limits: Limits) -> None:
        self._camera = camera
        self._limits = limits

    @property
    def clock_off(self) -> timedelta | None:
        """How far its clock is ahead of ours; None when it has not told."""
        off: timedelta | None = self._camera.dt_diff
        return off

    def offers(self, namespace: str) -> bool:
        """Whether the camera has the service of that XML namespace."""
        return namespace in self._camera.xaddrs

    async def ask(self, service: str, operation: str, **fields: Any) -> Any:
        """The camera's answer. TimeoutError, and whatever the library fails with."""
        if service != "devicemgmt" and not self.offers(SERVICES[service]["ns"]):
            raise UnfitError(CameraFault.NO_FRAMES, f"the camera has no {service} service")
        made = await made_service(self._camera, service)
        async with asyncio.timeout(self._limits.ask_s):
            return await getattr(made, operation)(fields)

    async def ask_at(self, namespace: str, address: str, service: str, port: str, operation: str, **fields: Any) -> Any:
        """The same of a service whose address the camera has only just given."""
        self._camera.xaddrs[f"{namespace}/{port}"] = self._camera.rewrite_url(address)
        made = await made_service(self._camera, service, port)
        async with asyncio.timeout(self._limits.ask_s):
            return await getattr(made, operation)(fields)


def converse(
    address: OnvifAddress, limits: Limits, work: Callable[[Device], Coroutine[Any, Any, T]], *, adjust_time: bool
) -> tuple[T | Exception, Device | None]:
    """What `work` makes of a conversation, or why it failed; and the device if there was one. Leaves nothing open.

    Runs in the caller's thread, on an event loop of its own. Not `asyncio.run`: that would wait for a name server.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_converse(address, limits, work, adjust_time))
    finally:
        loop.close()


async def _converse(
    address: OnvifAddress, limits: Limits, work: Callable[[Device], Coroutine[Any, Any, T]], adjust_time: bool
) -> tuple[T | Exception, Device | None]:
    session = aiohttp.ClientSession(
        middlewares=(aiohttp.DigestAuthMiddleware(address.user, address.password.get_secret_value()),)
    )
    camera = _EitherLogin(address, session, adjust_time)
    device = Device(camera, limits)
    try:
        await made_service(camera, "devicemgmt")
        async with asyncio.timeout(limits.open_s):
            await camera.update_xaddrs()
        return await work(device), device
    except Exception as error:  # sorted by who asked: camera_gateway.cameras.onvif_fault
        return error, device
    finally:
        with suppress(Exception):
            await camera.close()
        await session.close()


async def made_service(camera: onvif.ONVIFCamera, name: str, port: str | None = None) -> Any:
    """The library's face of a service. No word goes to the camera; at first use it parses for tenths of a second."""
    with _ONE_PARSES:  # holds up this thread, and with it only this camera
        return await camera.create_onvif_service(name, port)


class _EitherLogin(onvif.ONVIFCamera):  # type: ignore[misc]
    """Logs in by WS-UsernameToken, as the library does, and by HTTP Digest where a camera asks for that instead."""

    def __init__(self, address: OnvifAddress, session: aiohttp.ClientSession, adjust_time: bool) -> None:
        super().__init__(
            address.host,
            address.port,
            address.user,
            address.password.get_secret_value(),
            wsdl_dir=WSDL_FOLDER,
            no_cache=True,  # or it would write a database into somebody's home folder
            adjust_time=adjust_time,
            nat_override=True,  # the login goes to the host it was given for, whatever the camera says
        )
        self._session_for_all = session

    async def create_onvif_service(self, *wanted: Any, **more: Any) -> Any:
        service = await super().create_onvif_service(*wanted, **more)
        service.transport.session = self._session_for_all
        return service
