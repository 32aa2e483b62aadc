"""What is on record of a night's lists, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from events.base import Event
from events.types.paper import OfflineListArrived, OfflineListFailed, OfflineListMade, OfflineListRemoved


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One patrol's list: the edition made last, and whether that has arrived."""

    edition: str
    file: str
    sha256: str
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """The lists of one unit and night, by patrol; and every file ever made that still lies somewhere."""

    lists: Mapping[UUID | None, OnPaper] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    failed: frozenset[UUID | None] = frozenset()
    """Patrols whose list should be there and is not, made or not."""


EMPTY = Paper()


def stream_of(unit: UUID, night: date) -> str:
    """The stream of a unit's lists of a night."""
    return f"paper-{unit}-{night}"


def evolve(paper: Paper, event: Event) -> Paper:
    """The state after `event`."""
    match event:
        case OfflineListMade(patrol=patrol, edition=edition, file=file, sha256=digest):
            lists = {**paper.lists, patrol: OnPaper(edition, file, digest)}
            return replace(paper, lists=lists, files=paper.files | {file})
        case OfflineListArrived(patrol=patrol, sha256=digest):
            one = paper.lists[patrol]
            if one.sha256 != digest:
                return paper
            lists = {**paper.lists, patrol: replace(one, arrived=True)}
            return replace(paper, lists=lists, failed=paper.failed - {patrol})
        case OfflineListFailed(patrol=patrol):
            kept = {**paper.lists}
            if patrol in kept:
                kept[patrol] = replace(kept[patrol], arrived=False)
            return replace(paper, lists=kept, failed=paper.failed | {patrol})
        case OfflineListRemoved(file=file):
            return replace(paper, files=paper.files - {file})
        case _:
            return paper
