"""The care unit: its zone, its rules, its chain of responders; and the staff and gateways that belong to it."""

from services.tillsyn.unit.unit import EMPTY, Unit, evolve, stream_of

__all__ = ["EMPTY", "Unit", "evolve", "stream_of"]
