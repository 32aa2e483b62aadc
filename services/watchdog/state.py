"""What the watchdog knows of one thing that it watches, folded from what it saw and did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SWEEPER, PLANNER = WATCHED = ("sweeper", "planner")
"""What is watched: the loops of the service that leave proof of life."""


class Kind(StrEnum):
    """What a call says."""

    SILENT = "silent"
    STILL = "still"
    BACK = "back"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Seen:
    """The last proof of life that one address gave: as the service wrote it, and when that was on our own clock."""

    proof: datetime
    proven_at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Silence that people are called about. `rings` counts how often, each louder than the one before."""

    since: datetime
    rings: int
    rung_at: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """The last alarm, which has ended."""

    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """A caller who has not got the word across yet: what it is to say, how often it failed, when it tries again."""

    kind: Kind
    next_at: datetime
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing watched (the sweeper, the planner). Times are the watchdog's own, except `Seen.proof`."""

    begun: datetime | None = None
    looked_at: datetime | None = None
    seen: Mapping[str, Seen] = field(default_factory=dict)
    alarm: Alarm | None = None
    over: Over | None = None
    owed: Mapping[str, Owed] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    """Who has heard of the alarm, and must hear of its end."""
    heard: frozenset[str] = frozenset()
    """Who has heard the newest word."""

    @property
    def proven_at(self) -> datetime | None:
        """The newest proof of life, whoever gave it."""
        return max((seen.proven_at for seen in self.seen.values()), default=None)

    @property
    def nobody_reached(self) -> bool:
        """Whether every caller has tried to tell the newest word, and none could."""
        return bool(self.owed) and not self.heard and all(owed.failures for owed in self.owed.values())


@dataclass(frozen=True, slots=True)
class Call:
    """What one caller is to say now."""

    caller: str
    kind: Kind
    since: datetime
    lasted: timedelta
    rings: int


def due(watch: Watch, at: datetime) -> list[Call]:
    """The calls to make at `at`."""
    alarm, over = watch.alarm, watch.over
    if alarm is not None:
        since, lasted, rings = alarm.since, at - alarm.since, alarm.rings
    elif over is not None:
        since, lasted, rings = over.since, over.at - over.since, 0
    else:
        return []
    return [Call(caller, owed.kind, since, lasted, rings) for caller, owed in watch.owed.items() if owed.next_at <= at]
