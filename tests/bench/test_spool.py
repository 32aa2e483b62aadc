"""A month of a busy gateway of 16 homes, really written, with what a spool of that size costs."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.spool import BUSY, measured
from camera_gateway.spool import MOST_BYTES

MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that syncs at once, where there is one: the size is what is asked here


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def test_thirty_days_of_a_busy_gateway_of_sixteen_homes_take_less_than_100_mb(folder: Path) -> None:
    figures = measured(folder)
    assert (BUSY.homes, BUSY.days) == (16, 30)
    assert figures["messages"] == 30 * (20 * 10 * 2 + 16 * 24 + 16 * 12)
    assert figures["size, MB"] < MOST_BYTES / 1e6 / 2
    assert figures["size with its log after, MB"] < MOST_BYTES / 1e6 / 2
