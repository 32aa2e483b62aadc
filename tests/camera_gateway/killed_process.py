"""A whole gateway, killed at a named step of a check or of a drain, and begun again: for all steps at once.

python -m tests.camera_gateway.killed_process SETTINGS.json

Imports everything once and forks, so that a death costs tenths of a second. Writes a JSON line to standard output: of
each step, how the first process ended and how the second.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from nats.js import JetStreamContext

import camera_gateway.pictures
from camera_gateway import Gateway, GatewaySettings
from camera_gateway.cameras.file import StillPicture
from camera_gateway.keeper import Keeper
from camera_gateway.openings import Openings
from camera_gateway.spool import Spool
from events.runtime.clock import Signal, WallClock
from events.runtime.logging import configure_logging
from tests.camera_gateway.builders import GATEWAY, ORGANISATION, schedule
from tests.waiting import until

GIVEN_UP_AFTER_S = 120
"""For a process that neither ends nor dies: far beyond what a busy machine needs."""


def die(*_: object, **__: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL does not return")


def before(owner: Any, name: str) -> Callable[[], None]:
    """Killed when it is called."""
    return lambda: setattr(owner, name, die)


def after(owner: Any, name: str) -> Callable[[], None]:
    """Killed when it is done."""
    done = getattr(owner, name)

    def prepare() -> None:
        def whole(*args: Any, **kwargs: Any) -> None:
            done(*args, **kwargs)
            die()

        setattr(owner, name, whole)

    return prepare


def sent_and_not_answered() -> None:
    """Killed when the message is on its way and nothing has come back."""

    async def publish(js: JetStreamContext, subject: str, body: bytes, *, headers: Any, **_: Any) -> None:
        await js._nc.publish(subject, body, headers=headers)
        await js._nc.flush()
        if "report" in subject:
            die()

    JetStreamContext.publish = publish  # type: ignore[method-assign, assignment]


def half_marked() -> None:
    """Killed inside the transaction that marks what was sent."""

    def mark(spool: Spool) -> None:
        spool._db.execute("BEGIN IMMEDIATE")
        spool._db.execute("UPDATE outbox SET sent = 1")
        die()

    Spool._mark = mark  # type: ignore[method-assign]


STEPS: dict[str, Callable[[], None]] = {
    "before opening": before(Openings, "use"),
    "camera open": before(StillPicture, "read"),
    "pictures taken": before(camera_gateway.pictures, "judge"),
    "judged and not written": before(Spool, "report"),
    "half written": before(Spool, "_add"),
    "written and not sent": after(Spool, "report"),
    "sent and not answered": sent_and_not_answered,
    "answered and not marked": before(Spool, "sent"),
    "half marked": half_marked,
    "marked": after(Spool, "sent"),
}


def in_a_fork(work: Callable[[], None]) -> int:
    """Its process id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    signal.alarm(GIVEN_UP_AFTER_S)
    os.dup2(os.open("/dev/full", os.O_WRONLY), 2)  # a gateway's log lines meet a full disk, and nothing comes of it
    configure_logging()
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def ended(children: dict[str, int]) -> dict[str, int]:
    """How each ended: 0, or minus the signal."""
    return {name: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for name, child in children.items()}


def work(settings: GatewaySettings, attempts: int) -> None:
    """A gateway until everything that is due is reported and sent."""

    async def until_done() -> None:
        gateway = Gateway(settings, WallClock())
        await gateway.start()

        async def done() -> bool:
            made = {one.attempt for one in gateway._spool.reported.values()}
            return made == {attempts} and await gateway.at_rest()

        await until(done, GIVEN_UP_AFTER_S)
        await gateway.stop()

    asyncio.run(until_done())


def keep_two_schedules(folder: Path, dies_at: int) -> None:
    """Killed before the copy with that number is put into its place."""
    replace, count = Path.replace, 0

    def counted(path: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        return die() if count == 2 + dies_at else replace(path, target)

    Path.replace = counted  # type: ignore[method-assign, assignment]
    keeper = Keeper(folder / "schedule.json", ORGANISATION, GATEWAY, Signal())
    for revision in (1, 2):
        keeper.offer(schedule(revision=revision).model_dump_json().encode())


def main(file: Path) -> None:
    stated = json.loads(file.read_text())
    given = {name: GatewaySettings(**settings) for name, settings in stated["gateways"].items()}

    def killed(name: str) -> None:
        STEPS[name]()
        work(given[name], 99)

    folders = {str(number): Path(folder) for number, folder in enumerate(stated["schedules"], start=1)}
    first = ended({name: in_a_fork(partial(killed, name)) for name in STEPS})
    second = ended({name: in_a_fork(partial(work, given[name], stated["attempts"])) for name in STEPS})
    keeping = {name: in_a_fork(partial(keep_two_schedules, folder, int(name))) for name, folder in folders.items()}
    schedules = ended(keeping)
    print(json.dumps({"first": first, "second": second, "schedules": schedules}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
