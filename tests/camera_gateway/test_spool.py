"""The spool: written before it is sent, remembered after, and the same after any death."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from nats.aio.msg import Msg
from structlog.testing import capture_logs

from camera_gateway.drain import BATCH
from camera_gateway.due import Reported
from camera_gateway.spool import KEPT_AFTER_USE, Spool
from camera_gateway.spool_file import SpoolInUseError
from events.runtime.clock import Signal
from events.transport import subjects
from tests.camera_gateway.builders import WITHIN_S, Installation, eventually
from tests.camera_gateway.spool_process import NOW, message, slot, write

LOOK = slot(999)
SECONDS = timedelta(seconds=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite3"


def test_reports_wait_in_the_order_in_which_they_were_written(file: Path) -> None:
    spool = Spool(file, Signal())
    for number in (3, 1, 2):
        write(spool, number)
    assert [waiting.body for waiting in spool.unsent(10)] == [b"3", b"1", b"2"]
    assert [waiting.body for waiting in spool.unsent(2)] == [b"3", b"1"]
    assert spool.waiting == 3
    spool.close()


def test_an_attempt_is_reported_once_also_after_it_was_sent_and_after_a_restart(file: Path) -> None:
    spool = Spool(file, Signal())
    assert write(spool, 1)
    assert not write(spool, 1)
    spool.sent([message(1).id])
    assert not write(spool, 1)
    spool.close()
    again = Spool(file, Signal())
    assert again.reported == {slot(1): Reported(1, picture=True, at=NOW)}
    assert not write(again, 1)
    assert again.waiting == 0
    again.close()


def test_the_latest_attempt_is_the_one_on_record(file: Path) -> None:
    spool = Spool(file, Signal())
    for attempt in (1, 2):
        said = Reported(attempt, picture=False, at=NOW)
        assert spool.report(message(attempt), slot(1), said, NOW)
    spool.close()
    again = Spool(file, Signal())
    assert again.reported[slot(1)].attempt == 2
    again.close()


def test_the_same_message_id_waits_once(file: Path) -> None:
    spool = Spool(file, Signal())
    spool.add(message(1), NOW)
    spool.add(message(1), NOW)
    assert spool.waiting == 1
    spool.sent([message(1).id])
    spool.add(message(1), NOW)
    assert spool.waiting == 0
    spool.close()


def test_what_is_settled_is_forgotten_in_the_end_and_what_is_not_sent_never(file: Path) -> None:
    spool = Spool(file, Signal())
    write(spool, 1)
    write(spool, 2)
    spool.sent([message(1).id])
    spool.forget(NOW + timedelta(hours=2))
    assert set(spool.reported) == {slot(1), slot(2)}
    spool.forget(NOW + timedelta(hours=2) + KEPT_AFTER_USE)
    assert not spool.reported
    assert [waiting.body for waiting in spool.unsent(10)] == [b"2"]
    spool.close()


def test_a_look_is_used_up_by_frames_or_by_seconds_also_across_a_restart(file: Path) -> None:
    spool = Spool(file, Signal())
    assert spool.use_frame(LOOK, 2, 30 * SECONDS, NOW) == 1
    spool.close()
    again = Spool(file, Signal())
    assert again.use_frame(LOOK, 2, 30 * SECONDS, NOW + 30 * SECONDS) == 2
    assert again.use_frame(LOOK, 2, 30 * SECONDS, NOW + 30 * SECONDS) is None
    assert again.use_frame(LOOK, 9, 30 * SECONDS, NOW + 31 * SECONDS) is None
    again.close()


def test_two_gateways_cannot_share_a_spool(file: Path) -> None:
    spool = Spool(file, Signal())
    with pytest.raises(SpoolInUseError, match="another gateway"):
        Spool(file, Signal())
    spool.close()


def test_a_damaged_spool_is_put_aside_with_one_clear_line(file: Path) -> None:
    file.write_bytes(b"no database at all" * 100)
    with capture_logs() as lines:
        spool = Spool(file, Signal())
    assert [line["log_level"] for line in lines] == ["error"]
    assert (file.parent / "spool.sqlite3.damaged").exists()
    assert write(spool, 1)
    spool.close()


def test_sigkill_right_after_a_report_was_written_loses_none(file: Path) -> None:
    async def scenario() -> int:
        async with process("write", file) as writer:
            assert writer.stdout is not None
            for _ in range(200):
                last = await writer.stdout.readline()
            writer.kill()
            rest = await writer.stdout.read()
            await writer.wait()
            return int((last + rest).split()[-1])

    last = asyncio.run(scenario())
    spool = Spool(file, Signal())
    waiting = [int(one.body) for one in spool.unsent(100_000)]
    assert waiting[: last + 1] == list(range(last + 1))
    assert len(waiting) in (last + 1, last + 2)  # one more may be on disk than was told
    assert set(spool.reported) == {slot(number) for number in waiting}
    spool.close()


async def test_sigkill_around_a_drain_loses_none_and_duplicates_carry_the_same_id(
    installation: Installation, file: Path
) -> None:
    count = BATCH + 20
    spool = Spool(file, Signal())
    for number in range(count):
        write(spool, number)
    spool.close()
    expected = [(number, str(message(number).id)) for number in range(count)]
    published: list[tuple[int, str]] = []

    async def seen(heard: Msg) -> None:
        published.append((int(heard.data), (heard.headers or {})["Nats-Msg-Id"]))

    await installation.service.subscribe(subjects.INBOUND_SUBJECTS, cb=seen)
    await installation.service.flush()
    for how in ("die-before-sending", "die-before-marking"):
        async with process(how, file, installation.server.url, installation.seed_file) as dying:
            async with asyncio.timeout(WITHIN_S):
                assert await dying.wait() == -signal.SIGKILL
    async with process("drain", file, installation.server.url, installation.seed_file):
        await eventually(lambda: published[-1:] == expected[-1:])
    assert published == expected[:BATCH] + expected
    assert await stored(installation) == expected


async def stored(installation: Installation) -> list[tuple[int, str]]:
    last = (await installation.js.stream_info(subjects.INBOUND_STREAM)).state.last_seq
    found = [await installation.js.get_msg(subjects.INBOUND_STREAM, number) for number in range(1, last + 1)]
    return [(int(one.data or b""), (one.headers or {})["Nats-Msg-Id"]) for one in found]


@asynccontextmanager
async def process(*arguments: object) -> AsyncIterator[asyncio.subprocess.Process]:
    """The spool in a process of its own, gone at the end."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.camera_gateway.spool_process",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
            async with asyncio.timeout(WITHIN_S):
                await running.communicate()
