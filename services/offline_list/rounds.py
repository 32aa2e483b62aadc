"""The loop: each evening, before the unit's first slot, until the list is there. On the clock, from SQL alone.

Several processes may run it; a lease lets one of them work, and its fence keeps the others from writing.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from events.envelope import Owner
from events.runtime.clock import Clock, sleep
from events.runtime.health import Check
from events.schedule import night_of, zone_named
from events.store import ConflictError, Fence, FencedError, queries
from events.types.paper import OfflineListFailed
from services.offline_list.delivering import Deliverer
from services.offline_list.lists import PatrolList, first_slot
from services.offline_list.making import ACTOR, MadeList, Maker, NoPasswordError, record
from services.offline_list.steps import Step, next_step
from services.tillsyn.kinds import PAPER
from services.tillsyn.ledger import Ledger
from services.tillsyn.paper import OnPaper, Paper, stream_of

log = structlog.get_logger()

LEASE_ROUNDS = 3
LEASE_LEAST = timedelta(minutes=2)
Whose = tuple[UUID, UUID | None]
"""A unit, and a patrol of it."""


class OfflineLists:
    """Makes, brings and looks after the lists of every unit."""

    def __init__(
        self,
        ledger: Ledger,
        maker: Maker,
        deliverer: Deliverer,
        *,
        before: timedelta,
        interval: timedelta,
        keep_nights: int,
        process: str,
    ) -> None:
        self._ledger = ledger
        self._clock: Clock = ledger.clock
        self._maker = maker
        self._deliverer = deliverer
        self._before = before
        self._interval = interval
        self._keep_nights = keep_nights
        self._process = process
        self._under_way: dict[Whose, MadeList] = {}
        self._wrong: dict[Whose, str] = {}
        self._removed: dict[UUID, date] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.round()
            await sleep(self._clock, self._interval)

    async def round(self) -> bool:
        """Do for every unit what is to be done now; False when another process is at it."""
        lease = max(self._interval * LEASE_ROUNDS, LEASE_LEAST)
        fence = await self._ledger.store.acquire_lease(ACTOR, self._process, lease)
        if fence is None:
            self._wrong.clear()
            self._under_way.clear()
            return False
        for unit in await self._ledger.store.query(queries.all_units):
            try:
                await self._unit(unit, fence)
            except Exception:  # one unit's trouble must not leave the others without paper
                log.exception("no offline list", unit=str(unit.id))
                self._wrong[unit.id, None] = "it could not be made; see the log"
        return True

    def checks(self) -> dict[str, Check]:
        """How the lists are."""
        return {"offline lists": self._how}

    async def _how(self) -> str | None:
        return "; ".join(f"{patrol or unit}: {why}" for (unit, patrol), why in self._wrong.items()) or None

    async def _unit(self, unit: queries.UnitRow, fence: Fence) -> None:
        now = self._clock.now()
        night = night_of(now, zone_named(unit.zone))
        await self._remove_old(unit, night, fence)
        lists = await self._maker.read(unit, night)
        first = first_slot(lists)
        if first is None:
            return
        paper = PAPER.fold((await self._ledger.store.load(stream_of(unit.id, night)))[1])
        for one in lists:
            await self._list(one, paper, now, first, fence)

    async def _list(self, one: PatrolList, paper: Paper, now: datetime, first: datetime, fence: Fence) -> None:
        whose, on_paper = (one.unit, one.patrol), paper.lists.get(one.patrol)
        why: str | None = None
        match next_step(on_paper, one.edition, now, first, self._before):
            case Step.WAIT:
                self._under_way.pop(whose, None)
                self._wrong.pop(whose, None)
                return
            case Step.REST:
                pass
            case Step.MAKE:
                why = await self._make(one, whose, fence)
            case Step.BRING:
                why = await self._bring_again(one, whose, fence)
            case Step.LOOK:
                why = await self._look(one, whose, on_paper, fence)
        await self._tell(one, whose, why, paper, late=now >= first, fence=fence)

    async def _make(self, one: PatrolList, whose: Whose, fence: Fence) -> str | None:
        try:
            made = await self._maker.make(one, fence)
        except NoPasswordError:
            return "no password is configured for it"
        except (FencedError, ConflictError):
            raise
        except Exception as error:  # one list's trouble must not leave the others without paper, and must be told
            log.exception("the offline list could not be made", unit=str(one.unit), patrol=str(one.patrol))
            return f"it could not be made: {type(error).__name__}"
        self._under_way[whose] = made
        return await self._bring(one, whose, made, fence)

    async def _bring_again(self, one: PatrolList, whose: Whose, fence: Fence) -> str | None:
        """Another process may have made it, and taken it with it: then it is made anew."""
        made = self._under_way.get(whose)
        return await (self._make(one, whose, fence) if made is None else self._bring(one, whose, made, fence))

    async def _bring(self, one: PatrolList, whose: Whose, made: MadeList, fence: Fence) -> str | None:
        why = await self._deliverer.bring(one, made, fence)
        if why is None:
            self._under_way.pop(whose, None)
            log.info("the offline list has arrived", unit=str(one.unit), patrol=str(one.patrol), file=made.file)
        return why

    async def _look(self, one: PatrolList, whose: Whose, on_paper: OnPaper | None, fence: Fence) -> str | None:
        if on_paper is None or await self._deliverer.missing(on_paper.file, on_paper.sha256) is None:
            return None
        return await self._bring_again(one, whose, fence)

    async def _tell(
        self, one: PatrolList, whose: Whose, why: str | None, paper: Paper, *, late: bool, fence: Fence
    ) -> None:
        if why is None:
            self._wrong.pop(whose, None)
            return
        if self._wrong.get(whose) != why:
            log.warning("the offline list has not arrived", unit=str(one.unit), patrol=str(one.patrol), why=why)
        self._wrong[whose] = why
        if late and one.patrol not in paper.failed:
            log.error("THE NIGHT HAS BEGUN WITHOUT AN OFFLINE LIST", unit=str(one.unit), patrol=str(one.patrol))
            failed = OfflineListFailed(unit=one.unit, night=one.night, patrol=one.patrol, why=why)
            await record(self._ledger, Owner(one.organisation, one.unit), one.night, failed, fence)

    async def _remove_old(self, unit: queries.UnitRow, night: date, fence: Fence) -> None:
        if self._removed.get(unit.id) == night:
            return
        before = night - timedelta(days=self._keep_nights - 1)
        why = await self._deliverer.remove_old(Owner(unit.organisation, unit.id), unit.id, before, fence)
        if why is None:
            self._removed[unit.id] = night
        else:
            log.warning("an old offline list could not be removed", unit=str(unit.id), why=why)
