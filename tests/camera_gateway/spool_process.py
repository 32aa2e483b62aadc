"""A process that can be killed: writes reports to a spool, or sends them.

python -m tests.camera_gateway.spool_process write SPOOL
python -m tests.camera_gateway.spool_process drain SPOOL NATS_URL SEED_FILE
python -m tests.camera_gateway.spool_process die-before-sending SPOOL NATS_URL SEED_FILE
python -m tests.camera_gateway.spool_process die-before-marking SPOOL NATS_URL SEED_FILE
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from prometheus_client import CollectorRegistry

from camera_gateway.drain import Drain
from camera_gateway.due import Reported
from camera_gateway.line import Line
from camera_gateway.message import Message
from camera_gateway.metrics import Metrics
from camera_gateway.spool import Spool
from events.runtime.clock import Signal, WallClock
from events.transport import subjects
from tests.camera_gateway.builders import GATEWAY, ORGANISATION

NOW = datetime(2026, 11, 14, 22, tzinfo=UTC)


def slot(number: int) -> UUID:
    return UUID(int=0x510700 + number)


def message(number: int) -> Message:
    """The report of a slot, numbered."""
    return Message(uuid5(slot(number), "report"), subjects.report(ORGANISATION, GATEWAY), str(number).encode())


def large_message(number: int) -> Message:
    """The same, as large as a report with a picture's figures."""
    small = message(number)
    return Message(small.id, small.subject, small.body.ljust(1200))


def write(spool: Spool, number: int) -> bool:
    needed_until = NOW + timedelta(hours=1)
    return spool.report(message(number), slot(number), Reported(1, picture=True, at=NOW), needed_until)


def write_for_ever(file: Path) -> None:
    """Each number is printed once it is on disk, and never before."""
    spool = Spool(file, Signal())
    number = 0
    while True:
        write(spool, number)
        print(number, flush=True)
        number += 1


class DiesBeforeSending(Spool):
    """Killed when there is something to send."""

    def unsent(self, most: int) -> list[Message]:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().unsent(most)


class DiesBeforeMarking(Spool):
    """Killed when a batch is in the stream, and the spool does not know it yet."""

    def sent(self, messages: Iterable[UUID]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


SPOOLS = {"drain": Spool, "die-before-sending": DiesBeforeSending, "die-before-marking": DiesBeforeMarking}


async def drain(spool: Spool, url: str, seed: str) -> None:
    line = Line(url, seed, "spool process")
    sending = Drain(spool, line, WallClock(), Metrics(CollectorRegistry()), timedelta(seconds=1))
    await line.hold(lambda client: sending.run(client.jetstream()))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write_for_ever(Path(sys.argv[2]))
    else:
        how, file, url, seed_file = sys.argv[1:]
        asyncio.run(drain(SPOOLS[how](Path(file), Signal()), url, Path(seed_file).read_text().strip()))
