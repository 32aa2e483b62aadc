"""Line cut, NATS begun anew, clock set, power lost, disk full: no check lost, none twice, on time or named late."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from tests.camera_gateway.bad_night import BadNight, Happening, drawn
from tests.camera_gateway.builders import Installation
from tests.camera_gateway.set_clock import LOOKED_AT_EVERY

IN_CI, DEEP = 2, 200
DRAWN = DEEP if settings.default.max_examples > 1000 else IN_CI  # type: ignore[union-attr]
"""Random nights: more under the profile of `make deep`."""
TOLD = {
    "cut all night, and NATS begun anew in it": [("20:05", "cut"), ("23:10", "back"), ("23:20", "cut")],
    "clock set on over a whole window": [("22:27", "clock on"), ("02:00", "clock back")],
    "clock set back after a check": [("22:40", "clock back"), ("23:50", "clock on")],
    "power lost while cut, on a disk that was full": [("21:30", "cut"), ("21:40", "full"), ("22:20", "power")],
}


@pytest.mark.parametrize("happens", [*TOLD.values(), *map(drawn, range(DRAWN))], ids=[*TOLD, *map(str, range(DRAWN))])
async def test_no_check_is_lost_and_none_said_twice(
    installation: Installation, tmp_path: Path, happens: list[Happening]
) -> None:
    night = BadNight(installation, tmp_path)
    reports = await night.play(happens)
    due = night.due()
    first = [report for report in reports if report.event.attempt == 1]
    assert Counter(report.event.slot for report in first) == dict.fromkeys(due, 1), happens
    assert len({report.message_id for report in reports}) == len(reports)
    for report in first:
        late = report.wire.time - due[report.event.slot]
        assert late >= timedelta(0)
        assert late <= LOOKED_AT_EVERY or night.may_be_late(due[report.event.slot]), (happens, late)
