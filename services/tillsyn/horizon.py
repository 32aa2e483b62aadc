"""Which nights are planned when: what the planner fills, and what a change of agreements must keep an eye on."""

from datetime import date, timedelta

NIGHTS_AHEAD = 1
"""Tonight and so many nights after it are planned."""
CATCH_UP_NIGHTS = 7
"""So many missed nights are planned afterwards; older ones are only logged."""
_CLOCKS_DIFFER = 1
"""By so many nights a planner elsewhere may be ahead of us around noon."""


def can_be_planned(night: date, tonight: date) -> bool:
    """Whether a planner, here or elsewhere, may plan `night` now or before long, if it has not: no other has a plan to
    come."""
    return night in still_to_plan(tonight, None)


def still_to_plan(tonight: date, latest: date | None) -> list[date]:
    """The nights that a planner may be planning right now, when `latest` is the last that has slots."""
    earliest = tonight - timedelta(days=CATCH_UP_NIGHTS)
    first = earliest if latest is None else max(earliest, latest + timedelta(days=1))
    last = tonight + timedelta(days=NIGHTS_AHEAD + _CLOCKS_DIFFER)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
