"""Every table, in one MetaData: the log's own (`log`) and the read models that projections write (`read_models`)."""

from events.store.tables import log, read_models
from events.store.tables.metadata import METADATA

__all__ = ["METADATA", "log", "read_models"]
