"""One HTTP request, with the standard library: its trust in the machine's certificates and its proxies are what an
operator expects, and a watchdog that needs no package needs no update of one.
"""

import asyncio
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, TypeVar

MOST_BYTES = 65_536
T = TypeVar("T")


class NoAnswerError(Exception):
    """No whole answer came in time. The message says why, and holds no address: addresses can be secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what came with it."""

    status: int
    body: bytes

    @property
    def good(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300


async def exchange(request: urllib.request.Request, within_s: float) -> Answer:
    """Send a request. Redirections are answers, and are not followed. NoAnswerError when no whole one comes in time."""
    until = time.monotonic() + within_s
    try:
        return await in_a_thread(lambda: _exchange(request, until), within_s)
    except TimeoutError:
        raise NoAnswerError(f"no whole answer within {within_s:g} s") from None


async def in_a_thread(work: Callable[[], T], within_s: float) -> T:
    """Run what blocks. TimeoutError after `within_s`: then its thread is left alone, and holds up nobody.

    Not asyncio's own pool: what hangs there keeps others out of it, and the process from ending.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(how: Callable[[], None]) -> None:
        if not done.done():
            how()

    def run() -> None:
        try:
            how = partial(done.set_result, work())
        except Exception as error:
            how = partial(done.set_exception, error)
        with suppress(RuntimeError):  # the loop may be gone by now
            loop.call_soon_threadsafe(settle, how)

    threading.Thread(target=run, daemon=True).start()
    async with asyncio.timeout(within_s):
        return await done


def _exchange(request: urllib.request.Request, until: float) -> Answer:
    opener = urllib.request.build_opener(_NoRedirect)
    limit = max(0.01, until - time.monotonic())
    try:
        with opener.open(request, timeout=limit) as response:
            return Answer(response.status, _body(response, until))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, b"")
    except urllib.error.URLError as error:
        raise NoAnswerError(_why(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswerError(_why(error)) from None


def _body(response: HTTPResponse, until: float) -> bytes:
    """All of it, when it is no larger than it may be and comes in time."""
    body = b""
    while chunk := response.read1(8192):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NoAnswerError(f"an answer of more than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise NoAnswerError("an answer that did not end in time")
    return body


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
        """A watchdog talks to whom it was told to talk to."""
