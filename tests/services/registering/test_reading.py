"""Real files: both encodings, both separators, workbooks with date and time cells; what is no list is said so."""

import zipfile
from datetime import date, time
from pathlib import Path

import pytest

from events.runtime.settings import BadConfigurationError
from services.registering.paper.extent import require_within
from services.registering.paper.problems import Problems
from services.registering.paper.reading import MOST_ROWS, read_sheets
from services.registering.paper.rows import Row, read_rows
from tests.services.registering.lists import UNIT, lists, write_csv, write_workbook


def rows_of(*paths: Path) -> list[Row]:
    problems = Problems()
    rows, _ = read_rows(read_sheets(paths, problems), problems)
    assert [str(problem) for problem in problems] == []
    return rows


def problems_of(*paths: Path) -> list[str]:
    problems = Problems()
    read_rows(read_sheets(paths, problems), problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "UTF-8,"), ("utf-8-sig", "UTF-8 with BOM,"), ("cp1252", "Windows-1252,")]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_file_says_the_same_in_every_form(tmp_path: Path, encoding: str, said: str, separator: str) -> None:
    first = write_csv(tmp_path / "a", UNIT)
    other = write_csv(tmp_path / "b", UNIT, encoding=encoding, separator=separator)

    assert [row.values for row in rows_of(other)] == [row.values for row in rows_of(first)]
    forms = {sheet.name: sheet.form for sheet in read_sheets([other], Problems())}
    assert forms["Brukare.csv"].startswith(said)
    assert repr(separator).strip("'") in forms["Brukare.csv"] or "tab" in forms["Brukare.csv"]


def test_a_workbook_says_what_the_csv_files_say(tmp_path: Path) -> None:
    said = lists()
    said["Tillsynstider"] = [["Brukarnr", "Tidnr", "Tid"], [1001, 1, time(22, 30)], [1001, 2, time(2, 5)]]
    said["Tillsynstider"].append([1002, 1, 1.5 / 24])  # a fraction of a day, without a time's format
    said["Beslut"][1:] = [["1001", "B1", date(2026, 11, 3), date(2027, 5, 1), 2], ["1002", "B2", 46329, "", 1]]

    book = rows_of(write_workbook(tmp_path / "natt.xlsx", said))
    files = rows_of(write_csv(tmp_path / "csv", UNIT))

    def known(rows: list[Row]) -> list[tuple[object, ...]]:
        return sorted((row.table.name, row.number, sorted(row.values.items())) for row in rows)

    assert known(book) == known(files)


def test_a_row_has_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "Hem.csv"
    path.write_text('Hemnr;Adress\n\nH1;"Björkstigen 7\n147 30 Tumba"\nH2;Kornvägen 12\n')

    assert [(row.number, row.values["address"]) for row in rows_of(path)] == [
        (3, "Björkstigen 7 147 30 Tumba"),
        (4, "Kornvägen 12"),
    ]


def test_headings_are_understood_in_english_in_any_order_and_file_names_with_a_date(tmp_path: Path) -> None:
    path = tmp_path / "recipients 2026-11-03.csv"
    path.write_text("sep=,\nhome,NAME,Recipient no\nH1,Aina Almkvist,1001\n")

    (row,) = rows_of(path)

    assert row.values == {"home": "h1", "name": "Aina Almkvist", "key": "1001"}


def test_an_unknown_list_and_an_unknown_heading_are_told_with_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "Kunder.csv").write_text("Nr\n1\n")
    (tmp_path / "Hem.csv").write_text("Hemnr;Adress;Portkod\nH1;Björkstigen 7;1234\n")

    kunder, hem = problems_of(tmp_path)

    assert hem.startswith("Hem.csv row 1: 'Portkod': no column is called so; known are Hemnr, Adress")
    assert kunder.startswith("Kunder.csv: no list is called so; known are Enhet (Unit)")


def test_a_missing_column_is_told_by_both_its_names(tmp_path: Path) -> None:
    (tmp_path / "Hem.csv").write_text("Hemnr\nH1\n")

    assert problems_of(tmp_path) == ["Hem.csv row 1: the column Adress (Address) is missing"]


def test_a_value_without_a_heading_is_told(tmp_path: Path) -> None:
    (tmp_path / "Hem.csv").write_text("Hemnr;Adress\nH1;Björkstigen 7;hög\n")

    assert problems_of(tmp_path) == ["Hem.csv row 2: column 3 has a value but no heading"]


def test_what_is_no_list_does_not_hide_the_other_problems(tmp_path: Path) -> None:
    (tmp_path / "Hem.csv").write_bytes("Hemnr;Adress".encode("utf-16"))
    (tmp_path / "Brukare.csv").write_bytes(b"Brukarnr;\x81\x8d")
    (tmp_path / "natt.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "Personal.csv").write_text("Personalnr;Namn;Roller\nP1;Bil Ett;chaufför\n")

    found = problems_of(tmp_path)

    assert [line.split(":")[0] for line in found] == [
        "Brukare.csv",
        "Hem.csv",
        "natt.xlsx",
        "Personal.csv row 2, Roller",
    ]
    assert "Windows-1252" in found[0]
    assert "UTF-16" in found[1]


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfigurationError, match=r"holds no \.csv"):
        read_sheets([tmp_path], Problems())


def a_sheet(*cells: str) -> str:
    """A worksheet's XML with these cells in these places: `A1` filled in, `B2-` merely coloured."""
    filled = (f'<c r="{cell.rstrip("-")}">{"" if cell.endswith("-") else "<v>1</v>"}</c>' for cell in cells)
    rows = (f'<row r="{cell.strip("-ABCDEFX")}">{one}</row>' for cell, one in zip(cells, filled, strict=True))
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"


def packed(path: Path, name: str, text: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text)
    return path


@pytest.mark.parametrize("far", ["XFD1048576", "XFD2", "A60000"])
def test_a_workbook_that_reaches_farther_than_a_list_is_refused_before_it_is_read(tmp_path: Path, far: str) -> None:
    path = packed(tmp_path / "natt.xlsx", "xl/worksheets/sheet1.xml", a_sheet("A1", far))
    (problem,) = problems_of(path)
    assert "has something in " in problem
    assert "at most" in problem


@pytest.mark.parametrize("place", ["ZZZZZ90", "A99999999", "A0", "A", "90", "A٩"])
def test_a_cell_in_a_place_that_no_sheet_has_is_refused_before_it_is_read(tmp_path: Path, place: str) -> None:
    """A reader that takes it for a place makes the rectangle up to it: gigabytes, of a kilobyte."""
    sheet = f'<worksheet><sheetData><row><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    (problem,) = problems_of(packed(tmp_path / "natt.xlsx", "xl/worksheets/sheet1.xml", sheet))
    assert f"has a cell in {place!r}, which is no place in a sheet" in problem


def test_two_cells_far_apart_span_no_more_than_a_list(tmp_path: Path) -> None:
    (problem,) = problems_of(packed(tmp_path / "natt.xlsx", "xl/worksheets/sheet1.xml", a_sheet("CX1", "A50000")))
    assert "spans 50000 rows of 102 columns" in problem


def test_a_binary_workbook_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    (problem,) = problems_of(packed(tmp_path / "natt.xlsx", "xl/workbook.bin", "anything"))
    assert "is a binary workbook (.xlsb), whatever it is called; save it as .xlsx" in problem


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"},
        {"xl/worksheets/sheet1.xml": "&<worksheet><sheetData/></worksheet>"},
        {"xl/worksheets/other.xml": a_sheet("A1")},
        {"xl/workbook.xml": "&"},
    ],
    ids=["broken off", "no XML from its start", "not there", "a workbook that is no XML"],
)
def test_a_sheet_that_cannot_be_gone_through_is_refused(tmp_path: Path, parts: dict[str, str]) -> None:
    relation = '<Relationships><Relationship Id="r7" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
    named = '<workbook xmlns:r="x"><sheets><sheet name="Hem" r:id="r7"/></sheets></workbook>'
    with zipfile.ZipFile(tmp_path / "natt.xlsx", "w") as file:
        for name, text in ({"xl/workbook.xml": named, "xl/_rels/workbook.xml.rels": relation} | parts).items():
            file.writestr(name, text)
    (problem,) = problems_of(tmp_path / "natt.xlsx")
    assert "cannot be read as a workbook: " in problem


def test_a_workbook_of_open_document_that_reaches_farther_than_a_list_is_refused_as_well(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16000" office:value-type="float"/>'
    table = f'<table:table><table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
    (problem,) = problems_of(packed(tmp_path / "natt.ods", "content.xml", table))
    assert "has something in row 1000000" in problem


def test_cells_that_are_merely_coloured_reach_nowhere(tmp_path: Path) -> None:
    path = packed(tmp_path / "natt.xlsx", "xl/worksheets/sheet1.xml", a_sheet("A1", "XFD1048576-"))
    with zipfile.ZipFile(path) as file:
        require_within(file, MOST_ROWS)


def test_a_workbook_that_declares_words_of_its_own_is_refused(tmp_path: Path) -> None:
    text = '<!DOCTYPE w [<!ENTITY a "aaaa">]>' + a_sheet("A1")
    (problem,) = problems_of(packed(tmp_path / "natt.xlsx", "xl/worksheets/sheet1.xml", text))
    assert "declares words of its own" in problem


def test_a_cell_larger_than_a_list_can_have_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "Hem.csv").write_text("a" * 200_000 + ";b\n1;2\n")
    (problem,) = problems_of(tmp_path)
    assert "is not CSV: line 1" in problem
