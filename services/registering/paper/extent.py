"""How far the cells of a workbook reach, told before it is read.

Reading a sheet makes the whole rectangle up to its farthest cell, and two cells of a file of a kilobyte can span
seventeen thousand million. So the sheets' own XML (Office Open XML, OpenDocument) is gone through once, a piece at a
time, and only told how far what is filled in reaches; cells that are merely coloured count for nothing. A sheet that
cannot be gone through so, or a place in it that is none, is refused: whoever reads it may understand more than we do.
"""

import re
import zipfile
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

MOST_COLUMNS = 300
"""A list has some twenty; what people keep beside them fits in as well."""
MOST_CELLS = 3_000_000
"""Of the rectangle that a sheet spans: that takes some hundred megabytes to read."""
REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})\Z")
NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z")
FILLED = frozenset({"v", "is", "f", "p"})
"""What stands inside a cell that holds something."""
WORKBOOK, RELATIONS, BINARY = "workbook.xml", "workbook.xml.rels", "workbook.bin"
"""What names a workbook's sheets, what says which parts they are, and what an .xlsb has in their place."""


class TooFarError(Exception):
    """A cell is filled in too far out, or its sheet cannot be gone through. The message goes after the file's name."""


def require_within(packed: zipfile.ZipFile, most_rows: int) -> None:
    """Refuse a workbook with something filled in beyond `most_rows` rows or MOST_COLUMNS columns: TooFarError.

    So is one with a sheet that could not be gone through to its end.
    """
    sheets = _Sheets()
    for part in packed.infolist():
        name = _place(part.filename)
        if name.endswith(BINARY):
            raise TooFarError("is a binary workbook (.xlsb), whatever it is called; save it as .xlsx")
        with packed.open(part) as file:
            if not _Extent(most_rows, sheets, name).go_through(file):
                sheets.unread.add(name)
            sheets.there.add(name)
    missing = sheets.missing()
    if missing:
        raise TooFarError(f"cannot be read as a workbook: {missing[0]} is not there, or is no XML")


class _Sheets:
    """The sheets that a workbook of Office Open XML names, and which parts could be gone through."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.relations: list[tuple[str, str]] = []
        """The id and the part of whatever the workbook relates to."""
        self.there: set[str] = set()
        self.unread: set[str] = set()
        """Parts that are no XML. Pictures, macros and the like hold no cells; sheets do."""

    def missing(self) -> list[str]:
        """What has to be gone through to know how far the sheets reach, and was not."""
        needed = {_place(part) for id_, part in self.relations if id_ in self.ids}
        needed |= {name for name in self.there if name.endswith((WORKBOOK, RELATIONS))}
        return sorted(needed & self.unread | needed - self.there)


class _Extent:
    """Where one part of the file has got to. Rows and columns are counted from 1."""

    def __init__(self, most_rows: int, sheets: _Sheets, name: str) -> None:
        self._most_rows = most_rows
        self._sheets, self._name = sheets, name
        self._row, self._row_repeats = 0, 1
        self._first, self._last = 0, 0
        self._lowest, self._widest = 0, 0
        self._is_sheet = False

    def go_through(self, file: IO[bytes]) -> bool:
        """Read the part to its end, or to the first cell that is too far out. Whether it could be."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._entity
        try:
            parser.ParseFile(file)
        except expat.ExpatError as error:
            if self._is_sheet:
                raise TooFarError(f"cannot be read as a workbook: {error}") from None
            return False
        return True

    def _entity(self, *_: object) -> None:
        raise TooFarError("declares words of its own inside; save it as a workbook anew")

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "sheet" if self._name.endswith(WORKBOOK):
                self._sheets.ids |= {value for key, value in said.items() if key.rpartition(":")[2] == "id"}
            case "Relationship" if self._name.endswith(RELATIONS):
                self._sheets.relations.append((said.get("Id", ""), said.get("Target", "")))
            case "sheetData" | "table":
                self._is_sheet = True
                self._row, self._row_repeats = 0, 1
                self._lowest, self._widest = 0, 0
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
        if "r" in said:
            reference = REFERENCE.match(said["r"])
            if reference is None:
                raise TooFarError(f"has a cell in {said['r'][:20]!r}, which is no place in a sheet")
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
        self._lowest, self._widest = max(self._lowest, row), max(self._widest, self._last)
        if self._lowest * self._widest > MOST_CELLS:
            raise TooFarError(
                f"spans {self._lowest} rows of {self._widest} columns; a list has at most {MOST_CELLS} cells"
            )


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    if name not in said:
        return otherwise
    if not NUMBER.match(said[name]):
        raise TooFarError(f"counts its rows or columns with {said[name][:20]!r}, which is no such number")
    return int(said[name])


def _place(part: str) -> str:
    """A part's name as readers of workbooks compare them."""
    return part.replace("\\", "/").casefold().lstrip("/").removeprefix("xl/")


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
