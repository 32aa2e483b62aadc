"""An address that takes HTTP PUT: WebDAV, or any server that keeps what it is given and gives it back.

With the standard library, as the watchdog does, and for the same reasons: the machine's certificates and proxies hold.
"""

import asyncio
import os
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import quote

from services.offline_list.places.place import MOST_BYTES, PlaceError

WITHIN_S = 30.0
GONE = (404, 410)
NO_MOVE = (400, 405, 501)
"""The server is no WebDAV server. It is given the file under its own name, and the check of its arrival must do."""


class WebFolder:
    """A folder on a server, by its address without the file's name."""

    name = "web"

    def __init__(self, address: str, user: str, password: str) -> None:
        self._address = address.rstrip("/")
        given = b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {given}"} if user else {}

    async def put(self, file: str, data: bytes) -> None:
        under_way = f"{file}.part"
        self._require(await self._send("PUT", under_way, data), "PUT")
        destination = {"Destination": self._at(file), "Overwrite": "T"}
        status, _ = await self._send("MOVE", under_way, headers=destination)
        if status in NO_MOVE:
            self._require(await self._send("PUT", file, data), "PUT")
            await self.remove(under_way)
        elif not 200 <= status < 300:
            raise PlaceError(f"MOVE was answered with {status}")

    async def get(self, file: str) -> bytes | None:
        status, body = await self._send("GET", file)
        if status in GONE:
            return None
        self._require((status, body), "GET")
        return body

    async def remove(self, file: str) -> None:
        status, body = await self._send("DELETE", file)
        if status not in GONE:
            self._require((status, body), "DELETE")

    @staticmethod
    def _require(answer: tuple[int, bytes], what: str) -> None:
        if not 200 <= answer[0] < 300:
            raise PlaceError(f"{what} was answered with {answer[0]}")

    def _at(self, file: str) -> str:
        return f"{self._address}/{quote(file)}"

    async def _send(
        self, method: str, file: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        kind = {"Content-Type": "application/pdf"} if data is not None else {}
        request = urllib.request.Request(  # noqa: S310 - the settings allow http and https alone
            self._at(file), data, {**self._headers, **kind, **(headers or {})}, method=method
        )
        try:
            async with asyncio.timeout(WITHIN_S + 5):
                return await asyncio.to_thread(_exchange, request)
        except TimeoutError:
            raise PlaceError(f"no answer within {WITHIN_S:g} s") from None


def _exchange(request: urllib.request.Request) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=WITHIN_S) as response:
            return response.status, response.read(MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
    except urllib.error.URLError as error:
        raise PlaceError(_why(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise PlaceError(_why(error)) from None


def _why(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno) if error.errno > 0 else (error.strerror or type(error).__name__)
    return type(error).__name__ if isinstance(error, BaseException) else "no connection"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """A list goes where it was told to, and the password with it."""
