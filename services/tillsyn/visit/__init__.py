"""A visit: asked for, assigned, declined, phoned, made, held, closed; and who is asked next when a limit runs out."""

from services.tillsyn.visit.commands import (
    Acknowledge,
    Arrive,
    CallHelp,
    CallOff,
    Close,
    Command,
    Complete,
    Decline,
    FindNobody,
    Hold,
    Join,
    Move,
    NeedTwo,
    Phone,
    Release,
    Request,
    Sweep,
    TellDriven,
)
from services.tillsyn.visit.decide import decide
from services.tillsyn.visit.ending import MET_NOBODY, tells_of_somebody
from services.tillsyn.visit.state import EMPTY, Stage, Visit, evolve, stream_of

__all__ = [
    "EMPTY",
    "MET_NOBODY",
    "Acknowledge",
    "Arrive",
    "CallHelp",
    "CallOff",
    "Close",
    "Command",
    "Complete",
    "Decline",
    "FindNobody",
    "Hold",
    "Join",
    "Move",
    "NeedTwo",
    "Phone",
    "Release",
    "Request",
    "Stage",
    "Sweep",
    "TellDriven",
    "Visit",
    "decide",
    "evolve",
    "stream_of",
    "tells_of_somebody",
]
