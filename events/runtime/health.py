"""The page that says how a part is: ``/healthz`` (alive), ``/readyz`` (able to work, with reasons), ``/metrics``.

Plain asyncio, because the gateway's small box carries no web framework for three read-only answers.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, else what is wrong, in a few words."""

Page = Callable[[], Awaitable[Mapping[str, object]]]
"""Gives what a part tells beside its health, as JSON."""

READ_LIMIT_S = 5.0
MAX_REQUEST_BYTES = 8192


class HealthPage:
    """Serves a part's health on a port of its own."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        registry: CollectorRegistry = REGISTRY,
        pages: Mapping[str, Page] | None = None,
    ) -> None:
        """`pages` are further paths, such as ``/alive``."""
        self._checks = checks
        self._registry = registry
        self._pages = dict(pages or {})

    @asynccontextmanager
    async def serve(self, host: str, port: int) -> AsyncIterator[int]:
        """Answer while inside; gives the port that is bound. OSError if the port is taken."""
        server = await asyncio.start_server(self._answer, host, port, limit=MAX_REQUEST_BYTES)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def readiness(self) -> dict[str, str]:
        """Every check by name, with what is wrong; empty when the part is ready."""
        answers = {name: await _ask(check) for name, check in self._checks.items()}
        return {name: wrong for name, wrong in answers.items() if wrong is not None}

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_LIMIT_S):
                head = await reader.readuntil(b"\r\n\r\n")
            method, path, *_ = head.split(b" ", 2)
            status, kind, body = await self._page(path.decode("latin-1")) if method == b"GET" else _NOT_ALLOWED
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                "Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            pass  # whoever asked is gone or speaks no HTTP
        finally:
            writer.close()

    async def _page(self, path: str) -> tuple[str, str, bytes]:
        match path.partition("?")[0]:
            case "/healthz":
                return "200 OK", "text/plain; charset=utf-8", b"ok\n"
            case "/readyz":
                wrong = await self.readiness()
                status = "503 Service Unavailable" if wrong else "200 OK"
                return status, "application/json", json.dumps({"ready": not wrong, "wrong": wrong}).encode()
            case "/metrics":
                return "200 OK", CONTENT_TYPE_LATEST, generate_latest(self._registry)
            case other if other in self._pages:
                return await _told(self._pages[other])
            case _:
                paths = ", ".join(["/healthz", "/readyz", "/metrics", *self._pages])
                return "404 Not Found", "text/plain; charset=utf-8", f"try {paths}\n".encode()


async def _ask(check: Check) -> str | None:
    try:
        return await check()
    except Exception as error:  # whatever a check cannot do is what is wrong
        return f"{type(error).__name__}: {error}"


async def _told(page: Page) -> tuple[str, str, bytes]:
    try:
        return "200 OK", "application/json", json.dumps(dict(await page())).encode()
    except Exception as error:
        return "503 Service Unavailable", "application/json", json.dumps({"wrong": type(error).__name__}).encode()


_NOT_ALLOWED = ("405 Method Not Allowed", "text/plain; charset=utf-8", b"only GET\n")
