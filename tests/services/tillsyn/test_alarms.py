"""Alarms of a night: raised and cleared with their cause, and said again in time."""

import asyncio

import pytest

from events.personal import Personal
from events.store import queries
from events.types.alarm import AlarmCleared, AlarmRaised, AlarmRepeated
from events.types.night import EscalationReason, ReviewVerdict, SlotEscalated
from events.types.shift import SignedIn, Unstaffed
from events.types.staff import BreakGlassOpened, BreakGlassReviewed
from events.types.unit import GatewayStateChanged
from events.types.visit import Found, VisitHeld
from services.tillsyn import recipient as recipients
from services.tillsyn.alarm import LOUD_FROM, AlarmClearedError, AlarmOwnedError, NoSuchAlarmError
from services.tillsyn.desk import Staffing
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError
from services.tillsyn.shift.errors import NotSignedInError
from services.tillsyn.watches.ended_causes import CauseWatch
from tests.builders import (
    ABSENCE,
    ANNA,
    ASSESSOR,
    BERTIL,
    BOSS,
    GATEWAY,
    HOME,
    NIGHT,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.happenings import happen, only, standing, told
from tests.services.tillsyn.house import AT_DESK, House, night_stream, of_type, register_home, slot_of
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.test_sweeper import sweeping

VISIT = own_visit(SLOT)
INCIDENT, ACCESS = an_id("incident"), an_id("access")


async def test_what_nobody_looked_at_is_overdue_until_somebody_is_on_the_way(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("02:59:59")
        assert await standing(planned) == [], "a check that is due, or late, is a task and no alarm"
        await planned.time("03:00")
        assert await standing(planned) == [("overdue", f"slot:{SLOT}")]
        row = await only(planned)
        assert (row.recipient, row.home, row.role, row.act_at) == (RECIPIENT, HOME, "night-staff", at("03:05"))
        assert await planned.breaches() == []
        await planned.patrol.acknowledge(VISIT, PATROL)

    assert await standing(planned) == []
    (cleared,) = of_type(await planned.log(), AlarmCleared)
    assert (cleared.alarm, cleared.because) == (row.id, "somebody is on the way")
    assert await planned.breaches() == []


async def test_slots_that_ran_out_together_are_overdue_until_somebody_is_on_the_way_to_all(
    house: House,
) -> None:
    await register_home(house, "02:00", "02:00")
    await house.planner.plan_all()
    await house.time("03:00")
    await house.sweeper.sweep()
    assert await standing(house) == [("overdue", f"slot:{slot_of(n=n)}") for n in (0, 1)]
    (visit,) = await house.store.query(queries.visits_of_night, NIGHT)

    await house.patrol.acknowledge(visit.id, PATROL)

    assert await standing(house) == []


async def test_who_was_not_seen_twice_is_an_alarm_until_somebody_is_on_the_way(planned: House) -> None:
    for clock in ("02:00", "02:15"):
        await planned.time(clock)
        await planned.night_staff.claim(SLOT, ANNA)
        await planned.night_staff.look(SLOT, ANNA, "")
        await planned.night_staff.not_seen(SLOT, ANNA)

    assert await standing(planned) == [("not-seen-twice", f"slot:{SLOT}")]
    await planned.patrol.arrive(VISIT, PATROL)
    assert await standing(planned) == []


async def test_a_concern_is_no_alarm_for_somebody_has_seen_it(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    assert await standing(planned) == []


async def test_a_visit_that_nobody_answers_is_an_alarm_of_its_own_until_somebody_does(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    async with sweeping(planned):
        await planned.time("02:05")
        assert await standing(planned) == [("visit-not-acknowledged", f"visit:{VISIT}")]
        await planned.time("02:21")
        assert len(of_type(await planned.log(), AlarmRaised)) == 1, "the next who does not answer changes nothing"
        await planned.patrol.acknowledge(VISIT, PATROL)
        assert await standing(planned) == []
        await planned.patrol.arrive(VISIT, PATROL)


@pytest.mark.parametrize("how", ["complete", "close"])
async def test_a_visit_that_is_over_leaves_no_alarm(planned: House, how: str) -> None:
    async with sweeping(planned):
        await planned.time("03:06")
        assert {kind for kind, _ in await standing(planned)} == {"overdue", "visit-not-acknowledged"}
        if how == "complete":
            await planned.patrol.complete(VISIT, PATROL, minutes=9, people=1, kilometres=1, found=Found.ALL_WELL)
        else:
            await planned.patrol.close(VISIT, PATROL, "her daughter is there")

    assert await standing(planned) == []
    assert {event.because for event in of_type(await planned.log(), AlarmCleared)} == {"the visit is over"}


async def test_a_slot_that_somebody_is_at_when_it_runs_out_is_no_alarm(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    await planned.time("02:55")
    await planned.patrol.arrive(VISIT, PATROL)
    ran_out = SlotEscalated(slot=SLOT, reason=EscalationReason.NOBODY_LOOKED, visit=VISIT)
    await happen(planned, night_stream(), ran_out)
    assert await standing(planned) == []


async def test_a_visit_that_an_incident_holds_is_the_incidents(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("03:00")
        await happen(planned, f"visit-{VISIT}", VisitHeld(visit=VISIT, incident=INCIDENT))

    assert await standing(planned) == []
    assert of_type(await planned.log(), AlarmCleared)[0].because == f"incident:{INCIDENT}"


async def test_an_alarm_that_nobody_answers_is_said_again_and_then_to_the_manager_too(staffed: House) -> None:
    await happen(staffed, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    raised_at = staffed.clock.now()
    async with sweeping(staffed):
        await staffed.time("12:44")
        assert await staffed.alarms.standing(UNIT, "manager") == []
        await staffed.time("12:46")
    (row,) = await staffed.alarms.standing(UNIT, "manager")

    repeats = of_type(await staffed.log(), AlarmRepeated)
    assert [(event.repeats, event.since) for event in repeats] == [(n, raised_at) for n in (1, 2, 3)]
    assert (row.state, row.repeats, row.act_at) == ("open", 3, at("12:50"))
    await staffed.alarms.acknowledge(row.id, BOSS)
    assert (await only(staffed)).owner == BOSS
    assert await staffed.breaches() == []


async def test_what_is_acknowledged_stays_and_is_open_again_when_it_is_not_mended(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("03:00")
        alarm = (await only(planned)).id
        await planned.alarms.acknowledge(alarm, ANNA)
        await planned.alarms.acknowledge(alarm, ANNA)
        row = await only(planned)
        assert (row.state, row.owner, row.act_at) == ("acknowledged", ANNA, at("03:15"))
        await planned.time("03:15")

    row = next(row for row in await planned.alarms.standing(UNIT) if row.id == alarm)
    assert (row.state, row.owner, row.repeats) == ("open", ANNA, 1)


async def test_it_is_acknowledged_by_somebody_of_the_unit_in_the_role_that_it_reaches(staffed: House) -> None:
    async with sweeping(staffed):
        await staffed.time("03:00")
    staffing = Staffing(staffed.ledger)
    alarm, before = (await only(staffed)).id, len(await staffed.log())

    with pytest.raises(NotInThisRoleError, match="is not night-staff"):
        await staffed.alarms.acknowledge(alarm, BOSS)
    with pytest.raises(NotOfThisUnitError):
        await staffed.alarms.acknowledge(alarm, an_id("a stranger"))
    with pytest.raises(NoSuchAlarmError):
        await staffed.alarms.acknowledge(an_id("no alarm"), ANNA)
    await staffed.alarms.acknowledge(alarm, ANNA)
    with pytest.raises(AlarmOwnedError):
        await staffed.alarms.acknowledge(alarm, BERTIL)
    with pytest.raises(NotInThisRoleError):
        await staffed.alarms.hand_over(alarm, ANNA, BOSS)
    assert len(await staffed.log()) == before + 2, "and they have signed in by it"

    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await staffed.alarms.hand_over(alarm, ANNA, BERTIL)
    assert (await only(staffed)).owner == BERTIL


async def test_an_alarm_is_handed_to_somebody_who_is_signed_in_and_not_to_who_has_gone(staffed: House) -> None:
    staffing = Staffing(staffed.ledger)
    async with sweeping(staffed):
        await staffed.time("03:00")
    alarm = (await only(staffed)).id
    await staffed.alarms.acknowledge(alarm, ANNA)
    with pytest.raises(NotSignedInError, match=f"{BERTIL} is not signed in .* those are {ANNA} \\(night-staff\\)"):
        await staffed.alarms.hand_over(alarm, ANNA, BERTIL)
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await staffing.sign_out(UNIT, BERTIL)
    with pytest.raises(NotSignedInError):
        await staffed.alarms.hand_over(alarm, ANNA, BERTIL)
    assert (await only(staffed)).owner == ANNA

    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await staffed.alarms.hand_over(alarm, ANNA, BERTIL)
    assert (await only(staffed)).owner == BERTIL
    assert await staffed.breaches() == []


async def test_an_alarm_is_not_handed_to_somebody_who_goes_meanwhile(staffed: House, another: House) -> None:
    staffing = Staffing(another.ledger)
    async with sweeping(staffed):
        await staffed.time("03:00")
    alarm = (await only(staffed)).id
    await staffed.alarms.acknowledge(alarm, ANNA)
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    with pytest.raises(NotSignedInError):
        await meanwhile(
            staffed,
            lambda: staffed.alarms.hand_over(alarm, ANNA, BERTIL),
            lambda: staffing.sign_out(UNIT, BERTIL),
        )
    assert (await only(staffed)).owner == ANNA


async def test_a_manager_is_handed_an_alarm_that_reaches_managers_wherever_they_are(staffed: House) -> None:
    await happen(staffed, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    async with sweeping(staffed):
        await staffed.time("12:50")
    row = await only(staffed)
    assert row.repeats >= LOUD_FROM
    await staffed.alarms.acknowledge(row.id, ANNA)
    await staffed.alarms.hand_over(row.id, ANNA, BOSS)
    assert (await only(staffed)).owner == BOSS
    assert await staffed.breaches() == []


async def test_two_who_acknowledge_at_once_leave_one_owner(planned: House, another: House) -> None:
    async with sweeping(planned):
        await planned.time("03:00")
    alarm = (await only(planned)).id

    asked = (planned.alarms.acknowledge(alarm, ANNA), another.alarms.acknowledge(alarm, BERTIL))
    came = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(one) for one in came if one is not None] == [AlarmOwnedError]
    assert (await only(planned)).owner in (ANNA, BERTIL)


async def test_an_alarm_that_was_cleared_is_not_the_next_of_its_cause(planned: House) -> None:
    gateway = f"gateway-{GATEWAY}"
    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=False))
    first = (await only(planned)).id
    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=True))
    await happen(planned, gateway, GatewayStateChanged(gateway=GATEWAY, online=False))

    assert (await only(planned)).id != first
    with pytest.raises(AlarmClearedError):
        await planned.alarms.acknowledge(first, ANNA)
    assert await planned.breaches() == []


async def test_two_sweepers_say_it_once(planned: House, another: House) -> None:
    await happen(planned, f"gateway-{GATEWAY}", GatewayStateChanged(gateway=GATEWAY, online=False))
    async with sweeping(planned, another):
        await planned.time("12:36")
    assert len(of_type(await planned.log(), AlarmRepeated)) == 1


async def test_nobody_signed_in_is_the_managers_until_night_staff_sign_in(planned: House) -> None:
    stream = f"shift-{UNIT}-{NIGHT}"
    await happen(planned, stream, Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("02:00")))
    row = await only(planned)
    assert (row.kind, row.cause, row.role) == ("nobody-signed-in", f"shift:{UNIT}:{NIGHT}", "manager")
    await happen(planned, stream, SignedIn(unit=UNIT, night=NIGHT, staff=PATROL, role="patrol"))
    assert len(await standing(planned)) == 1, "a patrol does not look"
    await happen(planned, stream, SignedIn(unit=UNIT, night=NIGHT, staff=ANNA, role="night-staff"))
    assert await standing(planned) == []


RETURNED = ("returned-unannounced", f"recipient:{RECIPIENT}")


async def back_unannounced(house: House) -> None:
    """In hospital since the afternoon, and at 23:00 back again: no check was missed."""
    await house.time("20:00")
    away = recipients.ReportAbsence(ABSENCE, at("13:00"), at("11:00"), "hospital")
    await house.tell(away)
    await house.time("23:00")
    await house.tell(recipients.EndAbsence(ABSENCE, at("23:00"), False))
    assert await standing(house) == [RETURNED]


async def test_an_unannounced_return_is_an_alarm_until_a_look(planned: House) -> None:
    await back_unannounced(planned)
    async with sweeping(planned):
        await planned.time("23:06")
        assert len(of_type(await planned.log(), AlarmRepeated)) == 1
        await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, "")
    await planned.night_staff.all_well(SLOT, ANNA)
    assert await standing(planned) == []
    assert await planned.breaches() == []


async def test_an_unannounced_return_is_an_alarm_until_a_visit(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    await back_unannounced(planned)
    await planned.time("02:00")
    await planned.patrol.acknowledge(VISIT, PATROL)
    assert await standing(planned) == [RETURNED]
    await planned.patrol.arrive(VISIT, PATROL)
    assert await standing(planned) == []


@pytest.mark.parametrize(
    "what",
    [
        recipients.RecordDeath(at("23:00"), ANNA),
        recipients.ReportAbsence(an_id("again"), at("23:00"), at("11:00"), "hospital"),
    ],
    ids=["death", "away again"],
)
async def test_a_return_is_no_alarm_where_nobody_is_to_be_found_any_more(
    planned: House, what: recipients.Command
) -> None:
    await back_unannounced(planned)
    await planned.tell(what)
    assert await standing(planned) == []


async def test_a_return_is_no_alarm_when_no_decision_stands_any_more(planned: House) -> None:
    await back_unannounced(planned)
    decision, watch = an_id(f"decision of {RECIPIENT}"), CauseWatch(planned.ledger, planned.clock)
    await watch.watch()
    assert await standing(planned) == [RETURNED]
    await planned.tell(recipients.HandOverDecision(decision, ASSESSOR, AT_DESK, "moves to a nursing home"))
    await planned.tell(recipients.EndDecision(at("23:00"), "moves", decision))
    await watch.watch()
    assert await standing(planned) == []


async def test_in_a_night_of_visits_alone_a_patrol_that_signs_in_is_somebody(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    stream = f"shift-{UNIT}-{NIGHT}"
    await happen(planned, stream, Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("02:00")))
    assert [kind for kind, _ in await standing(planned)] == ["nobody-signed-in"]
    await happen(planned, stream, SignedIn(unit=UNIT, night=NIGHT, staff=PATROL, role="patrol"))
    assert await standing(planned) == []


async def test_emergency_access_is_loud_to_the_manager_until_it_is_reviewed(planned: House) -> None:
    access = {"access": ACCESS, "staff": ANNA, "unit": UNIT}
    opened_it = BreakGlassOpened(**access, role="nurse", until=at("13:00"), reason=Personal.of("urgent", ANNA))
    await happen(planned, f"roles-{ANNA}", opened_it)
    assert await standing(planned) == [("break-glass", f"access:{ACCESS}")]
    assert await told(planned) == [("break-glass-to-review", "manager", ACCESS)]
    reviewed = BreakGlassReviewed(**access, by=BERTIL, verdict=ReviewVerdict.IN_ORDER, note=None)
    await happen(planned, f"roles-{ANNA}", reviewed)
    assert await standing(planned) == []
