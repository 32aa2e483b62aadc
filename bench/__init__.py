"""How fast, beside a peer: `eventsourcing`, measured in turn with ours in the same run, equally durable.

Not part of the installed package: it needs what `tests` and development need, and a checkout.

    BENCHES["append"](seconds=50.0, postgres=True, progress=None) -> Report

- `append.py`, `replay.py`, `consume.py`: one bench each, with what is compared in their `HOW`
- `rounds.py`: ours and the peer in turn; medians; `report.py`: what is said
- `ours.py`, `inbound.py`, `peer.py`, `peer_inbound.py`: the two sides
- `databases.py`, `bus.py`, `town.py`: what they work on
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from bench.append import run as append
from bench.consume import run as consume
from bench.replay import run as replay
from bench.report import Figure, Machine, Report
from bench.rounds import BadScaleError


class Bench(Protocol):
    """Measures for about `seconds` (BadScaleError when that is no time), with a bar on standard error."""

    def __call__(self, seconds: float = ..., *, postgres: bool = ..., progress: bool | None = ...) -> Report:
        """What was measured."""
        ...


BENCHES: Mapping[str, Bench] = MappingProxyType({"append": append, "replay": replay, "consume": consume})

__all__ = ["BENCHES", "BadScaleError", "Bench", "Figure", "Machine", "Report"]
