"""Before the night: the script's unit, staff, gateways, homes and recipients are entered, through the desk.

Homes and their cameras come first, recipients when the cameras have passed their test: nights are planned as soon as
somebody's times are known, and a slot that is planned before the test is a visit.
"""

from datetime import timedelta
from uuid import UUID

from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import GatewayRegistered, StaffRegistered, UnitRegistered
from services.demo.script import ZONE, HomeScript, Script
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Dispatch, Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.installing import INSTALLS
from services.tillsyn.desk.night_staff import ROLE as NIGHT_STAFF
from services.tillsyn.desk.patrol import ROLE as PATROL
from services.tillsyn.ledger import Ledger
from services.tillsyn.shift import Line

DECIDED_FOR = timedelta(days=180)
STAFF_NAMES = ("Kerstin Norrgård", "Amir Haddad", "Moa Rask", "Petter Ask", "Jourhavande chef", "Nadja Ek", "Siv Lund")
CAR_NAMES = ("Bil Ett", "Bil Två")


async def register_homes(script: Script, ledger: Ledger, gateway_keys: dict[UUID, str]) -> None:
    """Enter everything but the recipients. Entering it again changes nothing."""
    care = Care(ledger, INSTALLER)
    await care.register_unit(
        UnitRegistered(
            unit=script.unit,
            organisation=script.organisation,
            name="Hemtjänst natt, demo",
            zone=str(ZONE),
            chain=script.patrols[-1:],
        )
    )
    people = [(id_, NIGHT_STAFF) for id_ in script.staff] + [(id_, PATROL) for id_ in script.patrols]
    people += [(script.installer, INSTALLS), (script.assessor, "assessor")]
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
    await _cars(script, Dispatch(ledger, INSTALLER))
    for home in script.homes:
        address, unit = Personal.of(home.address, home.home), script.unit
        registered = homes.Register(home.home, unit, address, RiskClass.MEDIUM, OutageAgreement.VISIT)
        await care.home(home.home, unit, registered)
        await care.home(home.home, unit, homes.LinkCamera(home.camera, home.gateway))


async def _cars(script: Script, dispatch: Dispatch) -> None:
    for place, (car, driver) in enumerate(script.cars.items()):
        await dispatch.register(patrols.Register(car, script.unit, CAR_NAMES[place], (), place))
        await dispatch.crew(car, (driver,))


async def register_recipients(script: Script, care: Care, ledger: Ledger) -> None:
    """Enter who is checked on, and what was agreed with them."""
    for home in script.homes:
        await _recipient(script, home, care, ledger)


async def _recipient(script: Script, home: HomeScript, care: Care, ledger: Ledger) -> None:
    person, unit, now, ids = home.recipient, script.unit, ledger.clock.now(), ledger.ids
    commands: tuple[recipients.Command, ...] = (
        recipients.Register(person, home.home, unit, Personal.of(home.name, person)),
        recipients.GrantDecision(ids.thing(), script.night, script.night + DECIDED_FOR, len(home.entries), now),
        recipients.GiveConsent(ids.thing(), frozenset(ConsentScope), ConsentForm.WRITTEN, script.staff[0]),
        recipients.SetSchedule(script.night, home.entries, now),
    )
    for command in commands:
        await care.recipient(person, unit, command)
