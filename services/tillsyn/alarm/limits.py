"""How long an alarm may wait for an answer, and then to be mended, by its kind."""

from dataclasses import dataclass
from datetime import timedelta

from events.types.alarm import AlarmKind
from events.types.unit import NightRules

OFFICE = 12
"""What is settled at a desk, not at a door (a plan, a review), has so many times the night's limits: by default an hour
to be answered and three to be mended. Repeated every five minutes until the assessor is back it would drown the rest.
"""
_AT_THE_OFFICE = frozenset({AlarmKind.NO_PLAN, AlarmKind.BREAK_GLASS})


@dataclass(frozen=True, slots=True)
class Limits:
    """`answer`: from the alarm to somebody's word. `mend`: from that word to the cause being gone."""

    answer: timedelta
    mend: timedelta


def limits_of(kind: AlarmKind, rules: NightRules) -> Limits:
    """The limits of a kind of alarm under a unit's rules."""
    times = OFFICE if kind in _AT_THE_OFFICE else 1
    return Limits(rules.alarm_answered_within * times, rules.alarm_mended_within * times)
