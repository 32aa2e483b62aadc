"""What a spool does at its bound, without room, on a disk that fails, and with a file that is damaged or old."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import uuid5

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from camera_gateway.due import Reported
from camera_gateway.message import Message, Worth
from camera_gateway.spool import FORGOTTEN_AT_ONCE, KEPT_AFTER_USE, Spool
from camera_gateway.spool_file import WAL_BYTES, SpoolUnusableError
from camera_gateway.unwritten import Unwritten
from events.runtime.clock import Signal
from tests.camera_gateway.spool_process import NOW, large_message, message, slot

NOTES_NOTHING = """CREATE TEMP TRIGGER IF NOT EXISTS stuck BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'stuck'); END"""
"""What was sent cannot be marked: on a full disk that needs a page of the write-ahead log."""
FULL_AT = 60
"""Pages: as full as a disk, as SQLite tells it."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite3"


def lesser(number: int, worth: Worth) -> Message:
    large = large_message(number)
    return Message(uuid5(slot(number), worth.name), large.subject, large.body)


def told(spool: Spool) -> set[object]:
    return {one.id for one in spool.unsent(100_000)}


def report(spool: Spool, number: int) -> bool:
    return spool.report(large_message(number), slot(number), Reported(1, picture=True, at=NOW), NOW)


def test_what_cannot_be_written_is_kept_in_memory_sent_once_and_written_when_it_can_be(file: Path) -> None:
    spool = Spool(file, Signal())
    spool._db.execute(f"PRAGMA max_page_count = {FULL_AT}")
    assert all(report(spool, number) for number in range(500))
    assert spool.unwritten
    assert spool.waiting == 500
    assert not report(spool, 499)
    spool.sent([large_message(499).id])
    with pytest.raises(sqlite3.OperationalError, match="full"):
        spool.write_again()
    assert spool.waiting == 499
    spool._db.execute("PRAGMA max_page_count = 100000")
    spool.write_again()
    spool.close()
    again = Spool(file, Signal())
    assert told(again) == {large_message(number).id for number in range(499)}
    assert set(again.reported) == {slot(number) for number in range(500)}
    again.close()


def test_what_is_in_memory_only_is_forgotten_once_it_is_sent_and_needed_no_more(file: Path) -> None:
    kept = Unwritten()
    for number in (1, 2):
        kept.keep(message(number), slot(number), Reported(1, picture=True, at=NOW), NOW)
    assert kept.sent([message(1).id, message(9).id]) == {message(9).id}
    kept.forget(NOW + timedelta(minutes=1))
    assert [one.slot for one in kept.all()] == [slot(2)]


@pytest.mark.parametrize("bound", ["max_page_count", "most_bytes"])
def test_states_are_given_up_first_and_then_looks_the_oldest_first_and_checks_never(file: Path, bound: str) -> None:
    spool = Spool(file, Signal(), most_bytes=1_200_000)
    if bound == "max_page_count":
        spool._most_bytes = 10**12
        spool._db.execute("PRAGMA max_page_count = 300")
    for number in range(250):
        spool.add(lesser(number, Worth.STATE), NOW, Worth.STATE)
        spool.add(lesser(number, Worth.LOOK), NOW, Worth.LOOK)
    for number in range(1000):
        assert report(spool, number)
        if number % 50 == 0:
            kept = {worth: _kept(spool, worth) for worth in (Worth.STATE, Worth.LOOK)}
            assert not kept[Worth.STATE] or len(kept[Worth.LOOK]) == 250
            assert all(numbers == list(range(250 - len(numbers), 250)) for numbers in kept.values())
    left = told(spool)
    assert {large_message(number).id for number in range(1000)} <= left
    assert len(left) < 1500
    assert spool.given_up == 1500 - len(left)
    spool.close()


def _kept(spool: Spool, worth: Worth) -> list[int]:
    waiting = told(spool)
    return [number for number in range(250) if lesser(number, worth).id in waiting]


def test_a_spool_as_large_as_it_may_be_takes_nothing_but_checks(file: Path) -> None:
    spool = Spool(file, Signal(), most_bytes=400_000)
    assert all(report(spool, number) for number in range(400))
    assert not spool.add(lesser(1, Worth.LOOK), NOW, Worth.LOOK)
    assert report(spool, 400)
    assert spool.given_up == 1
    spool.close()


def test_a_disk_that_fails_makes_a_spool_in_memory_with_what_can_still_be_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(file, Signal())
    report(spool, 1)
    spool.close()
    monkeypatch.setattr("camera_gateway.spool_file._make_tables", _fails_on_disk)
    with capture_logs() as lines:
        again = Spool(file, Signal())
    assert [line["log_level"] for line in lines] == ["error"]
    assert told(again) == {large_message(1).id}
    assert report(again, 2)
    assert not report(again, 1)
    assert again.trouble == "the spool is in memory: its disk fails"
    again.close()


def _fails_on_disk(db: sqlite3.Connection) -> None:
    from camera_gateway import spool_file

    if spool_file.is_on_disk(db):
        db.execute("PRAGMA query_only = ON")
        db.execute("CREATE TABLE refused (a)")
    for statement in spool_file._SCHEMA.split(";"):
        db.execute(statement)


def test_no_spool_can_be_made_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite3").mkdir()
    with pytest.raises(SpoolUnusableError, match="cannot make the spool"):
        Spool(tmp_path / "spool.sqlite3", Signal())


def test_of_a_damaged_spool_all_that_can_be_read_is_kept_and_in_order(file: Path) -> None:
    spool = Spool(file, Signal())
    for number in range(400):
        report(spool, number)
    spool.close()
    pages = bytearray(file.read_bytes())
    middle = len(pages) // 2 // 4096 * 4096
    pages[middle : middle + 4096] = bytes(4096)
    file.write_bytes(pages)
    with capture_logs() as lines:
        again = Spool(file, Signal())
    assert [line["event"] for line in lines] == ["the spool is damaged; put aside and begun anew"]
    bodies = [int(one.body) for one in again.unsent(1000)]
    assert bodies == sorted(bodies)
    assert 300 < len(bodies) < 400
    assert {0, 399} <= set(bodies)
    again.close()


def test_a_spool_of_before_is_opened_and_what_waits_in_it_counts_as_checks(file: Path) -> None:
    old = sqlite3.connect(file)
    old.execute(
        "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,"
        " body BLOB NOT NULL, sent INTEGER NOT NULL DEFAULT 0, forget_at REAL NOT NULL)"
    )
    old.execute("INSERT INTO outbox (id, subject, body, forget_at) VALUES (?, 's', x'31', 0)", (str(message(1).id),))
    old.commit()
    old.close()
    spool = Spool(file, Signal(), most_bytes=0)
    assert not spool.add(lesser(2, Worth.LOOK), NOW, Worth.LOOK)
    assert told(spool) == {message(1).id}
    spool.close()


def test_forgetting_a_month_takes_no_room_of_its_own(file: Path) -> None:
    spool = Spool(file, Signal())
    with spool._db:
        spool._db.execute("BEGIN")
        for number in range(4 * FORGOTTEN_AT_ONCE):
            spool._add(large_message(number), 0.0, Worth.CHECK, sent=True)
        spool._db.execute("COMMIT")
    spool.forget(NOW + KEPT_AFTER_USE)
    assert spool._db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    assert file.with_name("spool.sqlite3-wal").stat().st_size <= WAL_BYTES
    spool.close()


@example(["report", "report", "full", "sent", "report", "room", "write again", "restart"])
@given(st.lists(st.sampled_from(["report", "sent", "full", "room", "write again", "restart", "forget"]), max_size=40))
def test_whatever_happens_no_report_is_lost_and_none_is_sent_again(
    tmp_path_factory: pytest.TempPathFactory, happens: list[str]
) -> None:
    """A model of the spool: what was reported, and what the stream has. A restart may lose what was only in memory."""
    file = tmp_path_factory.mktemp("model") / "spool.sqlite3"
    spool, reported, acknowledged = Spool(file, Signal()), list[int](), set[int]()
    for step in happens:
        match step:
            case "report":
                reported.append(len(reported))
                assert report(spool, reported[-1])
            case "sent":
                sending = spool.unsent(3)
                acknowledged |= {int(one.body) for one in sending}
                spool.sent(one.id for one in sending)
            case "full":
                spool._db.execute("PRAGMA max_page_count = 1")
                spool._db.execute(NOTES_NOTHING)
            case "room":
                spool._db.execute("PRAGMA max_page_count = 100000")
                spool._db.execute("DROP TRIGGER IF EXISTS stuck")
            case "write again":
                try:
                    spool.write_again()
                except sqlite3.Error:
                    assert spool.unwritten
            case "forget":
                spool.forget(NOW)
            case "restart":
                if not spool.unwritten:
                    spool.close()
                    spool = Spool(file, Signal())
        expected = [number for number in reported if number not in acknowledged]
        assert sorted(int(one.body) for one in spool.unsent(1000)) == expected
        assert spool.waiting == len(expected)
    spool.close()
