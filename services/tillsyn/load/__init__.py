"""How many looks fall into each quarter of an hour, against who is there; and times that spread them. Pure."""

from services.tillsyn.load.quarters import QUARTER, Look, Quarter, quarter_of, quarters
from services.tillsyn.load.spread import spread

__all__ = ["QUARTER", "Look", "Quarter", "quarter_of", "quarters", "spread"]
