"""A night without staff, a shift or a role that ends without a word, and the load."""

import asyncio
from datetime import timedelta

import pytest

from events.envelope import ActorKind
from events.types.alarm import AlarmDisowned
from events.types.night import SlotClaimed
from events.types.shift import SignedIn, SignedOut, Unstaffed
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Load, Staffing
from services.tillsyn.watches.staffing import StaffingWatch
from tests.builders import (
    ANNA,
    BERTIL,
    NIGHT,
    PATROL,
    SLOT,
    UNIT,
    at,
    minutes,
    secret,
)
from tests.services.tillsyn.house import House, of_type
from tests.services.tillsyn.staffing import (
    GREETA,
    STURE,
    a_line,
    an_alarm,
)


@pytest.fixture
def watch(planned: House) -> StaffingWatch:
    return StaffingWatch(planned.ledger, planned.clock, minutes(10))


# A night without staff


async def test_nobody_signed_in_half_an_hour_before_the_first_slot_is_told_once(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:29")
    assert await watch.watch() == at("01:30")
    assert of_type(await planned.log(), Unstaffed) == []
    await planned.time("01:30")
    await watch.watch()
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == [Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("02:00"))]


async def test_somebody_there_in_time_and_nobody_is_alarmed(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:29")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("01:31")
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == []


async def test_when_everybody_has_gone_with_slots_to_come_it_is_told_again(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:40")
    await watch.watch()
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await watch.watch()
    await staffing.sign_out(UNIT, ANNA)
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 2


async def test_a_patrol_alone_is_nobody_while_a_camera_is_to_be_looked_through(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.sign_in(UNIT, "patrol", PATROL)
    await planned.time("01:31")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_a_patrol_is_enough_for_a_night_of_visits(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.tell(recipients.WithdrawConsent(secret("vill inte")))
    await staffing.sign_in(UNIT, "patrol", PATROL)
    await planned.time("01:31")
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == []


async def test_two_watches_say_it_once(
    planned: House, another: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:31")
    other = StaffingWatch(another.ledger, another.clock, minutes(10))
    await asyncio.gather(watch.watch(), other.watch())
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_a_shift_that_ended_by_the_roster_without_a_word_leaves_nothing_owned(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA, ends="02:00"))], GREETA)
    await planned.time("01:59")
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await planned.time("02:29")
    assert await watch.watch() == at("02:30")
    assert of_type(await planned.log(), SignedOut) == []
    await planned.time("02:30")
    await watch.watch()

    log = await planned.log()
    (gone,) = [recorded for recorded in log if isinstance(recorded.event, SignedOut)]
    assert gone.context.actor.kind is ActorKind.SYSTEM
    assert len(of_type(log, AlarmDisowned)) == 1


async def test_who_works_on_after_the_end_of_their_shift_is_not_thrown_out_again(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA, ends="01:20"))], GREETA)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("01:50")
    await watch.watch()
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.time("02:30")
    await watch.watch()
    log = await planned.log()
    assert len(of_type(log, SignedOut)) == 1
    assert len(of_type(log, SignedIn)) == 2
    assert len(of_type(log, SlotClaimed)) == 1


async def test_without_a_roster_a_shift_ends_with_the_night(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.clock.run(at("11:59") + minutes(30))
    await watch.watch()
    assert of_type(await planned.log(), SignedOut) == []
    await planned.clock.run(at("11:59") + timedelta(minutes=31))
    await watch.watch()
    assert len(of_type(await planned.log(), SignedOut)) == 1


async def test_a_role_that_ended_without_a_word_leaves_nothing_owned_and_nobody_there(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("00:45"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await an_alarm(planned, STURE)
    await planned.time("01:14")
    assert await watch.watch() == at("01:15")
    assert of_type(await planned.log(), SignedOut) == []
    await planned.time("01:15")
    await watch.watch()
    assert len(of_type(await planned.log(), AlarmDisowned)) == 1
    await planned.time("01:30")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_who_is_signed_in_in_a_role_that_has_ended_is_nobody_who_is_there(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("01:35"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await planned.time("01:34")
    assert await watch.watch() == at("01:35")
    assert of_type(await planned.log(), Unstaffed) == []
    await planned.time("01:35")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_who_has_lost_their_role_by_name_is_signed_out(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await an_alarm(planned, STURE)
    await staffing.end_role(STURE, UNIT, "night-staff", GREETA)
    await planned.time("01:35")
    await watch.watch()
    log = await planned.log()
    assert len(of_type(log, Unstaffed)) == 1
    assert len(of_type(log, AlarmDisowned)) == 1


async def test_who_takes_the_role_in_an_emergency_when_it_ended_is_there_for_as_long_as_that(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("00:45"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await planned.time("00:50")
    await staffing.break_glass(UNIT, "night-staff", "nobody else is here", STURE)
    await planned.time("01:40")
    await watch.watch()
    assert of_type(await planned.log(), SignedOut) == []


async def test_the_running_watch_wakes_when_the_limit_passes(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    async def known_to_the_clock() -> None:
        await planned.clock.sleep_until(planned.clock.now())
        await watch.run()

    running = asyncio.create_task(known_to_the_clock())
    await asyncio.sleep(0)
    await planned.time("01:31")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    (told,) = [recorded for recorded in await planned.log() if isinstance(recorded.event, Unstaffed)]
    assert told.context.time == at("01:30")


# Load


async def test_the_load_of_a_night_counts_staff_by_roster_and_by_who_is_there(
    planned: House, staffing: Staffing
) -> None:
    load = Load(planned.ledger)
    assert [quarter.over for quarter in (await load.night_load(UNIT, NIGHT)).due] == [1]

    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA)), (NIGHT, a_line(BERTIL, ends="02:00"))], GREETA)
    night = await load.night_load(UNIT, NIGHT)
    assert [(quarter.start, quarter.slots, quarter.capacity) for quarter in night.due] == [(at("02:00"), 1, 10)]
    assert night.staff(at("01:45")) == 2
    assert await load.suggested(UNIT, NIGHT) == {SLOT: at("02:00")}

    await planned.time("01:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await staffing.sign_out(UNIT, ANNA)
    assert (await load.night_load(UNIT, NIGHT)).staff(at("01:45")) == 1
