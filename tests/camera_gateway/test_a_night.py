"""A gateway on a real NATS server, through a night on a stepped clock."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from camera_gateway import Gateway, GatewaySettings
from events.envelope import ActorKind
from events.home_schedule import GatewaySchedule
from events.runtime.ids import seeded_randomness
from events.runtime.stepped_clock import SteppedClock
from events.transport import subjects
from events.transport.topology import make_streams
from events.types.check import CameraTrouble, CameraUnreachable, CheckDue, Heartbeat, NoUsablePicture, report_id
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    UNIT,
    Installation,
    Received,
    at,
    bedroom,
    camera_id,
    dark_room,
    eventually,
    home,
    recipient,
    running,
    schedule,
    settled,
    slots,
)

EVENING, MORNING = at("20:00"), at("08:00")


@asynccontextmanager
async def stepped(settings: GatewaySettings, start: datetime = EVENING) -> AsyncIterator[tuple[Gateway, SteppedClock]]:
    """A running gateway whose time passes only when it is at rest."""
    clock = SteppedClock(start)
    gateway = Gateway(settings, clock, randomness=seeded_randomness(1))
    clock.add_probe(gateway.at_rest)
    async with running(gateway):
        yield gateway, clock


async def night(
    installation: Installation, document: GatewaySchedule, cameras: dict[int, Path], **changes: object
) -> list[Received]:
    """What a gateway reports of a whole night."""
    await installation.put(document)
    addresses = {camera_id(number): str(file) for number, file in cameras.items()}
    async with stepped(installation.settings(cameras=addresses, **changes)) as (_, clock):
        await clock.run(MORNING)
    return await installation.reports()


async def test_each_slot_is_reported_at_its_due_time(installation: Installation, tmp_path: Path) -> None:
    people = [recipient(1, "23:00", "03:00"), recipient(2, "03:00", "05:30")]
    rooms = [home(number, someone) for number, someone in enumerate(people, start=1)]
    reports = await night(installation, schedule(*rooms), {1: bedroom(tmp_path), 2: bedroom(tmp_path)})
    expected = [(slot.due_at, slot.slot) for someone in people for slot in slots(someone)]
    assert sorted((r.wire.time, r.event.slot) for r in reports) == sorted(expected)
    for report in reports:
        assert isinstance(report.event, CheckDue)
        assert report.event.quality is not None
        assert report.event.quality.verdict == "usable"


async def test_a_report_says_who_speaks_for_whom_and_because_of_which_opening(
    installation: Installation, tmp_path: Path
) -> None:
    with capture_logs() as lines:
        (report,) = await night(installation, schedule(home(1, recipient(1, "23:00"))), {1: bedroom(tmp_path)})
    opening = next(line for line in lines if line["event"] == "machine opening")
    wire = report.wire
    assert (wire.actorkind, wire.actorid, wire.actorrole) == (ActorKind.GATEWAY, str(GATEWAY), "gateway")
    assert (wire.organisation, wire.unit) == (ORGANISATION, UNIT)
    assert wire.correlationid == report.event.slot
    assert str(wire.causationid) == opening["opening"]
    assert opening["slots"] == [str(report.event.slot)]
    assert report.message_id == str(wire.id) == str(report_id(report.event.slot, CheckDue, 1))
    assert wire.clocktrusted


async def test_a_useless_picture_is_retried_once_and_then_left_to_people(
    installation: Installation, tmp_path: Path
) -> None:
    reports = await night(installation, schedule(home(1, recipient(1, "23:00"))), {1: dark_room(tmp_path)})
    assert [(type(r.event), r.event.attempt, r.wire.time) for r in reports] == [
        (NoUsablePicture, 1, at("23:00")),
        (NoUsablePicture, 2, at("23:02")),
    ]
    assert reports[0].event.quality.verdict == "dark"


async def test_a_camera_that_is_not_there_is_said_to_be_unreachable(installation: Installation, tmp_path: Path) -> None:
    rooms = [home(1, recipient(1, "23:00")), home(2, recipient(2, "23:10"))]  # the second is not configured at all
    reports = await night(installation, schedule(*rooms), {1: tmp_path / "gone.mp4"})
    assert [(type(r.event), r.event.attempt, r.wire.time) for r in reports] == [
        (CameraUnreachable, 1, at("23:00")),
        (CameraUnreachable, 2, at("23:02")),
        (CameraUnreachable, 1, at("23:10")),
        (CameraUnreachable, 2, at("23:12")),
    ]
    assert {r.event.trouble for r in reports} == {CameraTrouble.UNREACHABLE}


async def test_a_camera_that_comes_back_is_reported_so_by_the_retry(installation: Installation, tmp_path: Path) -> None:
    await installation.put(schedule(home(1, recipient(1, "23:00"))))
    file = tmp_path / "later.png"
    async with stepped(installation.settings(cameras={camera_id(1): str(file)})) as (_, clock):
        await clock.run(at("23:01"))
        bedroom(tmp_path, "later.png")
        await clock.run(MORNING)
    found = await installation.reports()
    assert [type(report.event) for report in found] == [CameraUnreachable, CheckDue]
    assert [report.event.attempt for report in found] == [1, 2]


async def test_without_consent_to_machine_openings_the_camera_stays_shut(
    installation: Installation, tmp_path: Path
) -> None:
    document = schedule(home(1, recipient(1, "23:00", machine_openings=False)))
    with capture_logs() as lines:
        (report,) = await night(installation, document, {1: bedroom(tmp_path)})
    assert isinstance(report.event, CheckDue)
    assert report.event.quality is None
    assert report.wire.causationid is None
    assert not [line for line in lines if line["event"] == "machine opening"]


async def test_a_withdrawal_shuts_the_camera_at_once(installation: Installation, tmp_path: Path) -> None:
    await installation.put(schedule(home(1, recipient(1, "23:00", "03:00"))))
    async with stepped(installation.settings(cameras={camera_id(1): str(bedroom(tmp_path))})) as (_, clock):
        await clock.run(at("01:00"))
        withdrawn = recipient(1, "23:00", "03:00", camera_allowed=False, version=4)
        await installation.put(schedule(home(1, withdrawn), revision=2))
        await clock.run(MORNING)
    assert [report.wire.time for report in await installation.reports()] == [at("23:00")]


async def test_two_people_in_one_room_are_judged_by_one_opening(installation: Installation, tmp_path: Path) -> None:
    document = schedule(home(1, recipient(1, "23:00"), recipient(2, "23:00")))
    with capture_logs() as lines:
        reports = await night(installation, document, {1: bedroom(tmp_path)})
    assert len(reports) == 2
    assert len({report.wire.causationid for report in reports}) == 1
    assert len([line for line in lines if line["event"] == "machine opening"]) == 1


async def test_a_restart_repeats_nothing_and_forgets_nothing(installation: Installation, tmp_path: Path) -> None:
    someone = recipient(1, "23:00", "03:00", "05:00")
    await installation.put(schedule(home(1, someone)))
    settings = installation.settings(cameras={camera_id(1): str(bedroom(tmp_path))})
    for start, end in (("20:00", "23:10"), ("23:20", "02:00"), ("03:17", "04:00"), ("04:00", "08:00")):
        async with stepped(settings, at(start)) as (_, clock):
            await clock.run(at(end))
    found = [(report.event.slot, report.wire.time) for report in await installation.reports()]
    first, second, third = (slot.slot for slot in slots(someone))
    assert found == [(first, at("23:00")), (second, at("03:17")), (third, at("05:00"))]  # late, at its true time


async def test_a_retry_that_was_due_while_the_gateway_was_off_is_made_late(
    installation: Installation, tmp_path: Path
) -> None:
    await installation.put(schedule(home(1, recipient(1, "23:00"))))
    settings = installation.settings(cameras={camera_id(1): str(dark_room(tmp_path))})
    for start, end in (("20:00", "23:01"), ("23:30", "08:00")):
        async with stepped(settings, at(start)) as (_, clock):
            await clock.run(at(end))
    found = [(report.event.attempt, report.wire.time) for report in await installation.reports()]
    assert found == [(1, at("23:00")), (2, at("23:30"))]


async def test_nats_gone_all_night_and_everything_arrives_in_order_after_it_returns(
    installation: Installation, tmp_path: Path
) -> None:
    people = [recipient(n, "22:00", "23:30", "01:00", "02:30", "04:00", "05:30") for n in (1, 2)]
    await installation.put(schedule(*(home(n, someone) for n, someone in enumerate(people, start=1))))
    cameras = {camera_id(1): str(bedroom(tmp_path)), camera_id(2): str(dark_room(tmp_path))}
    clock = SteppedClock(EVENING)
    gateway = Gateway(installation.settings(cameras=cameras), clock)

    async def idle() -> bool:
        return gateway.idle()

    clock.add_probe(idle)
    async with running(gateway):
        await settled(gateway)
        await installation.server.kill()
        await clock.run(MORNING)
        assert gateway.idle()
        await installation.server.start()
        await settled(gateway)
    reports = await installation.reports()
    assert len(reports) == 6 + 2 * 6
    times = [report.wire.time for report in reports]
    assert times == sorted(times)
    assert {(r.event.slot, r.event.attempt) for r in reports} >= {(s.slot, 1) for p in people for s in slots(p)}


async def test_the_schedule_kept_at_home_is_enough_after_a_restart_without_network(
    installation: Installation, tmp_path: Path
) -> None:
    someone = recipient(1, "23:00")
    await installation.put(schedule(home(1, someone)))
    settings = installation.settings(cameras={camera_id(1): str(bedroom(tmp_path))})
    async with stepped(settings) as (_, clock):
        await clock.run(at("20:30"))
    await installation.server.stop()
    clock = SteppedClock(at("21:00"))
    gateway = Gateway(settings, clock)
    async with running(gateway):
        await clock.run(MORNING)
        await installation.server.start()
        await settled(gateway)
    assert [(r.event.slot, r.wire.time) for r in await installation.reports()] == [
        (slots(someone)[0].slot, at("23:00")),
    ]


async def test_a_clock_before_the_schedules_making_is_not_trusted(installation: Installation, tmp_path: Path) -> None:
    document = schedule(home(1, recipient(1, "23:00")), made_at=at("12:00") + timedelta(days=30))
    (report,) = await night(installation, document, {1: bedroom(tmp_path)})
    assert not report.wire.clocktrusted


async def test_heartbeats_say_how_the_gateway_is(installation: Installation) -> None:
    await night(installation, schedule(revision=12), {}, heartbeat_s=3600)
    beats = [message for message in await installation.received() if isinstance(message.event, Heartbeat)]
    assert [beat.wire.time for beat in beats] == [EVENING + timedelta(hours=n) for n in range(13)]
    last = beats[-1].event
    assert isinstance(last, Heartbeat)
    assert (last.gateway, last.started_at, last.spooled, last.schedule_revision) == (GATEWAY, EVENING, 0, 12)


async def test_the_same_seed_gives_the_same_night(installation: Installation, tmp_path: Path) -> None:
    document = schedule(*(home(n, recipient(n, "23:00", "03:00")) for n in range(1, 5)))
    cameras = dict.fromkeys(range(1, 4), bedroom(tmp_path))
    nights = []
    for data in ("one", "two"):
        await night(installation, document, cameras, data=tmp_path / data)
        nights.append(sorted((message.wire for message in await installation.received()), key=str))
        await installation.js.delete_stream(subjects.INBOUND_STREAM)  # and what it remembers of message ids
        await make_streams(installation.js)
    assert nights[0] == nights[1]


async def test_nothing_is_left_running_after_stop(installation: Installation, tmp_path: Path) -> None:
    before, threads = asyncio.all_tasks(), set(threading.enumerate())
    await night(installation, schedule(home(1, recipient(1, "23:00"))), {1: bedroom(tmp_path)})
    await eventually(lambda: asyncio.all_tasks() <= before)
    assert set(threading.enumerate()) <= threads
