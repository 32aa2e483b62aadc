"""Many homes dark at once: one incident, and nobody is sent anywhere before somebody has thought."""

import pytest

from events.personal import Personal
from events.store import queries
from events.types.alarm import AlarmKind, AlarmRaised
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause, IncidentLimitPassed, IncidentOpened
from events.types.night import EscalationReason, SlotEscalated
from events.types.visit import Found, PhoneOutcome, VisitAssigned, VisitHeld
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.desk.who import NotInThisRoleError
from tests.builders import (
    ANNA,
    BERTIL,
    HOME,
    MANAGER,
    PATROL,
    SLOT,
    UNIT,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.dark import NEIGHBOURS, beat, fall_silent, incident_of, watch
from tests.services.tillsyn.house import (
    House,
    of_type,
    slot_of,
)


async def test_a_silent_gateway_with_many_homes_is_one_incident_with_all_of_them(dark: House) -> None:
    [row] = await Incidents(dark.ledger).open(UNIT)

    assert row.cause == Cause.GATEWAY
    assert len(await Incidents(dark.ledger).homes(UNIT, row.id)) == NEIGHBOURS + 1
    await fall_silent(dark)
    assert len(of_type(await dark.log(), IncidentOpened)) == 1


async def test_without_a_broker_of_our_own_the_cause_is_ours(village: House) -> None:
    await village.time("01:04")
    await fall_silent(village, connected=False)

    [row] = await Incidents(village.ledger).open(UNIT)
    assert row.cause == Cause.BROKER


async def test_what_runs_out_in_an_incident_is_held_and_no_car_is_asked(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)

    log = await dark.log()
    assert len(of_type(log, SlotEscalated)) == NEIGHBOURS + 1
    assert len(of_type(log, VisitHeld)) == NEIGHBOURS + 1
    assert of_type(log, VisitAssigned) == []
    assert await dark.breaches() == []


async def test_nobody_decides_and_the_manager_is_asked_louder_each_time(dark: House) -> None:
    for clock in ("02:10:01", "02:20:02", "02:30:03"):
        await dark.time(clock)
        await watch(dark)

    passed = of_type(await dark.log(), IncidentLimitPassed)
    assert [(event.asked, event.loudness) for event in passed] == [(MANAGER, 1), (MANAGER, 2), (MANAGER, 3)]
    assert of_type(await dark.log(), VisitAssigned) == []


async def test_sending_asks_a_car_at_once_for_what_is_due(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("02:05")
    await watch(dark)
    await incidents.send(UNIT, incident, HOME, ANNA)

    slot, visit = await dark.slot(SLOT), await dark.visit(own_visit(SLOT))
    assert (slot.status, slot.reason) == ("escalated", EscalationReason.CAMERA_UNREACHABLE)
    assert (visit.stage, visit.responder, visit.held_by) == ("assigned", PATROL, None)
    assert await dark.breaches() == []


async def test_sending_ahead_makes_a_visit_of_the_check_when_it_is_due(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await incidents.send(UNIT, incident, HOME, ANNA)
    assert (await dark.slot(SLOT)).status == "open"

    await dark.time("02:00:01")
    await watch(dark)

    assert (await dark.visit(own_visit(SLOT))).stage == "assigned"
    others = [await dark.slot(slot_of(an_id(f"neighbour {number}"))) for number in range(NEIGHBOURS)]
    assert {row.status for row in others} == {"open"}


async def test_sending_releases_what_was_held(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("03:00:01")
    await watch(dark)
    await incidents.send(UNIT, incident, HOME, ANNA)

    assert (await dark.visit(own_visit(SLOT))).stage == "assigned"
    assert len(of_type(await dark.log(), VisitAssigned)) == 1


async def test_who_answers_the_phone_and_is_well_needs_no_visit_for_what_was_due(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("02:05")
    await watch(dark)
    await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.ANSWERED_WELL)

    visit = await dark.visit(own_visit(SLOT))
    assert (visit.stage, visit.act_at) == ("closed", None)
    [home] = [lost.row for lost in await incidents.homes(UNIT, incident) if lost.row.home == HOME]
    assert home.until is None, "it is decided about, and nobody is asked again"
    assert await dark.breaches() == []


async def test_who_is_phoned_shortly_before_a_check_is_due_and_is_well_is_not_asked_about_again(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("01:50")
    await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.ANSWERED_WELL)
    await dark.time("02:00:01")
    await watch(dark)
    assert (await dark.visit(own_visit(SLOT))).stage == "closed"
    [home] = [lost.row for lost in await incidents.homes(UNIT, incident) if lost.row.home == HOME]
    assert (home.until, home.state) == (None, "phoned")


async def test_a_gateway_that_takes_many_homes_with_it_is_one_alarm_from_the_first(dark: House) -> None:
    assert [event.cause for event in of_type(await dark.log(), AlarmRaised)] == [f"incident:{await incident_of(dark)}"]


async def test_who_answers_and_needs_help_is_sent_to(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await dark.time("02:05")
    await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.NEEDS_HELP)

    assert (await dark.visit(own_visit(SLOT))).stage == "assigned"


async def test_who_needs_help_before_a_check_is_due_is_sent_to_at_once_and_only_once(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    for _ in range(2):
        await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.NEEDS_HELP)
    [asked] = of_type(await dark.log(), VisitAssigned)
    visit = await dark.visit(asked.visit)
    assert (visit.home, visit.kind, visit.reason, visit.requested_at) == (HOME, "sent", "alarm", at("01:04"))
    assert await dark.breaches() == []


async def test_a_check_that_falls_due_while_somebody_is_on_the_way_is_done_by_that_visit(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.NEEDS_HELP)
    [asked] = of_type(await dark.log(), VisitAssigned)
    await dark.patrol.acknowledge(asked.visit, PATROL)
    await dark.patrol.arrive(asked.visit, PATROL)
    await dark.time("02:00:01")
    await watch(dark)
    assert (await dark.slot(SLOT)).status == "open"
    await dark.patrol.complete(asked.visit, PATROL, minutes=9, people=1, kilometres=2.0, found=Found.NEEDED_HELP)

    slot = await dark.slot(SLOT)
    assert (slot.status, slot.completed_by) == ("completed", "visit")
    assert len(of_type(await dark.log(), VisitAssigned)) == 1
    assert await dark.breaches() == []


async def test_who_takes_an_incident_has_its_alarm(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    for who in (ANNA, BERTIL, BERTIL):
        await incidents.take(UNIT, incident, who)
        [alarm] = await dark.store.query(queries.open_alarms, UNIT)
        assert (alarm.cause, alarm.state, alarm.owner) == (f"incident:{incident}", "acknowledged", who)


async def test_what_runs_out_in_an_incident_is_no_alarm_of_its_own(dark: House) -> None:
    await dark.time("03:00:01")
    await watch(dark)
    raised = of_type(await dark.log(), AlarmRaised)
    assert {event.kind for event in raised} == {AlarmKind.DEVICE_LOST}


async def test_what_runs_out_while_somebody_is_asked_to_go_there_is_an_alarm(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await incidents.phone(UNIT, incident, HOME, ANNA, PhoneOutcome.NEEDS_HELP)
    for when in ("02:00:01", "03:00:01"):  # whoever is asked for help does the check too, and has not answered
        await dark.time(when)
        await watch(dark)

    slot = await dark.slot(SLOT)
    assert (slot.reason, (await dark.visit(own_visit(SLOT))).held_by) == (EscalationReason.NOBODY_LOOKED, None)
    causes = {row.cause for row in await dark.store.query(queries.open_alarms, UNIT)}
    assert f"slot:{SLOT}" in causes
    assert await dark.breaches() == []


async def test_a_deferred_home_is_asked_about_again_when_its_time_has_come(dark: House) -> None:
    incidents, incident = Incidents(dark.ledger), await incident_of(dark)
    await incidents.defer(UNIT, incident, HOME, ANNA, at("04:00"), "the son is there until four")
    await dark.time("03:00:01")
    await watch(dark)
    held = {row.row.home: row.held for row in await incidents.homes(UNIT, incident)}
    assert held[HOME] == (own_visit(SLOT),)

    await dark.time("04:00:01")
    await watch(dark)
    assert HOME in of_type(await dark.log(), IncidentLimitPassed)[-1].homes


async def test_somebody_who_is_seen_to_need_help_is_sent_to_whatever_was_lost_since(village: House) -> None:
    await village.time("02:00")
    await beat(village)
    await village.night_staff.claim(SLOT, ANNA)
    await village.time("02:04")
    await fall_silent(village)
    await village.night_staff.concern(SLOT, ANNA)

    assert (await village.visit(own_visit(SLOT))).stage == "assigned"


async def test_only_night_staff_and_managers_decide(dark: House) -> None:
    with pytest.raises(NotInThisRoleError):
        await Incidents(dark.ledger).take(UNIT, await incident_of(dark), PATROL)


async def test_the_list_is_in_the_order_of_the_questions_that_screens_ask(dark: House) -> None:
    incident = await incident_of(dark)
    listed = await Incidents(dark.ledger).homes(UNIT, incident)

    assert [one.row.until for one in listed] == sorted(one.row.until for one in listed if one.row.until)
    assert await dark.store.query(queries.next_incident_decision) == at("02:10")


async def test_whoever_moves_out_of_a_dark_home_is_not_held_there(dark: House) -> None:
    """Nobody would ever be asked about a visit held in an incident that their new home is not in."""
    await dark.time("03:00:01")
    await watch(dark)
    new = an_id("new home")
    registered = homes.Register(new, UNIT, Personal.of("Nygatan 2", new), RiskClass.MEDIUM, OutageAgreement.VISIT)
    await dark.care.home(new, UNIT, registered)

    await dark.tell(recipients.Move(new, dark.clock.now()))

    visit = await dark.visit(own_visit(slot_of()))
    assert (visit.home, visit.stage, visit.held_by, visit.responder) == (new, "assigned", None, PATROL)
    assert await dark.breaches() == []
