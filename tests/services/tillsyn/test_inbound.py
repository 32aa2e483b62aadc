"""What gateways say: kept once, whenever and however it comes. What nobody can read is set aside and blocks nothing."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from events.cloudevents import MAX_BYTES
from events.envelope import Owner
from events.transport.dead_letters import HEADER_ERROR, HEADER_REASON, DeadReason
from events.types.check import CameraTrouble, CameraUnreachable
from events.types.night import CheckDueReported, LateReportReceived, PictureMissing
from events.types.unit import GatewayStateChanged
from services.tillsyn.inbound.waiting import MOST_OF_ONE_GATEWAY
from services.tillsyn.kinds import NIGHT as NIGHT_KIND
from tests.builders import ANNA, GATEWAY, HOME, NIGHT, ORGANISATION, RECIPIENT, SLOT, UNIT, an_id, at, seconds
from tests.postgres import Cluster
from tests.services.tillsyn.house import House, night_stream, of_type, register_home, register_neighbour, slot_of
from tests.services.tillsyn.plant import STRANGER, Plant, due_report, heartbeat, message
from tests.services.tillsyn.tamper import run_sql
from tests.waiting import until

NOW = at("02:00")


def changed(**attributes: Any) -> bytes:
    """A report with other attributes."""
    return json.dumps(json.loads(message(due_report(), NOW)) | attributes).encode()


UNREADABLE = {
    "no JSON": (b"\x00\xff no JSON \r\n", DeadReason.NOT_A_CLOUDEVENT),
    "no CloudEvent": (b'{"hello": "there"}', DeadReason.NOT_A_CLOUDEVENT),
    "no time": (changed(time=None), DeadReason.NOT_A_CLOUDEVENT),
    "unknown type": (changed(type="se.tillsyn.check.sung.v1"), DeadReason.UNKNOWN_TYPE),
    "unknown version": (changed(type="se.tillsyn.check.due.v9"), DeadReason.UNKNOWN_TYPE),
    "not for gateways": (
        changed(type="se.tillsyn.night.slot-released.v1", data={"slot": str(SLOT), "by": str(ANNA)}),
        DeadReason.UNKNOWN_TYPE,
    ),
    "data that do not fit": (changed(data={"slot": "?"}), DeadReason.INVALID),
    "oversized": (message(due_report(), NOW) + b" " * MAX_BYTES, DeadReason.OVERSIZED),
    "in another's name": (message(due_report(), NOW, gateway=STRANGER), DeadReason.NOT_ITS_OWN),
    "unknown recipient": (message(due_report(recipient=an_id("nobody")), NOW), DeadReason.UNKNOWN_RECIPIENT),
    "another gateway's home": (message(due_report(home=an_id("a home elsewhere")), NOW), DeadReason.NOT_ITS_OWN),
    "a slot that the night does not have": (message(due_report(slot=an_id("no slot")), NOW), DeadReason.UNKNOWN_SLOT),
    "another report's id": (changed(id=str(an_id("of another report"))), DeadReason.NOT_ITS_OWN),
    "another's heartbeat": (message(heartbeat(STRANGER), NOW), DeadReason.NOT_ITS_OWN),
}


@pytest.fixture
async def night(plant: Plant) -> Plant:
    """One home with a check at 02:00, planned, and it is 02:00."""
    await register_home(plant.house)
    await plant.house.planner.plan_all()
    await plant.house.time("02:00")
    return plant


async def test_the_unreadable_is_set_aside_with_its_reason_and_the_rest_of_the_batch_is_kept(night: Plant) -> None:
    """Said before the service runs, so that all of it is one batch."""
    headers = {"Content-Type": "application/json", "X-Firmware": "1.2"}
    await night.say(*(body for body, _ in UNREADABLE.values()), message(due_report(), NOW), headers=headers)
    await night.say(message(due_report(), NOW, gateway=STRANGER), line=night.stranger)

    async with night.serving():
        await night.settled()

        dead = await night.dead()
        expected = {*UNREADABLE.values(), (message_of(dead, STRANGER), DeadReason.UNKNOWN_GATEWAY)}
        assert {(letter.data, DeadReason((letter.headers or {})["Tillsyn-Dead-Reason"])) for letter in dead} == expected
        assert len(dead) == len(UNREADABLE) + 1
        from_us = [letter.headers or {} for letter in dead if str(STRANGER) not in (letter.headers or {})[SUBJECT]]
        assert {(told["Content-Type"], told["X-Firmware"]) for told in from_us} == {("application/json", "1.2")}
        for reason in DeadReason:
            buried = [why for _, why in expected if why is reason]
            assert night.count("dead", reason=reason.value) == len(buried)
    assert len(of_type(await night.house.events(night_stream()), CheckDueReported)) == 1
    assert night.count("failed") == 0


SUBJECT = "Tillsyn-Dead-Subject"


def message_of(dead: Any, gateway: object) -> Any:
    """What lies among the dead letters from this gateway."""
    return next(letter.data for letter in dead if str(gateway) in letter.headers[SUBJECT])


async def test_a_report_that_comes_days_late_is_recorded_and_changes_nothing_settled(night: Plant) -> None:
    await night.house.night_staff.claim(SLOT, ANNA)
    await night.house.night_staff.look(SLOT, ANNA, "")
    await night.house.night_staff.all_well(SLOT, ANNA)
    before = await night.house.slot(SLOT)
    await night.house.time("12:30", days=9)

    async with night.serving():
        trouble = CameraUnreachable(
            slot=SLOT, recipient=RECIPIENT, home=HOME, night=NIGHT, attempt=1, trouble=CameraTrouble.TIMED_OUT
        )
        await night.report(trouble, at=NOW)
        await night.settled()

    late = [each for each in await night.house.store.read(night_stream()) if isinstance(each.event, LateReportReceived)]
    assert [each.context.time for each in late] == [NOW]
    assert late[0].recordedtime == at("12:30") + timedelta(days=9)
    assert await night.house.slot(SLOT) == before
    assert await night.dead() == []


async def test_a_time_in_the_future_is_recorded_as_one_not_to_be_trusted(night: Plant) -> None:
    async with night.serving():
        await night.report(due_report(), at=NOW + timedelta(hours=3))
        await night.report(due_report(attempt=2), at=NOW + seconds(3))
        await night.settled()

    told = {
        each.event.attempt: each.context
        for each in await night.house.store.read(night_stream())
        if isinstance(each.event, CheckDueReported)
    }
    assert (told[1].time, told[1].clock_trusted) == (NOW, False)
    assert (told[2].time, told[2].clock_trusted) == (NOW, True)


def _in_order(bodies: list[bytes]) -> list[bytes]:
    return bodies


def _backwards(bodies: list[bytes]) -> list[bytes]:
    return bodies[::-1]


def _twice(bodies: list[bytes]) -> list[bytes]:
    return [body for body in bodies for _ in range(2)]


def _all_again(bodies: list[bytes]) -> list[bytes]:
    return bodies * 3


@pytest.mark.parametrize("told", [_in_order, _backwards, _twice, _all_again])
async def test_told_twice_or_out_of_order_or_after_the_inbox_was_emptied_it_comes_to_the_same(
    night: Plant, url: str, told: Callable[[list[bytes]], list[bytes]]
) -> None:
    trouble = {"slot": SLOT, "recipient": RECIPIENT, "home": HOME, "night": NIGHT, "trouble": CameraTrouble.TIMED_OUT}
    reports = [CameraUnreachable(attempt=1, **trouble), due_report(attempt=2)]
    bodies = [message(report, NOW + seconds(120 * n)) for n, report in enumerate(reports)]
    await night.house.time("02:03")

    async with night.serving():
        for body in told(bodies):
            await night.say(body)
        await night.settled()
        events = await night.house.events(night_stream())
        run_sql(url, "DELETE FROM inbox")
        await night.say(*bodies)
        await night.settled()

    assert await night.house.events(night_stream()) == events
    assert len(of_type(events, PictureMissing)) == 1
    assert len(of_type(events, CheckDueReported)) == 1
    state = NIGHT_KIND.fold(events).slots[SLOT]
    assert (state.escalates_at, state.trouble, state.open) == (at("03:00"), None, True)
    assert night.count("dead") == 0
    assert await night.house.breaches() == []


async def test_one_report_that_cannot_be_acted_on_yet_delays_only_itself(night: Plant) -> None:
    """Nobody has planned the slot that it speaks of: it comes again, later each time, until somebody has."""
    neighbour = an_id("neighbour 1")
    unplanned = due_report(slot_of(neighbour), recipient=neighbour, home=an_id("home 1"))
    await register_neighbour(night.house, 1, "03:00")
    run_sql(night.settings.database, "UPDATE recipients SET decision_from = NULL WHERE id = :id_", id_=neighbour)
    await night.report(unplanned, due_report())

    async with night.serving():
        await night.until_only(1)
        assert len(of_type(await night.house.events(night_stream()), CheckDueReported)) == 1
        await night.report(due_report(attempt=2))
        await night.until_only(1)
        assert len(of_type(await night.house.events(night_stream()), CheckDueReported)) == 2
        assert await night.house.events(night_stream(neighbour)) == []

        await night.house.planner.plan(neighbour, NIGHT, Owner(ORGANISATION, UNIT))
        await night.settled()

    assert len(of_type(await night.house.events(night_stream(neighbour)), CheckDueReported)) == 1
    assert 1 <= night.count("failed") <= 12
    assert await night.dead() == []


async def test_a_report_of_a_night_that_can_get_no_plan_any_more_or_yet_is_set_aside_at_once(night: Plant) -> None:
    """It could only wait, and what waits takes up places that others behind the same partition need."""
    nights = [NIGHT + timedelta(days=days) for days in (-8, 3, 200)]
    await night.report(*(due_report(an_id(f"slot of {day}")).model_copy(update={"night": day}) for day in nights))

    async with night.serving():
        await night.settled()

    assert [letter.headers and letter.headers[HEADER_REASON] for letter in await night.dead()] == ["unknown-slot"] * 3
    assert night.count("failed") == 0


async def test_of_one_gateway_only_so_many_reports_wait_and_the_rest_are_set_aside_with_that_reason(
    night: Plant,
) -> None:
    neighbour = an_id("neighbour 1")
    await register_neighbour(night.house, 1, "03:00")
    run_sql(night.settings.database, "UPDATE recipients SET decision_from = NULL WHERE id = :id_", id_=neighbour)
    unplanned = due_report(recipient=neighbour, home=an_id("home 1"))
    slots = [an_id(f"slot {n}") for n in range(MOST_OF_ONE_GATEWAY + 3)]
    await night.report(*(unplanned.model_copy(update={"slot": slot}) for slot in slots))

    async with night.serving():
        await night.until_only(MOST_OF_ONE_GATEWAY)
        await night.report(due_report())
        await night.until_only(MOST_OF_ONE_GATEWAY)

    assert len(of_type(await night.house.events(night_stream()), CheckDueReported)) == 1
    why = [(letter.headers or {})[HEADER_ERROR] for letter in await night.dead()]
    assert ["200 reports waiting, and no more may" in line for line in why] == [True] * 3


async def test_a_heartbeat_is_kept_as_a_change_only_when_the_gateway_was_away(night: Plant) -> None:
    async with night.serving():
        for _ in range(3):
            await night.report(heartbeat())
        await night.settled()

    changes = of_type(await night.house.events(f"gateway-{GATEWAY}"), GatewayStateChanged)
    assert [change.online for change in changes] == [True]


async def test_while_the_database_is_away_reports_wait_and_come_again_later_each_time(
    night: Plant, url: str, postgres: Cluster
) -> None:
    async with night.serving():
        with away(url, postgres):
            await night.report(due_report())

            async def tried() -> bool:
                return night.count("failed") >= 1

            if url.startswith("postgresql"):
                await until(tried)
        await night.settled(30)

    assert len(of_type(await night.house.events(night_stream()), CheckDueReported)) == 1
    assert night.count("failed") <= 8
    assert await night.dead() == []


@contextmanager
def away(url: str, postgres: Cluster) -> Iterator[None]:
    """Nobody can write: on SQLite another process holds the lock, on PostgreSQL the slots' table is not there."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.rollback()
            connection.close()
        return
    run_sql(url, "ALTER TABLE inbox RENAME TO inbox_elsewhere")
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tillsyn'"
    with postgres.connect(autocommit=True) as connection:
        connection.execute(kill)
    yield
    run_sql(url, "ALTER TABLE inbox_elsewhere RENAME TO inbox")


async def test_what_one_process_consumed_another_takes_over_when_it_stops(night: Plant, another: House) -> None:
    async with AsyncExitStack() as first:
        await first.enter_async_context(night.serving())
        await night.report(due_report())
        await night.settled()
        async with night.serving(another.ledger, "another"):
            await night.report(due_report(attempt=2))
            await night.settled()
            assert night.count("recorded") == 0, "one owner at a time"
            await first.aclose()
            await night.report(due_report(attempt=3))
            await night.settled(20)
            assert night.count("recorded") == 1

    reported = of_type(await night.house.events(night_stream()), CheckDueReported)
    assert [event.attempt for event in reported] == [1, 2, 3]
