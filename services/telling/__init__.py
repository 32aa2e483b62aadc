"""Telling a night: from the log to lines that a unit manager reads, in Swedish or English. Pure: no names, no clock."""

from services.telling.kinds import names_by_kind
from services.telling.tell import Line, Names, Telling, tell
from services.telling.words import Language, counted, said

__all__ = ["Language", "Line", "Names", "Telling", "counted", "names_by_kind", "said", "tell"]
