"""A unit with one home, registered through the desk on a real database: what the tests of the service begin with.

The unit's zone is UTC, so `at("02:05")` is both the wall's time and the clock's. ANNA and BERTIL are night staff, CHAIN
is who is sent. Time stands still until `House.time("02:05")` lets it pass.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner, Recorded
from events.keys import KeyRing, LocalMasterKey
from events.looks.grant import LookPurpose
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal
from events.runtime.ids import Ids
from events.runtime.stepped_clock import SteppedClock
from events.schedule import slot_id
from events.store import EventStore, queries
from events.types import REGISTRY
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import GatewayRegistered, NightRules, StaffRegistered, UnitRegistered
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Alarms, Care, Installing, NightStaff, Notices, Patrol, Reviews
from services.tillsyn.desk.care import INSTALLER as VOUCHED_FOR
from services.tillsyn.desk.installing import Read
from services.tillsyn.invariants import RULES, Breach, read_world
from services.tillsyn.ledger import Ledger
from services.tillsyn.looking import GrantRequest, Looking
from services.tillsyn.planner import Planner
from services.tillsyn.policies import POLICIES
from services.tillsyn.read_models import PROJECTIONS
from services.tillsyn.sweeper import Sweeper
from tests.builders import (
    ANNA,
    BERTIL,
    CAMERA,
    CHAIN,
    GATEWAY,
    HOME,
    INSTALLER,
    NIGHT,
    ORGANISATION,
    RECIPIENT,
    UNIT,
    an_entry,
    an_id,
    at,
)
from tests.builders import (
    RULES as NIGHT_RULES,
)

MASTER = LocalMasterKey(bytes(range(32)))
ASSESSOR = Actor(ActorKind.STAFF, str(an_id("assessor")), "manager")
"""Assesses and manages in the unit; here as its manager, who may enter everything of it."""
AT_DESK = UUID(ASSESSOR.id)
"""Who says what is told in `House.tell`."""
INTERVAL = timedelta(minutes=10)
VIEWER_KEY = b64encode(bytes(32)).decode()


class AtOnce:
    """A gateway that answers every look at once, with a picture that nobody can open."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        return SealedPicture(request.grant.look, 1, self._ledger.clock.now(), b"sealed")


class House:
    """One process of the service on a database: desk, planner and sweeper, called by hand or run."""

    def __init__(self, ledger: Ledger, clock: SteppedClock, looking: Looking | None = None) -> None:
        self.ledger, self.clock, self.store = ledger, clock, ledger.store
        self.care = Care(ledger, ASSESSOR)
        self.setting_up = Care(ledger, VOUCHED_FOR)
        self.night_staff = NightStaff(ledger, looking or AtOnce(ledger))
        self.installing = Installing(ledger, AtOnce(ledger), bytes(32))
        self.patrol = Patrol(ledger)
        self.alarms = Alarms(ledger)
        self.notices = Notices(ledger)
        self.planner = Planner(ledger, clock, INTERVAL, "test")
        self.reviews = Reviews(ledger)
        self.sweeper = Sweeper(ledger, clock, INTERVAL, "test")

    async def time(self, clock: str, days: int = 0) -> None:
        """Let time pass until `clock` in the night of 3 November, or so many nights later."""
        await self.clock.run(at(clock) + timedelta(days=days))

    async def tell(self, command: recipients.Command, recipient: UUID = RECIPIENT) -> None:
        """A change to what was agreed with the recipient."""
        await self.care.recipient(recipient, UNIT, command)

    def entering(self, owner: Owner) -> Context:
        """The circumstances of what the assessor enters, past the desk."""
        return Context(ASSESSOR, owner, self.clock.now(), self.ledger.ids.thing())

    async def events(self, stream: str) -> list[Event]:
        return [recorded.event for recorded in await self.store.read(stream)]

    async def log(self) -> list[Recorded]:
        """The whole log, in its order."""
        found: list[Recorded] = []
        place = None
        while (page := await self.store.read_all(place, 500)).events:
            found += page.events
            place = page.checkpoint
        return found

    async def looks(self) -> list[queries.LookRow]:
        """The rows of looks at people: what was looked at in a camera's test is left out."""
        rows = await self.store.query(queries.all_looks)
        return [row for row in rows if row.purpose != LookPurpose.COMMISSIONING]

    async def slot(self, slot: UUID) -> queries.SlotRow:
        row = await self.store.query(queries.slot, slot)
        assert row is not None
        return row

    async def visit(self, visit: UUID) -> queries.VisitRow:
        row = await self.store.query(queries.visit, visit)
        assert row is not None
        return row

    async def breaches(self) -> list[Breach]:
        """What breaks the invariants now."""
        world = await read_world(self.store, self.clock.now())
        return [breach for rule in RULES for breach in rule.check(world)]


@asynccontextmanager
async def opened(url: str, clock: SteppedClock) -> AsyncIterator[Ledger]:
    """A ledger of its own on a migrated database, as another process would have."""
    async with await EventStore.open(url, registry=REGISTRY, projections=PROJECTIONS, now=clock.now) as store:
        yield Ledger(store, KeyRing(MASTER, store), clock, Ids(clock.now), POLICIES)


async def register_unit(house: House, public_key: str = "UABC", rules: NightRules = NIGHT_RULES) -> None:
    """The unit, its staff and its gateway."""
    unit = UnitRegistered(unit=UNIT, organisation=ORGANISATION, name="Natt", zone="UTC", chain=CHAIN, rules=rules)
    care = house.setting_up
    await care.register_unit(unit)
    both = ("manager", "assessor")
    enters = StaffRegistered(
        staff=UUID(ASSESSOR.id), unit=UNIT, roles=both, name=Personal.of("Harriet", UUID(ASSESSOR.id))
    )
    await care.register_staff(enters)
    people = [
        (INSTALLER, "installer"),
        (ANNA, "night-staff"),
        (BERTIL, "night-staff"),
        *((id_, "patrol") for id_ in CHAIN),
    ]
    for id_, role in people:
        await care.register_staff(
            StaffRegistered(staff=id_, unit=UNIT, roles=(role,), name=Personal.of("Kerstin", id_))
        )
    await care.register_gateway(GatewayRegistered(gateway=GATEWAY, unit=UNIT, public_key=public_key))


async def register_home(
    house: House,
    *times: str,
    recipient: UUID = RECIPIENT,
    home: UUID = HOME,
    camera: UUID = CAMERA,
    gateway: UUID = GATEWAY,
    consent: Iterable[ConsentScope] | None = tuple(ConsentScope),
    from_night: date = NIGHT,
) -> None:
    """A home with its recipient: decision without end, checks at `times` (else 02:00), consent unless it is None."""
    address = Personal.of("Storgatan 1", home)
    registered = homes.Register(home, UNIT, address, RiskClass.MEDIUM, OutageAgreement.VISIT)
    await house.care.home(home, UNIT, registered)
    await house.tell(recipients.Register(recipient, home, UNIT, Personal.of("Astrid", recipient)), recipient)
    scope = frozenset(ConsentScope if consent is None else consent)
    given = recipients.GiveConsent(an_id(f"consent of {recipient}"), scope, ConsentForm.WRITTEN, ANNA)
    await house.tell(given, recipient)
    await install_camera(house, home, camera, gateway)
    if consent is None:  # they let the camera be tested, and changed their mind
        await house.tell(recipients.WithdrawConsent(), recipient)
    now = house.clock.now()
    entries = tuple(an_entry(one, n) for n, one in enumerate(times or ("02:00",)))
    agreed: list[recipients.Command] = [
        recipients.GrantDecision(an_id(f"decision of {recipient}"), from_night, None, len(entries), now),
        recipients.SetSchedule(from_night, entries, now),
    ]
    for command in agreed:
        await house.tell(command, recipient)


async def install_camera(
    house: House, home: UUID = HOME, camera: UUID = CAMERA, gateway: UUID = GATEWAY, sees: tuple[UUID, ...] = ()
) -> None:
    """Link a camera, and let INSTALLER show the code that ANNA reads."""
    await house.care.home(home, UNIT, homes.LinkCamera(camera, gateway, sees))
    shown = await house.installing.begin(home, camera, INSTALLER, recipient_present=True)
    assert isinstance(await house.installing.look(home, ANNA, VIEWER_KEY), SealedPicture)
    assert await house.installing.confirm(home, ANNA, shown.code, recipient_present=True) is Read.COMMISSIONED


async def register_neighbour(house: House, number: int, *times: str, **how: Any) -> UUID:
    """Another home behind the same gateway; its recipient."""
    neighbour = an_id(f"neighbour {number}")
    places = {"home": an_id(f"home {number}"), "camera": an_id(f"camera {number}")}
    await register_home(house, *times, recipient=neighbour, **places, **how)
    return neighbour


async def register_partner(house: House, *times: str, consent: Iterable[ConsentScope] = tuple(ConsentScope)) -> UUID:
    """Somebody else who is checked on in the same home, at the same times if no others are given; the recipient."""
    partner, now = an_id("partner"), house.clock.now()
    entries = tuple(an_entry(one, n) for n, one in enumerate(times or ("02:00",)))
    agreed: list[recipients.Command] = [
        recipients.Register(partner, HOME, UNIT, Personal.of("Gustav", partner)),
        recipients.GrantDecision(an_id(f"decision of {partner}"), NIGHT, None, len(entries), now),
        recipients.GiveConsent(an_id(f"consent of {partner}"), frozenset(consent), ConsentForm.WRITTEN, ANNA),
        recipients.SetSchedule(NIGHT, entries, now),
    ]
    for command in agreed:
        await house.tell(command, partner)
    return partner


async def register_manager(house: House, *roles: str, id_: UUID = an_id("unit manager")) -> UUID:  # noqa: B008
    """Somebody who answers for the unit, in these roles (else manager)."""
    name = Personal.of("Ingrid", id_)
    await house.care.register_staff(StaffRegistered(staff=id_, unit=UNIT, roles=roles or ("manager",), name=name))
    return id_


def slot_of(recipient: UUID = RECIPIENT, n: int = 0, night: date = NIGHT) -> UUID:
    """The n-th slot of a recipient's night."""
    return slot_id(recipient, night, an_id(f"entry {n}"))


def night_stream(recipient: UUID = RECIPIENT, night: date = NIGHT) -> str:
    return f"night-{recipient}-{night}"


def of_type(events: Iterable[Event | Recorded], *types: type[Event]) -> Sequence[Any]:
    """Those of the events that are of these types."""
    plain = (event.event if isinstance(event, Recorded) else event for event in events)
    return [event for event in plain if isinstance(event, types)]
