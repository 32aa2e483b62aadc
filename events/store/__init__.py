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
    NoSuchReadModelError,
    NotFromEventsError,
    NotMigratedError,
    RefusedByDatabaseError,
    RestoredElsewhereError,
    StoreBusyError,
    StoreClosedError,
    StoreError,
    StoreUnavailableError,
    UnknownRowError,
    UnreadableLogError,
)
from events.store.migrations import current_revision, migrate, pending, start_epoch
from events.store.rebuilding import Difference, Progress, Rebuilt
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
    "Difference",
    "EventStore",
    "Fence",
    "FencedError",
    "NoSuchReadModelError",
    "NotFromEventsError",
    "NotMigratedError",
    "Page",
    "Progress",
    "Projection",
    "Put",
    "Rebuilt",
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
    "UnreadableLogError",
    "WatermarkLag",
    "current_revision",
    "migrate",
    "pending",
    "start_epoch",
]
