"""What only real time shows: a camera that hangs, and a key that is refused for a while."""

import asyncio
import socket
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prometheus_client import generate_latest

from camera_gateway import Gateway, run_gateway
from camera_gateway.cameras import Limits
from events.runtime.clock import WallClock
from events.transport.users import NatsUser, public_key
from events.types.check import CameraTrouble, CameraUnreachable, CheckDue
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    WITHIN_S,
    ZONE,
    Installation,
    Received,
    bedroom,
    camera_id,
    eventually,
    home,
    home_id,
    recipient,
    running,
    schedule,
    settled,
)
from tests.camera_gateway.rtsp_server import Behaviour, RtspServer

SILENT = Behaviour(answers=False)


def a_minute_ago() -> str:
    """The wall-clock time in the zone of the schedules: due, and its deadline is far away."""
    then = datetime.now(UTC) - timedelta(minutes=1)
    return then.astimezone(ZoneInfo(ZONE)).strftime("%H:%M:%S")


async def test_hung_cameras_cost_only_themselves(installation: Installation, tmp_path: Path) -> None:
    time = a_minute_ago()
    await installation.put(schedule(*(home(n, recipient(n, time)) for n in range(1, 9)), made_at=datetime.now(UTC)))
    async with AsyncExitStack() as stack:
        hung = {camera_id(n): stack.enter_context(RtspServer([], SILENT)).url() for n in (1, 2)}
        settings = installation.settings(
            cameras=hung | {camera_id(n): str(bedroom(tmp_path)) for n in range(3, 9)},
            camera_limits=Limits(open_s=1, probe_s=1),
            checks_at_once=3,
        )
        gateway = Gateway(settings, WallClock())
        await stack.enter_async_context(running(gateway))
        await settled(gateway)
        reports = await eventually_reported(installation, 8)
    assert [type(report.event) for report in reports] == [CheckDue] * 6 + [CameraUnreachable] * 2
    assert {report.event.home for report in reports[6:]} == {home_id(1), home_id(2)}
    assert {getattr(report.event, "trouble", None) for report in reports[6:]} == {CameraTrouble.TIMED_OUT}


async def eventually_reported(installation: Installation, count: int) -> list[Received]:
    reports: list[Received] = []
    while len(reports) < count:
        reports = await installation.reports()
    return reports


async def test_a_gateway_whose_key_is_refused_for_a_while_comes_back(installation: Installation) -> None:
    gateway = Gateway(installation.settings(), WallClock())
    ours = NatsUser.gateway(public_key(installation.seed_file.read_text()), ORGANISATION, GATEWAY)
    service = NatsUser.service(public_key(installation.service_seed))
    async with running(gateway):
        await settled(gateway)
        await installation.server.reload([service])
        await eventually(lambda: not gateway.connected)
        await installation.server.reload([service, ours])
        await settled(gateway)


async def test_a_connection_that_was_closed_for_good_is_made_anew(installation: Installation) -> None:
    gateway = Gateway(installation.settings(), WallClock())
    async with running(gateway):
        await settled(gateway)
        first = gateway._line.client
        assert first is not None
        await first.close()
        await settled(gateway)
        assert gateway._line.client is not first


async def test_the_gateway_runs_with_its_health_page(installation: Installation) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    task = asyncio.create_task(run_gateway(installation.settings(health_port=port), WallClock()))
    async with asyncio.timeout(WITHIN_S):
        while b"schedule" not in (answer := await asked(port)) or b"nats" in answer:
            assert not task.done()
    assert b"503" in answer
    assert b"no schedule yet" in answer
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def asked(port: int) -> bytes:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        await asyncio.sleep(0.01)
        return b""
    writer.write(b"GET /readyz HTTP/1.1\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_health_says_what_is_missing(installation: Installation) -> None:
    gateway = Gateway(installation.settings(), WallClock())

    async def wrong() -> dict[str, str]:
        return {name: said for name, check in gateway.checks().items() if (said := await check()) is not None}

    assert await wrong() == {"nats": "not connected", "schedule": "no schedule yet"}
    async with running(gateway):
        await settled(gateway)
        assert await wrong() == {"schedule": "no schedule yet"}
        await installation.put(schedule())
        await settled(gateway)
        assert await wrong() == {}


async def test_two_gateways_in_one_process_count_apart(installation: Installation, tmp_path: Path) -> None:
    gateways = [Gateway(installation.settings(data=tmp_path / name), WallClock()) for name in ("one", "two")]
    gateways[0].metrics.looks.inc()
    counted = [gateway.metrics.registry.get_sample_value("tillsyn_gateway_looks_total") for gateway in gateways]
    assert counted == [1.0, 0.0]
    assert b"tillsyn_gateway_spooled" in generate_latest(gateways[1].metrics.registry)
    for gateway in gateways:
        await gateway.stop()
