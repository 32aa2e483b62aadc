"""Many homes dark at once: one incident, and nobody is sent anywhere before somebody has thought."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from events.envelope import Actor, ActorKind, Context, Owner
from events.personal import Personal
from events.store import queries
from events.types.alarm import AlarmKind, AlarmRaised
from events.types.check import Heartbeat
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause, IncidentLimitPassed, IncidentOpened
from events.types.night import AlarmCaller, EscalationReason, SlotEscalated
from events.types.unit import GatewayStateChanged
from events.types.visit import Found, PhoneOutcome, VisitAssigned, VisitHeld
from services.tillsyn import home as homes
from services.tillsyn import incident as incident_rules
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.gateways import GatewayWatch, heard
from services.tillsyn.incident.errors import HomesWaitError
from services.tillsyn.kinds import INCIDENTS
from services.tillsyn.ledger import Transaction
from services.tillsyn.watches.incidents import IncidentWatch
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    GATEWAY,
    HOME,
    MANAGER,
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
from tests.services.tillsyn.house import (
    INTERVAL,
    VIEWER_KEY,
    House,
    of_type,
    register_home,
    register_neighbour,
    slot_of,
)
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.test_invariants import craft

SILENT_AFTER = timedelta(minutes=3)
NEIGHBOURS = 4


async def beat(house: House, gateway: UUID = GATEWAY, *, said_at: datetime | None = None) -> None:
    """The gateway is heard of, with what it said just now or then."""
    now = said_at or house.clock.now()
    owner = Owner(ORGANISATION, UNIT)
    context = Context(Actor(ActorKind.GATEWAY, str(gateway), "gateway"), owner, now, house.ledger.ids.thing())
    heartbeat = Heartbeat(gateway=gateway, started_at=now, spooled=0, schedule_revision=1)

    async def use_case(tx: Transaction) -> None:
        await heard(tx, heartbeat, context)

    await house.ledger.transact(use_case)


async def fall_silent(house: House, *, connected: bool = True) -> None:
    """Whoever has not been heard of for three minutes is taken to be gone."""
    await GatewayWatch(house.ledger, house.clock, SILENT_AFTER, lambda: connected).watch()


async def watch(house: House) -> None:
    await IncidentWatch(house.ledger, house.clock, INTERVAL).watch()
    await house.sweeper.sweep()


@pytest_asyncio.fixture
async def village(house: House) -> House:
    """Five homes behind one gateway, with a check at 02:00 each; it is one in the morning, and all is well."""
    await register_home(house)
    for number in range(NEIGHBOURS):
        await register_neighbour(house, number)
    await house.planner.plan_all()
    await house.time("01:00")
    await beat(house)
    return house


@pytest_asyncio.fixture
async def dark(village: House) -> House:
    """The same, four minutes after the power went."""
    await village.time("01:04")
    await fall_silent(village)
    return village


async def incident_of(house: House) -> UUID:
    [row] = await Incidents(house.ledger).open(UNIT)
    return row.id


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


async def test_an_incident_whose_homes_are_back_stays_open_over_a_visit_that_it_holds(dark: House) -> None:
    incident_id = await incident_of(dark)
    await beat(dark)
    await dark.time("02:00")
    await dark.night_staff.concern(SLOT, ANNA)
    await craft(dark, visits.stream_of(own_visit(SLOT)), VisitHeld(visit=own_visit(SLOT), incident=incident_id))

    with pytest.raises(HomesWaitError, match="1 visits are held"):
        await Incidents(dark.ledger).close(UNIT, incident_id, ANNA, "the power is back")


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
