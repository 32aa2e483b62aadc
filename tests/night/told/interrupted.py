"""A look in the middle of which something happens."""

from collections.abc import Awaitable, Callable

from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture, ViewerKey
from services.tillsyn.desk import NightStaff
from services.tillsyn.looking import GrantRequest
from tests.builders import an_id
from tests.night.told.village import Village


class Interrupted:
    """The real way to the camera; while the picture is on its way back, something happens."""

    def __init__(self, village: Village, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._village = village
        self._meanwhile = meanwhile
        self.asked: list[GrantRequest] = []
        self.came: list[SealedPicture | NoPicture] = []

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        """The gateway's reply, which comes after what happened."""
        reply = await self._village.service.looking.look(request)
        self.asked.append(request)
        self.came.append(reply)
        await self._meanwhile()
        return reply

    async def by(self, who: str, person: str) -> SealedPicture | NoPicture:
        """Claim and look, and be interrupted: what is seen in the end."""
        slot = (await self._village.slot_of(person)).id
        desk = NightStaff(self._village.ledger, self)
        await desk.claim(slot, an_id(who))
        return await desk.look(slot, an_id(who), ViewerKey().public())

    async def once_more(self) -> SealedPicture | NoPicture:
        """What the gateway answers now to the grant that it has answered before."""
        return await self._village.service.looking.look(self.asked[-1])
