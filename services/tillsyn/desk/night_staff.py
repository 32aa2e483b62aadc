"""What night staff do: claim a slot, look, and answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal, Purpose
from events.store import queries
from events.types.night import EscalationReason
from events.types.recipient import ConsentScope
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.agreements import hold_against_agreements
from services.tillsyn.desk.follow import owner_of, record_night
from services.tillsyn.desk.who import staff_context
from services.tillsyn.household import Household, load_household
from services.tillsyn.kinds import NIGHT, RECIPIENT
from services.tillsyn.ledger import Ledger, Stream, Transaction
from services.tillsyn.looking import GrantRequest, Looking
from services.tillsyn.night.errors import NoSuchSlotError, NotForTheCameraError
from services.tillsyn.refused import RefusedError

ROLE = "night-staff"
FOUND_FAULTS = (LookFault.CAMERA, LookFault.GATEWAY_SILENT, LookFault.UNKNOWN_CAMERA)
"""A look that fails so has found a fault: somebody is sent within the unit's grace."""


class CameraShutError(RefusedError):
    """Somebody's no, a pause, a test that has not passed, or a carer in the home keeps the camera shut."""


CARER_THERE = "carer-in-the-home"


def stays_shut(household: Household, recipient: UUID, at: datetime) -> str | None:
    """Why nobody may look at this person now; None when somebody may."""
    shut = household.shut(recipient, at)
    if shut is not None:
        return shut.value
    return CARER_THERE if household.carer else None


@dataclass(slots=True)
class _Place:
    """Where a slot stands: its row, its night, and who asks."""

    row: queries.SlotRow
    night: Stream[nights.Night]
    context: Context


class NightStaff:
    """The desk's night side. Every method is one transaction; RefusedError says which rule forbids it."""

    def __init__(self, ledger: Ledger, looking: Looking) -> None:
        self._ledger = ledger
        self._looking = looking

    async def worklist(self, unit: UUID) -> list[queries.SlotRow]:
        """The unit's open slots whose window has opened, most urgent first."""
        now = self._ledger.clock.now()
        return await self._ledger.store.query(queries.worklist, unit, now)

    async def claim(self, slot: UUID, by: UUID) -> None:
        """Take a slot, or renew one's own lease."""
        await self._ask(slot, by, lambda place: nights.Claim(slot, by, place.context.time), rely=True)

    async def release(self, slot: UUID, by: UUID) -> None:
        """Give a slot back."""
        await self._ask(slot, by, lambda place: nights.Release(slot, by, place.context.time))

    async def look(self, slot: UUID, by: UUID, viewer_key: str) -> SealedPicture | NoPicture:
        """Open the camera once for the holder of the lease; the picture is sealed for `viewer_key` alone.

        The grant is on record before the camera is asked, and what came of it afterwards.
        """
        granted = await self._ledger.transact(lambda tx: self._grant(tx, slot, by, viewer_key))
        reply = await self._looking.look(granted)
        return await self._ledger.transact(lambda tx: self._record_reply(tx, slot, by, granted.grant.look, reply))

    async def all_well(self, slot: UUID, by: UUID) -> None:
        """The person was seen, and all is well."""
        await self._ask(slot, by, lambda place: nights.SayAllWell(slot, by, place.context.time))

    async def undo(self, slot: UUID, by: UUID) -> None:
        """Take "all well" back, within the seconds allowed."""

        async def use_case(tx: Transaction) -> None:
            place = await self._place(tx, slot, by)
            command = nights.UndoAllWell(slot, by, place.context.time)
            await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
            # consent may have been withdrawn in these seconds, while the slot counted as done
            await hold_against_agreements(tx, place.row.recipient, place.context, [place.row.night])

        await self._ledger.transact(use_case)

    async def not_seen(self, slot: UUID, by: UUID) -> None:
        """The person was not in the picture."""

        async def use_case(tx: Transaction) -> None:
            place = await self._place(tx, slot, by)
            household = await load_household(tx, place.row.home)
            again = ConsentScope.SECOND_LOOKS in household.scope(place.row.recipient)
            command = nights.SayNotSeen(slot, by, place.context.time, second_look_consented=again)
            await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)

        await self._ledger.transact(use_case)

    async def concern(self, slot: UUID, by: UUID, note: str | None = None) -> None:
        """Something is wrong: send somebody now."""

        def command(place: _Place) -> nights.Command:
            sealed_later = Personal.of(note, place.row.recipient, Purpose.ACCESS_LOG) if note else None
            return nights.RaiseConcern(slot, by, place.context.time, sealed_later)

        await self._ask(slot, by, command)

    async def _ask(
        self, slot: UUID, by: UUID, command: Callable[[_Place], nights.Command], *, rely: bool = False
    ) -> Sequence[Event]:
        async def use_case(tx: Transaction) -> Sequence[Event]:
            place = await self._place(tx, slot, by)
            if rely:
                await tx.load(RECIPIENT, recipients.stream_of(place.row.recipient), rely=True)
            events = nights.decide(place.night.state, command(place))
            await record_night(tx, place.night, events, place.context)
            return events

        return await self._ledger.transact(use_case)

    async def _place(self, tx: Transaction, slot: UUID, by: UUID) -> _Place:
        row = await tx.store.query(queries.slot, slot)
        if row is None:
            raise NoSuchSlotError(slot)
        context = await staff_context(tx, by, ROLE, owner_of(row))
        return _Place(row, await tx.load(NIGHT, nights.stream_of(row.recipient, row.night)), context)

    async def _grant(self, tx: Transaction, slot: UUID, by: UUID, viewer_key: str) -> GrantRequest:
        place = await self._place(tx, slot, by)
        person = await tx.load(RECIPIENT, recipients.stream_of(place.row.recipient), rely=True)
        household = await load_household(tx, place.row.home)
        why = stays_shut(household, place.row.recipient, place.context.time)
        camera = household.camera_of(place.row.recipient)
        if camera is None:
            raise NotForTheCameraError(slot)
        if why is not None:
            raise CameraShutError(f"the camera of slot {slot} stays shut: {why}")
        command = nights.GrantLook(
            slot=slot,
            look=tx.ledger.ids.thing(),
            by=by,
            camera=camera.camera,
            recipient_version=person.version,
            at=place.context.time,
        )
        events = nights.decide(place.night.state, command)
        await record_night(tx, place.night, events, place.context)
        return GrantRequest.of(events, place.row, camera, viewer_key)

    async def _record_reply(
        self, tx: Transaction, slot: UUID, by: UUID, look: UUID, reply: SealedPicture | NoPicture
    ) -> SealedPicture | NoPicture:
        """Record what came of the look. A picture that came after anybody in the home said no is not handed on."""
        place = await self._place(tx, slot, by)
        household = await load_household(tx, place.row.home)
        why = stays_shut(household, place.row.recipient, place.context.time)
        if isinstance(reply, SealedPicture) and why is not None:
            reply = NoPicture(look, LookFault.SUSPENDED, f"refused while the camera opened: {why}")
        command: nights.Command
        if isinstance(reply, SealedPicture):
            command = nights.RecordServed(slot, look, reply.taken_at, reply.frame)
        else:
            fault = f"{reply.fault.value}: {reply.detail}".removesuffix(": ")
            trouble = EscalationReason.CAMERA_UNREACHABLE if reply.fault in FOUND_FAULTS else None
            command = nights.RecordFailed(slot, look, fault, place.context.time, trouble)
        await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
        return reply
