"""Incidents: one cause, many homes; who is told of, phoned, sent to or deferred, and by whom."""

from services.tillsyn.incident.commands import (
    Ask,
    Close,
    ComeBack,
    Command,
    Defer,
    Leave,
    Lose,
    LostHome,
    Phone,
    RunOut,
    Send,
    Settle,
    Sweep,
    Take,
)
from services.tillsyn.incident.decide import decide
from services.tillsyn.incident.state import EMPTY, HomeLost, Incident, Incidents, Standing, evolve, stream_of

__all__ = [
    "EMPTY",
    "Ask",
    "Close",
    "ComeBack",
    "Command",
    "Defer",
    "HomeLost",
    "Incident",
    "Incidents",
    "Leave",
    "Lose",
    "LostHome",
    "Phone",
    "RunOut",
    "Send",
    "Settle",
    "Standing",
    "Sweep",
    "Take",
    "decide",
    "evolve",
    "stream_of",
]
