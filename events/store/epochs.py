"""Epochs: spans of the log within which transaction ids are comparable. A restore into another cluster begins one.

An epoch is a range of positions. Positions go on counting across a restore; xids start where the new cluster
happens to be, so rows restored from another would look as if they lay in the future, or in the past.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from events.store.checkpoint import Checkpoint
from events.store.errors import BadCheckpointError, RestoredElsewhereError, StoreError
from events.store.tables import log


@dataclass(frozen=True, slots=True)
class Epoch:
    """The positions above `after_position` up to `up_to`; None: the epoch goes on."""

    number: int
    after_position: int
    up_to: int | None


@dataclass(frozen=True, slots=True)
class Epochs:
    """All epochs of a log, oldest first."""

    all: tuple[Epoch, ...]

    @classmethod
    def of_rows(cls, rows: list[tuple[int, int]]) -> "Epochs":
        """From epoch numbers with the positions that they begin after."""
        ends = [start for _, start in rows[1:]]
        return cls(tuple(Epoch(number, start, end) for (number, start), end in zip(rows, [*ends, None], strict=True)))

    @property
    def last(self) -> Epoch:
        """The present epoch."""
        return self.all[-1]

    def of(self, number: int) -> Epoch | None:
        """The epoch of this number; 0 stands for the first."""
        return next((epoch for epoch in self.all if epoch.number >= max(number, 1)), None)

    def unknown(self, checkpoint: Checkpoint) -> BadCheckpointError:
        """The error for a checkpoint of a later epoch than the last."""
        return BadCheckpointError(
            f"the place {checkpoint} is of epoch {checkpoint.epoch}, and this log knows {self.last.number} at most: "
            "it was made on another log, or this one was restored without beginning a new epoch"
        )


def epochs_of(connection: Connection) -> Epochs:
    """The epochs of a log."""
    rows = connection.execute(select(log.epochs.c.epoch, log.epochs.c.after_position).order_by(log.epochs.c.epoch))
    return Epochs.of_rows([(number, start) for number, start in rows])


def cluster_of(connection: Connection) -> str:
    """What tells this PostgreSQL cluster from others; empty where the server does not say, and on SQLite."""
    if connection.dialect.name != "postgresql":
        return ""
    try:
        with connection.begin_nested():
            return str(connection.scalar(text("SELECT system_identifier FROM pg_control_system()")))
    except DBAPIError:  # some hosted servers do not let one ask
        return ""


def check_cluster(connection: Connection) -> None:
    """RestoredElsewhereError when the present epoch was begun in another cluster."""
    begun_in = connection.scalar(select(log.epochs.c.cluster).order_by(log.epochs.c.epoch.desc()).limit(1))
    here = cluster_of(connection)
    if begun_in and here and begun_in != here:
        raise RestoredElsewhereError(
            "this database was restored from another PostgreSQL cluster: run `tillsyn migrate --restored` once, "
            "so that readers can go on where they were"
        )


def begin_epoch(connection: Connection, now: Callable[[], datetime]) -> int:
    """Begin a new epoch after all that is in the log; its number. Waits for appends that are under way."""
    if connection.dialect.name != "postgresql":
        raise StoreError("a log on SQLite has one epoch for ever: its positions alone are its order")
    connection.execute(text("LOCK TABLE stream_heads, events IN EXCLUSIVE MODE"))
    last = connection.scalar(text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_position"))
    number = (connection.scalar(select(func.max(log.epochs.c.epoch))) or 0) + 1
    connection.execute(
        insert(log.epochs).values(epoch=number, after_position=last, started_at=now(), cluster=cluster_of(connection))
    )
    return number
