"""The database's schema, one revision a file in `versions/`, applied by `migrate`.

Expand, then contract: a revision only adds (tables, nullable columns, indexes), so that the version before it still
works on the new schema while parts are upgraded one by one. What is no longer used goes in a revision of the release
after, when nothing that uses it can be running any more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from events.store.database import parse_url
from events.store.epochs import begin_epoch
from events.store.errors import NotMigratedError, StoreUnavailableError
from events.store.postgres import first_line, postgres_engine
from events.store.sqlite import sqlite_engine


def migrate(url: str) -> None:
    """Bring the database (made, if it is a SQLite file that is not there) to the newest revision."""
    with _connection(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(url: str) -> str | None:
    """The revision that the database is at; None: it was never migrated."""
    with _connection(url) as connection:
        return _revision(connection)


def pending(url: str) -> tuple[str, ...]:
    """The revisions that `migrate` would apply, oldest first."""
    with _connection(url) as connection:
        return _pending(connection)


def start_epoch(url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Begin a new epoch, after a restore into another cluster; its number. Open stores notice by themselves."""
    with _connection(url) as connection:
        check_migrated(connection)
        return begin_epoch(connection, now)


def check_migrated(connection: Connection) -> None:
    """NotMigratedError when revisions of ours are missing. A database that is further than we know is welcome."""
    missing = _pending(connection)
    if missing:
        raise NotMigratedError(
            f"the database is at revision {_revision(connection)}, and {', '.join(missing)} is missing: "
            "run `tillsyn migrate`"
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _pending(connection: Connection) -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(_config())
    ours = [script.revision for script in scripts.walk_revisions()][::-1]
    at = _revision(connection)
    if at is None:
        return tuple(ours)
    return tuple(ours[ours.index(at) + 1 :]) if at in ours else ()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    parsed = parse_url(url)
    engine: Engine
    if parsed.get_backend_name() == "sqlite":
        engine = sqlite_engine(parsed)
    else:
        engine = postgres_engine(parsed).execution_options(isolation_level="READ COMMITTED")
    try:
        with engine.begin() as connection:
            yield connection
    except (OperationalError, DatabaseError) as error:
        shown = parsed.render_as_string(hide_password=True)
        raise StoreUnavailableError(f"the database {shown} cannot be used: {first_line(error.orig)}") from None
    finally:
        engine.dispose()
