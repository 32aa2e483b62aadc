"""What night staff do: claim a slot, look, and answer; and what they do against the plan, with a reason."""

from collections.abc import Callable, Sequence
from uuid import UUID

from events.base import Event
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal, Purpose
from events.store import queries
from events.types.night import AlarmCaller
from events.types.recipient import ConsentScope
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import cancelling, looks, manual_alarm, reopening
from services.tillsyn.desk.agreements import hold_against_agreements
from services.tillsyn.desk.follow import record_night
from services.tillsyn.desk.looks import CameraShutError
from services.tillsyn.desk.place import NIGHT_STAFF as ROLE
from services.tillsyn.desk.place import Place, place_of, require_home_free
from services.tillsyn.household import load_household
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.looking import GrantRequest, Looking

__all__ = ["ROLE", "CameraShutError", "NightStaff"]


class NightStaff:
    """The desk's night side. Every method is one transaction; RefusedError says which rule forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger, looking: Looking) -> None:
        self._ledger = ledger
        self._looking = looking

    async def worklist(self, unit: UUID) -> list[queries.SlotRow]:
        """The unit's open slots whose window has opened, most urgent first."""
        now = self._ledger.clock.now()
        return await self._ledger.store.query(queries.worklist, unit, now)

    async def claim(self, slot: UUID, by: UUID) -> None:
        """Take a slot, or renew one's own lease. A home is one person's at a time, whoever of two lives there."""
        await self._ledger.transact(lambda tx: self._claim(tx, slot, by))

    async def release(self, slot: UUID, by: UUID) -> None:
        """Give a slot back."""
        await self._ask(slot, by, lambda place: nights.Release(slot, by, place.context.time))

    async def look(self, slot: UUID, by: UUID, viewer_key: str, also: Sequence[UUID] = ()) -> SealedPicture | NoPicture:
        """Open the camera once for the holder of the lease; the picture is sealed for `viewer_key` alone.

        The grant is on record before the camera is asked, and what came of it afterwards. With `also`, slots of others
        in the same home that are claimed too, it is one opening for them all; each is answered by itself.
        """
        granted = await self._ledger.transact(lambda tx: self._grant(tx, slot, by, viewer_key, also))
        reply = await self._looking.look(granted)
        look = granted.grant.look
        return await self._ledger.transact(lambda tx: looks.record_reply(tx, (slot, *also), by, look, reply))

    async def all_well(self, slot: UUID, by: UUID) -> None:
        """The person was seen, and all is well."""
        await self._ask(slot, by, lambda place: nights.SayAllWell(slot, by, place.context.time))

    async def undo(self, slot: UUID, by: UUID) -> None:
        """Take "all well" back, within the seconds allowed."""

        async def use_case(tx: Transaction) -> None:
            place = await place_of(tx, slot, by)
            command = nights.UndoAllWell(slot, by, place.context.time)
            await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
            # consent may have been withdrawn in these seconds, while the slot counted as done
            await hold_against_agreements(tx, place.row.recipient, place.context, [place.row.night])

        await self._ledger.transact(use_case)

    async def not_seen(self, slot: UUID, by: UUID) -> None:
        """The person was not in the picture."""

        async def use_case(tx: Transaction) -> None:
            place = await place_of(tx, slot, by)
            household = await load_household(tx, place.row.home)
            again = ConsentScope.SECOND_LOOKS in household.scope(place.row.recipient)
            command = nights.SayNotSeen(slot, by, place.context.time, second_look_consented=again)
            await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)

        await self._ledger.transact(use_case)

    async def uncertain(self, slot: UUID, by: UUID) -> None:
        """Somebody was seen, and it cannot be told whether all is well: a colleague is asked to look."""
        await self._ask(slot, by, lambda place: nights.SaySeenUncertain(slot, by, place.context.time))

    async def concern(self, slot: UUID, by: UUID, note: str | None = None) -> None:
        """Something is wrong: send somebody now."""

        def command(place: Place) -> nights.Command:
            sealed_later = Personal.of(note, place.row.recipient, Purpose.ACCESS_LOG) if note else None
            return nights.RaiseConcern(slot, by, place.context.time, sealed_later)

        await self._ask(slot, by, command)

    async def reopen(self, slot: UUID, by: UUID, reason: str) -> None:
        """Second thoughts: a settled slot is open again for a while. A visit that nobody has taken yet is ended."""
        await self._ledger.transact(lambda tx: reopening.reopen(tx, slot, by, reason))

    async def cancel(self, slot: UUID, by: UUID, reason: str) -> None:
        """One check is not to be made this once, and why; night staff or a manager may say so."""
        await self._ledger.transact(lambda tx: cancelling.cancel(tx, slot, by, reason))

    async def alarm(self, recipient: UUID, by: UUID, caller: AlarmCaller, reason: str, *, camera: bool = True) -> UUID:
        """Somebody is worried: a slot outside the agreed times, open now; its id. Without `camera` somebody is sent."""
        return await self._ledger.transact(
            lambda tx: manual_alarm.raise_alarm(tx, recipient, by, caller, reason, camera=camera)
        )

    async def _ask(self, slot: UUID, by: UUID, command: Callable[[Place], nights.Command]) -> Sequence[Event]:
        async def use_case(tx: Transaction) -> Sequence[Event]:
            place = await place_of(tx, slot, by)
            events = nights.decide(place.night.state, command(place))
            await record_night(tx, place.night, events, place.context)
            return events

        return await self._ledger.transact(use_case)

    async def _claim(self, tx: Transaction, slot: UUID, by: UUID) -> None:
        place = await place_of(tx, slot, by)
        await tx.load(RECIPIENT, recipients.stream_of(place.row.recipient), rely=True)
        await require_home_free(tx, place, by)
        command = nights.Claim(slot, by, place.context.time)
        await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)

    async def _grant(
        self, tx: Transaction, slot: UUID, by: UUID, viewer_key: str, also: Sequence[UUID] = ()
    ) -> GrantRequest:
        return await looks.grant(tx, (slot, *also), by, viewer_key)
