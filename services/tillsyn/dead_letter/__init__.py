"""A dead letter that somebody deals with: put back on its way in, or dropped by a named person with a reason."""

from services.tillsyn.dead_letter.decide import Command, Drop, NoReasonGivenError, ReasonTooLongError, Replay, decide
from services.tillsyn.dead_letter.state import EMPTY, LetterState, evolve, stream_of

__all__ = [
    "EMPTY",
    "Command",
    "Drop",
    "LetterState",
    "NoReasonGivenError",
    "ReasonTooLongError",
    "Replay",
    "decide",
    "evolve",
    "stream_of",
]
