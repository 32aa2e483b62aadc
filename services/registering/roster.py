"""A roster as CSV: one line for each shift. Read whole; everything that is wrong with it is told, line by line.

Columns `night, staff, role, from, to` (or `natt, personal, roll, från, till`), separated by commas or semicolons, in
UTF-8. `night` is the date on which the night begins; `from` and `to` are what the unit's clocks show: before noon is
the day after. A shift to 12:00 lasts to the noon at which the night ends.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from events.runtime.settings import BadConfigurationError
from events.schedule import instant_of
from services.tillsyn.shift import Line

COLUMNS = {
    "night": ("night", "natt"),
    "staff": ("staff", "personal"),
    "role": ("role", "roll"),
    "from": ("from", "från"),
    "to": ("to", "till"),
}
NOON = time(12)
LARGEST_BYTES = 2_000_000
"""Some twenty thousand shifts."""
YEARS = range(2000, 3000)
"""The years of which a roster, and the command line, can speak."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the file, counted from 1, the heading included."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The shifts that could be read, with the lines they stand in, and what could not."""

    shifts: tuple[tuple[date, Line], ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]


def read_roster(path: Path, zone: ZoneInfo) -> RosterFile:
    """The roster in a file; BadConfigurationError when there is none to read."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadConfigurationError(f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB; is it a roster?")
        return parse_roster(path.read_text(encoding="utf-8-sig"), str(path), zone)
    except OSError as error:
        raise BadConfigurationError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfigurationError(f"{path} is not UTF-8 text") from None


def parse_roster(text: str, name: str, zone: ZoneInfo) -> RosterFile:
    """The roster in `text`, called `name` in complaints; BadConfigurationError when a column is missing."""
    heading = text.partition("\n")[0]
    faults: list[Fault] = []
    rows = _rows(text, ";" if ";" in heading else ",", faults)
    _, said = next(rows, (1, []))
    if faults:
        raise BadConfigurationError(f"{name}, line {faults[0].line}: {faults[0].what}")
    places = _places(said, name)
    shifts: list[tuple[date, Line]] = []
    lines: list[int] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            cells = {column: row[place].strip() for column, place in places.items()}
            shifts.append(_shift(cells, zone))
            lines.append(line)
        except IndexError:
            faults.append(Fault(line, f"it has {len(row)} cells; the heading has {max(places.values()) + 1}"))
        except ValueError as error:
            faults.append(Fault(line, str(error)))
    return RosterFile(tuple(shifts), tuple(lines), tuple(faults))


def _rows(text: str, separator: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it ends in. Where the file stops being CSV it is a fault, and the last there is."""
    table = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in table:
            yield table.line_num, row
    except csv.Error as error:
        faults.append(Fault(table.line_num, f"it is not CSV: {error}"))


def _places(heading: list[str], name: str) -> dict[str, int]:
    said = [cell.strip().lower() for cell in heading]
    places = {}
    for column, names in COLUMNS.items():
        found = next((said.index(one) for one in names if one in said), None)
        if found is None:
            raise BadConfigurationError(
                f"{name} has no column {' or '.join(names)}; it has {', '.join(said) or 'none'}"
            )
        places[column] = found
    return places


def _shift(cells: Mapping[str, str], zone: ZoneInfo) -> tuple[date, Line]:
    night = _night(cells["night"])
    if not cells["role"]:
        raise ValueError("role is empty; name one, such as night-staff")
    starts_at = _instant(night, _clock("from", cells["from"]), zone)
    ends_at = _instant(night, _clock("to", cells["to"]), zone, ends=True)
    return night, Line(_id(cells["staff"]), cells["role"], starts_at, ends_at)


def _night(text: str) -> date:
    try:
        night = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"night is {text!r}; give a date such as 2026-11-03") from None
    if night.year not in YEARS:
        raise ValueError(f"night is {text!r}; give a date of the years {YEARS[0]}–{YEARS[-1]}")
    return night


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(f"staff is {text!r}; give the id under which they are registered") from None


def _clock(column: str, text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - what the clock on the wall shows
    except ValueError:
        raise ValueError(f"{column} is {text!r}; give a time such as 21:00") from None


def _instant(night: date, shown: time, zone: ZoneInfo, *, ends: bool = False) -> datetime:
    tomorrow = shown < NOON or (ends and shown == NOON)
    return instant_of(datetime.combine(night + timedelta(days=tomorrow), shown), zone)
