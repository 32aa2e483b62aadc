"""A visit: asked for, assigned, acknowledged, arrived, completed; and who is asked next when a limit runs out."""

from services.tillsyn.visit.decide import (
    Acknowledge,
    Arrive,
    CallOff,
    Close,
    Command,
    Complete,
    Move,
    Request,
    Sweep,
    decide,
)
from services.tillsyn.visit.state import EMPTY, Stage, Visit, evolve, stream_of

__all__ = [
    "EMPTY",
    "Acknowledge",
    "Arrive",
    "CallOff",
    "Close",
    "Command",
    "Complete",
    "Move",
    "Request",
    "Stage",
    "Sweep",
    "Visit",
    "decide",
    "evolve",
    "stream_of",
]
