"""Column types that mean the same on SQLite and PostgreSQL, and read well in either's shell."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, DateTime, Dialect, Integer, String, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits. SQLite numbers rows by themselves only in a column that is called INTEGER."""

StreamName = String().with_variant(Text(collation="C"), "postgresql")
"""A stream's name, compared byte by byte, so that the order of locking is the same everywhere."""


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, 36 characters on SQLite."""

    impl = CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Uuid() if dialect.name == "postgresql" else CHAR(36)

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(value)


class Instant(TypeDecorator[datetime]):
    """A point in time, aware, to the microsecond: timestamptz on PostgreSQL, ISO 8601 in UTC on SQLite (it sorts)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return DateTime(timezone=True) if dialect.name == "postgresql" else CHAR(32)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; the store keeps aware times only")
        return value if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class Xid(UserDefinedType[int]):
    """A transaction's 64-bit id on PostgreSQL (xid8); a plain number on SQLite, where it is always 0."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "XID8"


def instant_text(value: datetime) -> str:
    """`2026-11-01T02:30:00.000000+00:00`: always UTC and of one length, so that text sorts as time does."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")
