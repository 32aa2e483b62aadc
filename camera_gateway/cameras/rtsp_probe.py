"""Ask an RTSP camera why it did not open.

Refused, wrong password and time-out all look alike to the capture library. A DESCRIBE request over TCP (RFC 2326,
section 10.2) tells them apart.
"""

import socket
import time
from dataclasses import dataclass

from camera_gateway.cameras.address import RtspAddress
from camera_gateway.cameras.fault import CameraFault
from camera_gateway.cameras.rtsp_login import authorisation

LONGEST_ANSWER = 16 * 1024
"""Bytes of headers read before giving up on an answer."""

Finding = tuple[CameraFault, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an RTSP answer: its status code, and the challenges for a login it carries."""

    status: int
    challenges: tuple[str, ...]


class NotRtspError(Exception):
    """What came back is no RTSP answer."""


def why_it_did_not_open(address: RtspAddress, limit_s: float) -> Finding:
    """What is known of a camera that did not open, and a line without any part of the login.

    Takes at most `limit_s` seconds once the host's name is looked up.
    """
    deadline = time.monotonic() + limit_s
    try:
        with socket.create_connection((address.host, address.port), timeout=limit_s) as connection:
            return _conversation(connection, address, deadline)
    except ConnectionRefusedError:
        return CameraFault.REFUSED, f"nothing listens on port {address.port}"
    except TimeoutError:
        return CameraFault.TIMED_OUT, f"no answer within {limit_s:g} s"
    except socket.gaierror:
        return CameraFault.UNREACHABLE, "no host of that name"
    except NotRtspError:
        return CameraFault.NO_FRAMES, "what answers there does not speak RTSP"
    except OSError as error:
        return CameraFault.UNREACHABLE, error.strerror or "network error"


def _conversation(connection: socket.socket, address: RtspAddress, deadline: float) -> Finding:
    answer = _describe(connection, address, deadline, sequence=1, login=None)
    if answer.status == 401 and address.user:
        login = authorisation(address, "DESCRIBE", answer.challenges)
        answer = _describe(connection, address, deadline, sequence=2, login=login)
    match answer.status:
        case 200:
            return CameraFault.NO_FRAMES, "the camera answers, but its stream could not be opened"
        case 401 | 403 if address.user:
            return CameraFault.UNAUTHORISED, "the camera does not accept the login"
        case 401 | 403:
            return CameraFault.UNAUTHORISED, "the camera asks for a login"
        case 404:
            return CameraFault.UNREACHABLE, "the camera knows no stream of that name"
        case status:
            return CameraFault.NO_FRAMES, f"the camera answers with status {status}"


def _describe(
    connection: socket.socket, address: RtspAddress, deadline: float, *, sequence: int, login: str | None
) -> Answer:
    lines = [
        f"DESCRIBE {address.request_uri.get_secret_value()} RTSP/1.0",
        f"CSeq: {sequence}",
        "Accept: application/sdp",
    ]
    lines += [f"Authorization: {login}"] if login else []
    connection.settimeout(_left(deadline))
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return _parse(_read_head(connection, deadline))


def _read_head(connection: socket.socket, deadline: float) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        connection.settimeout(_left(deadline))
        more = connection.recv(4096)
        if not more or len(received) > LONGEST_ANSWER:
            raise NotRtspError
        received += more
    return received.partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _parse(head: str) -> Answer:
    status_line, *headers = head.split("\r\n")
    words = status_line.split()
    if len(words) < 2 or not words[0].startswith("RTSP/") or not words[1].isdecimal():
        raise NotRtspError
    pairs = (header.partition(":") for header in headers)
    return Answer(
        status=int(words[1]),
        challenges=tuple(value.strip() for key, _, value in pairs if key.lower() == "www-authenticate"),
    )
