"""Databases to measure on, made for one bench and gone after it, as durable as production's on both sides."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from events.store import migrate
from tests.postgres import Cluster, binaries, cluster


class NotDurableError(Exception):
    """A database would forget what it has acknowledged: figures from it could not be compared."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Where ours and the peer's lie. `postgres` is None where there is none; `left_out` says why."""

    folder: Path
    postgres: Cluster | None
    left_out: tuple[str, ...]

    def our_sqlite(self, name: str = "ours") -> str:
        """The URL of a migrated SQLite log."""
        return _migrated(f"sqlite:///{self.folder / name}.db")

    def peer_sqlite(self, name: str = "peer") -> Path:
        """A file for the peer."""
        return self.folder / f"{name}.db"

    def our_postgres(self) -> str:
        """The URL of a migrated PostgreSQL log."""
        assert self.postgres
        return _migrated(self.postgres.url(self.postgres.database()))


@contextmanager
def databases(*, with_postgres: bool) -> Iterator[Databases]:
    """A folder and, if wanted and where there is one, a private PostgreSQL cluster that both sides share."""
    missing = _postgres_missing() if with_postgres else "PostgreSQL: not asked for"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tillsyn-bench-")))
        postgres = None if missing else stack.enter_context(cluster())
        if postgres:
            _check_durable(postgres)
        yield Databases(folder, postgres, (missing,) if missing else ())


def _postgres_missing() -> str | None:
    if binaries() is None:
        return "PostgreSQL: there is no initdb on the PATH nor in /usr/lib/postgresql (apt install postgresql)"
    if find_spec("psycopg_pool") is None:
        return "PostgreSQL: the peer needs the package psycopg-pool there (pip install 'eventsourcing[postgres]')"
    return None


def _check_durable(postgres: Cluster) -> None:
    with psycopg.connect(postgres.url()) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            if row != ("on",):
                raise NotDurableError(f"PostgreSQL runs with {setting} {row}; both sides must be measured with it on")


def _migrated(url: str) -> str:
    migrate(url)
    return url
