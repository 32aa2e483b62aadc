"""What people ask for by hand: make the lists now, see whether they have arrived, find one to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from uuid import UUID

from events.envelope import Owner
from events.schedule import night_bounds, night_of, zone_named
from events.store import queries
from events.types.paper import OfflineListPrinted
from services.offline_list.delivering import Deliverer
from services.offline_list.lists import PatrolList, first_slot
from services.offline_list.making import MadeList, Maker, record
from services.tillsyn.kinds import PAPER
from services.tillsyn.ledger import Ledger
from services.tillsyn.paper import stream_of
from services.tillsyn.refused import UnknownError


class NoSuchListError(UnknownError):
    """There is no such unit or patrol, so there is no list of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one list stands. `wrong` None: it has arrived, or is not due yet."""

    unit: UUID
    patrol: UUID | None
    title: str
    night: date
    checks: int
    file: str | None
    says: str
    wrong: str | None


class Time(Enum):
    """Where in its night a list is asked for."""

    NOT_DUE = auto()
    DUE = auto()
    OVER = auto()


_UNMADE: dict[Time, tuple[str, str | None]] = {
    Time.NOT_DUE: ("not due yet", None),
    Time.DUE: ("not made", "it has not been made"),
    Time.OVER: ("never made", "the night is over"),
}


class Asked:
    """By hand, beside the loop."""

    def __init__(self, ledger: Ledger, maker: Maker, deliverer: Deliverer) -> None:
        self._ledger = ledger
        self._maker = maker
        self._deliverer = deliverer

    async def lists(self, night: date | None, unit: UUID | None, patrol: UUID | None) -> list[PatrolList]:
        """The lists of a night (None: of tonight), of one unit or patrol if given; NoSuchListError."""
        found: list[PatrolList] = []
        units = await self._ledger.store.query(queries.all_units)
        for row in units:
            if unit in (None, row.id):
                tonight = night_of(self._ledger.clock.now(), zone_named(row.zone))
                found += await self._maker.read(row, night or tonight)
        wanted = [one for one in found if patrol in (None, one.patrol)]
        if not wanted:
            known = ", ".join(f"{one.title} {one.patrol or one.unit}" for one in found)
            units_known = ", ".join(f"{row.name} {row.id}" for row in units)
            of = f"patrol {patrol}" if found else f"unit {unit}"
            raise NoSuchListError(f"no list of {of}; there are: {known or units_known or 'none'}")
        return wanted

    async def make(self, one: PatrolList, *, bring: bool) -> tuple[MadeList, str | None]:
        """Make it, and bring it where it goes if `bring`; with what is wrong there, or None."""
        made = await self._maker.make(one)
        return made, await self._deliverer.bring(one, made) if bring else None

    async def standings(self, lists: Sequence[PatrolList], *, before: timedelta) -> list[Standing]:
        """How each list stands, looked for in its places now. It should be there `before` the unit's first slot."""
        now = self._ledger.clock.now()
        firsts = {unit: first_slot([one for one in lists if one.unit == unit]) for unit in {one.unit for one in lists}}
        return [await self._standing(one, _time_for(one, firsts[one.unit], before, now)) for one in lists]

    async def printed(self, one: PatrolList, file: str) -> None:
        """Put on record that a list was decrypted for a printer."""
        event = OfflineListPrinted(unit=one.unit, night=one.night, patrol=one.patrol, file=file)
        await record(self._ledger, Owner(one.organisation, one.unit), one.night, event)

    async def _standing(self, one: PatrolList, time: Time) -> Standing:
        paper = PAPER.fold((await self._ledger.store.load(stream_of(one.unit, one.night)))[1])
        on_paper = paper.lists.get(one.patrol)
        if on_paper is None:
            file, (says, wrong) = None, _UNMADE[time]
        elif on_paper.file not in paper.files:
            file, says, wrong = on_paper.file, "removed", "lists are kept for some nights only"
        else:
            file = on_paper.file
            wrong = await self._deliverer.missing(file, on_paper.sha256)
            says = "not there" if wrong else "there" if on_paper.edition == one.edition else "there, of an earlier hour"
        return Standing(one.unit, one.patrol, one.title, one.night, len(one.checks), file, says, wrong)


def _time_for(one: PatrolList, first: datetime | None, before: timedelta, now: datetime) -> Time:
    _, ends = night_bounds(one.night, zone_named(one.zone))
    if now >= ends:
        return Time.OVER
    return Time.DUE if first is not None and now >= first - before else Time.NOT_DUE


def found_in(folder: Path | None, patrol: UUID, night: date | None) -> Path | None:
    """The newest list of a patrol (or unit) in the folder, of that night if given: needs no database."""
    if folder is None:
        return None
    wanted = f"tillsyn-{night or '????-??-??'}-*-{str(patrol)[:8]}.pdf"
    return max(folder.glob(wanted), default=None, key=lambda path: path.name[:18])
