"""An alarm: one cause, one owner, one state. Acknowledging does not close it; only the end of its cause does."""

from services.tillsyn.alarm.commands import Acknowledge, Clear, Command, Disown, HandOver, Raise, Sweep
from services.tillsyn.alarm.decide import decide
from services.tillsyn.alarm.errors import (
    AlarmClearedError,
    AlarmOwnedError,
    NoSuchAlarmError,
    NotTheOwnerError,
)
from services.tillsyn.alarm.limits import Limits, limits_of
from services.tillsyn.alarm.state import EMPTY, Alarm, State, alarm_id, evolve, stream_of
from services.tillsyn.alarm.words import LOUD_FROM, roles_reached, still

__all__ = [
    "EMPTY",
    "LOUD_FROM",
    "Acknowledge",
    "Alarm",
    "AlarmClearedError",
    "AlarmOwnedError",
    "Clear",
    "Command",
    "Disown",
    "HandOver",
    "Limits",
    "NoSuchAlarmError",
    "NotTheOwnerError",
    "Raise",
    "State",
    "Sweep",
    "alarm_id",
    "decide",
    "evolve",
    "limits_of",
    "roles_reached",
    "still",
    "stream_of",
]
