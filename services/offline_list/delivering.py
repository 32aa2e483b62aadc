"""Bringing a list to every place, reading it back, and putting its arrival on record; removing those of old nights."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from events.envelope import Owner
from events.store import Fence
from events.types.paper import OfflineListArrived, OfflineListRemoved
from services.offline_list.lists import PatrolList
from services.offline_list.making import MadeList, record
from services.offline_list.places import Folder, Place, PlaceError, WebFolder, what_is_missing
from services.offline_list.settings import OfflineListSettings
from services.tillsyn.kinds import PAPER
from services.tillsyn.ledger import Ledger
from services.tillsyn.paper import stream_of

LOOK_BACK_NIGHTS = 30
"""How far back files are looked for that were not removed in their time: the machine was off."""


def places_of(settings: OfflineListSettings) -> tuple[Place, ...]:
    """Every configured place."""
    places: list[Place] = []
    if settings.offline_folder is not None:
        places.append(Folder(settings.offline_folder))
    if settings.offline_web is not None:
        password = settings.offline_web_password.get_secret_value()
        places.append(WebFolder(settings.offline_web.get_secret_value(), settings.offline_web_user, password))
    return tuple(places)


class Deliverer:
    """Knows the places."""

    def __init__(self, ledger: Ledger, places: Sequence[Place]) -> None:
        self._ledger = ledger
        self._places = places

    async def bring(self, one: PatrolList, made: MadeList, fence: Fence | None = None) -> str | None:
        """Bring it everywhere. None when it has arrived, which is then on record; else what is wrong, and where."""
        wrong = [said for place in self._places if (said := await _brought(place, made))]
        if wrong:
            return "; ".join(wrong)[:200]
        arrived = OfflineListArrived(unit=one.unit, night=one.night, patrol=one.patrol, sha256=made.sha256)
        await record(self._ledger, Owner(one.organisation, one.unit), one.night, arrived, fence)
        return None

    async def missing(self, file: str, digest: str) -> str | None:
        """None when the file lies whole in every place; else what is wrong, and where."""
        wrong = [said for place in self._places if (said := await what_is_missing(place, file, digest))]
        return "; ".join(wrong)[:200] or None

    async def remove_old(self, owner: Owner, unit: UUID, before: date, fence: Fence | None = None) -> str | None:
        """Remove the lists of nights before `before`; what could not be removed, or None."""
        for back in range(1, LOOK_BACK_NIGHTS + 1):
            night = before - timedelta(days=back)
            paper = PAPER.fold((await self._ledger.store.load(stream_of(unit, night)))[1])
            for file in sorted(paper.files):
                try:
                    for place in self._places:
                        await place.remove(file)
                except PlaceError as error:
                    return f"{file} is still there: {error}"
                removed = OfflineListRemoved(unit=unit, night=night, file=file)
                await record(self._ledger, owner, night, removed, fence)
        return None


async def _brought(place: Place, made: MadeList) -> str | None:
    try:
        await place.put(made.file, made.data)
    except PlaceError as error:
        return f"{place.name}: {error}"
    return await what_is_missing(place, made.file, made.sha256)
