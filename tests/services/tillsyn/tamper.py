"""Damage done by hand, past the store: what somebody with a database shell, or a bad disk, could do."""

from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text


def run_sql(url: str, statement: str, **values: Any) -> int:
    """Run one statement; how many rows it changed."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    plain = {name: _plain(value, url) for name, value in values.items()}
    try:
        with engine.begin() as connection:
            return connection.execute(text(statement), plain).rowcount
    finally:
        engine.dispose()


def change_row(url: str, table: str, id_: UUID, **values: Any) -> None:
    """Change columns of a row of a read model."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    assert run_sql(url, f"UPDATE {table} SET {columns} WHERE id = :id_", id_=id_, **values) == 1  # noqa: S608


def spoil(url: str, stream: str) -> None:
    """Make the first event of a stream unreadable."""
    statement = "UPDATE events SET data = '{}' WHERE stream = :stream AND version = 1"
    assert run_sql(url, statement, stream=stream) == 1


def _plain(value: Any, url: str) -> Any:
    if isinstance(value, UUID) and url.startswith("sqlite"):
        return str(value)
    if hasattr(value, "isoformat") and url.startswith("sqlite"):
        return value.isoformat(timespec="microseconds")
    return value
