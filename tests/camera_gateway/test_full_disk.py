"""A disk that is really full: the room kept for checks, what is given up, the schedule, and a whole gateway on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from camera_gateway import Gateway
from camera_gateway.due import Reported
from camera_gateway.keeper import Keeper
from camera_gateway.message import Worth
from camera_gateway.reserve import Reserve
from camera_gateway.spool import Spool
from events.runtime.clock import Signal
from events.runtime.stepped_clock import SteppedClock
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    Installation,
    at,
    bedroom,
    camera_id,
    home,
    recipient,
    running,
    schedule,
    settled,
    slots,
)
from tests.camera_gateway.small_disk import SmallDisk, small_disk
from tests.camera_gateway.spool_process import NOW, large_message, slot

ENOUGH = 60
"""Reports: more than fits into what a file still has of the pages that it was given."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def opened(disk: SmallDisk) -> tuple[Spool, Reserve]:
    reserve = Reserve(disk.folder / "reserve")
    reserve.take()
    return Spool(disk.folder / "spool.sqlite3", Signal(), reserve=reserve), reserve


def report(spool: Spool, number: int) -> bool:
    return spool.report(large_message(number), slot(number), Reported(1, picture=True, at=NOW), NOW)


def waiting(spool: Spool) -> list[object]:
    return [one.id for one in spool.unsent(10_000)]


def test_on_a_full_disk_checks_are_written_into_the_room_that_was_kept_for_them(disk: SmallDisk) -> None:
    spool, reserve = opened(disk)
    disk.fill()
    with capture_logs() as lines:
        assert all(report(spool, number) for number in range(ENOUGH))
    assert reserve.missing
    assert spool.trouble is not None
    assert not spool.unwritten
    assert [line["event"] for line in lines] == ["the disk is full: the room kept for checks is given up"]
    spool.close()
    again, _ = opened(disk)
    assert waiting(again) == [large_message(number).id for number in range(ENOUGH)]
    again.close()


def test_a_disk_without_any_room_keeps_checks_in_memory_sends_each_once_and_writes_it_when_there_is_room(
    disk: SmallDisk,
) -> None:
    spool, _ = opened(disk)
    disk.fill()
    (disk.folder / "reserve").unlink()
    disk.fill()
    expected = [large_message(number).id for number in range(ENOUGH)]
    assert all(report(spool, number) for number in range(ENOUGH))
    assert not report(spool, ENOUGH - 1), "known, though only in memory"
    assert spool.unwritten
    assert waiting(spool) == expected
    assert "in memory" in (spool.trouble or "")
    spool.sent(expected[:10] + expected[-10:])  # some of which are on disk and cannot be marked
    assert waiting(spool) == expected[10:-10]
    assert spool.waiting == ENOUGH - 20
    disk.free()
    spool.write_again()
    assert not spool.unwritten
    spool.close()
    again, _ = opened(disk)
    assert waiting(again) == expected[10:-10]
    assert set(again.reported) == {slot(number) for number in range(ENOUGH)}
    again.close()


def test_of_less_worth_than_a_check_nothing_uses_the_room_that_was_kept(disk: SmallDisk) -> None:
    spool, reserve = opened(disk)
    disk.fill()
    assert not all(spool.add(large_message(number), NOW, Worth.LOOK) for number in range(ENOUGH))
    assert spool.given_up
    assert not reserve.missing
    assert report(spool, 1000)
    spool.close()


def test_room_is_kept_again_once_there_is_enough(disk: SmallDisk) -> None:
    spool, reserve = opened(disk)
    disk.fill()
    assert all(report(spool, number) for number in range(ENOUGH))
    reserve.take()
    assert reserve.missing
    disk.free()
    reserve.take()
    assert not reserve.missing
    assert spool.trouble is None
    spool.close()


def test_a_spool_is_opened_and_goes_on_though_the_disk_is_full(disk: SmallDisk) -> None:
    spool, _ = opened(disk)
    report(spool, 1)
    spool.close()
    disk.fill()
    again, _ = opened(disk)
    assert report(again, 2)
    assert waiting(again) == [large_message(1).id, large_message(2).id]
    again.close()


def test_a_schedule_is_kept_on_a_full_disk_and_without_any_room_the_last_good_one_stays_whole(disk: SmallDisk) -> None:
    def keeper() -> Keeper:
        return Keeper(disk.folder / "schedule.json", ORGANISATION, GATEWAY, Signal(), reserve)

    def document(revision: int) -> bytes:
        homes = (home(number, recipient(number, "23:00", "03:00")) for number in range(16))
        return schedule(*homes, revision=revision).model_dump_json().encode()

    reserve = Reserve(disk.folder / "reserve")
    reserve.take()
    held = keeper()
    held.offer(document(1))
    disk.fill()
    assert held.offer(document(2))
    assert (held.trouble, reserve.missing) == (None, True)
    disk.fill()
    assert held.offer(document(3))
    assert held.revision == 3
    assert "cannot be kept" in (held.trouble or "")
    after = keeper()
    after.load()
    assert after.revision == 2
    disk.free()
    held.keep_again()
    after.load()
    assert (held.trouble, after.revision) == (None, 3)
    assert not list(disk.folder.glob("*.new"))


async def test_a_gateway_without_a_byte_of_room_reports_each_check_at_its_time_and_once(
    installation: Installation, disk: SmallDisk, tmp_path: Path
) -> None:
    people = [recipient(number, "22:00", "23:30", "01:00", "02:30", "04:00") for number in range(1, 7)]
    await installation.put(schedule(*(home(number, someone) for number, someone in enumerate(people, start=1))))
    cameras = {camera_id(number): str(bedroom(tmp_path)) for number in range(1, 7)}
    settings = installation.settings(cameras=cameras, data=disk.folder)
    clock = SteppedClock(at("20:00"))
    gateway = Gateway(settings, clock)
    clock.add_probe(gateway.at_rest)
    async with running(gateway):
        await clock.run(at("21:00"))
        disk.fill()
        (settings.folder / "reserve").unlink()
        disk.fill()
        with capture_logs() as lines:
            await clock.run(at("03:00"))
        assert "in memory" in str(await gateway.checks()["disk"]())
        assert len([line for line in lines if "disk takes nothing" in line["event"]]) <= 1
        disk.free()
        await clock.run(at("03:30"))
        assert await gateway.checks()["disk"]() is None
    again = Gateway(settings, SteppedClock(at("03:30")))
    async with running(again):
        await settled(again)
        assert set(again._spool.reported) >= {slots(someone)[3].slot for someone in people}
    reports = await installation.reports()
    expected = [(one.due_at, one.slot) for someone in people for one in slots(someone)[:4]]
    assert sorted((one.wire.time, one.event.slot) for one in reports) == sorted(expected)
    assert len({one.message_id for one in reports}) == len(reports)
