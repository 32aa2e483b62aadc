"""A stream that cannot be read makes the watches deaf for whom it is about, and for nobody else."""

from datetime import timedelta

import pytest

from events.store import queries
from events.types.recipient import DecisionEndWarned
from events.types.shift import Unstaffed
from services.tillsyn.watches import DecisionWatch, PlanWatch, StaffingWatch
from tests.builders import NIGHT, RECIPIENT, UNIT, a_decision, an_id
from tests.services.tillsyn.house import INTERVAL, House, of_type, register_neighbour
from tests.services.tillsyn.tamper import run_sql, spoil
from tests.services.tillsyn.two_organisations import SIDES, a_world

NEIGHBOUR = an_id("neighbour 1")


async def test_a_recipient_who_cannot_be_read_hides_no_plan_that_does_not_work(planned: House, url: str) -> None:
    await register_neighbour(planned, 1)
    await planned.planner.plan_all()
    run_sql(url, "DELETE FROM slots WHERE recipient = :recipient", recipient=NEIGHBOUR)
    spoil(url, f"recipient-{RECIPIENT}")
    await planned.time("21:00")

    again = await PlanWatch(planned.ledger, planned.clock, timedelta(0)).watch()

    standing = await planned.store.query(queries.open_alarms, UNIT)
    assert [(row.kind, row.recipient) for row in standing] == [("no-plan", NEIGHBOUR)]
    assert again == planned.clock.now() + timedelta(minutes=1)


async def test_a_recipient_who_cannot_be_read_hides_no_decision_that_ends(planned: House, url: str) -> None:
    await register_neighbour(planned, 1)
    ends = NIGHT + timedelta(days=10)
    await planned.tell(a_decision(NIGHT, ends, an_id(f"decision of {NEIGHBOUR}")), NEIGHBOUR)
    await planned.tell(a_decision(NIGHT, ends, an_id(f"decision of {RECIPIENT}")))
    spoil(url, f"recipient-{RECIPIENT}")

    again = await DecisionWatch(planned.ledger, planned.clock).watch()

    assert len(of_type(await planned.events(f"recipient-{NEIGHBOUR}"), DecisionEndWarned)) == 1
    assert again == planned.clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize("spoilt", list(SIDES))
async def test_a_unit_that_cannot_be_read_hides_no_other_units_empty_night(house: House, url: str, spoilt: str) -> None:
    await a_world(house)
    await house.time("12:30", days=1)
    await house.planner.plan_all()
    await house.time("01:50", days=1)
    spoil(url, f"unit-{SIDES[spoilt].unit}")

    await StaffingWatch(house.ledger, house.clock, INTERVAL).watch()

    told = {
        name
        for name, side in SIDES.items()
        if of_type(await house.events(f"shift-{side.unit}-{NIGHT + timedelta(days=1)}"), Unstaffed)
    }
    assert told == set(SIDES) - {spoilt}
