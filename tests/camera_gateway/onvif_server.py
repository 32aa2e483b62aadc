"""A simulated ONVIF camera for tests: a real HTTP server that speaks SOAP 1.2 as the standard has it.

It lets in by WS-UsernameToken digest (OASIS UsernameToken Profile 1.0; the age of the login and its nonce are checked)
or by HTTP Digest (RFC 7616), turns, tells what it is told to tell, and can be told to behave badly: see `Manners`. Its
pictures come from an RTSP server of its own: tests/camera_gateway/rtsp_server.py.
"""

import base64
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import quote
from urllib.request import parse_http_list, parse_keqv_list
from xml.etree import ElementTree

from tests.camera_gateway import onvif_answers as answers
from tests.camera_gateway.onvif_motor import Motor

WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
FRESH_S = 60
"""How old a login may be, by the camera's clock."""
WITHOUT_LOGIN = {"GetSystemDateAndTime", "GetServices", "GetCapabilities"}
"""ONVIF Core Specification, section 5.9.4: access class PRE_AUTH."""
ROOM, AWAY = (0.1, -0.2), (0.9, 0.4)


@dataclass(frozen=True)
class Manners:
    """What the camera is like. The default works, asks for no login, and cannot turn."""

    login: tuple[str, str] | None = None
    http_digest: bool = False
    clock_ahead_s: float = 0.0
    """The clock it checks logins by."""
    tells_ahead_s: float | None = None
    """The clock it tells, where that is another."""
    tells_time: bool = True
    expired_says: str = "NotAuthorized"
    """The fault's subcode for a login whose time does not fit."""
    mute_at: str = ""
    """The operation that it never answers."""
    body: bytes | None = None
    """What it answers to everything instead of SOAP."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """Operation → subcode of the fault it answers."""
    lacks: tuple[str, ...] = ()
    """Services that it does not have."""
    empty_at: str = ""
    """The operation that it answers with nothing in the answer."""
    turns: bool = False
    speed: float = 20.0
    tells_position: bool = True
    tells_movement: bool = True
    presets: Mapping[str, answers.Place] = field(default_factory=lambda: {"bed": ROOM, "wall": AWAY})
    ir_cut: str | None = "AUTO"
    inputs: tuple[str, ...] = ("button",)


class OnvifServer:
    """The camera, on a free port of 127.0.0.1, as a context manager."""

    def __init__(self, stream: str, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.stream = stream
        self.motor = Motor(ROOM, self.manners.speed)
        self.asked: list[str] = []
        self.lit: dict[str, bool] = {}
        """Lamps by command or relay token."""
        self.inputs = dict.fromkeys(self.manners.inputs, False)
        self.subscriptions = 0
        self.nonces: set[str] = set()
        self.refuses_device_auxiliary = False
        self.stopping = threading.Event()
        self._connected = 0
        self._change = threading.Condition()
        self._listener = _Listener(self)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="onvif-server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._listener.server_address[1])

    def url(self, query: str = "", login: tuple[str, str] | None = None) -> str:
        """What an installer writes of this camera."""
        prefix = f"{quote(login[0], safe='')}:{quote(login[1], safe='')}@" if login else ""
        return f"onvif://{prefix}127.0.0.1:{self.port}/" + (f"?{query}" if query else "")

    def connected(self, change: int) -> None:
        """Count a connection that was made (1) or ended (-1)."""
        with self._change:
            self._connected += change
            self._change.notify_all()

    def wait_until_nobody_is_connected(self, within_s: float = 5.0) -> bool:
        """Whether every connection is closed, now or within this time."""
        with self._change:
            return self._change.wait_for(lambda: self._connected == 0, timeout=within_s)

    @property
    def looks(self) -> answers.Place:
        return self.motor.now()[0]

    def clock(self, ahead_s: float) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead_s)

    def answer(self, operation: str, said: Mapping[str, str]) -> str:
        """The body of the answer to an operation that was asked with these fields."""
        manners = self.manners
        if operation in manners.faults:
            return answers.fault(manners.faults[operation])
        if operation == manners.empty_at:
            return answers.empty(answers.PREFIXES[operation], operation)
        place, moving = self.motor.now()
        match operation:
            case "GetSystemDateAndTime":
                ahead_s = manners.clock_ahead_s if manners.tells_ahead_s is None else manners.tells_ahead_s
                return answers.system_time(self.clock(ahead_s) if manners.tells_time else None)
            case "GetServices":
                # The address that a camera behind a router gives: nobody gets through to it.
                return answers.services("http://192.0.2.1:81", {*manners.lacks, *([] if manners.turns else ["ptz"])})
            case "GetProfiles":
                return answers.profiles(manners.turns)
            case "GetStreamUri":
                return answers.stream_uri(self.stream)
            case "GetPresets":
                return answers.presets(manners.presets, manners.tells_position)
            case "GetStatus":
                return answers.status(
                    place if manners.tells_position else None, moving if manners.tells_movement else None
                )
            case "GotoPreset":
                self.motor.go(list(manners.presets.values())[int(said["PresetToken"][1:])])
                return answers.empty("tptz", operation)
            case "GetImagingSettings":
                return answers.imaging(manners.ir_cut)
            case _:
                return self._answer_of_switches(operation, said)

    def _answer_of_switches(self, operation: str, said: Mapping[str, str]) -> str:
        match operation:
            case "SendAuxiliaryCommand" if self.refuses_device_auxiliary and "AuxiliaryCommand" in said:
                return answers.fault("ActionNotSupported")
            case "SendAuxiliaryCommand":
                lamp, _, state = (said.get("AuxiliaryCommand") or said["AuxiliaryData"]).partition("|")
                self.lit[lamp] = state == "On"
                return answers.empty("tds" if "AuxiliaryCommand" in said else "tptz", operation)
            case "SetRelayOutputState":
                self.lit[said["RelayOutputToken"]] = said["LogicalState"] == "active"
                return answers.empty("tds", operation)
            case "CreatePullPointSubscription":
                self.subscriptions += 1
                return answers.subscription("http://192.0.2.1:81/onvif/pull1")
            case "PullMessages":
                return answers.messages(self.inputs)
            case "Unsubscribe":
                self.subscriptions -= 1
                return answers.empty("wsnt", operation)
            case _:
                return answers.fault("ActionNotSupported")


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, camera: OnvifServer) -> None:
        self.camera = camera
        super().__init__(("127.0.0.1", 0), _Request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone: with a limit on every question that is nothing special."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def handle(self) -> None:
        self.server.camera.connected(1)
        try:
            super().handle()
        finally:
            self.server.camera.connected(-1)

    def do_POST(self) -> None:
        camera = self.server.camera
        envelope = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))  # noqa: S314 - from ourselves
        operation, said = _operation(envelope)
        camera.asked.append(operation)
        if camera.manners.mute_at in (operation, "*"):
            self._wait_for_whoever_asked_to_leave()
        elif camera.manners.body is not None:
            self._send(200, camera.manners.body)
        elif camera.manners.http_digest and camera.manners.login and not self._is_let_in(camera.manners.login):
            challenge = 'Digest realm="camera", nonce="5ca1ab1e", qop="auth", algorithm=MD5'
            self._send(401, b"", {"WWW-Authenticate": challenge})
        else:
            refused = None if operation in WITHOUT_LOGIN else _refused(camera, envelope)
            body = answers.fault(refused) if refused else camera.answer(operation, said)
            status = 400 if body.startswith("<s:Fault>") else 200
            self._send(status, answers.ENVELOPE.format(body=body).encode())

    def _wait_for_whoever_asked_to_leave(self) -> None:
        self.close_connection = True
        self.connection.settimeout(0.05)
        while not self.server.camera.stopping.is_set():
            try:
                if not self.connection.recv(4096):
                    return
            except TimeoutError:
                continue

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/soap+xml", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _is_let_in(self, login: tuple[str, str]) -> bool:
        scheme, _, parameters = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Digest":
            return False
        given = parse_keqv_list(parse_http_list(parameters))
        secret = _md5(f"{login[0]}:camera:{login[1]}")
        middle = f"5ca1ab1e:{given['nc']}:{given['cnonce']}:auth"
        return given["response"] == _md5(f"{secret}:{middle}:{_md5('POST:' + given['uri'])}")

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is the test's own."""


def _operation(envelope: ElementTree.Element) -> tuple[str, dict[str, str]]:
    body = envelope.find(f"{SOAP}Body")
    assert body is not None
    operation = body[0]
    return _local(operation.tag), {_local(part.tag): part.text or "" for part in operation.iter()}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _refused(camera: OnvifServer, envelope: ElementTree.Element) -> str | None:
    """The subcode with which the login is refused; None where it is not."""
    manners = camera.manners
    if manners.login is None or manners.http_digest:
        return None
    said = {_local(part.tag): (part.text or "").strip() for part in envelope.iter() if part.tag.startswith((WSSE, WSU))}
    if not said.keys() >= {"Username", "Password", "Nonce", "Created"} or said["Nonce"] in camera.nonces:
        return "NotAuthorized"
    camera.nonces.add(said["Nonce"])
    digest = hashlib.sha1(  # noqa: S324 - what the profile prescribes
        base64.b64decode(said["Nonce"]) + said["Created"].encode() + manners.login[1].encode()
    ).digest()
    if (said["Username"], said["Password"]) != (manners.login[0], base64.b64encode(digest).decode()):
        return "NotAuthorized"
    age = camera.clock(manners.clock_ahead_s) - datetime.fromisoformat(said["Created"])
    return manners.expired_says if abs(age.total_seconds()) > FRESH_S else None


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
