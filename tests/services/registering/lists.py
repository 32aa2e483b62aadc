"""Lists of a small unit as its manager has them, written as real CSV files or a real workbook."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

Lists = dict[str, list[list[Any]]]
"""The rows of each list, the headings first."""

UNIT: Lists = {
    "Enhet": [["Enhet"], ["Hemtjänst natt, Tumba"]],
    "Personal": [
        ["Personalnr", "Namn", "Roller", "Larmordning"],
        ["P1", "Kerstin Norrgård", "nattpersonal", ""],
        ["P2", "Bil Ett", "patrull", "1"],
    ],
    "Gatewayer": [["Gatewaynr"], ["G1"]],
    "Hem": [["Hemnr", "Adress", "Riskklass"], ["H1", "Björkstigen 7", "hög"], ["H2", "Kornvägen 12", ""]],
    "Kameror": [["Kameranr", "Hemnr", "Gatewaynr", "Kameraadress"], ["K1", "H1", "G1", "scene:sleeper?seed=1"]],
    "Brukare": [["Brukarnr", "Namn", "Hemnr"], ["1001", "Aina Almkvist", "H1"], ["1002", "Folke Öhrn", "H2"]],
    "Tillsynstider": [
        ["Brukarnr", "Tidnr", "Tid"],
        ["1001", "1", "22:30"],
        ["1001", "2", "2.05"],
        ["1002", "1", "01:30"],
    ],
    "Beslut": [
        ["Brukarnr", "Beslutsnr", "Från", "Till", "Tillsyner per natt"],
        ["1001", "B1", "2026-11-03", "2027-05-01", "2"],
        ["1002", "B2", "2026-11-03", "", "1"],
    ],
    "Samtycken": [
        ["Brukarnr", "Samtycke", "Hur", "Inhämtat av", "Ny titt"],
        ["1001", "ja", "muntligt", "P1", "x"],
        ["1002", "nej", "", "", ""],
    ],
}


def lists(**rows: list[Any]) -> Lists:
    """The unit, with rows added: `lists(Brukare=["1003", "Siri", "H1"])`."""
    changed = deepcopy(UNIT)
    for name, row in rows.items():
        changed[name].append(row)
    return changed


def with_recipients(*numbers: str, home: str = "H2") -> Lists:
    """The unit, with more people in a home."""
    changed = deepcopy(UNIT)
    for number in numbers:
        changed["Brukare"].append([number, f"Siri {number}", home])
        changed["Tillsynstider"].append([number, "1", "02:00"])
        changed["Beslut"].append([number, "", "", "", ""])
    return changed


def write_csv(folder: Path, said: Lists, *, encoding: str = "utf-8-sig", separator: str = ";") -> Path:
    """One file a list, as Excel saves them."""
    folder.mkdir(exist_ok=True)
    for name, rows in said.items():
        lines = [separator.join(_quoted(str(cell), separator) for cell in row) for row in rows]
        (folder / f"{name}.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return folder


def write_workbook(path: Path, said: Mapping[str, list[list[Any]]]) -> Path:
    """One sheet a list; dates and times as Excel keeps them, as numbers with a format."""
    book = Workbook(str(path))
    formats = {
        kind: book.add_format({"num_format": form})
        for kind, form in ((datetime, "yyyy-mm-dd hh:mm"), (date, "yyyy-mm-dd"), (time, "hh:mm"))
    }
    for name, rows in said.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if type(cell) in formats:
                    sheet.write_datetime(number, place, cell, formats[type(cell)])
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    book.close()
    return path


def _quoted(cell: str, separator: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if separator in cell or '"' in cell or "\n" in cell else cell
