"""What a bench says: figures with their units, how many times faster than the peer, and on what machine."""

import os
import platform
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict

PEER = "eventsourcing"
SYNCS = 40


class Figure(BaseModel):
    """A measured value and its unit."""

    model_config = ConfigDict(frozen=True)

    value: float
    unit: str


class Machine(BaseModel):
    """Where it was measured: absolute figures mean nothing without it."""

    model_config = ConfigDict(frozen=True)

    cores: int
    processor: str
    system: str
    python: str
    sqlite: str
    peer: str
    disk_sync_ms: float
    """Median of writing and fsyncing 4 KiB where the databases lie: what a durable commit cannot beat."""

    @classmethod
    def here(cls) -> "Machine":
        """This machine."""
        return cls(
            cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            processor=_processor(),
            system=f"{platform.system()} {platform.release()} {platform.machine()}",
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            peer=f"{PEER} {version(PEER)}",
            disk_sync_ms=round(_disk_sync_ms(), 3),
        )


class Report(BaseModel):
    """One bench, one object. `ratios` are ours ÷ the peer's, medians over the rounds; above 1 is faster."""

    model_config = ConfigDict(frozen=True)

    bench: str
    how: str
    rounds: int
    figures: dict[str, Figure]
    ratios: dict[str, float]
    ratio_spread: dict[str, tuple[float, float]]
    """The lowest and the highest round of each ratio."""
    left_out: tuple[str, ...] = ()
    """What could not be measured here, and why."""
    machine: Machine


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def _disk_sync_ms() -> float:
    with TemporaryDirectory(prefix="tillsyn-bench-") as folder, (Path(folder) / "sync").open("wb") as file:
        return statistics.median(_sync_ms(file.fileno()) for _ in range(SYNCS))


def _sync_ms(descriptor: int) -> float:
    began = time.perf_counter()
    os.write(descriptor, bytes(4096))
    os.fsync(descriptor)
    return (time.perf_counter() - began) * 1000
