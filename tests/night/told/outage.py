"""One incident in a told night: what somebody does about it, home by home."""

from dataclasses import dataclass
from uuid import UUID

from events.types.visit import PhoneOutcome
from tests.builders import an_id
from tests.night.told.dwellings import at
from tests.night.told.village import UNIT, Village


@dataclass(frozen=True)
class Outage:
    """The incident, as the desk shows it."""

    village: Village
    id: UUID

    async def homes(self) -> list[str]:
        """The names of its homes, in the order in which to think of them."""
        listed = await self.village.service.incidents.homes(UNIT, self.id)
        names = {dwelling.id: dwelling.name for dwelling in self.village.dwellings}
        return [names[lost.row.home] for lost in listed]

    async def waiting(self) -> set[str]:
        """The names of the homes that somebody still has to decide about."""
        listed = await self.village.service.incidents.homes(UNIT, self.id)
        names = {dwelling.id: dwelling.name for dwelling in self.village.dwellings}
        return {names[lost.row.home] for lost in listed if lost.row.until is not None or lost.held}

    async def take(self, who: str) -> None:
        """I have it."""
        await self.village.service.incidents.take(UNIT, self.id, an_id(who))

    async def phone(self, who: str, home: str, outcome: PhoneOutcome) -> None:
        """Telephone the home."""
        await self.village.service.incidents.phone(UNIT, self.id, an_id(f"home {home}"), an_id(who), outcome)

    async def send(self, who: str, home: str) -> None:
        """Somebody is to go there."""
        await self.village.service.incidents.send(UNIT, self.id, an_id(f"home {home}"), an_id(who))

    async def defer(self, who: str, home: str, until: str, reason: str) -> None:
        """The home can wait."""
        await self.village.service.incidents.defer(UNIT, self.id, an_id(f"home {home}"), an_id(who), at(until), reason)

    async def close(self, who: str, reason: str) -> None:
        """It is over."""
        await self.village.service.incidents.close(UNIT, self.id, an_id(who), reason)


async def only_outage(village: Village) -> Outage:
    """The one incident that is open."""
    [row] = await village.service.incidents.open(UNIT)
    return Outage(village, row.id)
