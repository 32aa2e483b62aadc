"""The list as CSV, as Swedish spreadsheets open it: `;` between columns, UTF-8 with a mark at its beginning, CRLF."""

import csv
from collections.abc import Sequence
from io import StringIO

from services.offline_list.entries import Entry
from services.offline_list.words import Words

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula when it stands first."""


def table_of(entries: Sequence[Entry], words: Words) -> bytes:
    """One row a line; the reason is empty where somebody must go, the last column is for notes."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            words.time,
            f"{words.window} 1",
            f"{words.window} 2",
            words.name,
            words.address,
            words.key,
            words.task,
            words.risk,
            words.outage,
            words.reason,
            words.note,
        ]
    )
    for one in entries:
        task = ", ".join((one.task, *one.marks)) if not one.reason else ""
        row = (one.time, one.opens, one.until, one.name, one.address, one.key, task, one.risk, one.outage, one.reason)
        writer.writerow([_plain(cell) for cell in row] + [""])
    return file.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
