"""One agreed time of the schedule (*tillsynstid*): a local wall-clock time and the windows around it."""

import datetime as dt  # the model has a field called `time`
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from events.schedule.slot import SlotKind

NOON = dt.time(12)
DAY = timedelta(days=1)
HALF_A_DAY = timedelta(hours=12)
LONGEST_WINDOW = timedelta(hours=24)
"""No window reaches further from the due time than a night is long; more is a mistyped figure."""


class ScheduleEntry(BaseModel):
    """A time of night at which the recipient is to be checked on, every night, with its windows.

    `time` is naive local wall-clock time in whole seconds: what the agreement says, whatever the season. The
    windows are elapsed time counted from when the slot is due: it may be looked at from `opens_before`
    earlier, is late after `late_after`, and has to be settled before `deadline_after`. The defaults (15, 30
    and 60 minutes) are a starting point that a unit sets to what it has agreed; no law gives them.

    The id belongs to the agreement, not to the time: an entry that is moved keeps it, and with it the ids of
    its slots.

    Raises pydantic's `ValidationError`, naming the value, if the time has an offset or parts of a second, if
    the windows do not give `opens_at ≤ due_at ≤ late_at < deadline`, or if one exceeds `LONGEST_WINDOW`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601")

    id: UUID
    time: dt.time
    kind: SlotKind = SlotKind.REMOTE
    """A visit where care needs hands, whatever the camera could show."""
    opens_before: timedelta = timedelta(minutes=15)
    late_after: timedelta = timedelta(minutes=30)
    deadline_after: timedelta = timedelta(minutes=60)

    @field_validator("time")
    @classmethod
    def _is_plain_wall_clock_time(cls, value: dt.time) -> dt.time:
        if value.tzinfo is not None:
            raise ValueError(f"time is {value}: give it without an offset; the unit's time zone applies")
        if value.microsecond:
            raise ValueError(f"time is {value}: give whole seconds")
        return value.replace(fold=0)

    @model_validator(mode="after")
    def _has_windows_in_order(self) -> Self:
        windows = {name: getattr(self, name) for name in ("opens_before", "late_after", "deadline_after")}
        for name, window in windows.items():
            if window < timedelta(0):
                raise ValueError(f"{name} is -{-window}: give how far from the due time, zero or more")
            if window > LONGEST_WINDOW:
                raise ValueError(f"{name} is {window}: it may be at most {LONGEST_WINDOW}, one night")
        if self.deadline_after <= self.late_after:
            raise ValueError(
                f"deadline_after is {self.deadline_after} and late_after is {self.late_after}: "
                "the deadline must come after the slot is late"
            )
        return self

    @property
    def after_noon(self) -> timedelta:
        """How far into an ordinary night the entry stands: 12:00 is 0 h, 11:59 in the morning 23 h 59 min."""
        seconds_since_midnight = (self.time.hour * 60 + self.time.minute) * 60 + self.time.second
        return (timedelta(seconds=seconds_since_midnight) - HALF_A_DAY) % DAY

    def wall_time(self, night: date) -> datetime:
        """The naive local date and time in `night`: that date from 12:00 on, the next date before 12:00."""
        return datetime.combine(night, NOON) + self.after_noon
