"""Before the night: the script's unit, staff, gateways, homes and recipients are entered, through the desk."""

from datetime import timedelta
from uuid import UUID

from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import GatewayRegistered, StaffRegistered, UnitRegistered
from services.demo.script import ZONE, HomeScript, Script
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.night_staff import ROLE as NIGHT_STAFF
from services.tillsyn.desk.patrol import ROLE as PATROL
from services.tillsyn.ledger import Ledger
from services.tillsyn.shift import Line

DECIDED_FOR = timedelta(days=180)
STAFF_NAMES = ("Kerstin Norrgård", "Amir Haddad", "Bil Ett", "Bil Två", "Jourhavande chef")


async def register(script: Script, care: Care, ledger: Ledger, gateway_keys: dict[UUID, str]) -> None:
    """Enter everything. Entering it again changes nothing."""
    await care.register_unit(
        UnitRegistered(
            unit=script.unit,
            organisation=script.organisation,
            name="Hemtjänst natt, demo",
            zone=str(ZONE),
            chain=script.patrols,
        )
    )
    people = [(id_, NIGHT_STAFF) for id_ in script.staff] + [(id_, PATROL) for id_ in script.patrols]
    for (id_, role), name in zip(people, STAFF_NAMES, strict=True):
        await care.register_staff(
            StaffRegistered(staff=id_, unit=script.unit, roles=(role,), name=Personal.of(name, id_))
        )
    lines = [(script.night, Line(id_, NIGHT_STAFF, *script.shift)) for id_ in script.staff]
    await Staffing(ledger).enter_roster(script.unit, lines, INSTALLER)
    for gateway in script.gateways:
        await care.register_gateway(
            GatewayRegistered(gateway=gateway, unit=script.unit, public_key=gateway_keys[gateway])
        )
    for home in script.homes:
        await _home(script, home, care, ledger)


async def _home(script: Script, home: HomeScript, care: Care, ledger: Ledger) -> None:
    address = Personal.of(home.address, home.home)
    unit, now = script.unit, ledger.clock.now()
    await care.home(home.home, unit, homes.Register(home.home, unit, address, RiskClass.MEDIUM, OutageAgreement.VISIT))
    await care.home(home.home, unit, homes.LinkCamera(home.camera, home.gateway))
    person = home.recipient
    ids = ledger.ids
    commands: tuple[recipients.Command, ...] = (
        recipients.Register(person, home.home, unit, Personal.of(home.name, person)),
        recipients.GrantDecision(ids.thing(), script.night, script.night + DECIDED_FOR, len(home.entries), now),
        recipients.GiveConsent(ids.thing(), frozenset(ConsentScope), ConsentForm.WRITTEN, script.staff[0]),
        recipients.SetSchedule(script.night, home.entries, now),
    )
    for command in commands:
        await care.recipient(person, unit, command)
