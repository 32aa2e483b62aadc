"""Of whom a command tells: one unit, one organisation, everybody. Who does not exist is refused: of a misspelt unit it
must not be said that all is quiet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import typer

from events.envelope import Owner
from events.store import EventStore, queries
from services.tillsyn.refused import UnknownError

Unit = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Only this unit; the beginning of its id is enough.", show_default=False),
]
Organisation = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Only this organisation; the beginning of its id is enough.", show_default=False),
]


class NoSuchOwnerError(UnknownError):
    """No unit or organisation has an id that begins so, or several have."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom a command tells: everybody, one organisation, one unit."""

    organisation: UUID | None = None
    unit: UUID | None = None

    def includes(self, owner: Owner) -> bool:
        """Whether what this owner answers for is told."""
        return self.organisation in (None, owner.organisation) and self.unit in (None, owner.unit)


async def whose(store: EventStore, unit: str | None, organisation: str | None = None) -> Whose:
    """Whom the beginnings of ids mean; NoSuchOwnerError names those there are."""
    units = await store.query(queries.all_units)
    owner = _meant("organisation", organisation, {row.organisation: "" for row in units})
    mine = {row.id: row.name for row in units if owner in (None, row.organisation)}
    return Whose(owner, _meant("unit", unit, mine))


def _meant(kind: str, given: str | None, known: Mapping[UUID, str]) -> UUID | None:
    if given is None:
        return None
    found = [id_ for id_ in known if given and str(id_).startswith(given.lower())]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{id_} {known[id_]}".strip() for id_ in found or known)
    if found:
        raise NoSuchOwnerError(f"--{kind} {given!r} is the beginning of several: {there}")
    raise NoSuchOwnerError(f"no {kind} has an id that begins with {given!r}; there are: {there or 'none yet'}")
