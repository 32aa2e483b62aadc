"""How far the cells of a workbook reach, told before it is read.

Reading a sheet makes the whole rectangle up to its farthest cell, and two cells of a file of a kilobyte can span
seventeen thousand million. So the sheets' own XML (Office Open XML, OpenDocument) is gone through once, a piece at a
time, and only told how far what is filled in reaches; cells that are merely coloured count for nothing.
"""

import re
import zipfile
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

MOST_COLUMNS = 300
"""A list has some twenty; what people keep beside them fits in as well."""
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")
FILLED = frozenset({"v", "is", "f", "p"})
"""What stands inside a cell that holds something."""


class TooFarError(Exception):
    """A cell is filled in too far out, or its sheet cannot be gone through. The message goes after the file's name."""


def require_within(packed: zipfile.ZipFile, most_rows: int) -> None:
    """Refuse a workbook with something filled in beyond `most_rows` rows or MOST_COLUMNS columns: TooFarError."""
    for part in packed.infolist():
        with packed.open(part) as file:
            _Extent(most_rows).go_through(file)


class _Extent:
    """Where one part of the file has got to. Rows and columns are counted from 1."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._row, self._row_repeats = 0, 1
        self._first, self._last = 0, 0
        self._is_sheet = False

    def go_through(self, file: IO[bytes]) -> None:
        """Read the part to its end, or to the first cell that is too far out."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._entity
        try:
            parser.ParseFile(file)
        except expat.ExpatError as error:
            if self._is_sheet:  # pictures, macros and the like are no XML, and hold no cells
                raise TooFarError(f"cannot be read as a workbook: {error}") from None

    def _entity(self, *_: object) -> None:
        raise TooFarError("declares words of its own inside; save it as a workbook anew")

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "sheetData" | "table":
                self._is_sheet = True
                self._row, self._row_repeats = 0, 1
            case "row" | "table-row":
                self._next_row(said)
            case "c" | "table-cell" | "covered-table-cell":
                self._next_cell(said)
            case inside if inside in FILLED and self._is_sheet:
                self._require_near()

    def _next_row(self, said: Mapping[str, str]) -> None:
        self._row += self._row_repeats
        self._row_repeats = _number(said, "table:number-rows-repeated", 1)
        self._row = _number(said, "r", self._row)
        self._first, self._last = 0, 0

    def _next_cell(self, said: Mapping[str, str]) -> None:
        reference = REFERENCE.match(said.get("r", ""))
        if reference is not None:
            self._first = self._last = _column(reference[1])
            self._row = int(reference[2])
        else:
            self._first = self._last + 1
            self._last += _number(said, "table:number-columns-repeated", 1)
        if "office:value-type" in said:
            self._require_near()

    def _require_near(self) -> None:
        row = self._row + self._row_repeats - 1
        if row > self._most_rows:
            raise TooFarError(f"has something in row {row}; a list of one unit has at most {self._most_rows} rows")
        if self._last > MOST_COLUMNS:
            raise TooFarError(f"has something in column {self._last}; a list has at most {MOST_COLUMNS} columns")


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    text = said.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
