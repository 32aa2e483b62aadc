"""A random night, as a plan: zone, date, homes, times, and what happens. `drawing` draws one."""

from dataclasses import dataclass
from datetime import date, time

from events.schedule import SlotKind
from events.types.unit import NightRules


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens, so many minutes after the one before; what the numbers mean is the verb's."""

    wait: float
    verb: str
    who: int
    which: int
    how: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One agreed time of one recipient."""

    at: time
    kind: SlotKind


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole night. `begins` is how many minutes before the first slot opens the first act is (negative: after)."""

    zone: str
    night: date
    schedules: tuple[tuple[Entry, ...], ...]
    """Of each recipient in `town.PEOPLE`; nobody checks on those with none."""
    rules: NightRules
    car: bool
    """Whether a car is on the road, beside those of the chain."""
    signed_in: int
    role_hours: int
    """So many hours after 22:00 local an agency nurse's role ends."""
    begins: float
    acts: tuple[Act, ...]
