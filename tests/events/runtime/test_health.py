"""The health page, asked over a real socket."""

import asyncio
import json

import pytest
from prometheus_client import CollectorRegistry, Counter

from events.runtime.health import MAX_REQUEST_BYTES, HealthPage


async def ask(port: int, request: bytes) -> tuple[str, str]:
    """Status line and body of the answer to `request`; two empty texts when there was none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        answer = (await reader.read()).decode()
    except ConnectionResetError:
        answer = ""
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    return head.partition("\r\n")[0], body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


async def well() -> str | None:
    return None


async def ill() -> str | None:
    return "the disk is full"


@pytest.fixture
def metrics() -> CollectorRegistry:
    registry = CollectorRegistry()
    Counter("looks", "Looks served.", registry=registry).inc(3)
    return registry


async def test_a_part_that_answers_is_alive_whatever_is_wrong(metrics: CollectorRegistry) -> None:
    async with HealthPage({"disk": ill}, metrics).serve("127.0.0.1", 0) as port:
        assert await ask(port, get("/healthz")) == ("HTTP/1.1 200 OK", "ok\n")


async def test_a_part_with_nothing_wrong_is_ready(metrics: CollectorRegistry) -> None:
    async with HealthPage({"disk": well}, metrics).serve("127.0.0.1", 0) as port:
        status, body = await ask(port, get("/readyz?verbose"))

    assert status == "HTTP/1.1 200 OK"
    assert json.loads(body) == {"ready": True, "wrong": {}}


async def test_a_part_that_is_not_ready_says_what_is_wrong(metrics: CollectorRegistry) -> None:
    async with HealthPage({"disk": ill, "nats": well}, metrics).serve("127.0.0.1", 0) as port:
        status, body = await ask(port, get("/readyz"))

    assert status == "HTTP/1.1 503 Service Unavailable"
    assert json.loads(body) == {"ready": False, "wrong": {"disk": "the disk is full"}}


async def test_metrics_are_prometheus_text(metrics: CollectorRegistry) -> None:
    async with HealthPage({}, metrics).serve("127.0.0.1", 0) as port:
        status, body = await ask(port, get("/metrics"))

    assert status == "HTTP/1.1 200 OK"
    assert "looks_total 3.0" in body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("/"), "HTTP/1.1 404 Not Found"),
        (get("/../etc/passwd"), "HTTP/1.1 404 Not Found"),
        (b"POST /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"),
        (b"\xff\xfe\r\n\r\n", ""),
        (b"GET\r\n\r\n", ""),
        (b"GET /healthz " + b"x" * MAX_REQUEST_BYTES * 2 + b"\r\n\r\n", ""),
    ],
)
async def test_odd_requests_are_answered_or_dropped_and_do_no_harm(
    request_: bytes, status: str, metrics: CollectorRegistry
) -> None:
    async with HealthPage({}, metrics).serve("127.0.0.1", 0) as port:
        assert (await ask(port, request_))[0] == status
        assert await ask(port, get("/healthz")) == ("HTTP/1.1 200 OK", "ok\n")


async def test_a_check_that_fails_is_not_ready_and_the_page_lives_on(metrics: CollectorRegistry) -> None:
    async def broken() -> str | None:
        raise LookupError("the database is gone")

    async with HealthPage({"database": broken}, metrics).serve("127.0.0.1", 0) as port:
        status, body = await ask(port, get("/readyz"))

    assert status == "HTTP/1.1 503 Service Unavailable"
    assert json.loads(body)["wrong"]["database"]


async def test_a_port_that_is_taken_is_told(metrics: CollectorRegistry) -> None:
    page = HealthPage({}, metrics)
    async with page.serve("127.0.0.1", 0) as port:
        with pytest.raises(OSError, match="address already in use"):
            async with page.serve("127.0.0.1", port):
                pass


async def test_a_page_beside_health_is_told_anew_each_time_and_never_kept(metrics: CollectorRegistry) -> None:
    asked = []

    async def tides() -> dict[str, object]:
        asked.append(1)
        return {"high": len(asked)}

    async with HealthPage({}, metrics, {"/tides": tides}).serve("127.0.0.1", 0) as port:
        await ask(port, get("/tides"))
        status, body = await ask(port, get("/tides?x=1"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get("/tides"))
        head = (await reader.read()).decode().partition("\r\n\r\n")[0]
        writer.close()

    assert (status, json.loads(body)) == ("HTTP/1.1 200 OK", {"high": 2})
    assert "Cache-Control: no-store" in head


async def test_a_page_that_cannot_be_told_is_not_available_and_says_no_more(metrics: CollectorRegistry) -> None:
    async def sunk() -> dict[str, object]:
        raise LookupError("postgresql://tillsyn:s3cret@db")

    async with HealthPage({}, metrics, {"/tides": sunk}).serve("127.0.0.1", 0) as port:
        status, body = await ask(port, get("/tides"))

    assert status == "HTTP/1.1 503 Service Unavailable"
    assert json.loads(body) == {"wrong": "LookupError"}
