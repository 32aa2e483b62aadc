"""``python -m bench.spool [--json] [FOLDER]``: 30 days of a busy gateway without a line, written into a real spool.

How large the file and its write-ahead log are then, how long a start with them takes, and how long what is asked often.
What "busy" means stands in `BUSY`; FOLDER is where to write, a temporary one by default.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID, uuid5

from rich.console import Console
from rich.progress import track
from rich.table import Table

from camera_gateway.due import Check, Reported
from camera_gateway.message import Message, Worth
from camera_gateway.pictures import Finding
from camera_gateway.reports import Sender
from camera_gateway.spool import Spool
from events.envelope import Owner
from events.runtime.clock import Signal
from events.schedule import PlannedSlot, SlotKind, slot_id
from events.types.check import CheckDue, PictureQuality

BEGINS = datetime(2026, 11, 1, 20, tzinfo=UTC)
NAMES = UUID(int=0xBE7C)
QUALITY = PictureQuality(
    verdict="no usable picture, as long as may be",
    mean_grey=127.123456789,
    edge_share=3.123456789,
    movement_share=1.123456789,
    infrared=True,
    liveness="cannot_tell",
    view="cannot_tell",
    shift_px=123.123456789,
    rotation_degrees=-1.123456789,
    likeness=0.123456789,
)
ROUNDS = 21


@dataclass(frozen=True)
class Month:
    """How much a gateway has to say while nobody can hear it."""

    homes: int = 16
    couples: int = 4
    """Homes with two recipients."""
    checks_a_night: int = 10
    """Of each recipient; each has no usable picture at first, and its retry is a second report."""
    states_a_day: int = 24
    """Of each camera: it is lost and comes back every two hours. An event as large as a report."""
    looks_a_night: int = 12
    """Of each home. Looks need a line, so this is a line that carries looks and no reports: more than can be."""
    days: int = 30


BUSY = Month()
Progress = Callable[[range], Iterator[int]]


def write_a_month(file: Path, month: Month = BUSY, progress: Progress = iter) -> int:  # type: ignore[assignment]
    """Write it; how many messages."""
    spool, written = Spool(file, Signal(), most_bytes=10**12), 0
    for day in progress(range(month.days)):
        for home in range(month.homes):
            for number in range(month.states_a_day):
                written += spool.add(_other("state", day, home, number), BEGINS, Worth.STATE)
            for number in range(month.looks_a_night):
                spool.use_frame(uuid5(NAMES, f"{day}/{home}/{number}"), 2, timedelta(seconds=30), BEGINS)
                written += spool.add(_other("look", day, home, number), BEGINS, Worth.LOOK)
        for recipient in range(month.homes + month.couples):
            for number in range(month.checks_a_night):
                for attempt in (1, 2):
                    message, slot, reported = _report(day, recipient, number, attempt)
                    written += spool.report(message, slot, reported, reported.at)
    spool.close()
    return written


def size(file: Path) -> int:
    """Bytes on disk, with the write-ahead log."""
    files = (file, file.with_name(f"{file.name}-wal"))
    return sum(one.stat().st_size for one in files if one.exists())


def measured(folder: Path, month: Month = BUSY, progress: Progress = iter) -> dict[str, float]:  # type: ignore[assignment]
    """The figures."""
    file = folder / "spool.sqlite3"
    begun = time.perf_counter()
    written = write_a_month(file, month, progress)
    took = time.perf_counter() - begun
    largest = size(file)
    begun = time.perf_counter()
    spool = Spool(file, Signal())
    started = time.perf_counter() - begun
    figures = {
        "messages": written,
        "size, MB": largest / 1e6,
        "written, ms each": took / written * 1000,
        "start, s": started,
        "waiting, ms": _ms(lambda: spool.waiting),
        "unsent of 50, ms": _ms(lambda: spool.unsent(50)),
        "mark 50 as sent, ms": _ms(lambda: spool.sent(one.id for one in spool.unsent(50))),
        "size with its log after, MB": size(file) / 1e6,
    }
    spool.close()
    return figures


def main() -> int:
    """Print the figures."""
    said = [one for one in sys.argv[1:] if one != "--json"]
    people = Console(stderr=True)
    with TemporaryDirectory(dir=said[0] if said else None) as folder:
        shown = people.is_terminal and "--json" not in sys.argv
        figures = measured(Path(folder), progress=_shown if shown else iter)  # type: ignore[arg-type]
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures))
        return 0
    table = Table("figure", "value", title="a month without a line", title_justify="left")
    for what, value in figures.items():
        table.add_row(what, f"{value:,.2f}")
    Console().print(table)
    return 0


def _shown(days: range) -> Iterator[int]:
    return iter(track(days, "writing a month"))


def _report(day: int, recipient: int, number: int, attempt: int) -> tuple[Message, UUID, Reported]:
    who, entry = uuid5(NAMES, f"r{recipient}"), uuid5(NAMES, f"e{number}")
    night = BEGINS.date() + timedelta(days=day)
    at = BEGINS + timedelta(days=day, minutes=60 * number + recipient)
    times = {"opens_at": at, "due_at": at, "late_at": at, "deadline": at + timedelta(hours=1)}
    slot = PlannedSlot(slot=slot_id(who, night, entry), entry=entry, n=0, kind=SlotKind.REMOTE, **times)
    check = Check(slot, night, who, who, who, may_open=True, attempt=attempt, at=at)
    finding = Finding(quality=QUALITY, usable=attempt == 2, opening=uuid5(slot.slot, str(attempt)))
    message, event = _sender().report(check, finding, at, clock_trusted=True)
    return message, slot.slot, Reported(attempt, isinstance(event, CheckDue), at)


def _other(kind: str, day: int, home: int, number: int) -> Message:
    like = _report_like()
    return Message(uuid5(NAMES, f"{kind}/{day}/{home}/{number}"), like.subject, like.body)


@cache
def _report_like() -> Message:
    return _report(0, 0, 0, 1)[0]


def _sender() -> Sender:
    return Sender(uuid5(NAMES, "gateway"), Owner(uuid5(NAMES, "organisation"), uuid5(NAMES, "unit")))


def _ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return median(took) * 1000


if __name__ == "__main__":
    sys.exit(main())
