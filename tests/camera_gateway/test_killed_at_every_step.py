"""SIGKILL of a gateway at every step of a check and of a drain: begun again, it says everything, and nothing twice."""

import asyncio
import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from camera_gateway.keeper import Keeper
from events.runtime.clock import Signal
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    ZONE,
    Installation,
    camera_id,
    dark_room,
    home,
    home_id,
    recipient,
    schedule,
)
from tests.camera_gateway.killed_process import STEPS

ROOT = Path(__file__).parents[2]


async def test_killed_at_any_step_no_check_is_lost_and_none_said_twice(
    installation: Installation, tmp_path: Path
) -> None:
    """Every step with two homes: one with a good picture, one with a dark one, whose retry follows."""
    began = datetime.now(UTC)
    due = began - timedelta(minutes=1)
    gateways = {name: prepared(installation, tmp_path / name, n, due) for n, name in enumerate(STEPS)}
    schedules = [tmp_path / f"schedules {number}" for number in (1, 2)]
    ends = await run({"gateways": gateways, "attempts": 2, "schedules": [str(one) for one in schedules]}, tmp_path)
    assert ends["first"] == dict.fromkeys(STEPS, -SIGKILL)
    assert ends["second"] == dict.fromkeys(STEPS, 0)
    reports = await installation.reports()
    assert len({one.message_id for one in reports}) == len(reports)
    said = Counter((one.event.home, one.event.attempt) for one in reports)
    assert said == {(home_id(number), attempt): 1 for number in range(len(STEPS)) for attempt in (1, 2)}
    assert all(one.wire.time >= began > due for one in reports), "late, and its time says so"
    assert ends["schedules"] == {"1": -SIGKILL, "2": -SIGKILL}
    for folder, revision in zip(schedules, (1, 2), strict=True):
        keeper = Keeper(folder / "schedule.json", ORGANISATION, GATEWAY, Signal())
        with capture_logs() as lines:
            keeper.load()
        assert keeper.revision == revision
        assert not [line for line in lines if line["log_level"] == "error"]


def prepared(installation: Installation, folder: Path, number: int, due: datetime) -> dict[str, object]:
    """Settings of a gateway that has its schedule on disk: one check due a while ago, without a usable picture."""
    time = due.astimezone(ZoneInfo(ZONE)).strftime("%H:%M:%S")
    cameras = {camera_id(number): str(dark_room(folder))}
    settings = installation.settings(data=folder, cameras=cameras)
    keeper = Keeper(settings.folder / "schedule.json", ORGANISATION, GATEWAY, Signal())
    keeper.offer(
        schedule(home(number, recipient(number, time)), made_at=due, retry_after=timedelta(0))
        .model_dump_json()
        .encode()
    )
    stated = settings.model_dump(mode="json")
    return stated | {"cameras": {str(camera): address for camera, address in cameras.items()}}


async def run(stated: dict[str, object], folder: Path) -> dict[str, dict[str, int]]:
    file = folder / "steps.json"
    file.write_text(json.dumps(stated))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.camera_gateway.killed_process", str(file)),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    said, _ = await process.communicate()
    ends: dict[str, dict[str, int]] = json.loads(said)
    return ends
