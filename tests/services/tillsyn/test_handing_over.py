"""Somebody takes something while they sign out: it is never kept by somebody who has gone."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from events.envelope import Context, Owner
from events.store import queries
from events.types.alarm import AlarmAcknowledged, AlarmKind
from events.types.shift import SignedOut
from services.tillsyn import alarm as alarms
from services.tillsyn import shift as shifts
from services.tillsyn.desk import Staffing
from services.tillsyn.desk import staffing as desk_staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.invariants import who_has_gone_owns_nothing
from services.tillsyn.kinds import ALARM as ALARMS
from services.tillsyn.ledger import Transaction
from services.tillsyn.watches.staffing import StaffingWatch
from tests.builders import ANNA, BERTIL, GATEWAY, NIGHT, ORGANISATION, RULES, SLOT, UNIT, at
from tests.services.tillsyn.healthy import craft, found
from tests.services.tillsyn.house import INTERVAL, House, night_stream, register_manager
from tests.services.tillsyn.meanwhile import meanwhile

CAUSE = f"gateway:{GATEWAY}"
ALARM = alarms.alarm_id(AlarmKind.DEVICE_LOST, CAUSE)


async def claim(house: House) -> None:
    await house.night_staff.claim(SLOT, ANNA)


async def acknowledge(house: House) -> None:
    await house.alarms.acknowledge(ALARM, ANNA)


TAKES = [claim, acknowledge]
Take = Callable[[House], Awaitable[None]]


@pytest.fixture
async def at_work(planned: House) -> House:
    """ANNA and BERTIL are signed in, there is an alarm, and it is 02:00."""

    async def use_case(tx: Transaction) -> None:
        context = Context(INSTALLER, Owner(ORGANISATION, UNIT), planned.clock.now(), planned.ledger.ids.thing())
        stream = await tx.load(ALARMS, alarms.stream_of(AlarmKind.DEVICE_LOST, CAUSE))
        raised = alarms.Raise(AlarmKind.DEVICE_LOST, CAUSE, UNIT, "night-staff", None, None, context.time, RULES)
        tx.record(stream, alarms.decide(stream.state, raised), context)

    await planned.time("02:00")
    for who in (ANNA, BERTIL):
        await Staffing(planned.ledger).sign_in(UNIT, "night-staff", who)
    await planned.ledger.transact(use_case)
    return planned


async def there(house: House) -> set[UUID]:
    rows = await Staffing(house.ledger).at_work(UNIT, NIGHT)
    return {row.staff for row in rows if row.out_at is None}


async def owns(house: House, staff: UUID) -> bool:
    owned = await house.store.query(queries.owned_by, UNIT, staff, house.clock.now())
    return owned != queries.OwnedRows([], [], [], [])


@pytest.mark.parametrize("take", TAKES)
async def test_who_takes_something_when_they_have_just_signed_out_is_at_work_again(
    at_work: House, another: House, take: Take
) -> None:
    await meanwhile(at_work, lambda: take(at_work), lambda: Staffing(another.ledger).sign_out(UNIT, ANNA))
    assert await owns(at_work, ANNA)
    assert ANNA in await there(at_work)
    assert await at_work.breaches() == []


@pytest.mark.parametrize("to", [None, BERTIL])
@pytest.mark.parametrize("take", TAKES)
async def test_what_is_taken_just_before_signing_out_is_handed_over_too(
    at_work: House, another: House, take: Take, to: UUID | None
) -> None:
    await meanwhile(at_work, lambda: Staffing(at_work.ledger).sign_out(UNIT, ANNA, to), lambda: take(another))
    assert not await owns(at_work, ANNA)
    assert await owns(at_work, BERTIL) is (to is not None and take is acknowledge)
    assert await there(at_work) == {BERTIL}
    assert await at_work.breaches() == []


async def test_what_is_taken_just_before_the_watch_signs_somebody_out_is_nobodys(
    at_work: House, another: House
) -> None:
    line = shifts.Line(ANNA, "night-staff", at("21:00"), at("02:10"))
    await Staffing(at_work.ledger).enter_roster(UNIT, [(NIGHT, line)], INSTALLER)
    await at_work.time("02:45")
    watch = StaffingWatch(at_work.ledger, at_work.clock, INTERVAL)
    await meanwhile(at_work, watch.watch, lambda: acknowledge(another))
    assert await there(at_work) == {BERTIL}
    assert not await owns(at_work, ANNA)


async def test_something_that_belongs_to_somebody_who_has_gone_is_told(at_work: House) -> None:
    await claim(at_work)
    assert await found(at_work, who_has_gone_owns_nothing.NAME) == []
    gone = SignedOut(unit=UNIT, night=NIGHT, staff=ANNA, to=None)
    await craft(at_work, shifts.stream_of(UNIT, NIGHT), gone)
    [breach] = await found(at_work, who_has_gone_owns_nothing.NAME)
    assert (breach.stream, str(ANNA) in breach.what) == (night_stream(), True)
    await Staffing(at_work.ledger).sign_out(UNIT, ANNA)
    assert await found(at_work, who_has_gone_owns_nothing.NAME) == [], "said again, it is handed over"


async def test_what_a_manager_takes_at_home_is_theirs(at_work: House) -> None:
    manager = await register_manager(at_work)
    staffing = Staffing(at_work.ledger)
    await staffing.sign_in(UNIT, "manager", manager)
    await staffing.sign_out(UNIT, manager)
    taken = AlarmAcknowledged(alarm=ALARM, by=manager, mend_by=at("02:30"))
    await craft(at_work, alarms.stream_of(AlarmKind.DEVICE_LOST, CAUSE), taken, by=manager, role="manager")
    assert await owns(at_work, manager)
    assert await at_work.breaches() == []


async def test_what_became_theirs_in_the_moment_they_went_is_taken_over_though_the_process_died_then(
    at_work: House, another: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(desk_staffing, "hand_over_late", dies)
    with pytest.raises(RuntimeError, match="killed"):
        await meanwhile(at_work, lambda: Staffing(at_work.ledger).sign_out(UNIT, ANNA), lambda: acknowledge(another))
    assert await at_work.breaches() != []
    await StaffingWatch(at_work.ledger, at_work.clock, INTERVAL).watch()
    assert await at_work.breaches() == []
