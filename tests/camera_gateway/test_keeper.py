"""The schedule kept at home: what takes the place of what, and what survives."""

from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from camera_gateway.keeper import Keeper, write_atomically
from events.home_schedule import GatewaySchedule, SchedulePeriod
from events.runtime.clock import Signal
from tests.camera_gateway.builders import GATEWAY, LONG_AGO, NIGHT, ORGANISATION, home, recipient, schedule

ROOMS = (home(1, recipient(1, "23:00")),)
TWICE = SchedulePeriod(from_night=NIGHT, entries=recipient(1, "23:00").periods[0].entries * 2, holds_from=LONG_AGO)


def keeper(folder: Path) -> Keeper:
    return Keeper(folder / "schedule.json", ORGANISATION, GATEWAY, Signal())


def wire(document: GatewaySchedule) -> bytes:
    return document.model_dump_json().encode()


def test_what_was_in_force_is_in_force_after_a_restart_without_network(tmp_path: Path) -> None:
    before = keeper(tmp_path)
    assert before.offer(wire(schedule(*ROOMS, revision=7)))
    after = keeper(tmp_path)
    after.load()
    assert after.current == before.current
    assert after.revision == 7


def test_a_new_box_has_no_schedule_and_says_so(tmp_path: Path) -> None:
    fresh = keeper(tmp_path)
    fresh.load()
    assert fresh.current is None
    assert fresh.revision == 0


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"\x00\xff" * 40,
        b'{"revision": 9}',
        wire(schedule(*ROOMS, revision=9))[:-20],
        wire(schedule(home(1, recipient(1, zone="Europe/Nowhere")), revision=9)),
        wire(schedule(home(1, recipient(1, periods=(TWICE,))), revision=9)),
        wire(schedule(*ROOMS, revision=9, gateway=UUID(int=5))),
        wire(schedule(*ROOMS, revision=9, organisation=UUID(int=5))),
        wire(schedule(revision=6)),
    ],
    ids=[
        "empty",
        "half an object",
        "no text",
        "too little",
        "cut off",
        "no such zone",
        "an entry twice",
        "another gateway's",
        "another organisation's",
        "older",
    ],
)
def test_a_bad_or_older_document_never_takes_the_place_of_the_last_good_one(tmp_path: Path, document: bytes) -> None:
    held = keeper(tmp_path)
    held.offer(wire(schedule(*ROOMS, revision=7)))
    good, kept = held.current, (tmp_path / "schedule.json").read_bytes()
    with capture_logs() as lines:
        assert not held.offer(document)
    assert held.current is good
    assert (tmp_path / "schedule.json").read_bytes() == kept
    assert len(lines) == 1


def test_a_damaged_file_is_one_clear_line_and_the_next_document_mends_it(tmp_path: Path) -> None:
    (tmp_path / "schedule.json").write_bytes(wire(schedule(*ROOMS))[:100])
    held = keeper(tmp_path)
    with capture_logs() as lines:
        held.load()
    assert held.current is None
    assert [line["log_level"] for line in lines] == ["error"]
    assert held.offer(wire(schedule(*ROOMS)))
    again = keeper(tmp_path)
    again.load()
    assert again.current == held.current


def test_an_unfinished_write_leaves_the_old_file_in_force(tmp_path: Path) -> None:
    held = keeper(tmp_path)
    held.offer(wire(schedule(*ROOMS, revision=7)))
    (tmp_path / "schedule.json.new").write_bytes(b"half of the n")
    again = keeper(tmp_path)
    again.load()
    assert again.revision == 7


def test_a_full_disk_does_not_stop_a_withdrawal_from_being_in_force(tmp_path: Path) -> None:
    held = keeper(tmp_path)
    held.offer(wire(schedule(*ROOMS, revision=7)))
    (tmp_path / "schedule.json.new").mkdir()  # stands in the way of the write
    withdrawn = schedule(home(1, recipient(1, "23:00", camera_allowed=False)), revision=8)
    assert held.offer(wire(withdrawn))
    assert held.current == withdrawn


def test_the_same_document_again_is_no_change(tmp_path: Path) -> None:
    held = keeper(tmp_path)
    assert held.offer(wire(schedule(*ROOMS)))
    assert not held.offer(wire(schedule(*ROOMS)))


def test_a_write_replaces_the_whole_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "file", b"long content")
    write_atomically(tmp_path / "new" / "file", b"short")
    assert (tmp_path / "new" / "file").read_bytes() == b"short"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


@pytest.mark.parametrize("hurt", ["schedule.json", "schedule.json.copy"])
@pytest.mark.parametrize("garbage", [b"", bytes(4096), b'{"revision": 8}'], ids=["empty", "zeros", "too little"])
def test_a_corrupt_file_is_one_clear_line_and_the_last_good_schedule_stays_in_force(
    tmp_path: Path, hurt: str, garbage: bytes
) -> None:
    before = keeper(tmp_path)
    before.offer(wire(schedule(*ROOMS, revision=7)))
    (tmp_path / hurt).write_bytes(garbage)
    after = keeper(tmp_path)
    with capture_logs() as lines:
        after.load()
    assert after.current == before.current
    assert [line["file"] for line in lines if line["log_level"] == "error"] == [str(tmp_path / hurt)]
    with capture_logs() as lines:
        keeper(tmp_path).load()
    assert lines == [], "it was mended"


def test_of_two_copies_the_newer_is_in_force_also_after_a_death_between_them(tmp_path: Path) -> None:
    keeper(tmp_path).offer(wire(schedule(*ROOMS, revision=7)))
    write_atomically(tmp_path / "schedule.json", wire(schedule(*ROOMS, revision=8)))
    after = keeper(tmp_path)
    after.load()
    assert after.revision == 8
    (tmp_path / "schedule.json").write_bytes(b"")
    again = keeper(tmp_path)
    again.load()
    assert again.revision == 8


def test_a_copy_that_could_not_be_written_anew_is_removed_and_written_again_later(tmp_path: Path) -> None:
    held = keeper(tmp_path)
    held.offer(wire(schedule(*ROOMS, revision=7)))
    (tmp_path / "schedule.json.copy.new").mkdir()  # stands in the way of the write
    with capture_logs() as lines:
        held.offer(wire(schedule(home(1, recipient(1, "23:00", camera_allowed=False)), revision=8)))
        held.keep_again()
    assert len([line for line in lines if line["log_level"] == "error"]) == 1
    assert not (tmp_path / "schedule.json.copy").exists(), "who has said no since is not shown by an older agreement"
    assert held.trouble == "revision 8 is in force, but cannot be kept on disk"
    (tmp_path / "schedule.json.copy.new").rmdir()
    held.keep_again()
    assert held.trouble is None
    assert (tmp_path / "schedule.json.copy").read_bytes() == (tmp_path / "schedule.json").read_bytes()
