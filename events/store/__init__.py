"""The event store: an append-only log in SQL, with read models, inbox, keys and leases in the same transactions.

The only home of SQLAlchemy. SQLite where one machine is enough, PostgreSQL beyond; one behaviour on both.
"""

from events.store.append import Append, Fence, StreamWrite
from events.store.checkpoint import Checkpoint, Page
from events.store.errors import (
    AlreadyConsumedError,
    BadCheckpointError,
    BadDatabaseUrlError,
    ConflictError,
    FencedError,
    NotMigratedError,
    RefusedByDatabaseError,
    RestoredElsewhereError,
    StoreBusyError,
    StoreClosedError,
    StoreError,
    StoreUnavailableError,
    UnknownRowError,
)
from events.store.migrations import current_revision, migrate, pending, start_epoch
from events.store.rows import Delete, Projection, Put, RowWrite, Set
from events.store.store import EventStore, WatermarkLag

__all__ = [
    "AlreadyConsumedError",
    "Append",
    "BadCheckpointError",
    "BadDatabaseUrlError",
    "Checkpoint",
    "ConflictError",
    "Delete",
    "EventStore",
    "Fence",
    "FencedError",
    "NotMigratedError",
    "Page",
    "Projection",
    "Put",
    "RefusedByDatabaseError",
    "RestoredElsewhereError",
    "RowWrite",
    "Set",
    "StoreBusyError",
    "StoreClosedError",
    "StoreError",
    "StoreUnavailableError",
    "StreamWrite",
    "UnknownRowError",
    "WatermarkLag",
    "current_revision",
    "migrate",
    "pending",
    "start_epoch",
]
