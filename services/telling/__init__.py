"""Telling a night: from the log to lines that a unit manager reads, in Swedish or English. Pure: no names, no clock."""

from services.telling.tell import Line, Telling, tell
from services.telling.words import Language, said

__all__ = ["Language", "Line", "Telling", "said", "tell"]
