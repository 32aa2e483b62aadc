"""Somebody back unannounced is an alarm, missed check or not, until a look or a visit has found out how they are.

It ends as well where there is nobody to find any more: they died, or are away again.
"""

from events.types.alarm import AlarmKind

RETURNED = AlarmKind.RETURNED
