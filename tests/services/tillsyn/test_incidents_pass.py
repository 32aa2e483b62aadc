"""Homes that are back, or have nothing left to decide for, while their incident stays open."""

import pytest

from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause, IncidentLimitPassed
from events.types.night import AlarmCaller, EscalationReason, PictureMissing, SlotEscalated
from events.types.unit import GatewayStateChanged
from events.types.visit import Found, VisitHeld
from services.tillsyn import incident as incident_rules
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.incident.errors import HomesWaitError
from services.tillsyn.kinds import INCIDENTS
from services.tillsyn.ledger import Transaction
from tests.builders import (
    ABSENCE,
    ANNA,
    GATEWAY,
    HOME,
    ORGANISATION,
    PATROL,
    RECIPIENT,
    RULES,
    SLOT,
    UNIT,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.dark import NEIGHBOURS, beat, fall_silent, incident_of, watch
from tests.services.tillsyn.happenings import happen
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    night_stream,
    of_type,
    slot_of,
)
from tests.services.tillsyn.meanwhile import meanwhile


async def test_homes_that_are_back_before_anything_ran_out_need_no_decision(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("01:30")
    await beat(dark)

    assert {row.row.state for row in await incidents.homes(UNIT, incident)} == {"back"}
    await incidents.close(UNIT, incident, ANNA, "the power is back")
    assert await incidents.open(UNIT) == []


async def test_an_incident_stays_open_over_visits_that_are_held(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("03:00:01")
    await watch(dark)
    await beat(dark)

    before = await dark.log()
    with pytest.raises(HomesWaitError):
        await incidents.close(UNIT, incident, ANNA, "the power is back")
    assert await dark.log() == before


async def test_what_waits_in_a_deferred_home_that_is_back_is_asked_about_within_ten_minutes(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await incidents.defer(UNIT, incident, HOME, ANNA, at("06:00"), "the son is there until six")
    await dark.time("03:00:01")
    await watch(dark)
    await beat(dark)

    shown = {row.row.home: (row.row.state, row.row.until) for row in await incidents.homes(UNIT, incident)}
    assert shown[HOME] == ("waiting", at("03:10:01"))
    await dark.time("03:10:02")
    await watch(dark)
    assert HOME in of_type(await dark.log(), IncidentLimitPassed)[-1].homes


async def test_a_gateway_that_comes_and_goes_gives_nobody_more_time_to_decide(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    await dark.time("03:01")
    await beat(dark)
    await dark.time("03:05")
    await fall_silent(dark)
    assert await dark.breaches() == []
    await dark.time("03:10:02")
    await watch(dark)

    assert HOME in of_type(await dark.log(), IncidentLimitPassed)[-1].homes
    assert await dark.breaches() == []


async def test_what_runs_out_while_its_home_comes_back_is_held_by_no_incident(dark: House, another: House) -> None:
    await dark.time("02:00:01")
    await watch(dark)
    await dark.time("03:00:01")
    await meanwhile(dark, dark.sweeper.sweep, lambda: beat(another))

    assert of_type(await dark.log(), VisitHeld) == []
    assert (await dark.visit(own_visit(SLOT))).stage == "assigned"


async def test_a_check_that_falls_due_while_its_home_comes_back_is_for_the_camera(dark: House, another: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    for lost in await incidents.homes(UNIT, incident):
        await incidents.send(UNIT, incident, lost.row.home, ANNA)
    await dark.time("02:00:01")
    await meanwhile(dark, lambda: watch(dark), lambda: beat(another))

    assert of_type(await dark.log(), SlotEscalated) == []


async def test_a_heartbeat_that_was_held_up_brings_nothing_back(dark: House) -> None:
    for said_at in ("00:59", "01:00"):
        await beat(dark, said_at=at(said_at))
    assert {lost.row.back_at for lost in await Incidents(dark.ledger).homes(UNIT, await incident_of(dark))} == {None}
    assert len(of_type(await dark.log(), GatewayStateChanged)) == 2


async def test_homes_whose_cameras_are_lost_are_not_back_with_a_heartbeat(village: House) -> None:
    async def cameras_fail(tx: Transaction) -> None:
        context = Context(
            Actor(ActorKind.SYSTEM, "test", "test"), Owner(ORGANISATION, UNIT), village.clock.now(), an_id("c")
        )
        stream = await tx.load(INCIDENTS, incident_rules.stream_of(UNIT))
        behind = await tx.store.query(queries.homes_of_gateway, GATEWAY)
        lost = [
            incident_rules.LostHome(row.id, GATEWAY, None, RiskClass.MEDIUM, OutageAgreement.VISIT, None)
            for row in behind
        ]
        lose = incident_rules.Lose(an_id("cameras"), UNIT, Cause.CAMERAS, tuple(lost), RULES, context.time)
        tx.record(stream, incident_rules.decide(stream.state, lose), context)

    await village.ledger.transact(cameras_fail)
    await village.time("01:04")
    await fall_silent(village)
    await village.time("01:05")
    await beat(village)

    homes_lost = await Incidents(village.ledger).homes(UNIT, an_id("cameras"))
    assert [lost.row.back_at for lost in homes_lost] == [None] * (NEIGHBOURS + 1)


async def test_homes_whose_cameras_are_lost_after_their_gateway_was_back_are_back_with_a_picture(dark: House) -> None:
    incidents = Incidents(dark.ledger)
    await dark.time("01:30")
    await beat(dark)
    await dark.time("01:50")
    for who in (RECIPIENT, an_id("neighbour 0"), an_id("neighbour 1")):
        reason = EscalationReason.CAMERA_UNREACHABLE
        missing = PictureMissing(
            slot=slot_of(who), attempt=1, reason=reason, fault="timed-out", escalates_at=at("02:05")
        )
        await happen(dark, night_stream(who), missing)
    silent, cameras = await incidents.open(UNIT)
    assert (silent.cause, cameras.cause) == (Cause.GATEWAY, Cause.CAMERAS)

    await dark.night_staff.claim(SLOT, ANNA)
    await dark.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    shown = {one.row.home: one.row.state for one in await incidents.homes(UNIT, cameras.id)}
    assert sorted(shown.values()) == ["back", "waiting", "waiting"]
    assert shown[HOME] == "back"


async def test_an_incident_whose_homes_are_back_stays_open_over_a_visit_that_it_holds(dark: House) -> None:
    incident_id = await incident_of(dark)
    await beat(dark)
    await dark.time("02:00")
    await dark.night_staff.concern(SLOT, ANNA)
    await craft(dark, visits.stream_of(own_visit(SLOT)), VisitHeld(visit=own_visit(SLOT), incident=incident_id))

    with pytest.raises(HomesWaitError, match="1 visits are held"):
        await Incidents(dark.ledger).close(UNIT, incident_id, ANNA, "the power is back")


# Nothing left to decide.


async def asked_about(house: House) -> bool:
    """Whether anybody is still asked, or will be, about HOME."""
    homes_of_it = await Incidents(house.ledger).homes(UNIT, await incident_of(house))
    [home] = [one.row for one in homes_of_it if one.row.home == HOME]
    return home.until is not None


async def test_nobody_is_asked_about_the_home_of_somebody_who_died(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    assert await asked_about(dark)
    await dark.tell(recipients.RecordDeath(at("02:50"), ANNA))
    assert not await asked_about(dark)
    assert await dark.breaches() == []


async def test_nobody_is_asked_about_a_home_whose_recipient_was_fetched_before_the_check(dark: House) -> None:
    await dark.time("01:30")
    assert await asked_about(dark)
    await dark.tell(recipients.ReportAbsence(ABSENCE, at("01:00"), at("11:00"), "fetched"))
    assert not await asked_about(dark)


async def test_nobody_is_asked_about_a_home_that_was_looked_at_when_the_power_was_back(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    await dark.time("03:02")
    await beat(dark)
    await dark.night_staff.reopen(SLOT, ANNA, "the power is back, I look")
    await dark.night_staff.claim(SLOT, ANNA)
    await dark.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await dark.night_staff.all_well(SLOT, ANNA)
    assert not await asked_about(dark)
    assert await dark.breaches() == []


async def test_nobody_is_asked_about_a_home_whose_held_visit_a_car_took(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    await dark.patrol.acknowledge(own_visit(SLOT), PATROL)
    assert not await asked_about(dark)
    assert await dark.breaches() == []


async def test_a_visit_of_another_alarm_that_met_them_ends_the_visit_that_is_held(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    alarm = await dark.night_staff.alarm(RECIPIENT, ANNA, AlarmCaller.RELATIVE, "no answer", camera=False)
    assert await asked_about(dark), "somebody is on the way there, but the visit that is held is still to be decided"
    await dark.patrol.complete(own_visit(alarm), PATROL, minutes=5, people=1, kilometres=2.0, found=Found.ALL_WELL)
    assert (await dark.visit(own_visit(SLOT))).stage == "completed"
    assert not await asked_about(dark)
    assert await dark.breaches() == []


async def test_somebody_is_asked_about_a_home_as_long_as_another_visit_is_held_there(dark: House) -> None:
    await dark.time("01:30")
    await dark.tell(recipients.ReportAbsence(ABSENCE, at("03:30"), at("11:00"), "to her daughter's"))
    await dark.time("03:00:01")
    await watch(dark)
    assert await asked_about(dark)
