"""How a list is described: its columns, what they are called, and how their cells are read."""

from collections.abc import Iterator
from dataclasses import dataclass

from events.types.reference import Referred
from services.registering.paper.values import Read, folded, text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the model's field that it fills, and what it may be called.

    `headings` are in Swedish first, then English, then others that are understood. A dotted field stands inside another
    (`privacy.filter`); several columns with the same field and a `member` each make a set of those that say yes.
    `link` names the kind of thing that the column points to by its key. What is not `shown` is never repeated in a
    complaint: it may speak of a person, or open a camera.
    """

    field: str
    headings: tuple[str, ...]
    about: str
    example: str = ""
    read: Read = text
    required: bool = False
    shown: bool = True
    link: Referred | None = None
    member: str | None = None
    choices: tuple[str, ...] = ()
    own: bool = False
    """Understood by `assembling`, and no field of the model."""

    @property
    def name(self) -> str:
        """What it is called in a row's values."""
        return self.field if self.member is None else f"{self.field}:{self.member}"

    def is_called(self, heading: str) -> bool:
        """Whether this heading means this column."""
        return folded(heading) in {folded(known) for known in self.headings}


@dataclass(frozen=True, slots=True)
class Table:
    """One list: its name as a file or sheet (Swedish first, then English), and its columns."""

    name: str
    sheets: tuple[str, ...]
    about: str
    columns: tuple[Column, ...]
    refers: Referred | None = None
    """What kind of thing each row is."""

    def is_called(self, sheet: str) -> bool:
        """Whether a file or sheet of this name is this list; a date or number after the name does not matter."""
        said = folded(sheet).rstrip("0123456789")
        return said in {folded(known) for known in self.sheets}

    def column_called(self, heading: str) -> Column | None:
        """The column with this heading."""
        return next((column for column in self.columns if column.is_called(heading)), None)

    def column(self, name: str) -> Column | None:
        """The column of this name, or the first that fills a field of this name."""
        found = (column for column in self.columns if name in (column.name, column.field))
        return next(found, None)

    def required(self) -> Iterator[Column]:
        """The columns that must be there, and filled in."""
        return (column for column in self.columns if column.required)
