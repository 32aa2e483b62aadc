"""The night (*natt*): noon to noon, local. It carries the date it begins on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from events.schedule.entry import NOON
from events.schedule.wallclock import NaiveInstantError, instant_of


def night_bounds(night: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When `night` begins and ends, in UTC, half-open: the end is the beginning of the next night.

    24 hours long, but 23 or 25 when clocks change. Where noon itself is skipped the night begins right after
    the jump; where noon occurs twice it begins at the first.
    """
    return _noon(night, zone), _noon(night + timedelta(days=1), zone)


def night_of(instant: datetime, zone: ZoneInfo) -> date:
    """The night that `instant` lies in; NaiveInstantError if it has no offset."""
    if instant.tzinfo is None:
        raise NaiveInstantError(instant)
    today = instant.astimezone(zone).date()
    return today if instant >= _noon(today, zone) else today - timedelta(days=1)


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, NOON), zone)
