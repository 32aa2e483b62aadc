"""Coming and going: rosters, signing in, handing over when a shift ends."""

from datetime import timedelta

import pytest

from events.schedule import slot_id
from events.store import queries
from events.types.alarm import AlarmDisowned, AlarmHandedOver
from events.types.incident import IncidentDisowned, IncidentTaken
from events.types.night import SlotReleased
from events.types.shift import RosterSource, SignedIn, SignedOut
from events.types.visit import VisitAssigned, VisitDeclined
from services.tillsyn.desk import Staffing
from services.tillsyn.desk.staffing import RosterRefusedError
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError, RoleExpiredError
from services.tillsyn.shift.errors import NotForTheRosterError, NotSignedInError, ShiftEndsBeforeItBeginsError
from services.tillsyn.watches.staffing import StaffingWatch
from tests.builders import (
    ANNA,
    BERTIL,
    NIGHT,
    PATROL,
    SECOND_PATROL,
    SLOT,
    UNIT,
    an_id,
    at,
    minutes,
    own_visit,
)
from tests.services.tillsyn.house import VIEWER_KEY, House, of_type, register_home, register_neighbour, slot_of
from tests.services.tillsyn.staffing import (
    ALARM,
    GREETA,
    INCIDENT,
    OF_THE_INCIDENT,
    STURE,
    a_line,
    an_alarm,
    an_incident,
    unchanged,
)

# Rosters


async def test_a_roster_is_entered_whole_and_once(planned: House, staffing: Staffing) -> None:
    lines = [(NIGHT, a_line(ANNA)), (NIGHT, a_line(BERTIL, "22:00"))]
    assert await staffing.enter_roster(UNIT, lines, GREETA, dry_run=True) == 2
    assert await staffing.roster(UNIT, NIGHT) == []
    assert await staffing.enter_roster(UNIT, lines, GREETA, RosterSource.IMPORTED) == 2
    assert await staffing.enter_roster(UNIT, lines, GREETA) == 0

    rows = await staffing.roster(UNIT, NIGHT)
    assert [(row.staff, row.source) for row in rows] == [(ANNA, "imported"), (BERTIL, "imported")]
    await staffing.remove_shift(rows[0].id, GREETA)
    assert [row.staff for row in await staffing.roster(UNIT, NIGHT)] == [BERTIL]


async def test_every_line_that_cannot_be_is_told_and_none_is_entered(planned: House, staffing: Staffing) -> None:
    before = await planned.log()
    lines = [a_line(ANNA), a_line(STURE), a_line(BERTIL, "07:00", "06:00")]
    with pytest.raises(RosterRefusedError) as refused:
        await staffing.enter_roster(UNIT, [(NIGHT, line) for line in lines], GREETA)
    faults = [(number, type(fault)) for number, fault in refused.value.faults]
    assert faults == [(1, NotForTheRosterError), (2, ShiftEndsBeforeItBeginsError)]
    await unchanged(planned, before)


# Coming and going


async def test_who_claims_is_signed_in_once_a_night(planned: House, staffing: Staffing) -> None:
    neighbour = await register_neighbour(planned, 1)
    await planned.planner.plan_all()
    await planned.time("02:00")
    for slot in (SLOT, slot_id(neighbour, NIGHT, an_id("entry 0"))):
        await planned.night_staff.claim(slot, ANNA)
    assert of_type(await planned.log(), SignedIn) == [SignedIn(unit=UNIT, night=NIGHT, staff=ANNA, role="night-staff")]


async def test_signing_in_takes_the_role(planned: House, staffing: Staffing) -> None:
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    with pytest.raises(NotInThisRoleError):
        await staffing.sign_in(UNIT, "patrol", ANNA)
    with pytest.raises(NotOfThisUnitError):
        await staffing.sign_in(UNIT, "night-staff", STURE)
    assert [row.staff for row in await staffing.at_work(UNIT, NIGHT)] == [ANNA]


async def test_the_end_of_a_shift_hands_over_by_name(planned: House, staffing: Staffing) -> None:
    await planned.time("02:00")
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await an_incident(planned, ANNA)

    await staffing.sign_out(UNIT, ANNA, BERTIL)
    await staffing.sign_out(UNIT, ANNA, BERTIL)

    log = await planned.log()
    assert of_type(log, SignedOut) == [SignedOut(unit=UNIT, night=NIGHT, staff=ANNA, to=BERTIL)]
    both = {ALARM, OF_THE_INCIDENT}
    assert {(told.alarm, told.by, told.to) for told in of_type(log, AlarmHandedOver)} == {
        (alarm, ANNA, BERTIL) for alarm in both
    }
    assert [taken.by for taken in of_type(log, IncidentTaken)] == [ANNA, BERTIL]
    assert of_type(log, SlotReleased) == [SlotReleased(slot=SLOT, by=ANNA)]
    await planned.night_staff.claim(SLOT, BERTIL)


async def test_without_a_name_it_goes_unowned_and_is_loud_at_once(planned: House, staffing: Staffing) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await an_incident(planned, ANNA)

    await staffing.sign_out(UNIT, ANNA)

    log, now = await planned.log(), planned.clock.now()
    assert {(told.alarm, told.was, told.answer_by) for told in of_type(log, AlarmDisowned)} == {
        (alarm, ANNA, now + minutes(5)) for alarm in (ALARM, OF_THE_INCIDENT)
    }
    assert of_type(log, IncidentDisowned) == [IncidentDisowned(incident=INCIDENT, was=ANNA)]
    assert (await planned.slot(SLOT)).lease_by is None
    owned = await planned.store.query(queries.owned_by, UNIT, ANNA, now)
    assert owned == queries.OwnedRows([], [], [], [])


async def test_a_visit_on_its_way_goes_to_the_next_in_line_when_the_shift_ends(
    planned: House, staffing: Staffing
) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.patrol.acknowledge(own_visit(SLOT), PATROL)

    await staffing.sign_out(UNIT, PATROL)

    asked = of_type(await planned.events(f"visit-{own_visit(SLOT)}"), VisitDeclined, VisitAssigned)
    assert [event.responder for event in asked] == [PATROL, PATROL, SECOND_PATROL]
    assert (await planned.visit(own_visit(SLOT))).responder == SECOND_PATROL


async def test_nobody_is_taken_from_a_look_when_the_night_before_ends(
    house: House,
) -> None:
    """Signed in at eleven, in the night that ends at noon; at 12:29 they claim in the next."""
    await register_home(house, "12:30", from_night=NIGHT - timedelta(days=1))
    staffing, slot = Staffing(house.ledger), slot_of(night=NIGHT + timedelta(days=1))
    await house.time("11:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await house.planner.plan_all()
    await house.time("12:29", days=1)
    await house.night_staff.claim(slot, ANNA)
    await house.night_staff.look(slot, ANNA, VIEWER_KEY)
    await house.time("12:30", days=1)
    await StaffingWatch(house.ledger, house.clock, minutes(10)).watch()
    assert [gone.night for gone in of_type(await house.log(), SignedOut)] == [NIGHT]
    await house.night_staff.all_well(slot, ANNA)


async def test_who_goes_home_goes_from_every_night_and_hands_over_once(house: House) -> None:
    await register_home(house, "12:30", from_night=NIGHT - timedelta(days=1))
    staffing, slot = Staffing(house.ledger), slot_of(night=NIGHT + timedelta(days=1))
    await house.time("11:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await house.planner.plan_all()
    await house.time("12:29", days=1)
    await house.night_staff.claim(slot, ANNA)
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await an_alarm(house, ANNA)

    await staffing.sign_out(UNIT, ANNA, BERTIL)

    log = await house.log()
    assert [gone.night for gone in of_type(log, SignedOut)] == [NIGHT + timedelta(days=1), NIGHT]
    assert (await house.slot(slot)).lease_by is None
    assert [(event.by, event.to) for event in of_type(log, AlarmHandedOver)] == [(ANNA, BERTIL)]
    assert of_type(log, AlarmDisowned) == []


async def test_nothing_is_handed_to_somebody_whose_role_has_ended(planned: House, staffing: Staffing) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("02:00"))
    await planned.time("01:55")
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("02:01")
    before = await planned.log()
    with pytest.raises(RoleExpiredError):
        await staffing.sign_out(UNIT, ANNA, STURE)
    with pytest.raises(NotSignedInError):
        await staffing.sign_out(UNIT, ANNA, BERTIL)
    await unchanged(planned, before)
    await staffing.sign_out(UNIT, STURE, ANNA)  # but who has no role any more may hand over
