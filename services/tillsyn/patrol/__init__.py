"""A patrol: a car with its areas and its crew of the night, what it is doing, and who is asked first."""

from services.tillsyn.patrol.decide import ChangeAreas, Command, Crew, Register, SayState, decide
from services.tillsyn.patrol.order import PatrolView, asking_order, everybody
from services.tillsyn.patrol.state import EMPTY, Patrol, evolve, stream_of

__all__ = [
    "EMPTY",
    "ChangeAreas",
    "Command",
    "Crew",
    "Patrol",
    "PatrolView",
    "Register",
    "SayState",
    "asking_order",
    "decide",
    "everybody",
    "evolve",
    "stream_of",
]
