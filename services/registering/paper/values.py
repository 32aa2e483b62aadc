"""What a cell says: dates, times, decimals, yes and no, as Swedish lists and Excel write them.

A reader takes a cell and gives a value, or raises ValueError with what to write instead. It never repeats the cell.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

Cell = str | int | float | bool | date | datetime | time | timedelta
Read = Callable[[Cell], Any]

DAY_S = 24 * 60 * 60
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's calendar for dates after February 1900 (ECMA-376, part 1, 18.17.4.1)."""
EXCEL_DAYS = range(20_000, 80_000)
"""1954 to 2119: a number outside is no date that anybody means here."""
YES = frozenset({"ja", "j", "x", "yes", "y", "sant", "true", "1"})
NO = frozenset({"nej", "n", "no", "falskt", "false", "0", "-"})
TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
FRACTION = re.compile(r"0[.,]\d{3,}")
DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[ T]00:00(?::00)?)?")
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def text(cell: Cell) -> str:
    """What the cell says, without the blanks around it: a whole number as a person writes it, 17 and not 17.0."""
    match cell:
        case bool():
            return "ja" if cell else "nej"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time(0):
            return str(cell.date())
        case _:
            return " ".join(str(cell).split())


def key(cell: Cell) -> str:
    """A municipality's own number for something; the same in capitals and in small letters."""
    return text(cell).casefold()


def day(cell: Cell) -> date:
    """A date: 2026-11-03, 20261103, or a date cell."""
    wanted = "not a date: write it as 2026-11-03"
    match cell:
        case datetime():
            if cell.time() != time(0):
                raise ValueError("a date with a time of day: write the date alone, 2026-11-03")
            return cell.date()
        case date():
            return cell
        case bool():
            raise ValueError(wanted)
        case int() | float() if cell in EXCEL_DAYS:
            return EXCEL_EPOCH + timedelta(days=int(cell))
    found = DATE.fullmatch(text(cell))
    if found is None:
        raise ValueError(wanted)
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError("no such day in the calendar: write it as 2026-11-03") from None


def wall_time(cell: Cell) -> time:
    """A time of day: 02:05, 2.05, or a time cell, which is a fraction of a day."""
    wanted = "not a time of day: write it as 02:05"
    match cell:
        case datetime():
            return cell.time().replace(microsecond=0)
        case time():
            return cell.replace(microsecond=0)
        case timedelta():
            return _of_day(cell.total_seconds() / DAY_S)
        case bool() | date():
            raise ValueError(wanted)
        case int() | float() if 0 <= cell < 1:
            return _of_day(cell)
        case int() | float():
            # 22.3 may have been 22.30 or 22:18; guessing wrong is a check at the wrong hour.
            raise ValueError("a number, not a time of day: write it as 02:05, in a cell formatted as text or time")
    said = text(cell)
    if FRACTION.fullmatch(said):
        return _of_day(float(said.replace(",", ".")))
    found = TIME.fullmatch(said)
    if found is None:
        raise ValueError(wanted)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)
    except ValueError:
        raise ValueError("no such time of day: write it as 02:05") from None


def decimal(cell: Cell) -> float:
    """A number: 0,25 or 0.25."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    said = text(cell)
    if isinstance(cell, str) and NUMBER.fullmatch(said):
        return float(said.replace(",", "."))
    raise ValueError("not a number: write it as 0,25")


def whole(cell: Cell) -> int:
    """A whole number."""
    try:
        number = decimal(cell)
    except ValueError:
        raise ValueError("not a whole number: write it as 3") from None
    if not number.is_integer():
        raise ValueError("not a whole number: write it as 3")
    return int(number)


def minutes(cell: Cell) -> timedelta:
    """A number of minutes: 15, or 7,5."""
    try:
        return timedelta(minutes=decimal(cell))
    except (ValueError, OverflowError):
        raise ValueError("not a number of minutes: write it as 15") from None


def yes(cell: Cell) -> bool:
    """Ja, x, yes; nej, no."""
    said = key(cell)
    if said in YES:
        return True
    if said in NO:
        return False
    raise ValueError("neither yes nor no: write ja or nej")


def choice(words: Mapping[str, str]) -> Read:
    """One of a few words; in `words`, each word that is understood, with the value that it means."""
    known = {folded(word): value for word, value in words.items()}

    def read(cell: Cell) -> str:
        said = folded(text(cell))
        if said not in known:
            raise ValueError(f"not known here: write {' or '.join(words)}")
        return known[said]

    return read


def several(read: Read) -> Read:
    """Some of a few words, with commas, `+` or `/` between them."""
    return lambda cell: tuple(dict.fromkeys(read(part) for part in re.split(r"[,+/;]", text(cell)) if part.strip()))


def folded(heading: str) -> str:
    """A heading or word without regard to capitals, blanks, signs and diacritics: ` Ändrad-tid ` is `andradtid`."""
    plain = heading.casefold().translate(str.maketrans("åäàáâãöòóôõøéèêëüùúûñç", "aaaaaaooooooeeeeuuuunc"))
    return "".join(letter for letter in plain if letter.isalnum())


def _of_day(fraction: float) -> time:
    seconds = round(fraction * DAY_S) % DAY_S
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
