"""Read models made again from the log, beside those in service, which are then mended where they differ."""

from events.store.rebuilding.difference import Difference
from events.store.rebuilding.rebuild import Progress, Rebuild, Rebuilt, named_tables

__all__ = ["Difference", "Progress", "Rebuild", "Rebuilt", "named_tables"]
