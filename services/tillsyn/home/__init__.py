"""The home: its camera and gateway, its risk class, and what was agreed for an outage."""

from services.tillsyn.home.decide import Command, LinkCamera, Register, UnlinkCamera, decide
from services.tillsyn.home.state import EMPTY, Home, evolve, stream_of

__all__ = ["EMPTY", "Command", "Home", "LinkCamera", "Register", "UnlinkCamera", "decide", "evolve", "stream_of"]
