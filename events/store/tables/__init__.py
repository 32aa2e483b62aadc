"""Every table, in one MetaData: the log's own (`log`) and the read models that projections write (`read_models`)."""

from sqlalchemy import Table

from events.store.tables import log, read_models
from events.store.tables.metadata import METADATA

__all__ = ["METADATA", "from_events", "log", "read_models"]


def from_events() -> dict[str, Table]:
    """The tables that projections fill from events alone, by name: what `tillsyn rebuild` can make again."""
    return {
        name: table
        for name, table in sorted(METADATA.tables.items())
        if not table.info.get("log") and not table.info.get("operational")
    }
