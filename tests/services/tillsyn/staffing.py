"""A unit with a manager and a neighbour to borrow staff from; and what its staff may own: an alarm, an incident."""

from uuid import UUID

import pytest

from events.base import Event
from events.envelope import Context, Owner, Recorded
from events.types.alarm import AlarmKind
from events.types.incident import Cause, IncidentOpened, IncidentTaken
from events.types.unit import StaffRegistered, UnitRegistered
from services.tillsyn import alarm as alarms
from services.tillsyn import incident as incidents
from services.tillsyn.desk import Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.kinds import ALARM as ALARMS
from services.tillsyn.ledger import Kind, Transaction
from services.tillsyn.shift import Line
from tests.builders import (
    CHAIN,
    GATEWAY,
    ORGANISATION,
    RULES,
    UNIT,
    an_id,
    at,
    secret,
)
from tests.services.tillsyn.house import House

GREETA, STURE, INCIDENT = an_id("greeta"), an_id("sture"), an_id("incident")
CAUSE = f"gateway:{GATEWAY}"
ALARM = alarms.alarm_id(AlarmKind.DEVICE_LOST, CAUSE, 0)
OF_THE_INCIDENT = alarms.alarm_id(AlarmKind.DEVICE_LOST, f"incident:{INCIDENT}", 0)
SOUTH = an_id("south")
OPENED = IncidentOpened(
    incident=INCIDENT, unit=UNIT, cause=Cause.NETWORK, area=None, gateway=None, opened_at=at("00:30")
)
FACTS: Kind[None] = Kind(None, lambda state, _: state)


@pytest.fixture
async def staffing(planned: House) -> Staffing:
    """The house with a manager, GREETA, and a second unit of the organisation where STURE is night staff."""
    care = planned.setting_up
    await care.register_unit(
        UnitRegistered(unit=SOUTH, organisation=ORGANISATION, name="Söder", zone="UTC", chain=CHAIN)
    )
    for staff, unit, role in ((GREETA, UNIT, "manager"), (STURE, SOUTH, "night-staff")):
        await care.register_staff(StaffRegistered(staff=staff, unit=unit, roles=(role,), name=secret("Sture")))
    return Staffing(planned.ledger)


async def given(house: House, stream: str, *events: Event) -> None:
    """What another part of the service has recorded."""

    async def use_case(tx: Transaction) -> None:
        context = Context(INSTALLER, Owner(ORGANISATION, UNIT), house.clock.now(), house.ledger.ids.thing())
        tx.record(await tx.load(FACTS, stream), events, context)

    await house.ledger.transact(use_case)


async def an_alarm(house: House, owner: UUID) -> None:
    """The gateway is lost, and `owner` has the alarm."""

    async def use_case(tx: Transaction) -> None:
        context = Context(INSTALLER, Owner(ORGANISATION, UNIT), house.clock.now(), house.ledger.ids.thing())
        stream = await tx.load(ALARMS, alarms.stream_of(AlarmKind.DEVICE_LOST, CAUSE))
        at_once = {"recipient": None, "home": None, "at": context.time, "rules": RULES}
        raised = alarms.Raise(AlarmKind.DEVICE_LOST, CAUSE, UNIT, "night-staff", **at_once)  # type: ignore[arg-type]
        for command in (raised, alarms.Acknowledge(owner, context.time, RULES)):
            tx.record(stream, alarms.decide(stream.state, command), context)

    await house.ledger.transact(use_case)


async def an_incident(house: House, owner: UUID) -> None:
    """Many homes are lost, and `owner` has taken the incident."""
    await given(house, incidents.stream_of(UNIT), OPENED, IncidentTaken(incident=INCIDENT, by=owner))


async def unchanged(house: House, before: list[Recorded]) -> None:
    assert [event.id for event in await house.log()] == [event.id for event in before]


def a_line(staff: UUID, starts: str = "21:00", ends: str = "07:00", role: str = "night-staff") -> Line:
    return Line(staff, role, at(starts), at(ends))
