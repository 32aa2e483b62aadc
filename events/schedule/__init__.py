"""The schedule rules: from agreed wall-clock times, a zone and a date to the slots of one night.

Pure functions of their arguments: no clock, no storage, no network, nothing imported but the standard library
and pydantic. The planner of the service and a camera gateway without a network both call this package, and so
arrive at the same slots with the same ids. (Only `zone_named` looks anything up, in the installed time zone
database. Ids do not depend on it; times do, so keep `tzdata` of one version on both.)

- `entry.py`: one agreed time and its windows
- `slot.py`: one entry in one night, and the id it has everywhere
- `wallclock.py`: from local wall-clock time to an instant, also where clocks change
- `night.py`: which night an instant belongs to
- `plan.py`: all slots of a night, with the extra ones of a long autumn night
"""

from events.schedule.entry import LONGEST_WINDOW, ScheduleEntry
from events.schedule.night import night_bounds, night_of
from events.schedule.plan import (
    SHORTEST_EXTRA_STEP,
    DuplicateEntryError,
    elapsed_gaps,
    longest_ordinary_gap,
    plan_night,
)
from events.schedule.slot import SLOT_NAMESPACE, PlannedSlot, SlotKind, slot_id
from events.schedule.wallclock import NaiveInstantError, UnknownZoneError, instant_of, zone_named

__all__ = [
    "LONGEST_WINDOW",
    "SHORTEST_EXTRA_STEP",
    "SLOT_NAMESPACE",
    "DuplicateEntryError",
    "NaiveInstantError",
    "PlannedSlot",
    "ScheduleEntry",
    "SlotKind",
    "UnknownZoneError",
    "elapsed_gaps",
    "instant_of",
    "longest_ordinary_gap",
    "night_bounds",
    "night_of",
    "plan_night",
    "slot_id",
    "zone_named",
]
