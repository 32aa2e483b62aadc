"""The checker alone: what changes while a check waits, and a disk that is full."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from camera_gateway import GatewaySettings
from camera_gateway.cameras import camera_from_address
from camera_gateway.checker import Checker
from camera_gateway.keeper import Keeper
from camera_gateway.metrics import Metrics
from camera_gateway.openings import Openings
from camera_gateway.quality import learn
from camera_gateway.references import keep_reference
from camera_gateway.spool import Spool
from events.cloudevents import decode
from events.home_schedule import RecipientSchedule
from events.runtime.clock import Signal
from events.runtime.ids import Ids
from events.runtime.stepped_clock import SteppedClock
from events.types import REGISTRY
from events.types.check import CheckDue, NoUsablePicture
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    UNIT,
    at,
    bedroom,
    camera_id,
    eventually,
    home,
    recipient,
    schedule,
)
from tests.camera_gateway.quality.rooms import drawn_room

AGREED = recipient(1, "23:00")


class Bench:
    """A checker with a schedule, a camera and a spool, and no network."""

    def __init__(self, folder: Path) -> None:
        self.clock = SteppedClock(at("22:00"))
        wake = Signal()
        self.keeper = Keeper(folder / "schedule.json", ORGANISATION, GATEWAY, wake)
        self.spool = Spool(folder / "spool.sqlite3", Signal())
        address = str(bedroom(folder))
        camera = camera_from_address(address, name="camera", now=self.clock.now, scenes_folder=folder)
        self.openings = Openings({camera_id(1): camera})
        self.settings = GatewaySettings(
            data=folder,
            gateway=GATEWAY,
            organisation=ORGANISATION,
            unit=UNIT,
            nats_seed_file=folder,
            grant_key_file=folder,
        )
        self.checker = Checker(
            self.settings,
            self.clock,
            self.keeper,
            self.spool,
            self.openings,
            Metrics(CollectorRegistry()),
            Ids(self.clock.now),
            wake,
        )

    def agree(self, *people: RecipientSchedule, revision: int = 1) -> None:
        self.keeper.offer(schedule(home(1, *people), revision=revision).model_dump_json().encode())

    def reports(self) -> list[tuple[UUID, str, bool]]:
        """Recipient, time and whether the camera was judged."""
        found = []
        for message in self.spool.unsent(100):
            wire, event = decode(REGISTRY, message.body)
            assert isinstance(event, CheckDue)
            found.append((event.recipient, wire.time.isoformat(), event.quality is not None))
        return found


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    running = asyncio.create_task(bench.checker.run())
    await asyncio.sleep(0)
    yield bench
    running.cancel()
    await asyncio.wait({running})
    await bench.openings.stop(5)
    bench.spool.close()


@pytest.fixture
def camera_is_taken() -> Iterator[threading.Event]:
    """Set it to give the camera back."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    ("changed", "reported"),
    [
        (recipient(1, "23:00", camera_allowed=False), []),
        (recipient(1, "23:00", machine_openings=False), [(AGREED.recipient, at("23:00").isoformat(), False)]),
    ],
    ids=["consent withdrawn", "no machine openings any more"],
)
async def test_a_change_while_the_check_waits_for_its_camera_keeps_it_shut(
    bench: Bench,
    camera_is_taken: threading.Event,
    changed: RecipientSchedule,
    reported: list[tuple[UUID, str, bool]],
) -> None:
    bench.agree(AGREED)
    taken = asyncio.create_task(bench.openings.use(camera_id(1), lambda _: camera_is_taken.wait(), 10))
    with capture_logs() as lines:
        passing = asyncio.create_task(bench.clock.run(at("23:00")))
        await eventually(lambda: not bench.checker.idle)
        bench.agree(changed, revision=2)
        camera_is_taken.set()
        await passing
    await taken
    assert bench.reports() == reported
    assert not [line for line in lines if line["event"] == "machine opening"]


async def test_in_a_shared_room_nobodys_report_uses_a_judgement_that_they_did_not_agree_to(bench: Bench) -> None:
    bench.agree(AGREED, recipient(2, "23:00", machine_openings=False))
    await bench.clock.run(at("23:00"))
    time = at("23:00").isoformat()
    assert sorted(bench.reports()) == [(AGREED.recipient, time, True), (recipient(2).recipient, time, False)]


async def test_a_camera_that_shows_another_room_than_its_reference_gives_no_usable_picture(bench: Bench) -> None:
    keep_reference(bench.settings.folder, camera_id(1), learn(drawn_room(4, infrared=False).learned))
    bench.agree(AGREED)
    await bench.clock.run(at("23:00"))
    (report,) = (decode(REGISTRY, message.body)[1] for message in bench.spool.unsent(100))
    assert isinstance(report, NoUsablePicture)
    assert (report.quality.verdict, report.quality.view, report.quality.shift_px) == ("moved", "another", None)


async def test_a_full_disk_delays_no_report_and_opens_no_camera_again(bench: Bench) -> None:
    bench.agree(AGREED)
    bench.spool._db.execute("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END")
    with capture_logs() as lines:
        await bench.clock.run(at("23:01"))
        assert bench.reports() == [(AGREED.recipient, at("23:00").isoformat(), True)]
        bench.spool._db.execute("DROP TRIGGER full")
        await bench.clock.run(at("23:02"))
    assert bench.reports() == [(AGREED.recipient, at("23:00").isoformat(), True)]
    assert len([line for line in lines if line["event"] == "machine opening"]) == 1
