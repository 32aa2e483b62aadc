"""Whoever was to be gone to is not forgotten when a death, an absence or a move was not as it was said."""

from dataclasses import replace

import pytest

from events.schedule import SlotKind
from events.store import queries
from events.types.home import OutageAgreement, RiskClass
from events.types.night import SlotEscalated
from events.types.notice import NoticeKind, NoticeSent
from events.types.visit import Found, PhoneOutcome
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.invariants import no_escalation_fades
from services.tillsyn.invariants.world import read_world
from services.tillsyn.kinds import HOME as HOME_KIND
from tests.builders import (
    ABSENCE,
    ANNA,
    HOME,
    NIGHT,
    PATROL,
    RECIPIENT,
    SECOND_PATROL,
    SLOT,
    UNIT,
    an_entry,
    an_id,
    at,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    of_type,
    register_home,
    register_manager,
    register_partner,
    slot_of,
)
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.road import THERE

VISIT = own_visit(SLOT)
NEW_HOME = an_id("new home")


async def nobody_looked(house: House) -> None:
    """Somebody is asked to go, since 03:00."""
    await house.time("03:00:01")
    await house.sweeper.sweep()
    assert (await house.visit(VISIT)).stage == "assigned"


async def register_new_home(house: House) -> None:
    new = homes.Register(NEW_HOME, UNIT, secret("Nygatan 2"), RiskClass.MEDIUM, OutageAgreement.VISIT)
    await house.care.home(NEW_HOME, UNIT, new)


async def said_to_be_away(house: House, since: str) -> None:
    await house.tell(recipients.ReportAbsence(ABSENCE, at(since), None, "hospital", review_at=at("09:00")))


# Death and absence by mistake.


async def test_whoever_was_back_when_a_visit_was_called_off_is_sent_to_again_announced_or_not(planned: House) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "01:00")
    assert (await planned.visit(VISIT)).stage == "closed"
    await planned.time("03:05")
    await planned.tell(recipients.EndAbsence(ABSENCE, at("02:30"), announced=True))
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_an_absence_said_again_with_other_times_sends_those_again_whom_it_called_off(planned: House) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "01:00")
    await planned.time("03:05")
    await planned.tell(recipients.ReportAbsence(ABSENCE, at("00:30"), at("01:30"), "to her sister's"))
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_an_absence_that_only_begins_later_sends_those_again_whom_it_called_off(planned: House) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "01:00")
    await planned.time("03:05")
    await planned.tell(recipients.ReportAbsence(ABSENCE, at("08:00"), at("11:00"), "to the dentist"))
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_whoever_was_away_when_the_visit_was_called_off_is_not_sent_to_when_they_come_back(
    planned: House,
) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "01:00")
    await planned.time("06:00")
    await planned.tell(recipients.EndAbsence(ABSENCE, at("05:55"), announced=True))
    assert (await planned.visit(VISIT)).stage == "closed"
    assert await planned.breaches() == []


async def test_an_absence_that_is_over_before_a_planned_visit_leaves_it_planned(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    assert (await planned.visit(VISIT)).kind == "planned"
    await planned.tell(recipients.ReportAbsence(ABSENCE, planned.clock.now(), at("01:30"), "to her sister's"))
    assert (await planned.visit(VISIT)).ended_at is None
    assert (await planned.slot(SLOT)).status == "open"
    assert await planned.breaches() == []


async def test_an_absence_at_the_time_of_a_planned_visit_calls_it_off_with_its_slot(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    await planned.tell(recipients.ReportAbsence(ABSENCE, planned.clock.now(), at("09:00"), "to her sister's"))
    assert (await planned.visit(VISIT)).stage == "closed"
    assert (await planned.slot(SLOT)).status == "cancelled"
    assert await planned.breaches() == []


async def test_an_open_slot_whose_visit_is_over_is_a_broken_promise(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    world = await read_world(planned.store, planned.clock.now())
    asked = world.visits[VISIT]
    world.visits[VISIT] = replace(asked, state=replace(asked.state, stage=visits.Stage.CLOSED))
    [breach] = no_escalation_fades.check(world)
    assert "nobody is asked" in breach.what


async def test_a_slot_whose_visit_was_called_off_can_be_reopened(planned: House) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "02:30")
    await planned.time("03:05")
    await planned.tell(recipients.EndAbsence(ABSENCE, at("03:04"), announced=True))
    await planned.night_staff.reopen(SLOT, ANNA, "she came home by taxi; I look")
    assert (await planned.slot(SLOT)).status == "open"
    assert len(of_type(await planned.log(), SlotEscalated)) == 1
    assert await planned.breaches() == []


async def test_nobody_asked_again_after_a_death_taken_back_is_a_broken_promise(planned: House) -> None:
    await nobody_looked(planned)
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    assert await planned.breaches() == []
    world = await read_world(planned.store, planned.clock.now())
    recipient = world.recipients[RECIPIENT]
    alive = replace(recipient, state=replace(recipient.state, died_at=None))
    world.recipients[RECIPIENT] = alive
    [breach] = no_escalation_fades.check(world)
    assert "called off though there was somebody to go to" in breach.what


async def test_who_moves_while_the_visits_limit_passes_is_gone_to_in_the_new(planned: House, another: House) -> None:
    await register_new_home(planned)
    await nobody_looked(planned)
    await planned.patrol.arrive(VISIT, PATROL)
    await planned.time("05:00")
    move = recipients.Move(NEW_HOME, planned.clock.now())
    await meanwhile(planned, planned.sweeper.sweep, lambda: another.tell(move))
    assert (await planned.visit(VISIT)).home == NEW_HOME


async def test_who_moved_while_somebody_was_in_the_old_home_and_was_not_met_is_gone_to_in_the_new(
    planned: House,
) -> None:
    await register_new_home(planned)
    await nobody_looked(planned)
    await planned.patrol.arrive(VISIT, PATROL)
    await planned.tell(recipients.Move(NEW_HOME, planned.clock.now()))
    assert (await planned.visit(VISIT)).home == HOME, "she is there, and looks for them"
    await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.NOT_AT_HOME)  # type: ignore[arg-type]

    visit = await planned.visit(VISIT)
    assert (visit.home, visit.stage) == (NEW_HOME, "assigned")
    old = HOME_KIND.fold([recorded.event for recorded in await planned.store.read(homes.stream_of(HOME))])
    assert old.carers == {}
    assert await planned.breaches() == []


# One visit, every escalation of whoever was met.


async def test_planned_visits_that_run_out_together_are_one_visit(house: House) -> None:
    await register_home(house)
    twice = tuple(an_entry("02:00", n).model_copy(update={"kind": SlotKind.VISIT}) for n in range(2))
    await house.tell(recipients.SetSchedule(NIGHT, twice, house.clock.now()))
    await house.planner.plan_all()
    await house.time("03:00:01")
    await house.sweeper.sweep()
    [going] = [visit for visit in await house.patrol.open_visits(UNIT) if visit.night == NIGHT]
    await house.patrol.arrive(going.id, PATROL)
    await house.patrol.complete(going.id, PATROL, **THERE, found=Found.ALL_WELL)  # type: ignore[arg-type]
    assert [visit for visit in await house.patrol.open_visits(UNIT) if visit.night == NIGHT] == []
    assert await house.store.query(queries.open_alarms) == []
    assert await house.breaches() == []


async def test_one_visit_to_a_couple_ends_the_escalations_of_both(house: House) -> None:
    await register_home(house)
    partner = await register_partner(house)
    await house.planner.plan_all()
    await house.time("03:00:01")
    await house.sweeper.sweep()
    theirs = own_visit(slot_of(partner))
    await house.patrol.acknowledge(VISIT, PATROL)
    await house.patrol.acknowledge(theirs, SECOND_PATROL)
    await house.patrol.arrive(VISIT, PATROL)
    await house.time("03:30")
    await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, also_seen=(partner,))

    visit = await house.visit(theirs)
    assert (visit.stage, visit.ended_at, visit.minutes, visit.kilometres) == ("completed", at("03:30"), None, None)
    assert await house.store.query(queries.open_alarms) == []
    assert await told_in_a_notice(house) == {"patrol", "night-staff"}, "the second car turns round"
    await house.time("05:00")
    await house.sweeper.sweep()
    assert (await house.visit(theirs)).loudness == 0
    assert await house.breaches() == []


async def test_who_is_with_the_one_is_out_of_the_home_when_both_were_met_on_one_visit(house: House) -> None:
    await register_home(house)
    partner = await register_partner(house)
    await house.planner.plan_all()
    await house.time("03:00:01")
    await house.sweeper.sweep()
    for visit in (VISIT, own_visit(slot_of(partner))):
        await house.patrol.arrive(visit, PATROL)
    await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL, also_seen=(partner,))
    stream = HOME_KIND.fold([recorded.event for recorded in await house.store.read(homes.stream_of(HOME))])
    assert stream.carers == {}
    assert await house.breaches() == []


# What somebody saw, against what is told late.


async def told_in_a_notice(house: House) -> set[str]:
    """Who was told that a visit was called off while somebody was on the way."""
    sent = of_type(await house.log(), NoticeSent)
    return {event.to_role for event in sent if event.kind is NoticeKind.VISIT_CALLED_OFF}


async def test_an_absence_told_late_calls_nobody_off_from_somebody_who_was_seen_after_it_began(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA, "lies on the floor")
    await planned.patrol.acknowledge(VISIT, PATROL)
    await planned.time("02:03")
    await said_to_be_away(planned, "20:00")
    assert (await planned.visit(VISIT)).stage == "acknowledged"
    await planned.patrol.arrive(VISIT, PATROL)
    assert await planned.breaches() == []


async def test_whoever_was_fetched_after_they_were_seen_is_not_sent_to_and_who_was_on_the_way_is_told(
    planned: House,
) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.patrol.acknowledge(VISIT, PATROL)
    await planned.time("02:10")
    await said_to_be_away(planned, "02:07")
    assert (await planned.visit(VISIT)).stage == "closed"
    assert await told_in_a_notice(planned) == {"patrol", "night-staff"}


async def test_of_a_visit_called_off_that_nobody_had_taken_nobody_is_told(planned: House) -> None:
    await nobody_looked(planned)
    await said_to_be_away(planned, "01:00")
    assert await told_in_a_notice(planned) == set()


async def test_whoever_was_heard_on_the_telephone_is_not_away(planned: House) -> None:
    await nobody_looked(planned)
    await planned.patrol.phone(VISIT, ANNA, PhoneOutcome.NEEDS_HELP)
    await said_to_be_away(planned, "01:00")
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_a_doubt_after_the_absence_began_sends_somebody(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.uncertain(SLOT, ANNA)
    await said_to_be_away(planned, "20:00")
    visit = await planned.visit(VISIT)
    assert (visit.stage, visit.reason) == ("assigned", "uncertain")
    assert await planned.breaches() == []


# Not to be made this once, by name.


async def test_a_planned_visit_closed_by_name_is_not_sent_anyway(house: House) -> None:
    await register_home(house, consent=None)
    await house.planner.plan_all()
    manager = await register_manager(house)
    await house.time("01:55")
    await house.patrol.close(VISIT, manager, "her daughter is with her tonight")
    assert ((await house.slot(SLOT)).status, (await house.slot(SLOT)).reason) == ("cancelled", "by-name")
    await house.time("03:00:01")
    await house.sweeper.sweep()
    assert of_type(await house.log(), SlotEscalated) == []
    assert await house.breaches() == []


async def test_night_staff_and_the_manager_cancel_one_check_by_name(house: House) -> None:
    await register_home(house, "02:00", "04:00")
    await house.planner.plan_all()
    manager = await register_manager(house)
    with pytest.raises(NotInThisRoleError):
        await house.night_staff.cancel(SLOT, PATROL, "she sleeps")
    await house.night_staff.cancel(SLOT, ANNA, "her daughter is with her")
    await house.night_staff.cancel(slot_of(n=1), manager, "her daughter is with her")
    assert {(await house.slot(slot_of(n=n))).status for n in (0, 1)} == {"cancelled"}
    await house.time("06:00")
    await house.sweeper.sweep()
    assert of_type(await house.log(), SlotEscalated) == []
    assert await house.breaches() == []
