"""How long an alarm may wait for an answer, and then to be mended, by its kind."""

from dataclasses import dataclass
from datetime import timedelta

from events.types.alarm import AlarmKind
from events.types.unit import NightRules

BY_DAY = 12
"""So many times the night's limits for what nobody mends at a door: by default an hour to be answered, three to be
mended. Repeated every five minutes until the assessor or the installer is back, it would drown the rest.
"""
_ANSWERED_BY_DAY = frozenset({AlarmKind.NO_PLAN, AlarmKind.BREAK_GLASS})
_MENDED_BY_DAY = _ANSWERED_BY_DAY | {AlarmKind.DEVICE_LOST}


@dataclass(frozen=True, slots=True)
class Limits:
    """`answer`: from the alarm to somebody's word. `mend`: from that word to the cause being gone."""

    answer: timedelta
    mend: timedelta


def limits_of(kind: AlarmKind, rules: NightRules) -> Limits:
    """The limits of a kind of alarm under a unit's rules."""
    answer = BY_DAY if kind in _ANSWERED_BY_DAY else 1
    mend = BY_DAY if kind in _MENDED_BY_DAY else 1
    return Limits(rules.alarm_answered_within * answer, rules.alarm_mended_within * mend)
