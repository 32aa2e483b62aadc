"""Cells out of files: a folder of CSV files, single ones, or a workbook."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from events.runtime.settings import BadConfigurationError
from services.registering.paper.columns import Table
from services.registering.paper.extent import TooFarError, require_within
from services.registering.paper.problems import Problems
from services.registering.paper.tables import EXPLANATIONS, TABLES, table_called
from services.registering.paper.values import Cell, folded

LARGEST_BYTES = 20_000_000
LARGEST_UNPACKED_BYTES = 200_000_000
MOST_ROWS = 50_000
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
OLDEST_KIND = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an .xls begins."""
SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list as it stands in a file: `rows` with their numbers as a spreadsheet counts, the heading row first."""

    name: str
    table: Table
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    form: str
    """How it was read: encoding and separator, or Excel."""


class UnreadableListError(Exception):
    """A file that is no list. The message goes after its name."""


def read_sheets(paths: Iterable[Path], problems: Problems) -> list[Sheet]:
    """The lists in these files and folders; a file that is no list is noted. BadConfigurationError: it is not there."""
    sheets: list[Sheet] = []
    for path in _files(paths):
        try:
            sheets += _workbook(path, problems) if path.suffix.lower() in WORKBOOKS else _csv(path, problems)
        except UnreadableListError as error:
            problems.add(path.name, str(error))
    for number, sheet in enumerate(sheets):
        for earlier in sheets[:number]:
            if earlier.name == sheet.name and earlier.table is sheet.table:
                problems.add(sheet.name, "is given twice: name each file once")
    return sheets


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise BadConfigurationError(f"cannot read {path}: No such file or folder")
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in (".csv", *WORKBOOKS))
        inside = [file for file in inside if not file.name.startswith(("~$", "."))]  # Excel's own, while it is open
        if not inside:
            raise BadConfigurationError(f"{path} holds no .csv and no .xlsx file")
        yield from inside


def _csv(path: Path, problems: Problems) -> list[Sheet]:
    table = table_called(path.stem)
    if table is None:
        _unknown(path.name, problems)
        return []
    text, encoding = _decoded(path)
    separator = _separator(text, table)
    rows = list(enumerate(_rows(io.StringIO(text, newline=""), separator), start=1))
    if rows and rows[0][1] and rows[0][1][0].casefold().startswith("sep="):
        rows = rows[1:]
    filled = tuple((number, tuple(cells)) for number, cells in rows if any(cell.strip() for cell in cells))
    name = {"\t": "tab"}.get(separator, f"'{separator}'")
    return [Sheet(path.name, table, _few(filled), f"{encoding}, {name} between columns")]


def _workbook(path: Path, problems: Problems) -> list[Sheet]:
    sheets = []
    _require_no_bomb(path)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_bytes(path))) as book:
            for found in book.sheets_metadata:
                name = f"{path.name}/{found.name}"
                sheet = book.get_sheet_by_name(found.name)
                rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
                filled = tuple((number, tuple(cells)) for number, cells in enumerate(rows, 1) if any(map(_says, cells)))
                if not filled or folded(found.name) in map(folded, EXPLANATIONS):
                    continue
                table = table_called(found.name)
                if table is None:
                    _unknown(name, problems)
                    continue
                hidden = "" if found.visible == SheetVisibleEnum.Visible else ", a hidden sheet"
                sheets.append(Sheet(name, table, _few(filled), f"Excel{hidden}"))
    except CalamineError as error:
        raise UnreadableListError(f"cannot be read as a workbook: {error}") from None
    return sheets


def _require_no_bomb(path: Path) -> None:
    """A workbook is a zip file: a small one may unpack to more than there is memory, or reach farther than a list.

    The oldest kind (.xls) is no zip file, and cannot reach far.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(_bytes(path))) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                raise UnreadableListError("unpacks to more than a list can be; is it a list?")
            require_within(packed, MOST_ROWS)
    except TooFarError as error:
        raise UnreadableListError(f"{error}; is it a list?") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        if not _bytes(path).startswith(OLDEST_KIND):
            raise UnreadableListError(f"cannot be read as a workbook: {error}") from None


def _decoded(path: Path) -> tuple[str, str]:
    """The text, and the encoding that it was in. Windows-1252 is what is left when it is not UTF-8."""
    raw = _bytes(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableListError("is UTF-16; save it as CSV UTF-8")
    for encoding, name in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return raw.decode(encoding), name + (" with BOM" if raw.startswith(b"\xef\xbb\xbf") else "")
        except UnicodeDecodeError:
            continue
    raise UnreadableListError("is neither UTF-8 nor Windows-1252; save it as CSV UTF-8")


def _separator(text: str, table: Table) -> str:
    """That with which most headings of the first lines are known ones; a `;` or `,` inside a cell cannot mislead it."""
    head = [line for line in text.splitlines()[:3] if line.strip()]

    def known(separator: str) -> int:
        parts = [part for line in _rows(head, separator) for part in line]
        return sum(table.column_called(part) is not None for part in parts)

    return max(SEPARATORS, key=known)


def _rows(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    table = csv.reader(lines, delimiter=separator)
    try:
        yield from table
    except csv.Error as error:
        raise UnreadableListError(f"is not CSV: line {table.line_num}: {error}") from None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableListError(f"is larger than {LARGEST_BYTES // 1_000_000} MB; is it a list?")
        return path.read_bytes()
    except OSError as error:
        raise BadConfigurationError(f"cannot read {path}: {error.strerror}") from None


def _few(rows: tuple[tuple[int, tuple[Cell, ...]], ...]) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    if len(rows) > MOST_ROWS:
        raise UnreadableListError(f"has more than {MOST_ROWS} rows; is it a list of one unit?")
    return rows


def _says(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _unknown(name: str, problems: Problems) -> None:
    known = ", ".join(f"{table.sheets[0]} ({table.sheets[1]})" for table in TABLES)
    problems.add(name, f"no list is called so; known are {known}")
