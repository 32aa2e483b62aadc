"""Visits in a home: what a visit covers and blocks, and what death, absence or an incident makes of it."""

from datetime import timedelta

import pytest

from events.envelope import Context
from events.personal import Personal
from events.schedule import SlotKind
from events.store import queries
from events.types.home import CarerArrived, CarerLeft, OutageAgreement, RiskClass
from events.types.incident import Cause, HomeJoined, IncidentClosed, IncidentOpened
from events.types.recipient import RecipientDied
from events.types.visit import (
    DeclineReason,
    Found,
    PhoneOutcome,
    VisitArrived,
    VisitCalledOff,
    VisitFoundNobody,
    VisitHeld,
)
from services.tillsyn import home as homes
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import release_visit
from services.tillsyn.desk.looks import CameraShutError
from services.tillsyn.home.carers import NotInTheHomeNowError
from services.tillsyn.invariants import incidents_are_asked_about, no_escalation_fades
from services.tillsyn.kinds import INCIDENTS
from services.tillsyn.ledger import Transaction
from services.tillsyn.visit.errors import (
    ArrivedOutOfTimeError,
    BeforeItsTimeError,
    NobodyArrivedError,
    NotInTheHomeError,
)
from tests.builders import (
    ABSENCE,
    ANNA,
    HOME,
    MANAGER,
    NIGHT,
    PATROL,
    RECIPIENT,
    SECOND_PATROL,
    SLOT,
    UNIT,
    a_night_of,
    a_planned_slot,
    after,
    an_entry,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import (
    ASSESSOR,
    VIEWER_KEY,
    House,
    of_type,
    register_home,
    register_neighbour,
    slot_of,
)
from tests.services.tillsyn.road import INCIDENT, NINA, NORTH, THERE, VISIT, by_a_context, concern, responder

# What a visit covers.


async def test_a_visit_completes_every_slot_of_who_was_met_that_had_opened(house: House) -> None:
    await register_home(house, "02:00", "02:20", "04:00")
    await house.planner.plan_all()
    await house.time("02:06")
    await house.night_staff.concern(slot_of(n=0), ANNA)
    await house.patrol.complete(own_visit(slot_of(n=0)), PATROL, **THERE, found=Found.NEEDED_HELP)
    slots = [await house.slot(slot_of(n=n)) for n in range(3)]
    assert [(slot.status, slot.completed_by) for slot in slots] == [
        ("escalated", None),
        ("completed", "visit"),
        ("open", None),
    ]
    assert await house.breaches() == []


async def test_a_planned_visit_that_another_covered_is_called_off(house: House) -> None:
    await register_home(house, "02:00", "02:10", consent=None)
    await house.planner.plan_all()
    await house.time("02:00")
    first, second = own_visit(slot_of(n=0)), own_visit(slot_of(n=1))
    await house.patrol.arrive(first, PATROL)
    await house.patrol.complete(first, PATROL, **THERE, found=Found.ALL_WELL)
    assert (await house.slot(slot_of(n=1))).completed_by == "visit"
    assert (await house.visit(second)).stage == "closed"
    [off] = of_type(await house.events(visits.stream_of(second)), VisitCalledOff)
    assert str(first) in off.reason
    assert await house.breaches() == []


async def test_others_of_the_home_who_were_met_are_covered_too_and_nobody_from_elsewhere(planned: House) -> None:
    wife = an_id("wife")
    await marry(planned, wife)
    stranger = await register_neighbour(planned, 1, "02:00")
    await planned.planner.plan_all()
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    with pytest.raises(NotInTheHomeError):
        await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, also_seen=(stranger,))
    await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, also_seen=(wife,))
    assert (await planned.slot(slot_of(wife))).completed_by == "visit"
    assert (await planned.slot(slot_of(stranger))).status == "open"
    assert await planned.breaches() == []


async def marry(house: House, wife: object) -> None:
    """Another recipient of the same home, checked on at 02:00 too."""
    now = house.clock.now()
    for command in (
        recipients.Register(wife, HOME, UNIT, Personal.of("Asta", wife)),  # type: ignore[arg-type]
        recipients.GrantDecision(an_id("her decision"), NIGHT, None, 1, now),
        recipients.SetSchedule(NIGHT, (an_entry("02:00"),), now),
    ):
        await house.tell(command, wife)  # type: ignore[arg-type]


@pytest.mark.parametrize("found", [Found.NO_ENTRY, Found.NOT_AT_HOME])
async def test_a_visit_that_met_nobody_covers_nothing_and_the_manager_is_asked(house: House, found: Found) -> None:
    await register_home(house, "02:00", "02:10")
    await house.planner.plan_all()
    await house.time("02:00")
    await house.night_staff.concern(slot_of(n=0), ANNA)
    visit = own_visit(slot_of(n=0))
    await house.patrol.arrive(visit, PATROL)
    await house.patrol.complete(visit, PATROL, **THERE, found=found)
    row = await house.visit(visit)
    assert (row.stage, row.responder, row.found, row.ended_at) == ("assigned", MANAGER, found.value, None)
    assert (await house.slot(slot_of(n=1))).status == "open"
    [nobody] = of_type(await house.events(visits.stream_of(visit)), VisitFoundNobody)
    assert nobody.kilometres == 2.0
    assert await house.breaches() == []


# Planned visits.


async def test_neither_tonights_nor_tomorrows_planned_visit_is_completed_before_its_slot_opens(house: House) -> None:
    await register_home(house, "02:00", "04:00", consent=None)
    await house.planner.plan_all()
    await house.time("21:00")
    nights_planned = [NIGHT, NIGHT + timedelta(days=1)]
    planned = [row for night in nights_planned for row in await house.store.query(queries.visits_of_night, night)]
    assert {row.night for row in planned} == set(nights_planned)
    before = len(await house.log())
    for row in planned:
        for found in (Found.ALL_WELL, Found.NO_ENTRY):
            with pytest.raises(BeforeItsTimeError, match=f"{row.not_before:%Y-%m-%d %H:%MZ}"):
                await house.patrol.complete(row.id, PATROL, **THERE, found=found, arrived_at=row.not_before)
    assert len(await house.log()) == before

    first = own_visit(slot_of(n=0))
    await house.time("01:45")
    await house.patrol.arrive(first, PATROL)
    await house.patrol.complete(first, PATROL, **THERE, found=Found.ALL_WELL)
    assert [(await house.slot(slot_of(n=n))).status for n in range(2)] == ["completed", "open"]
    assert await house.breaches() == []


async def test_a_planned_visit_is_told_of_by_somebody_who_arrived_if_only_afterwards(house: House) -> None:
    await register_home(house, "02:00", consent=None)
    await house.planner.plan_all()
    await house.time("02:30")
    with pytest.raises(NobodyArrivedError):
        await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL)
    with pytest.raises(ArrivedOutOfTimeError):
        await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, arrived_at=at("01:44"))
    await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, arrived_at=at("02:10"))

    [arrived] = of_type(await house.events(visits.stream_of(VISIT)), VisitArrived)
    assert (arrived.responder, arrived.at) == (PATROL, at("02:10"))
    assert (await house.visit(VISIT)).arrived_at == at("02:10")
    in_the_home = of_type(await house.events(homes.stream_of(HOME)), CarerArrived, CarerLeft)
    assert [(type(event), event.by, event.visit) for event in in_the_home] == [
        (CarerArrived, PATROL, VISIT),
        (CarerLeft, PATROL, VISIT),
    ]
    assert (await house.slot(SLOT)).status == "completed"
    assert await house.breaches() == []


async def needed_at_one(house: House) -> None:
    """Somebody who is planned to be gone to at five phones and needs help at one, and gets it."""
    await register_home(house, "05:00", consent=None)
    await house.planner.plan_all()
    await house.time("01:00")
    await house.patrol.phone(VISIT, PATROL, PhoneOutcome.NEEDS_HELP)
    await house.patrol.arrive(VISIT, PATROL)
    await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.NEEDED_HELP)


async def test_who_needed_somebody_before_the_planned_visit_is_gone_to_again_at_its_time(house: House) -> None:
    await needed_at_one(house)
    slot = await house.slot(SLOT)
    assert (slot.status, slot.kind, slot.completed_by) == ("open", "visit", None)
    assert slot.visit is not None
    again = await house.visit(slot.visit)
    assert (again.kind, again.stage, again.not_before) == ("planned", "assigned", at("04:45"))
    assert (slot.reason, again.reason) == ("visited-earlier", "visited-earlier")
    assert (await house.visit(VISIT)).stage == "completed"
    assert await house.breaches() == []

    await house.time("04:45")
    await house.patrol.arrive(again.id, PATROL)
    await house.patrol.complete(again.id, PATROL, **THERE, found=Found.ALL_WELL)
    assert (await house.slot(SLOT)).status == "completed"
    assert await house.breaches() == []


async def test_the_visit_that_is_made_again_escalates_when_nobody_comes(house: House) -> None:
    await needed_at_one(house)
    again = (await house.slot(SLOT)).visit
    assert again is not None
    await house.time("06:00:01")
    await house.sweeper.sweep()
    assert (await house.slot(SLOT)).status == "escalated"
    assert (await house.visit(again)).kind == "sent"
    assert await house.breaches() == []


# Carers block looks.


async def test_nobody_looks_while_a_visit_is_in_the_home_and_again_when_it_ended(house: House) -> None:
    await register_home(house, "02:00", "02:10")
    await house.planner.plan_all()
    await house.time("02:06")
    await house.night_staff.concern(slot_of(n=0), ANNA)
    visit = own_visit(slot_of(n=0))
    await house.patrol.arrive(visit, PATROL)
    await house.night_staff.claim(slot_of(n=1), ANNA)
    with pytest.raises(CameraShutError, match="a carer is in the home"):
        await house.night_staff.look(slot_of(n=1), ANNA, VIEWER_KEY)
    await house.patrol.decline(visit, PATROL, DeclineReason.WITH_SOMEBODY)
    await house.night_staff.look(slot_of(n=1), ANNA, VIEWER_KEY)
    told = of_type(await house.events(homes.stream_of(HOME)), CarerArrived, CarerLeft)
    assert [(type(event), event.by, event.visit) for event in told] == [
        (CarerArrived, PATROL, visit),
        (CarerLeft, PATROL, visit),
    ]


async def test_a_carer_who_is_there_without_a_visit_blocks_looks_until_somebody_says_that_they_left(
    planned: House,
) -> None:
    await planned.time("02:00")
    await planned.patrol.enter(HOME, PATROL)
    await planned.patrol.enter(HOME, PATROL)
    await planned.night_staff.claim(SLOT, ANNA)
    with pytest.raises(CameraShutError, match="a carer is in the home"):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    with pytest.raises(NotInTheHomeNowError, match=str(PATROL)):
        await planned.patrol.leave(HOME, SECOND_PATROL)
    await planned.patrol.leave(HOME, ANNA, PATROL)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    row = await planned.store.query(queries.home, HOME)
    assert row is not None
    assert row.carer is None


async def test_a_carer_done_with_one_of_a_couple_is_still_with_the_other(planned: House) -> None:
    wife = an_id("wife")
    await marry(planned, wife)
    await planned.planner.plan_all()
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    hers = own_visit(slot_of(wife))
    await planned.patrol.arrive(VISIT, PATROL)
    await planned.patrol.arrive(hers, PATROL)
    await planned.patrol.complete(hers, PATROL, **THERE, found=Found.ALL_WELL)
    row = await planned.store.query(queries.home, HOME)
    assert row is not None
    assert row.carer == PATROL
    await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL)
    row = await planned.store.query(queries.home, HOME)
    assert row is not None
    assert row.carer is None


# Death, absence, incidents.


async def test_who_is_found_dead_is_on_record_as_dead_at_once(road: House) -> None:
    await concern(road)
    await road.patrol.complete(VISIT, NINA, **THERE, found=Found.FOUND_DEAD)
    [died] = of_type(await road.events(recipients.stream_of(RECIPIENT)), RecipientDied)
    assert (died.at, died.told_by) == (at("02:00"), NINA)


async def test_a_visit_that_was_sent_is_called_off_when_the_recipient_was_fetched(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await road.tell(recipients.ReportAbsence(ABSENCE, at("02:00"), at("10:00"), "112"))
    assert (await road.visit(VISIT)).stage == "closed"
    history = await road.store.read(visits.stream_of(VISIT))
    [off] = [recorded for recorded in history if isinstance(recorded.event, VisitCalledOff)]
    assert (off.context.actor.id, "absent" in off.event.reason) == (ASSESSOR.id, True)  # type: ignore[attr-defined]
    await road.patrol.driven(VISIT, NINA, 3.5)
    assert await road.breaches() == []


async def test_an_absence_still_ahead_calls_nobody_back(road: House) -> None:
    await concern(road)
    await road.tell(recipients.ReportAbsence(ABSENCE, at("05:00"), at("10:00"), "112"))
    assert (await road.visit(VISIT)).stage == "assigned"


async def incident_is_over(tx: Transaction, context: Context) -> None:
    incident = await tx.load(INCIDENTS, incidents.stream_of(UNIT))
    closed = IncidentClosed(incident=INCIDENT, by=ANNA, reason=Personal.of("power is back", INCIDENT))
    tx.record(incident, [closed], context)


async def test_a_visit_is_held_by_an_incident_only_while_it_is_open(road: House) -> None:
    await concern(road)
    opened = IncidentOpened(
        incident=INCIDENT, unit=UNIT, cause=Cause.AREA, area="Norr", gateway=None, opened_at=at("02:00")
    )
    agreed = {"risk_class": RiskClass.MEDIUM, "outage_agreement": OutageAgreement.VISIT}
    joined = HomeJoined(incident=INCIDENT, home=HOME, decide_by=at("03:40"), **agreed)  # type: ignore[arg-type]
    await craft(road, incidents.stream_of(UNIT), opened, joined)
    await craft(road, visits.stream_of(VISIT), VisitHeld(visit=VISIT, incident=INCIDENT))
    await road.time("03:30")
    await road.sweeper.sweep()
    row = await road.visit(VISIT)
    assert (row.held_by, row.responder, row.act_at) == (INCIDENT, None, None)
    assert [row.id for row in await road.patrol.open_visits(UNIT)] == [VISIT]
    assert await road.breaches() == []

    await by_a_context(road, incident_is_over)
    rules = {breach.rule for breach in await road.breaches()}
    assert rules == {no_escalation_fades.NAME, incidents_are_asked_about.NAME}

    await by_a_context(road, lambda tx, context: release_visit(tx, VISIT, MANAGER, context))
    assert (await responder(road), await road.breaches()) == (NORTH, [])


def test_a_night_knows_which_slots_somebody_covered() -> None:
    visit_too = a_planned_slot("02:20", 1, kind=SlotKind.VISIT)
    night = a_night_of(a_planned_slot("02:00"), visit_too, a_planned_slot("03:00", 2))
    night = after(nights, night, nights.RecordCovered(VISIT, PATROL, at("02:05")))
    assert [slot.status.value for slot in night.slots.values()] == ["completed", "completed", "open"]
