"""What a named person does about an incident: take it, phone, send, defer, home by home; and close it in the end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.home import OutageAgreement, RiskClass
from events.types.night import EscalationReason
from events.types.unit import NightRules
from events.types.visit import PhoneOutcome
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import release_visit
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.desk.help_now import send_help
from services.tillsyn.desk.who import acting_context
from services.tillsyn.held import visits_held
from services.tillsyn.incident.state import urgency
from services.tillsyn.kinds import INCIDENTS, NIGHT, UNIT, VISIT
from services.tillsyn.ledger import Ledger, Stream, Transaction

ROLES = ("night-staff", "manager")
PHONED_WELL = "phoned: answered, and all is well"


@dataclass(frozen=True, slots=True)
class LostHome:
    """A home of an incident as the list shows it; `held` visits wait for the decision about it."""

    row: queries.IncidentHomeRow
    held: tuple[UUID, ...]


@dataclass(slots=True)
class _Place:
    stream: Stream[incidents.Incidents]
    context: Context


_Step = Callable[[Transaction, _Place], Awaitable[None]]
"""What goes with a command, before it is decided or after."""


class Incidents:
    """The desk's side towards incidents. Every method is one transaction; RefusedError says which rule forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open(self, unit: UUID) -> list[queries.IncidentRow]:
        """The unit's open incidents, oldest first."""
        return await self._ledger.store.query(queries.open_incidents, unit)

    async def homes(self, unit: UUID, incident: UUID) -> list[LostHome]:
        """The homes of an incident of the unit, in the order in which to think of them: risk class, agreement, time."""
        rows = [row for row in await self._ledger.store.query(queries.homes_of_incident, incident) if row.unit == unit]
        held = {row.home: await self._ledger.store.query(queries.held_visits, incident, row.home) for row in rows}
        return [LostHome(row, tuple(held[row.home])) for row in sorted(rows, key=_urgency)]

    async def take(self, unit: UUID, incident: UUID, by: UUID) -> None:
        """I have it."""
        await self._ask(unit, by, lambda at: incidents.Take(incident, by))

    async def phone(self, unit: UUID, incident: UUID, home: UUID, by: UUID, outcome: PhoneOutcome) -> None:
        """Say what a call to the home came to. Who is well needs no visit for a check whose window has opened; who
        needs help gets it at once, whatever was to be checked and when."""
        rules = await self._rules(unit)

        async def first(tx: Transaction, place: _Place) -> None:
            if outcome is PhoneOutcome.ANSWERED_WELL:  # before the word that decides about it, not a new question after
                await _give_up_opened(tx, home, place.context)
                for visit in await visits_held(tx, home, [incident]):
                    stream = await tx.load(VISIT, visits.stream_of(visit))
                    closed = visits.decide(stream.state, visits.Close(by, PHONED_WELL))
                    await record_visit(tx, stream, closed, place.context)

        async def then(tx: Transaction, place: _Place) -> None:
            if outcome is PhoneOutcome.NEEDS_HELP:
                await _send(tx, incident, home, by, place.context)
                await send_help(tx, home, by, place.context)

        await self._ask(unit, by, lambda at: incidents.Phone(incident, home, by, outcome, rules, at), then, first)

    async def send(self, unit: UUID, incident: UUID, home: UUID, by: UUID) -> None:
        """Somebody goes there, for all that is due in this home and for what falls due while it is lost."""

        async def then(tx: Transaction, place: _Place) -> None:
            await _send(tx, incident, home, by, place.context)

        await self._ask(unit, by, lambda at: incidents.Send(incident, home, by), then)

    async def defer(self, unit: UUID, incident: UUID, home: UUID, by: UUID, until: datetime, reason: str) -> None:
        """The home waits until then."""
        await self._ask(unit, by, lambda at: incidents.Defer(incident, home, by, until, reason, at))

    async def close(self, unit: UUID, incident: UUID, by: UUID, reason: str) -> None:
        """It is over; refused while a home waits for a decision or a visit is held."""

        async def use_case(tx: Transaction) -> None:
            place = await _place(tx, unit, by)
            held = await tx.store.query(queries.held_visits, incident)
            command = incidents.Close(incident, by, reason, len(held))
            tx.record(place.stream, incidents.decide(place.stream.state, command), place.context)

        await self._ledger.transact(use_case)

    async def _ask(
        self,
        unit: UUID,
        by: UUID,
        command: Callable[[datetime], incidents.Command],
        then: _Step | None = None,
        first: _Step | None = None,
    ) -> None:
        async def use_case(tx: Transaction) -> None:
            place = await _place(tx, unit, by)
            if first is not None:
                await first(tx, place)
            asked = command(place.context.time)
            tx.record(place.stream, incidents.decide(place.stream.state, asked), place.context)
            if then is not None:
                await then(tx, place)

        await self._ledger.transact(use_case)

    async def _rules(self, unit: UUID) -> NightRules:
        return UNIT.fold((await self._ledger.store.load(units.stream_of(unit)))[1]).rules


async def _place(tx: Transaction, unit: UUID, by: UUID) -> _Place:
    owner = units.owner_of((await tx.load(UNIT, units.stream_of(unit))).state)
    context = await acting_context(tx, by, ROLES, owner)
    return _Place(await tx.load(INCIDENTS, incidents.stream_of(unit)), context)


async def _send(tx: Transaction, incident: UUID, home: UUID, by: UUID, context: Context) -> None:
    await _give_up_opened(tx, home, context)
    for visit in await visits_held(tx, home, [incident]):
        await release_visit(tx, visit, by, context)


async def _give_up_opened(tx: Transaction, home: UUID, context: Context) -> None:
    """Checks by camera that could be made now need not wait for their deadline: the camera cannot be reached."""
    for row in await tx.store.query(queries.opened_in_lost_home, home, context.time):
        await give_up_camera(tx, row, context)


async def give_up_camera(tx: Transaction, row: queries.DueInIncident, context: Context) -> None:
    """The slot is escalated now, for the camera's sake."""
    slot = await tx.store.query(queries.slot, row.slot)
    if slot is None:
        return
    night = await tx.load(NIGHT, nights.stream_of(row.recipient, slot.night))
    command = nights.GiveUpCamera(row.slot, EscalationReason.CAMERA_UNREACHABLE)
    await record_night(tx, night, nights.decide(night.state, command), context)


def _urgency(row: queries.IncidentHomeRow) -> tuple[int, int, bool, str, str]:
    lost = incidents.HomeLost(row.home, RiskClass(row.risk_class), OutageAgreement(row.outage_agreement), row.until)
    return urgency(lost)
