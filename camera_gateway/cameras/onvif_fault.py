"""What is wrong with a camera, by how the ONVIF library failed.

The library fails with errors of four layers (its own, zeep's, lxml's and aiohttp's). None of their words are repeated:
they may hold an address, a login, or half a page of the camera's.
"""

import re
import socket

import aiohttp

from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.onvif_quiet import quietly

with quietly():
    import lxml.etree
    import onvif.exceptions
    import zeep.exceptions
    from onvif.util import extract_subcodes_as_strings, is_auth_error

Finding = tuple[CameraFault, str]

NOT_ONVIF = CameraFault.NO_FRAMES, "what answers there does not speak ONVIF"


class UnfitError(Exception):
    """The camera answers, and is not what it is taken for or does not do what it is told."""

    def __init__(self, reason: CameraFault, detail: str) -> None:
        super().__init__(detail)
        self.finding: Finding = reason, detail


class ShutOffError(Exception):
    """The off switch in the home is on."""


def is_fault(error: Exception) -> bool:
    """Whether the camera understood the question, and says no."""
    return isinstance(error, zeep.exceptions.Fault)


def is_refused(error: Exception) -> bool:
    """Whether the camera did not accept the login, in one of the ways that cameras say so."""
    if isinstance(error, zeep.exceptions.TransportError):
        return error.status_code in (401, 403)
    return is_auth_error(error) or is_expired(error)


def is_expired(error: Exception) -> bool:
    """Whether the camera found the login too old or too new (WS-Security 1.1, section 12: MessageExpired)."""
    return isinstance(error, zeep.exceptions.Fault) and any("Expired" in code for code in _codes(error))


def finding_of(error: Exception) -> Finding:
    """What is known of a camera after this error, and a line without a secret. Logins: see `is_refused`."""
    match error:
        case UnfitError():
            return error.finding
        case ShutOffError():
            return CameraFault.SHUT_OFF, "the off switch in the home is on"
        case TimeoutError():
            return CameraFault.TIMED_OUT, "no answer in time"
        case zeep.exceptions.Fault() if _says_privacy(error):
            return CameraFault.SHUT_OFF, "the camera says that its privacy mode is on"
        case zeep.exceptions.Fault():
            return CameraFault.NO_FRAMES, f"the camera refuses to answer: {_plain(_codes(error)) or 'no reason given'}"
        case aiohttp.ClientConnectorError():
            return _not_reached(error.os_error)
        case OSError() if not isinstance(error, aiohttp.ClientError):
            return _not_reached(error)
        case _:
            return NOT_ONVIF


def is_expected(error: Exception) -> bool:
    """Whether a camera or a network can cause such an error. What comes of garbage is a wide field."""
    return isinstance(
        error,
        UnfitError
        | ShutOffError
        | OSError
        | aiohttp.ClientError
        | onvif.exceptions.ONVIFError
        | zeep.exceptions.Error
        | lxml.etree.LxmlError
        | AttributeError
        | KeyError
        | TypeError
        | ValueError
        | AssertionError,
    )


def _not_reached(error: OSError) -> Finding:
    if isinstance(error, ConnectionRefusedError):
        return CameraFault.REFUSED, "nothing listens on that port"
    if isinstance(error, socket.gaierror):
        return CameraFault.UNREACHABLE, "no host of that name"
    return CameraFault.UNREACHABLE, "no way to that host"


def _codes(fault: zeep.exceptions.Fault) -> list[str]:
    codes = [*extract_subcodes_as_strings(fault.subcodes or []), str(fault.code or "")]
    return [code.rpartition(":")[2].rpartition("}")[2] for code in codes]


def _says_privacy(fault: zeep.exceptions.Fault) -> bool:
    """No standard has a fault for it; cameras that have a privacy mode and say so use the word."""
    return "privacy" in " ".join([*_codes(fault), str(fault.message)]).lower()


def _plain(words: list[str]) -> str:
    return " ".join(word for word in words if re.fullmatch(r"[A-Za-z]{1,40}", word))
