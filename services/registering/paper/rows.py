"""Rows out of sheets: headings recognised, cells read, and what cannot be read noted with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.registering.paper.columns import Column, Table
from services.registering.paper.problems import Problems
from services.registering.paper.reading import Sheet
from services.registering.paper.tables import EXAMPLE
from services.registering.paper.values import Cell, key, text

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its values by the names of their columns. Empty cells have none."""

    table: Table
    sheet: str
    number: int
    values: Mapping[str, Any]
    headings: Mapping[str, str]
    """What each column is called there."""
    said: Mapping[str, str]
    """The cells as they stand."""
    faulty: frozenset[str] = frozenset()
    """The columns without a value that have one in the list, or should; noted already."""

    @property
    def key(self) -> str | None:
        """The municipality's own number for it."""
        found: str | None = self.values.get("key")
        return found

    def problem(self, problems: Problems, what: str, name: str | None = None) -> None:
        """Note what is wrong with the row, or with the value in one of its columns."""
        column = None if name is None else self.table.column(name)
        if column is None:
            problems.add(self.sheet, what, row=self.number)
            return
        value = self.said.get(column.name) if column.shown else None
        heading = self.headings.get(column.name, column.headings[0])
        problems.add(self.sheet, what, row=self.number, column=heading, value=value)

    def fields(self) -> dict[str, Any]:
        """What goes into the model as it is: nested where a field is dotted, a set where it has members."""
        made: dict[str, Any] = {}
        for column in self.table.columns:
            if column.own:
                continue
            if column.member is not None:
                made.setdefault(column.field, set())
                if self.values.get(column.name):
                    made[column.field].add(column.member)
            elif column.name in self.values:
                _put(made, column.field.split("."), self.values[column.name])
        return made


def read_rows(sheets: Iterable[Sheet], problems: Problems) -> tuple[list[Row], int]:
    """The rows of all sheets, and how many examples were left out."""
    rows: list[Row] = []
    examples = 0
    for sheet in sheets:
        if not sheet.rows:
            problems.add(sheet.name, "is empty: it lacks even headings")
            continue
        columns = _columns(sheet, problems)
        for number, cells in sheet.rows[1:]:
            if _is_example(cells):
                examples += 1
            elif columns:
                rows.append(_row(sheet, number, cells, columns, problems))
    return rows, examples


def build(row: Row, model: type[M], problems: Problems, **own: Any) -> M | None:
    """The row as `model`, with the fields that `assembling` gives; None when the model says no, which is noted."""
    try:
        return model.model_validate({**row.fields(), **own})
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            name = ".".join(map(str, one["loc"]))
            if name in row.faulty:
                continue
            row.problem(problems, one["msg"].removeprefix("Value error, "), name or None)
        return None


def _columns(sheet: Sheet, problems: Problems) -> dict[int, Column]:
    """Which column each place holds; none when one is missing, for then no row can be read."""
    number, headings = sheet.rows[0]
    columns: dict[int, Column] = {}
    for place, cell in enumerate(headings):
        heading = text(cell)
        if not heading:
            continue
        column = sheet.table.column_called(heading)
        if column is None:
            known = ", ".join(known.headings[0] for known in sheet.table.columns)
            problems.add(sheet.name, f"no column is called so; known are {known}", row=number, value=heading)
        elif column in columns.values():
            problems.add(sheet.name, "the column is there twice", row=number, column=heading)
        else:
            columns[place] = column
    missing = [column for column in sheet.table.required() if column not in columns.values()]
    for column in missing:
        what = f"the column {column.headings[0]} ({column.headings[1]}) is missing"
        problems.add(sheet.name, what, row=number)
    return {} if missing else columns


def _row(sheet: Sheet, number: int, cells: tuple[Cell, ...], columns: Mapping[int, Column], problems: Problems) -> Row:
    headings = {column.name: text(sheet.rows[0][1][place]) for place, column in columns.items()}
    values: dict[str, Any] = {}
    said: dict[str, str] = {}
    for place, cell in _filled(cells):
        column = columns.get(place)
        if column is None:
            if place >= len(sheet.rows[0][1]) or not text(sheet.rows[0][1][place]):
                problems.add(sheet.name, f"column {place + 1} has a value but no heading", row=number)
            continue
        said[column.name] = text(cell)
        try:
            values[column.name] = column.read(cell)
        except ValueError as error:
            value = said[column.name] if column.shown else None
            problems.add(sheet.name, str(error), row=number, column=headings[column.name], value=value)
    for column in sheet.table.required():
        if column.name not in said:
            problems.add(sheet.name, "is empty: fill it in", row=number, column=headings[column.name])
    lacking = {column.name for column in sheet.table.required()} | said.keys()
    return Row(sheet.table, sheet.name, number, values, headings, said, frozenset(lacking - values.keys()))


def _filled(cells: tuple[Cell, ...]) -> Iterator[tuple[int, Cell]]:
    return ((place, cell) for place, cell in enumerate(cells) if not isinstance(cell, str) or cell.strip())


def _is_example(cells: tuple[Cell, ...]) -> bool:
    first = next((cell for _, cell in _filled(cells)), "")
    return key(first).startswith(EXAMPLE)


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value at a dotted place; a number in it is a place in a list."""
    name, *rest = path
    if not rest:
        into[name] = value
    elif rest[0].isdecimal():
        inside = into.setdefault(name, [{}])
        _put(inside[int(rest[0])], rest[1:], value)
    else:
        _put(into.setdefault(name, {}), rest, value)
