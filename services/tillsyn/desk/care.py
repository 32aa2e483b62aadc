"""What assessors, managers and installers enter: units, staff, gateways, homes, recipients and what was agreed.

Whatever a change means for nights already planned is done in the same transaction: a withdrawn consent leaves no
instant in which a look could still be granted.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from events.types.unit import GatewayRegistered, StaffRegistered, UnitRegistered, UnitRulesChanged
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.desk import entitled
from services.tillsyn.desk.agreements import hold_home_against_agreements
from services.tillsyn.desk.own_word import require_own_word
from services.tillsyn.desk.whereabouts import change_recipient, let_go_of_the_dead
from services.tillsyn.desk.who import NotOfThisUnitError, entering_context, require_in_organisation
from services.tillsyn.kinds import HOME, NIGHT, RECIPIENT, UNIT
from services.tillsyn.ledger import Kind, Ledger, Transaction
from services.tillsyn.refused import RefusedError
from services.tillsyn.unit import NoSuchUnitError

REGISTRATION: Kind[bool] = Kind(False, lambda _, __: True)
"""Streams of things that are registered once and have no other rule: staff and gateways."""


class NightPlannedAlreadyError(RefusedError):
    """A planned night keeps its times; a new schedule holds from the first night that is not planned."""


class Care:
    """The desk's side towards agreements. `by` is who enters it, in which role: one that `entitled` names for it.

    NotOfThisUnitError, NotInThisRoleError or RoleExpiredError for staff who do not have that role in the unit now.
    """

    def __init__(self, ledger: Ledger, by: Actor) -> None:
        self._ledger = ledger
        self._by = by

    async def register_unit(self, event: UnitRegistered) -> None:
        """Begin to use the system in a unit. Entering it again changes nothing.

        NotOfThisOrganisationError for staff of another organisation; it takes a manager of one of its units.
        """

        async def use_case(tx: Transaction) -> None:
            await require_in_organisation(tx, self._by, event.organisation, entitled.MANAGING)
            owner = Owner(event.organisation, event.unit)
            context = Context(self._by, owner, tx.ledger.clock.now(), tx.ledger.ids.thing())
            await _register(tx, units.stream_of(event.unit), event, context)

        await self._ledger.transact(use_case)

    async def change_rules(self, event: UnitRulesChanged) -> None:
        """New rules, for nights planned from now on."""

        async def use_case(tx: Transaction) -> None:
            context = await self._entering(tx, event.unit, entitled.MANAGING)
            unit = await tx.load(UNIT, units.stream_of(event.unit))
            tx.record(unit, [event] if unit.state.rules != event.rules else [], context)

        await self._ledger.transact(use_case)

    async def register_staff(self, event: StaffRegistered) -> None:
        """Somebody works for a unit. Entering them again changes nothing."""
        await self._known(f"staff-{event.staff}", event, event.unit)

    async def register_gateway(self, event: GatewayRegistered) -> None:
        """A gateway is known. Entering it again changes nothing."""
        await self._known(f"gateway-{event.gateway}", event, event.unit)

    async def home(self, home: UUID, unit: UUID, command: homes.Entered) -> None:
        """A change to a home, and what it means for the nights of those who live there.

        NotEnteredError for a camera's test: that is `services.tillsyn.desk.Installing`'s, step by step.
        """

        async def use_case(tx: Transaction) -> None:
            context = await self._entering(tx, unit, entitled.for_home(command))
            if isinstance(command, homes.Register):
                _require_itself((command.home, command.unit), (home, unit))
            stream = await tx.load(HOME, homes.stream_of(home))
            _require_own(home, stream.state.unit, unit)
            if isinstance(command, homes.LinkCamera):
                await _require_own_gateway(tx, command.gateway, unit)
            if isinstance(command, homes.LinkCamera | homes.MoveIn):
                await _require_own_people(tx, command, unit)
            if isinstance(command, homes.Close):
                await let_go_of_the_dead(tx, home, context)
            tx.record(stream, homes.decide(stream.state, command), context)
            await hold_home_against_agreements(tx, home, context)

        await self._ledger.transact(use_case)

    async def recipient(self, recipient: UUID, unit: UUID, command: recipients.Command) -> None:
        """A change to what was agreed with a recipient, and what it means for nights already planned: theirs, and those
        of whoever lives with them.
        """

        async def use_case(tx: Transaction) -> None:
            context = await self._entering(tx, unit, entitled.for_recipient(command))
            if isinstance(command, recipients.Register):
                _require_itself((command.recipient, command.unit), (recipient, unit))
            if isinstance(command, recipients.SetSchedule):
                await self._require_unplanned(tx, recipient, command)
            stream = await tx.load(RECIPIENT, recipients.stream_of(recipient))
            _require_own(recipient, stream.state.unit, unit)
            require_own_word(self._by, command, context.time)
            await change_recipient(tx, recipient, _said_now(command, context.time), context)

        await self._ledger.transact(use_case)

    async def _require_unplanned(self, tx: Transaction, recipient: UUID, command: recipients.SetSchedule) -> None:
        latest = await tx.store.query(queries.latest_planned_night, recipient)
        if latest is not None and command.from_night <= latest:
            earliest = latest + timedelta(days=1)
            raise NightPlannedAlreadyError(
                f"the night of {command.from_night} is planned already; the schedule can hold from {earliest} on"
            )
        # The night must stay unplanned until the schedule is in the log: rely on its stream, which is empty.
        await tx.load(NIGHT, nights.stream_of(recipient, command.from_night), rely=True)

    async def _known(self, stream: str, event: Event, unit: UUID) -> None:
        async def use_case(tx: Transaction) -> None:
            await _register(tx, stream, event, await self._entering(tx, unit, entitled.MANAGING))

        await self._ledger.transact(use_case)

    async def _entering(self, tx: Transaction, unit: UUID, roles: tuple[str, ...]) -> Context:
        known = (await tx.load(UNIT, units.stream_of(unit))).state
        if known.organisation is None:
            raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
        return await entering_context(tx, self._by, Owner(known.organisation, unit), roles)


async def _register(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    known = await tx.load(REGISTRATION, stream)
    tx.record(known, [] if known.state else [event], context)


async def _require_own_gateway(tx: Transaction, gateway: UUID, unit: UUID) -> None:
    row = await tx.store.query(
        queries.gateway, gateway
    )  # one that nobody has registered is told of as a gap of the plan
    _require_own(gateway, row.unit if row is not None else None, unit)


async def _require_own_people(tx: Transaction, command: homes.LinkCamera | homes.MoveIn, unit: UUID) -> None:
    for recipient in command.sees if isinstance(command, homes.LinkCamera) else (command.recipient,):
        _require_own(recipient, (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state.unit, unit)


def _said_now(command: recipients.Command, now: datetime) -> recipients.Command:
    """The command, said when it is entered: by that it is judged whether somebody has asked where the recipient is."""
    match command:
        case recipients.ReportAbsence() | recipients.ReviewAbsence():
            return replace(command, at=now)
        case _:
            return command


def _require_itself(said: tuple[UUID, UUID], asked: tuple[UUID, UUID]) -> None:
    """What is registered is the thing that was asked about, in the unit that answers for it."""
    if said != asked:
        raise NotOfThisUnitError(
            f"{said[0]} of unit {said[1]} cannot be registered as {asked[0]} of unit {asked[1]}; ask its own unit"
        )


def _require_own(id_: UUID, belongs_to: UUID | None, unit: UUID) -> None:
    if belongs_to is not None and belongs_to != unit:
        raise NotOfThisUnitError(f"{id_} belongs to unit {belongs_to}; unit {unit} may not change anything of it")


INSTALLER = Actor(ActorKind.SYSTEM, "installer", "installer")
"""Who enters what comes from a file when no person is named."""
