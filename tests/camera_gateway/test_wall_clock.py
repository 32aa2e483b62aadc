"""What only real time shows: a camera that hangs, and a key that is refused for a while."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prometheus_client import generate_latest
from structlog.testing import capture_logs

from camera_gateway import Gateway
from camera_gateway.cameras import Limits
from events.runtime.clock import WallClock
from events.transport.users import NatsUser, public_key
from events.types.check import CameraTrouble, CameraUnreachable, CheckDue
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
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


async def test_an_outage_is_one_line_and_not_two_a_second(installation: Installation) -> None:
    gateway = Gateway(installation.settings(), WallClock())
    with capture_logs() as lines:
        async with running(gateway):
            await settled(gateway)
            await installation.server.kill()
            refused = "ConnectionRefusedError"
            await eventually(lambda: any(refused in str(line.get("error")) for line in lines))
            await eventually(lambda: not gateway.connected)
            await installation.server.start()
            await settled(gateway)
    ours = [line for line in lines if line["event"] == "nats error" and refused in str(line["error"])]
    assert 1 <= len(ours) <= 2


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
