"""The care unit: its zone, its rules, its chain of responders; and the staff and gateways that belong to it."""

from services.tillsyn.unit.unit import EMPTY, NoSuchUnitError, Unit, evolve, owner_of, stream_of

__all__ = ["EMPTY", "NoSuchUnitError", "Unit", "evolve", "owner_of", "stream_of"]
