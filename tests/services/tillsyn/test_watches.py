"""Watches of a night: a decision without a plan, one that ends, an absence to ask about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

import pytest

from events.schedule import zone_named
from events.store import Append, Put, queries
from events.types.alarm import AlarmCleared, AlarmRaised, AlarmRepeated
from events.types.home import OutageAgreement, RiskClass
from events.types.notice import NoticeSent
from events.types.recipient import AbsenceReported, DecisionEndWarned
from events.types.shift import Unstaffed
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.watches import AbsenceWatch, CauseWatch, DecisionWatch, PlanWatch
from services.tillsyn.watches.plan_concerns import PlanConcern
from services.tillsyn.watches.plans import concerns_of
from tests.builders import (
    ASSESSOR,
    CAMERA,
    DECISION,
    GATEWAY,
    HOME,
    NIGHT,
    ORGANISATION,
    RECIPIENT,
    SLOT,
    UNIT,
    a_decision,
    a_handover,
    an_id,
    at,
    minutes,
    secret,
)
from tests.services.tillsyn.happenings import happen, only, standing, told
from tests.services.tillsyn.house import AT_DESK, House, install_camera, of_type, register_home
from tests.services.tillsyn.tamper import change_row, run_sql

SETTLE = minutes(3)
NO_PLAN = ("no-plan", f"plan:{RECIPIENT}")
DAY = timedelta(days=1)


class Watching(Protocol):
    """What looks by itself, for ever."""

    async def run(self) -> None: ...


@asynccontextmanager
async def watching(house: House, *watches: Watching) -> AsyncIterator[None]:
    """They run inside the block."""

    async def run(watch: Watching) -> None:
        await house.clock.sleep_until(house.clock.now())  # from here on the clock waits for it
        await watch.run()

    running = [asyncio.create_task(run(watch)) for watch in watches]
    await asyncio.sleep(0)
    try:
        yield
        assert not any(task.done() for task in running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def plan_watch(house: House) -> PlanWatch:
    return PlanWatch(house.ledger, house.clock, SETTLE)


async def heard_of(house: House) -> None:
    """The gateway has sent a heartbeat."""
    row = {"organisation": ORGANISATION, "unit": UNIT, "at": at("12:30"), "spooled": 0, "schedule_revision": 1}
    await house.store.append(Append(rows=(Put("heard", GATEWAY, row),)))


@pytest.fixture
async def works(planned: House) -> House:
    """A plan that works: the check is at 02:00, so plans are looked at from 17:45 on, eight hours before it opens."""
    await heard_of(planned)
    return planned


async def test_a_plan_that_works_is_no_alarm_all_night(works: House) -> None:
    async with watching(works, plan_watch(works)):
        await works.time("11:59")
    assert of_type(await works.log(), AlarmRaised) == []


async def test_a_gateway_that_was_never_heard_of_is_an_alarm_before_the_first_slot(planned: House) -> None:
    async with watching(planned, plan_watch(planned)):
        await planned.time("17:44")
        assert await standing(planned) == []
        await planned.time("17:45")
        assert await standing(planned) == [NO_PLAN]
        row = await only(planned)
        assert (row.role, row.recipient, row.home) == ("assessor", RECIPIENT, HOME)
        await heard_of(planned)
        await planned.time("17:46")
        assert await standing(planned) == [], "within a minute of being mended"
    (cleared,) = of_type(await planned.log(), AlarmCleared)
    assert cleared.because == "the plan works"


async def test_a_camera_that_somebody_deregistered_is_an_alarm_the_same_evening_and_the_next(works: House) -> None:
    await works.care.home(HOME, UNIT, homes.UnlinkCamera("by mistake"))
    async with watching(works, plan_watch(works)):
        await works.time("17:45")
        assert NO_PLAN in await standing(works)
        await works.planner.plan_all()
        await works.time("18:00", days=1)
        assert NO_PLAN in await standing(works)
        await works.care.home(HOME, UNIT, homes.LinkCamera(CAMERA, GATEWAY))
        await works.time("18:00:30", days=1)
        assert NO_PLAN in await standing(works), "a camera is of no use before its test"
        await install_camera(works)
        await works.time("18:01", days=1)
        assert NO_PLAN not in await standing(works)
    raised = [event for event in of_type(await works.log(), AlarmRaised) if event.kind == "no-plan"]
    assert len(raised) == 1, "one cause, one alarm, for as long as it stands"


async def test_a_decision_without_times_is_an_alarm(house: House) -> None:
    await house.care.home(
        HOME, UNIT, homes.Register(HOME, UNIT, secret("Storgatan 1"), RiskClass.LOW, OutageAgreement.VISIT)
    )
    await house.tell(recipients.Register(RECIPIENT, HOME, UNIT, secret("Astrid")))
    await house.tell(a_decision())
    async with watching(house, plan_watch(house)):
        await house.time("15:59")
        assert await standing(house) == []
        await house.time("16:00")
        assert await standing(house) == [NO_PLAN], "a unit with no slot at all is looked at four hours after noon"


async def test_what_is_agreed_in_the_evening_is_looked_at_when_its_planner_had_time(house: House) -> None:
    await heard_of(house)
    async with watching(house, plan_watch(house)):
        await house.time("20:00")
        await register_home(house)
        await house.time("20:01")
        assert await standing(house) == []
        await house.time("20:20")
        assert await standing(house) == [NO_PLAN], "times are agreed, and no planner made slots of them"
        await house.planner.plan_all()
        await house.time("20:21")
        assert await standing(house) == []


async def test_a_night_whose_slots_are_gone_is_found_without_the_planners_help(works: House, url: str) -> None:
    assert run_sql(url, "DELETE FROM slots WHERE id = :slot", slot=SLOT) == 1
    async with watching(works, plan_watch(works)):
        await works.time("18:00")
    assert await standing(works) == [NO_PLAN]


async def test_a_night_that_lacks_one_of_its_slots_is_an_alarm(house: House) -> None:
    """Planned under a decision that ends at 22:00; the one that follows, granted after that, asks for 02:00 too."""
    await register_home(house, "21:30", "02:00")
    decision = an_id(f"decision of {RECIPIENT}")
    await house.tell(recipients.HandOverDecision(decision, ASSESSOR, AT_DESK, "moves"))
    await house.tell(recipients.EndDecision(at("22:00"), "moves", decision))
    await house.planner.plan_all()
    await house.time("15:00")
    await house.tell(recipients.GrantDecision(an_id("new decision"), NIGHT, None, 2, house.clock.now()))
    await house.planner.plan_all()
    planned = await house.store.query(queries.planned_times, NIGHT)
    assert planned == {RECIPIENT: {at("21:30")}}, "the planner does not add to a night that it has planned"
    watch = PlanWatch(house.ledger, house.clock, timedelta(0))
    await house.time("16:30")
    found = await concerns(house)
    await watch.watch()
    assert PlanConcern.NOT_PLANNED in found
    assert [kind for kind, _ in await standing(house)] == ["no-plan"]


async def concerns(house: House) -> tuple[PlanConcern, ...]:
    rows = await house.store.query(queries.plan_rows)
    found = await concerns_of(house.store, rows, {UNIT: zone_named("UTC")}, house.clock.now())
    return found[RECIPIENT]


async def test_two_watches_raise_it_once(planned: House, another: House) -> None:
    async with watching(planned, plan_watch(planned), plan_watch(another)):
        await planned.time("18:30")
    assert len(of_type(await planned.log(), AlarmRaised)) == 1


async def test_a_plan_that_nobody_mends_is_said_again_each_hour_and_to_the_manager(planned: House) -> None:
    async with watching(planned, plan_watch(planned), planned.sweeper):
        await planned.time("20:46")
    assert len(of_type(await planned.log(), AlarmRepeated)) == 3
    assert [row.recipient for row in await planned.alarms.standing(UNIT, "manager")] == [RECIPIENT]


async def test_an_idle_watch_asks_nothing_between_its_times(works: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    query = type(works.store).query

    async def counted(store: object, question: object, *args: object) -> object:
        asked.append(f"{works.clock.now():%H:%M}")
        return await query(store, question, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(works.store), "query", counted)
    watches = (plan_watch(works), DecisionWatch(works.ledger, works.clock))
    async with watching(works, *watches):
        await works.time("17:00")
    assert set(asked) == {"12:30", "12:33"}


# Decisions that end.


async def test_a_decision_that_ends_in_fourteen_days_is_told_of_once(planned: House, another: House) -> None:
    await planned.tell(a_decision(NIGHT, NIGHT + 15 * DAY, an_id(f"decision of {RECIPIENT}")))
    async with watching(planned, *(DecisionWatch(each.ledger, planned.clock) for each in (planned, another))):
        await planned.time("11:59")
        assert await told(planned) == []
        await planned.time("12:00", days=1)
        assert await told(planned) == [("decision-ends", "assessor", an_id(f"decision of {RECIPIENT}"))]
        await planned.time("13:00", days=4)
    (warned,) = of_type(await planned.log(), DecisionEndWarned)
    assert warned.last_night == NIGHT + 15 * DAY
    assert len(of_type(await planned.log(), NoticeSent)) == 1


async def test_a_decision_whose_successor_is_granted_is_not_told_of(planned: House) -> None:
    await planned.tell(a_decision(NIGHT, NIGHT + 3 * DAY, an_id(f"decision of {RECIPIENT}")))
    await planned.tell(a_decision(NIGHT + 4 * DAY, None, DECISION))
    await DecisionWatch(planned.ledger, planned.clock).watch()
    assert of_type(await planned.log(), DecisionEndWarned) == []


# Absences.


async def test_an_absence_is_asked_about_at_its_review_and_once_for_each(planned: House, url: str) -> None:
    absence = AbsenceReported(
        recipient=RECIPIENT,
        absence=an_id("absence"),
        starts_at=at("12:30"),
        ends_at=None,
        reason=secret("hospital"),
        review_at=at("20:00"),
    )
    await happen(planned, f"recipient-{RECIPIENT}", absence)
    change_row(url, "recipients", RECIPIENT, review_at=at("20:00"))
    async with watching(planned, AbsenceWatch(planned.ledger, planned.clock)):
        await planned.time("19:59")
        assert await told(planned) == []
        await planned.time("20:00")
        assert await told(planned) == [("absence-to-review", "assessor", an_id("absence"))]
        await planned.time("23:00")
        assert len(await told(planned)) == 1
        change_row(url, "recipients", RECIPIENT, review_at=at("23:30"))
        await planned.time("00:30")
        assert len(await told(planned)) == 2


# Causes that end without an event.


async def test_nobody_signed_in_is_over_with_its_night(planned: House) -> None:
    stream = f"shift-{UNIT}-{NIGHT}"
    await happen(planned, stream, Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("02:00")))
    async with watching(planned, CauseWatch(planned.ledger, planned.clock)):
        await planned.time("11:59")
        assert len(await standing(planned)) == 1
        await planned.time("12:15", days=1)
        assert await standing(planned) == []


async def test_a_lost_camera_is_no_alarm_where_nobody_is_checked_on_any_more(planned: House) -> None:
    await planned.care.home(HOME, UNIT, homes.UnlinkCamera("broken"))
    watch = CauseWatch(planned.ledger, planned.clock)
    assert await watch.watch() == 1
    assert await standing(planned) == [("device-lost", f"camera:{CAMERA}")]
    await planned.tell(a_handover(an_id(f"decision of {RECIPIENT}")))
    await planned.tell(recipients.EndDecision(planned.clock.now(), "moved to her daughter"))
    await watch.watch()
    assert await standing(planned) == []
