"""What a description says that the log does not: the steps to enter, in order, or the rule that forbids one.

All of it is found out before anything is entered. What the file leaves out stays as it is, and what was ended or
withdrawn is not taken up again by entering an old file: a new decision or consent has a new id.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from events.base import Event
from events.home_schedule import period_of
from events.personal import Personal
from events.schedule import night_of, zone_named
from events.store import queries
from events.types.home import CohabitantConsentGiven, CohabitantMovedIn, HomeRegistered, KeyCodeEntered
from events.types.recipient import ConsentGiven, DecisionGranted
from events.types.unit import GatewayRegistered, StaffRegistered, UnitRegistered, UnitRulesChanged
from services.registering.description import (
    CameraDescription,
    ConsentDescription,
    DecisionDescription,
    Description,
    GatewayDescription,
    HomeDescription,
    RecipientDescription,
    StaffDescription,
)
from services.registering.otherwise import require_same
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.camera import CameraElsewhereError
from services.tillsyn.desk import Care
from services.tillsyn.desk.care import NightPlannedAlreadyError
from services.tillsyn.kinds import HOME, RECIPIENT, UNIT
from services.tillsyn.ledger import Ledger
from services.tillsyn.refused import RefusedError

E = TypeVar("E", bound=Event)
MOST_IN_A_HOME = 2


class HomeFullError(RefusedError):
    """A home has one or two recipients: one look may have to tell them apart."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to enter: what, in words without names, and how."""

    what: str
    about: UUID
    """Which thing of the description it is."""
    enter: Callable[[Care], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that forbids to enter something of the description, and of which thing."""

    about: UUID
    error: RefusedError


async def differences(description: Description, ledger: Ledger, gateway_keys: Mapping[UUID, str]) -> list[Step]:
    """The steps; none when the log says it all. RefusedError when a rule stands against one of them."""
    return [step async for step in Differences(description, ledger, gateway_keys).steps()]


class Differences:
    """A description held against the log."""

    def __init__(self, description: Description, ledger: Ledger, gateway_keys: Mapping[UUID, str]) -> None:
        self._said = description
        self._ledger = ledger
        self._gateway_keys = gateway_keys
        self._unit = description.unit.id
        self._tonight = night_of(ledger.clock.now(), zone_named(description.unit.zone))

    async def steps(self) -> AsyncIterator[Step]:
        """In the order in which they can be entered; the first refusal is raised."""
        async for found in self.found():
            if isinstance(found, Refusal):
                raise found.error
            yield found

    async def found(self) -> AsyncIterator[Step | Refusal]:
        """The steps, in order, and every refusal: one of them does not hide the next."""
        for about, steps in self._things():
            try:
                async for step in steps:
                    yield step
            except RefusedError as error:
                yield Refusal(about, error)

    def _things(self) -> Iterator[tuple[UUID, AsyncIterator[Step]]]:
        yield self._unit, self._of_the_unit()
        for member in self._said.staff:
            yield member.id, self._of_staff(member)
        for gateway in self._said.gateways:
            yield gateway.id, self._of_gateway(gateway)
        for home in self._said.homes:
            yield home.id, self._of_home(home)
            if home.camera is not None:
                yield home.camera.id, self._of_camera(home.camera, home.id)
            for recipient in home.recipients:
                yield recipient.id, self._of_recipient(recipient, home.id)

    async def _of_the_unit(self) -> AsyncIterator[Step]:
        said = self._said.unit
        _, events = await self._ledger.store.load(units.stream_of(said.id))
        wanted = UnitRegistered(
            unit=said.id,
            organisation=said.organisation,
            name=said.name,
            zone=said.zone,
            rules=said.rules,
            chain=said.chain,
        )
        known = _first(events, UnitRegistered)
        if known is None:
            yield Step(f"unit {said.id}", said.id, lambda care: care.register_unit(wanted))
            return
        for field in ("organisation", "name", "zone", "chain"):
            require_same(f"unit {said.id}", field, getattr(known, field), getattr(wanted, field))
        if UNIT.fold(events).rules != said.rules:
            changed = UnitRulesChanged(unit=said.id, rules=said.rules)
            what = f"rules of unit {said.id}, for nights not planned yet"
            yield Step(what, said.id, lambda care: care.change_rules(changed))

    async def _of_staff(self, said: StaffDescription) -> AsyncIterator[Step]:
        roles = tuple(role.value for role in said.roles)
        name = Personal.of(said.name, said.id)
        employed = StaffRegistered(staff=said.id, unit=self._unit, roles=roles, name=name)
        known = _first((await self._ledger.store.load(f"staff-{said.id}"))[1], StaffRegistered)
        if known is None:
            yield Step(f"staff {said.id}", said.id, partial(Care.register_staff, event=employed))
            return
        require_same(f"staff {said.id}", "unit", known.unit, self._unit)
        require_same(f"staff {said.id}", "roles", sorted(known.roles), sorted(roles))

    async def _of_gateway(self, said: GatewayDescription) -> AsyncIterator[Step]:
        key = self._gateway_keys[said.id]
        installed = GatewayRegistered(gateway=said.id, unit=self._unit, public_key=key)
        known = _first((await self._ledger.store.load(f"gateway-{said.id}"))[1], GatewayRegistered)
        if known is None:
            yield Step(f"gateway {said.id}", said.id, partial(Care.register_gateway, event=installed))
            return
        require_same(f"gateway {said.id}", "unit", known.unit, self._unit)
        require_same(f"gateway {said.id}", "public key", known.public_key, key)

    async def _of_home(self, said: HomeDescription) -> AsyncIterator[Step]:
        _, events = await self._ledger.store.load(homes.stream_of(said.id))
        known = _first(events, HomeRegistered)
        if known is None:
            address = Personal.of(said.address, said.id)
            register = homes.Register(said.id, self._unit, address, said.risk_class, said.outage_agreement)
            yield Step(f"home {said.id}", said.id, lambda care: care.home(said.id, self._unit, register))
        else:
            for field, wanted in (
                ("unit", self._unit),
                ("risk_class", said.risk_class),
                ("outage_agreement", said.outage_agreement),
            ):
                require_same(f"home {said.id}", field, getattr(known, field), wanted)
        await self._require_room(said)
        async for step in self._within_home(said, events):
            yield step

    async def _within_home(self, said: HomeDescription, events: list[Event]) -> AsyncIterator[Step]:
        """Its area, its key code, and who else lives there: before the camera and those who are checked on."""
        state = HOME.fold(events)
        if said.area is not None and state.area != said.area:
            yield self._home_step(f"area of home {said.id}", said.id, homes.Place(said.area))
        if said.key_code is not None and _first(events, KeyCodeEntered) is None:
            code = Personal.of(said.key_code.get_secret_value(), said.id)
            yield self._home_step(f"key code of home {said.id}", said.id, homes.EnterKeyCode(code))
        for cohabitant in said.cohabitants:
            moved_in = [event for event in events if isinstance(event, CohabitantMovedIn)]
            if cohabitant.id not in {event.cohabitant for event in moved_in}:
                moves_in = homes.CohabitantMovesIn(cohabitant.id, Personal.of(cohabitant.name, cohabitant.id))
                yield self._home_step(f"cohabitant {cohabitant.id} of home {said.id}", said.id, moves_in)
            given = [event for event in events if isinstance(event, CohabitantConsentGiven)]
            if (yes := cohabitant.consent) is not None and yes.id not in {event.consent for event in given}:
                consents = homes.CohabitantConsents(
                    cohabitant.id, yes.id, yes.scope, yes.given_how, yes.taken_by, yes.given_at
                )
                yield self._home_step(f"consent {yes.id} of cohabitant {cohabitant.id}", said.id, consents)

    def _home_step(self, what: str, home: UUID, command: homes.Entered) -> Step:
        return Step(what, home, lambda care: care.home(home, self._unit, command))

    async def _of_camera(self, said: CameraDescription, home: UUID) -> AsyncIterator[Step]:
        _, events = await self._ledger.store.load(homes.stream_of(home))
        elsewhere = await self._ledger.store.query(queries.home_of_camera, said.id)
        if elsewhere is not None and elsewhere != home:
            raise CameraElsewhereError(
                f"camera {said.id} shows home {elsewhere}; unlink it there before linking it to {home}"
            )
        link = homes.LinkCamera(said.id, said.gateway)
        if not events or homes.decide(HOME.fold(events), link):
            what = f"camera {said.id} of home {home}: its slots are visits until its test has passed"
            yield Step(what, said.id, lambda care: care.home(home, self._unit, link))

    async def _require_room(self, said: HomeDescription) -> None:
        live_there = await self._ledger.store.query(queries.recipients_of_home, said.id)
        with_the_new = {*live_there, *(recipient.id for recipient in said.recipients)}
        if len(with_the_new) > MOST_IN_A_HOME:
            raise HomeFullError(
                f"home {said.id} has {len(live_there)} recipients on record and would have {len(with_the_new)}; "
                f"a home has at most {MOST_IN_A_HOME}"
            )

    async def _of_recipient(self, said: RecipientDescription, home: UUID) -> AsyncIterator[Step]:
        _, events = await self._ledger.store.load(recipients.stream_of(said.id))
        state = RECIPIENT.fold(events)
        if state.recipient is None:
            register = recipients.Register(said.id, home, self._unit, Personal.of(said.name, said.id))
            yield self._recipient_step(f"recipient {said.id}", said.id, register)
        else:
            require_same(f"recipient {said.id}", "unit", state.unit, self._unit)
            require_same(f"recipient {said.id}", "home", state.home, home)
        if (grant := self._decision(said.decision, len(said.schedule), events)) is not None:
            what = f"decision {said.decision.id} for recipient {said.id}"
            yield self._recipient_step(what, said.id, grant, about=said.decision.id)
        if said.consent is not None and (consent := _consent(said.consent, events)) is not None:
            what = f"consent {said.consent.id} of recipient {said.id}"
            yield self._recipient_step(what, said.id, consent, about=said.consent.id)
        schedule = await self._schedule(said, state)
        if schedule is not None:
            what = f"schedule of recipient {said.id}, from the night of {schedule.from_night}"
            yield self._recipient_step(what, said.id, schedule)

    def _decision(self, said: DecisionDescription, times: int, events: list[Event]) -> recipients.GrantDecision | None:
        granted = [event for event in events if isinstance(event, DecisionGranted) and event.decision == said.id]
        if granted:
            known, name = granted[-1], f"decision {said.id}"
            if said.from_night is not None:
                require_same(name, "from_night", known.from_night, said.from_night)
            require_same(name, "to_night", known.to_night, said.to_night)
            if said.checks_a_night is not None:
                require_same(name, "checks_a_night", known.checks_a_night, said.checks_a_night)
            return None
        return recipients.GrantDecision(
            said.id,
            said.from_night or self._tonight,
            said.to_night,
            said.checks_a_night or times,
            self._ledger.clock.now(),
        )

    async def _schedule(self, said: RecipientDescription, state: recipients.Recipient) -> recipients.SetSchedule | None:
        planned = await self._ledger.store.query(queries.latest_planned_night, said.id)
        earliest = self._tonight if planned is None else planned + timedelta(days=1)
        holds = period_of(state.periods, said.from_night or date.max)
        if holds is not None and set(holds.entries) == set(said.schedule):
            return None
        first = said.from_night or max(earliest, self._tonight)
        if planned is not None and first <= planned:
            raise NightPlannedAlreadyError(
                f"recipient {said.id}: the night of {first} is planned already; the new schedule can hold from "
                f"{earliest} on, or leave from_night out"
            )
        return recipients.SetSchedule(first, said.schedule, self._ledger.clock.now())

    def _recipient_step(
        self, what: str, recipient: UUID, command: recipients.Command, about: UUID | None = None
    ) -> Step:
        return Step(what, about or recipient, lambda care: care.recipient(recipient, self._unit, command))


def _consent(said: ConsentDescription, events: list[Event]) -> recipients.GiveConsent | None:
    """None when this yes is on record, withdrawn since or not."""
    for event in events:
        if isinstance(event, ConsentGiven) and event.consent == said.id:
            require_same(f"consent {said.id}", "scope", sorted(event.scope), sorted(said.scope))
            return None
    return recipients.GiveConsent(said.id, said.scope, said.given_how, said.taken_by, said.given_at)


def _first(events: list[Event], kind: type[E]) -> E | None:
    return next((event for event in events if isinstance(event, kind)), None)
