"""What can go wrong in the store: types with the offending value and what to do about it."""

from collections.abc import Iterable
from uuid import UUID


class StoreError(Exception):
    """The base of all that the event store raises of itself."""


class ConflictError(StoreError):
    """A stream is at another version than the one the decision was made on."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(
            f"the stream {stream} is at version {actual}, the decision was made on {expected}: "
            "load the stream again and decide anew"
        )
        self.stream, self.expected, self.actual = stream, expected, actual


class AlreadyConsumedError(StoreError):
    """Messages of this append were consumed before; what they led to is in the log."""

    def __init__(self, ids: Iterable[UUID]) -> None:
        self.ids = tuple(ids)
        names = ", ".join(map(str, self.ids))
        super().__init__(f"consumed before: {names}; acknowledge them and go on without them")


class FencedError(StoreError):
    """Somebody else holds the lease by now."""

    def __init__(self, name: str, token: int, current: int) -> None:
        super().__init__(
            f"the lease {name} was taken over (token {token}, now {current}): stop, and acquire it again before writing"
        )
        self.name, self.token, self.current = name, token, current


class RefusedByDatabaseError(StoreError):
    """The database refused what was to be written: a constraint is broken. Nothing of the append was kept."""


class StoreBusyError(StoreError):
    """Others were in the way each time it was tried; nothing was written. Try again later."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached, or the connection broke.

    An append that ends so may have been kept: load the streams again (or send the same inbox ids) and see.
    """


class BadDatabaseUrlError(StoreError):
    """The database URL is not one that the store can open."""


class NotMigratedError(StoreError):
    """The database lacks tables that this version needs."""


class RestoredElsewhereError(StoreError):
    """The database was restored into another PostgreSQL cluster, and nobody has begun a new epoch there."""


class UnreadableLogError(StoreError):
    """An event in the log cannot be read, so that what comes after it cannot be told."""


class NoSuchReadModelError(StoreError):
    """A name that is of no table which events fill."""


class NotFromEventsError(StoreError):
    """A table has rows, and no event in the log writes to it: to rebuild it would be to empty it."""


class StoreClosedError(StoreError):
    """The store is closed, or closing."""


class BadCheckpointError(StoreError):
    """The text is no checkpoint, or one of an epoch that this log does not know."""


class UnknownRowError(StoreError):
    """A row write names a table, a column or a key that does not exist, or a table that belongs to the log."""
