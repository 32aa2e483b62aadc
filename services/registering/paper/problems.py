"""What is wrong in the lists: every problem, each in one line with its place."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

MOST = 200
"""So many problems are told; of the rest only how many there are."""
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}\s?[-+]?\s?[\dTtXx]\w{3}(?!\w)")
"""A Swedish personal identity or coordination number, or a temporary one, with its century or without."""
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `row` counts as a spreadsheet does, from 1."""

    sheet: str
    row: int | None
    column: str | None
    value: str | None
    what: str

    def __str__(self) -> str:
        place = self.sheet if self.row is None else f"{self.sheet} row {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        return f"{place}: {self.what}" if self.value is None else f"{place}: {self.value!r}: {self.what}"

    def for_programs(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


class Problems:
    """All that was found, in the order in which it stands in the lists."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._rows: set[tuple[str, int | None]] = set()

    def add(
        self, sheet: str, what: str, *, row: int | None = None, column: str | None = None, value: object = None
    ) -> None:
        """Note a problem. A personal number in `value` or `what` is not repeated."""
        said = None if value is None else shown(value)
        self._rows.add((sheet, row))
        self._found[Problem(sheet, row, column, said, _without_personal_numbers(what))] = None

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def concern(self, sheet: str, row: int) -> bool:
        """Whether something is wrong in that row."""
        return (sheet, row) in self._rows

    def told(self) -> list[Problem]:
        """The first `MOST`."""
        return list(self._found)[:MOST]


def shown(value: object) -> str:
    """A value as a complaint may repeat it: in one line, not too long, no personal number."""
    line = " ".join(_without_personal_numbers(str(value)).split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def _without_personal_numbers(text: str) -> str:
    return PERSONAL_NUMBER.sub("(personal number)", text)
