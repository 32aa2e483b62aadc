"""Two organisations on one database, the first with two units: each with a home, staff, and everything one can act on.

Every side's person has every role in their own unit and none elsewhere, so what refuses them is the border alone.
"""

from dataclasses import dataclass
from uuid import UUID

from events.envelope import Actor, ActorKind, Owner
from events.looks.picture import SealedPicture
from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause
from events.types.night import AlarmCaller
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import DEFAULT_RULES, GatewayRegistered, StaffRegistered, UnitRegistered
from services.tillsyn import home as homes
from services.tillsyn import incident as incidents
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Dispatch, Incidents, Load, Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.installing import Read
from services.tillsyn.desk.who import system
from services.tillsyn.kinds import INCIDENTS
from services.tillsyn.ledger import Transaction
from services.tillsyn.shift import Line
from services.tillsyn.staff import ROLES
from tests.builders import GATEWAY, HOME, NIGHT, ORGANISATION, RECIPIENT, UNIT, an_entry, an_id, at, own_visit
from tests.services.tillsyn.house import VIEWER_KEY, House, slot_of


@dataclass(frozen=True, slots=True)
class Side:
    """One unit: who works there, and what there is to act on."""

    organisation: UUID
    unit: UUID
    person: UUID
    """Has every role here."""
    colleague: UUID
    """Has every role here; took a role in the unit's name in an emergency once."""
    patrol: UUID
    recipient: UUID
    home: UUID
    camera: UUID
    gateway: UUID

    @property
    def owner(self) -> Owner:
        return Owner(self.organisation, self.unit)

    @property
    def slot(self) -> UUID:
        """Open at 02:00."""
        return slot_of(self.recipient, 1)

    @property
    def visit(self) -> UUID:
        """Sent because of the slot before it."""
        return own_visit(slot_of(self.recipient))

    @property
    def car(self) -> UUID:
        """The colleague is in it."""
        return an_id(f"car of {self.unit}")

    @property
    def lost(self) -> tuple[UUID, UUID]:
        """Homes of an incident; nobody is checked on there."""
        return an_id(f"lost home of {self.unit}"), an_id(f"other lost home of {self.unit}")


def a_side(name: str, organisation: UUID, unit: UUID | None = None) -> Side:
    ids = [an_id(f"{what} of {name}") for what in ("person", "colleague", "patrol", "recipient", "home", "camera")]
    return Side(organisation, unit or an_id(name), *ids, gateway=an_id(f"gateway of {name}"))


EAST = Side(
    ORGANISATION, UNIT, *(an_id(f"{what} of east") for what in ("person", "colleague", "patrol")),
    recipient=RECIPIENT, home=HOME, camera=an_id("camera of east"), gateway=GATEWAY,
)  # fmt: skip
"""The unit of `House`, whose gateway has a line to the broker."""
WEST = a_side("west", ORGANISATION)
ABROAD = a_side("abroad", an_id("another organisation"))
SIDES = {"east": EAST, "west": WEST, "abroad": ABROAD}


@dataclass(slots=True)
class World:
    """The house, and what of each side has an id that nobody chose."""

    house: House
    staffing: Staffing
    load: Load
    accesses: dict[UUID, UUID]
    shifts: dict[UUID, UUID]
    incidents: dict[UUID, UUID]
    alarms: dict[UUID, UUID]
    notices: dict[UUID, UUID]
    looks: dict[UUID, tuple[UUID, UUID]]
    """A slot outside the agreed times, and its look, which is to be reviewed."""

    def care(self, by: UUID | None = None, role: str = "assessor") -> Care:
        """The desk of agreements, for a member of staff or for the installer."""
        return Care(self.house.ledger, INSTALLER if by is None else acting(by, role))

    def dispatch(self, by: UUID | None = None) -> Dispatch:
        """The desk of cars, for a member of staff or for the installer."""
        return Dispatch(self.house.ledger, INSTALLER if by is None else acting(by, "manager"))

    @property
    def of_incidents(self) -> Incidents:
        """The desk of incidents."""
        return Incidents(self.house.ledger)


def acting(who: UUID, role: str) -> Actor:
    """A member of staff as the command line names them."""
    return Actor(ActorKind.STAFF, str(who), role)


async def a_world(house: House) -> World:
    """Three units, each with a visit under way, an open slot, a roster, an emergency access, a car, an incident, an
    alarm that stands, a notice that nobody has read, and a look to review; at 02:00.
    """
    world = World(house, Staffing(house.ledger), Load(house.ledger), {}, {}, {}, {}, {}, {})
    for side in SIDES.values():
        await _register(world, side)
    await house.planner.plan_all()
    await house.time("02:00")
    for side in SIDES.values():
        line = Line(side.person, "night-staff", at("21:00"), at("07:00"))
        await world.staffing.enter_roster(side.unit, [(NIGHT, line)], side.person)
        (row,) = await world.staffing.roster(side.unit, NIGHT)
        world.shifts[side.unit] = row.id
        await world.staffing.sign_in(side.unit, "night-staff", side.person)
        await house.night_staff.concern(slot_of(side.recipient), side.person)
        await world.staffing.end_role(side.colleague, side.unit, "nurse", side.person)
        world.accesses[side.unit] = await world.staffing.break_glass(side.unit, "nurse", "fire", side.colleague)
        world.alarms[side.unit] = (await house.alarms.standing(side.unit))[0].id
        world.notices[side.unit] = (await house.notices.unread(side.unit))[0].id
        world.looks[side.unit] = await _look_outside_the_times(world, side)
        world.incidents[side.unit] = await _lose_homes(world, side)
    return world


async def _look_outside_the_times(world: World, side: Side) -> tuple[UUID, UUID]:
    desk = world.house.night_staff
    slot = await desk.alarm(side.recipient, side.person, AlarmCaller.STAFF, "a noise")
    await desk.claim(slot, side.person)
    picture = await desk.look(slot, side.person, VIEWER_KEY)
    assert isinstance(picture, SealedPicture)
    await desk.all_well(slot, side.person)
    return slot, picture.look


async def _lose_homes(world: World, side: Side) -> UUID:
    now = world.house.clock.now()
    for home in side.lost:
        await _register_home(world, side, home)

    async def use_case(tx: Transaction) -> UUID:
        lost = [
            incidents.LostHome(home, side.gateway, None, RiskClass.MEDIUM, OutageAgreement.VISIT, None)
            for home in side.lost
        ]
        id_, stream = tx.ledger.ids.thing(), await tx.load(INCIDENTS, incidents.stream_of(side.unit))
        command = incidents.Lose(id_, side.unit, Cause.CAMERAS, tuple(lost), DEFAULT_RULES, now)
        tx.record(stream, incidents.decide(stream.state, command), system("test", side.owner, now, id_))
        return id_

    return await world.house.ledger.transact(use_case)


async def _register_home(world: World, side: Side, home: UUID) -> None:
    address = Personal.of("Storgatan 1", home)
    register = homes.Register(home, side.unit, address, RiskClass.MEDIUM, OutageAgreement.VISIT)
    await world.care().home(home, side.unit, register)


async def _install_camera(world: World, side: Side) -> None:
    await world.care().home(side.home, side.unit, homes.LinkCamera(side.camera, side.gateway))
    installing = world.house.installing
    shown = await installing.begin(side.home, side.camera, side.colleague, recipient_present=True)
    assert isinstance(await installing.look(side.home, side.person, VIEWER_KEY), SealedPicture)
    confirmed = await installing.confirm(side.home, side.person, shown.code, recipient_present=True)
    assert confirmed is Read.COMMISSIONED


async def _register(world: World, side: Side) -> None:
    care = world.care()
    await care.register_unit(
        UnitRegistered(
            unit=side.unit, organisation=side.organisation, name="Natt", zone="UTC", chain=(side.patrol, side.person)
        )
    )
    for id_, roles in ((side.person, ROLES), (side.colleague, ROLES), (side.patrol, ("patrol",))):
        employed = StaffRegistered(staff=id_, unit=side.unit, roles=roles, name=Personal.of("Kerstin", id_))
        await care.register_staff(employed)
    await care.register_gateway(GatewayRegistered(gateway=side.gateway, unit=side.unit, public_key="UABC"))
    await world.dispatch().register(patrols.Register(side.car, side.unit, "Bil", ("Norr",), 0))
    await world.dispatch().crew(side.car, (side.colleague,))
    await _register_home(world, side, side.home)
    now = world.house.clock.now()
    lives_here: list[recipients.Command] = [
        recipients.Register(side.recipient, side.home, side.unit, Personal.of("Astrid", side.recipient)),
        recipients.GiveConsent(
            an_id(f"consent {side.unit}"), frozenset(ConsentScope), ConsentForm.WRITTEN, side.person
        ),
    ]
    for command in lives_here:
        await care.recipient(side.recipient, side.unit, command)
    await _install_camera(world, side)
    agreed: list[recipients.Command] = [
        recipients.GrantDecision(an_id(f"decision {side.unit}"), NIGHT, None, 2, now),
        recipients.SetSchedule(NIGHT, (an_entry("01:55", 0), an_entry("02:00", 1)), now),
    ]
    for command in agreed:
        await care.recipient(side.recipient, side.unit, command)
