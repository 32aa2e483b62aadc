"""From what the clock on the wall shows to an instant, also on the days when clocks change."""

from bisect import bisect_left
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownZoneError(ValueError):
    """The time zone database has no zone of that name. Use a name such as `Europe/Stockholm`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no time zone is called {name!r}; use an IANA name such as 'Europe/Stockholm'")
        self.name = name


class NaiveInstantError(ValueError):
    """A datetime without an offset was given where a moment was asked for. Give it in UTC."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"{at.isoformat()} has no offset, so it names no moment; give it in UTC")
        self.at = at


def zone_named(name: str) -> ZoneInfo:
    """The zone with that IANA name in the installed time zone database, or UnknownZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder
        raise UnknownZoneError(name) from error


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in `zone` first show the naive wall-clock time `local`.

    A time that occurs twice is its first occurrence. A time that never occurs becomes the first moment after
    the clocks jumped over it: 02:30 becomes 03:00 in Stockholm on the last Sunday of March, any time on 30
    December 2011 becomes midnight to the 31st in Apia, which skipped that day.

    Raises ValueError if `local` carries a zone or an offset.
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local.isoformat()} is not a wall-clock time: give it without an offset")
    # PEP 495: fold=0 reads a repeated time as the first one, a skipped one with the offset before the jump.
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    return _end_of_jump(local, first, zone)


def _end_of_jump(local: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the jump over `local`, to the second, which is as fine as the time zone database is.

    Read with the offset after the jump (fold=1), a skipped time lies before it; read with the offset before
    the jump, it lies at or after it. Between the two, clocks only go forward, so the jump can be found by
    halving.
    """
    before = local.replace(tzinfo=zone, fold=1)
    seconds = range(int(before.timestamp()), int(after.timestamp()) + 1)
    jump = seconds[bisect_left(seconds, local, key=lambda second: _shown(second, zone))]
    return datetime.fromtimestamp(jump, UTC)


def _shown(timestamp: int, zone: ZoneInfo) -> datetime:
    """What clocks in `zone` show at a POSIX time in seconds, as a naive datetime."""
    return datetime.fromtimestamp(timestamp, zone).replace(tzinfo=None)
