"""A workbook to fill in: one sheet a list, with headings, an example row, and a sheet that explains every column."""

from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from events.runtime.settings import BadConfigurationError
from services.registering.paper.columns import Column, Table
from services.registering.paper.tables import EXPLANATIONS, TABLES

ROWS = 500
"""So many rows below the headings have cells of the right kind."""
WIDTH = 18
WIDE = 60
HOW = (
    "Fill in one row for each; a heading in bold must be filled in. A row that begins with EXEMPEL is left out.",
    "Your own numbers (brukarnr, hemnr …) tie the lists together, and find the same person again in the next import.",
    "Dates: 2026-11-03. Times: 02:05. Yes and no: ja, nej. Sheets that you do not need may stay empty.",
)


def write_template(path: Path) -> None:
    """Write the workbook; BadConfigurationError when it is there already or cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise BadConfigurationError(f"{path} is no name for a workbook: let it end in .xlsx")
    if path.exists():
        raise BadConfigurationError(f"{path} is there already; name another file")
    book = Workbook(str(path))
    _explain(book)
    for table in TABLES:
        _sheet(book, table)
    try:
        book.close()
    except FileCreateError as error:
        reason = error.args[0].strerror if isinstance(error.args[0], OSError) else error
        raise BadConfigurationError(f"cannot write {path}: {reason}") from None


def _explain(book: Any) -> None:
    sheet = book.add_worksheet(EXPLANATIONS[0])
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 2, WIDTH)
    sheet.set_column(3, 3, WIDE, wrapped)
    sheet.set_column(4, 4, WIDTH)
    for place, line in enumerate(HOW):
        sheet.write_string(place, 0, line)
    row = len(HOW) + 1
    sheet.write_row(row, 0, ("Lista", "Rubrik", "Heading", "Explanation", "Example"), bold)
    for table in TABLES:
        row += 1
        sheet.write_row(row, 0, (table.sheets[0], "", table.sheets[1], table.about), bold)
        for column in table.columns:
            row += 1
            swedish, english = column.headings[:2]
            sheet.write_row(row, 0, (table.sheets[0], swedish, english, column.about, column.example))


def _sheet(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(table.sheets[0])
    required, other = book.add_format({"bold": True}), book.add_format({"italic": True})
    # Text, so that Excel turns neither 0017 into 17 nor 2.05 into the second of May.
    as_text, grey = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "font_color": "#777777"})
    sheet.set_column(0, len(table.columns) - 1, WIDTH, as_text)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.headings[0], required if column.required else other)
        sheet.write_comment(0, place, f"{column.headings[1]}: {column.about}")
        sheet.write_string(1, place, _example(place, column), grey)
        if column.choices:
            sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": list(column.choices)})


def _example(place: int, column: Column) -> str:
    """The first cell says that the row is an example."""
    return f"EXEMPEL {column.example}" if place == 0 else column.example
