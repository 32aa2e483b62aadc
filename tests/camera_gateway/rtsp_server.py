"""A small real RTSP server for tests: Motion JPEG over RTP, interleaved in the TCP connection.

RFC 2326 (RTSP, section 10.12 for interleaving), RFC 2435 (JPEG over RTP), RFC 3550 (RTP). It can be told to behave
badly: see `Behaviour`.
"""

import base64
import hashlib
import socket
import socketserver
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Self
from urllib.request import parse_http_list, parse_keqv_list

import cv2
import numpy as np
import numpy.typing as npt

REALM, NONCE = "camera", "5ca1ab1e"
PACKET = 1400
"""Bytes of picture in one RTP packet."""
CLOCK = 90_000
"""RTP clock ticks a second (RFC 2435, section 3.1.1)."""


@dataclass(frozen=True)
class Behaviour:
    """What the server does. The default is a camera that works."""

    login: tuple[str, str] | None = None
    digest: bool = False
    """Ask for the login by Digest instead of Basic."""
    answers: bool = True
    """False: accepts connections and never says a word."""
    speaks_rtsp: bool = True
    knows_stream: bool = True
    sends_pictures: bool = True
    stall_after: int | None = None
    """Pictures after which nothing more comes."""
    stall_s: float = 60.0
    """How long the stall lasts."""
    drop_after: int | None = None
    """Pictures after which the connection is cut."""
    pictures_per_second: float = 15.0


class RtspServer:
    """The server, on a free port of 127.0.0.1, as a context manager."""

    def __init__(self, pictures: Sequence[npt.NDArray[np.uint8]], behaviour: Behaviour | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.pictures = [Jpeg.of(picture) for picture in pictures]
        self.stopping = threading.Event()
        self._connected = 0
        self._change = threading.Condition()
        self._listener = _Listener(self)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="rtsp-server")

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

    def url(self, login: tuple[str, str] | None = None) -> str:
        """The stream's address, with this user name and password."""
        prefix = f"{login[0]}:{login[1]}@" if login else ""
        return f"rtsp://{prefix}127.0.0.1:{self.port}/bedroom"

    def connected(self, change: int) -> None:
        """Count a viewer who came (1) or went (-1)."""
        with self._change:
            self._connected += change
            self._change.notify_all()

    def wait_until_nobody_is_connected(self, within_s: float = 5.0) -> bool:
        """Whether every connection is closed, now or within this time."""
        with self._change:
            return self._change.wait_for(lambda: self._connected == 0, timeout=within_s)


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, rtsp: RtspServer) -> None:
        self.rtsp = rtsp
        super().__init__(("127.0.0.1", 0), _Connection)


class _Connection(socketserver.StreamRequestHandler):
    """One viewer."""

    server: _Listener

    def handle(self) -> None:
        rtsp = self.server.rtsp
        rtsp.connected(1)
        try:
            self._serve(rtsp)
        except OSError:
            return  # the viewer is gone
        finally:
            rtsp.connected(-1)

    def _serve(self, rtsp: RtspServer) -> None:
        if not rtsp.behaviour.answers:
            self._wait_for_the_viewer_to_leave()
            return
        while not rtsp.stopping.is_set():
            head = self._request()
            if not head:
                return
            if not rtsp.behaviour.speaks_rtsp:
                self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            if self._answer(head, rtsp.behaviour) == "PLAY":
                Player(self.connection, rtsp).play()
                return

    def _request(self) -> list[str]:
        self.connection.settimeout(10)
        lines: list[str] = []
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        return lines

    def _answer(self, head: list[str], behaviour: Behaviour) -> str:
        method, uri, _ = head[0].split()
        headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:])}
        status, extra, body = self._reply(method, uri, headers, behaviour)
        lines = [f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', '0')}", *extra]
        lines += [f"Content-Length: {len(body)}"] if body else []
        self.wfile.write("\r\n".join([*lines, "", body]).encode())
        return method if status.startswith("200") else ""

    def _reply(
        self, method: str, uri: str, headers: dict[str, str], behaviour: Behaviour
    ) -> tuple[str, list[str], str]:
        if method == "OPTIONS":
            return "200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"], ""
        if not behaviour.knows_stream:
            return "404 Not Found", [], ""
        if behaviour.login and not _let_in(method, headers.get("authorization", ""), behaviour.login):
            how = f'Digest realm="{REALM}", nonce="{NONCE}"' if behaviour.digest else f'Basic realm="{REALM}"'
            return "401 Unauthorized", [f"WWW-Authenticate: {how}"], ""
        if method == "DESCRIBE":
            sdp = [
                "v=0",
                "o=- 0 0 IN IP4 127.0.0.1",
                "s=bedroom",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                "m=video 0 RTP/AVP 26",
            ]
            sdp += [f"a=framerate:{behaviour.pictures_per_second:g}", "a=control:track1"]
            return "200 OK", ["Content-Type: application/sdp", f"Content-Base: {uri}/"], "\r\n".join([*sdp, ""])
        if method == "SETUP" and "interleaved" not in headers.get("transport", ""):
            return "461 Unsupported Transport", [], ""
        session = ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"]
        return "200 OK", session if method == "SETUP" else session[:1], ""

    def _wait_for_the_viewer_to_leave(self) -> None:
        self.connection.settimeout(0.05)
        while not self.server.rtsp.stopping.is_set():
            try:
                if not self.connection.recv(4096):
                    return
            except TimeoutError:
                continue


class Player:
    """Sends pictures at their pace until the viewer leaves or the server stops."""

    def __init__(self, connection: socket.socket, rtsp: RtspServer) -> None:
        self._connection = connection
        self._rtsp = rtsp
        self._sequence = count()

    def play(self) -> None:
        """Raises OSError when the viewer has gone."""
        behaviour = self._rtsp.behaviour
        for number in count():
            if number == behaviour.drop_after:
                return
            stalled = number == behaviour.stall_after
            if not self._pause(behaviour.stall_s if stalled else 1 / behaviour.pictures_per_second):
                return
            if behaviour.sends_pictures:
                picture = self._rtsp.pictures[number % len(self._rtsp.pictures)]
                self._send(picture, int(number * CLOCK / behaviour.pictures_per_second))

    def _pause(self, seconds: float) -> bool:
        """Wait, and listen for the viewer. False when there is nobody left to send to."""
        self._connection.settimeout(seconds)
        try:
            heard = self._connection.recv(4096)
        except TimeoutError:
            return not self._rtsp.stopping.is_set()
        return bool(heard) and b"TEARDOWN" not in heard and not self._rtsp.stopping.is_set()

    def _send(self, picture: "Jpeg", timestamp: int) -> None:
        self._connection.settimeout(10)
        for offset in range(0, len(picture.scan), PACKET):
            part = picture.scan[offset : offset + PACKET]
            last = offset + PACKET >= len(picture.scan)
            rtp = struct.pack(
                "!BBHII", 0x80, 26 | (last << 7), next(self._sequence) & 0xFFFF, timestamp & 0xFFFFFFFF, 1
            )
            jpeg = struct.pack("!I", offset) + bytes([1, 255, picture.width // 8, picture.height // 8])
            tables = struct.pack("!BBH", 0, 0, len(picture.tables)) + picture.tables if offset == 0 else b""
            packet = rtp + jpeg + tables + part
            self._connection.sendall(struct.pack("!cBH", b"$", 0, len(packet)) + packet)


@dataclass(frozen=True)
class Jpeg:
    """A baseline 4:2:0 JPEG taken apart as RFC 2435 wants it."""

    width: int
    height: int
    tables: bytes
    scan: bytes

    @classmethod
    def of(cls, picture: npt.NDArray[np.uint8]) -> Self:
        """Encode a picture whose sides are multiples of 16 and take the headers off."""
        encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
        tables, position = b"", 2
        while True:
            marker, length = struct.unpack_from("!HH", encoded, position)
            body = encoded[position + 4 : position + 2 + length]
            position += 2 + length
            if marker == 0xFFDB:
                tables += b"".join(body[i + 1 : i + 65] for i in range(0, len(body), 65))
            if marker == 0xFFDA:
                return cls(picture.shape[1], picture.shape[0], tables, encoded[position:-2])


def _let_in(method: str, given: str, login: tuple[str, str]) -> bool:
    if given.startswith("Basic "):
        return base64.b64decode(given[6:]).decode() == ":".join(login)
    if not given.startswith("Digest "):
        return False
    fields = parse_keqv_list(parse_http_list(given[7:]))
    secret = _md5(f"{login[0]}:{REALM}:{login[1]}")
    request = _md5(f"{method}:{fields['uri']}")
    return fields["response"] == _md5(f"{secret}:{NONCE}:{request}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
