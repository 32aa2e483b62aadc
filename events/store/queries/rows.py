"""From rows of a table to the dataclass whose fields are the columns."""

from typing import Any, TypeVar

from sqlalchemy import Connection, Select

R = TypeVar("R")


def all_rows(connection: Connection, wanted: Select[Any], kind: type[R]) -> list[R]:
    """Every row that `wanted` selects, in its order."""
    return [kind(**row._mapping) for row in connection.execute(wanted)]


def one_row(connection: Connection, wanted: Select[Any], kind: type[R]) -> R | None:
    """The row that `wanted` selects, if there is one."""
    row = connection.execute(wanted).one_or_none()
    return None if row is None else kind(**row._mapping)
