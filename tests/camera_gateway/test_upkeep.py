"""The gateway's folder is kept in order, with or without a line."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from camera_gateway.keeper import Keeper
from camera_gateway.metrics import Metrics
from camera_gateway.reserve import Reserve
from camera_gateway.spool import KEPT_AFTER_USE, Spool
from camera_gateway.upkeep import EVERY, Upkeep
from events.runtime.clock import Signal
from events.runtime.stepped_clock import SteppedClock
from tests.camera_gateway.builders import GATEWAY, ORGANISATION
from tests.camera_gateway.spool_process import NOW, message, write

SIZE = 100_000


class Folder:
    """A gateway's, with its upkeep."""

    def __init__(self, folder: Path) -> None:
        self.reserve = Reserve(folder / "reserve", SIZE)
        self.spool = Spool(folder / "spool.sqlite3", Signal(), reserve=self.reserve)
        self.keeper = Keeper(folder / "schedule.json", ORGANISATION, GATEWAY, Signal(), self.reserve)
        metrics = Metrics(CollectorRegistry())
        self.upkeep = Upkeep(SteppedClock(NOW), self.spool, self.keeper, self.reserve, metrics)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path)
    yield folder
    folder.spool.close()


def test_room_is_kept_for_checks_from_the_beginning(folder: Folder, tmp_path: Path) -> None:
    assert folder.upkeep.trouble is None
    folder.upkeep.once(NOW)
    file = tmp_path / "reserve"
    assert file.stat().st_size == SIZE
    assert file.stat().st_blocks * 512 >= SIZE, "really taken, not a hole"


def test_what_is_settled_is_forgotten_though_nobody_can_be_spoken_to(folder: Folder) -> None:
    write(folder.spool, 1)
    folder.spool.sent([message(1).id])
    folder.upkeep.once(NOW)
    assert folder.spool.reported
    later = NOW + timedelta(hours=1) + KEPT_AFTER_USE + EVERY
    folder.upkeep.once(later)
    assert not folder.spool.reported


def test_what_the_disk_did_not_take_is_written_as_soon_as_it_does(folder: Folder) -> None:
    folder.spool._db.execute("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END")
    write(folder.spool, 1)
    folder.upkeep.once(NOW)
    assert folder.upkeep.trouble == "the disk takes no more: kept in memory, reports: 1"
    folder.spool._db.execute("DROP TRIGGER full")
    folder.upkeep.once(NOW)
    assert folder.upkeep.trouble is None
    assert folder.spool.waiting == 1
