"""Lost gateways and cameras, and the incidents that take them over."""

from uuid import UUID

import pytest

from events.personal import Personal
from events.types.alarm import AlarmCleared
from events.types.home import CameraCommissioned, OutageAgreement, RiskClass
from events.types.incident import Cause, HomeJoined, IncidentClosed, IncidentOpened
from events.types.night import EscalationReason, PictureMissing
from events.types.unit import GatewayStateChanged
from services.tillsyn import home as homes
from services.tillsyn import incident as incidents
from services.tillsyn import recipient as recipients
from tests.builders import (
    ANNA,
    CAMERA,
    GATEWAY,
    HOME,
    LOOK,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_handover,
    an_id,
    at,
)
from tests.services.tillsyn.happenings import happen, standing, told
from tests.services.tillsyn.house import House, night_stream, of_type

INCIDENT = an_id("incident")


async def test_a_silent_gateway_with_homes_is_a_lost_device_until_it_is_heard_again(planned: House) -> None:
    await happen(planned, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    assert await standing(planned) == [("device-lost", f"gateway:{GATEWAY}")]
    await happen(planned, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=True))
    assert await standing(planned) == []


async def test_a_silent_gateway_that_serves_nobody_is_none(house: House) -> None:
    await happen(house, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    assert await standing(house) == []


def opened(gateway: UUID | None = GATEWAY) -> IncidentOpened:
    return IncidentOpened(
        incident=INCIDENT, unit=UNIT, cause=Cause.GATEWAY, area=None, gateway=gateway, opened_at=at("12:30")
    )


def joined(home: UUID = HOME) -> HomeJoined:
    agreed = {"risk_class": RiskClass.MEDIUM, "outage_agreement": OutageAgreement.VISIT, "decide_by": None}
    return HomeJoined.model_validate({"incident": INCIDENT, "home": home, **agreed})


@pytest.mark.parametrize("named", [GATEWAY, None], ids=["its gateway named", "found by the home"])
async def test_an_incident_has_the_one_alarm_in_its_gateways_place(planned: House, named: UUID | None) -> None:
    gateway = f"gateway-{GATEWAY}"
    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=False))
    await happen(planned, incidents.stream_of(UNIT), opened(named), joined())
    assert await standing(planned) == [("device-lost", f"incident:{INCIDENT}")]
    assert of_type(await planned.log(), AlarmCleared)[0].because == f"incident:{INCIDENT}"

    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=False))
    assert await standing(planned) == [("device-lost", f"incident:{INCIDENT}")], "it has the gateway already"

    closed = IncidentClosed(incident=INCIDENT, by=ANNA, reason=Personal.of("back", UNIT))
    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=True))
    await happen(planned, incidents.stream_of(UNIT), closed)
    assert await standing(planned) == []


async def test_an_incident_that_is_closed_over_a_silent_gateway_leaves_the_gateways_alarm(planned: House) -> None:
    await happen(planned, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    await happen(planned, incidents.stream_of(UNIT), opened(), joined())
    closed = IncidentClosed(incident=INCIDENT, by=ANNA, reason=Personal.of("enough", UNIT))
    await happen(planned, incidents.stream_of(UNIT), closed)
    assert await standing(planned) == [("device-lost", f"gateway:{GATEWAY}")]


def unreachable(attempt: int) -> PictureMissing:
    reason = EscalationReason.CAMERA_UNREACHABLE
    return PictureMissing(slot=SLOT, attempt=attempt, reason=reason, fault="timed-out", escalates_at=at("02:05"))


async def test_a_camera_that_answers_neither_attempt_is_lost_until_it_shows_something(planned: House) -> None:
    await happen(planned, night_stream(), unreachable(1))
    assert await standing(planned) == []
    await happen(planned, night_stream(), unreachable(2))
    assert await standing(planned) == [("device-lost", f"camera:{CAMERA}")]

    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, "")
    assert await standing(planned) == []


async def test_a_camera_of_a_home_in_an_incident_is_the_incidents(planned: House) -> None:
    await happen(planned, incidents.stream_of(UNIT), opened(None), joined())
    await happen(planned, night_stream(), unreachable(2))
    assert await standing(planned) == [("device-lost", f"incident:{INCIDENT}")]


async def test_a_camera_taken_from_somebody_with_a_decision_is_lost_until_another_is_tested(planned: House) -> None:
    await planned.care.home(HOME, UNIT, homes.UnlinkCamera("by mistake"))
    assert await standing(planned) == [("device-lost", f"camera:{CAMERA}")]
    assert await told(planned) == [("camera-revoked", "assessor", CAMERA)]

    other = an_id("another camera")
    passed = CameraCommissioned(
        home=HOME, camera=other, commissioning=an_id("test"), installer=PATROL, read_by=ANNA, look=LOOK
    )
    await happen(planned, f"home-{HOME}", passed)
    assert await standing(planned) == []


async def test_a_camera_where_nobody_has_a_decision_is_not_missed(planned: House) -> None:
    await planned.tell(a_handover(an_id(f"decision of {RECIPIENT}")))
    await planned.tell(recipients.EndDecision(planned.clock.now(), "moved to her daughter"))
    await planned.care.home(HOME, UNIT, homes.UnlinkCamera("not needed"))
    assert await standing(planned) == []
