"""The gateway's slots, from the document on its disk, are the planner's: every night of change from 2026 to 2036."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from camera_gateway.due import outstanding
from camera_gateway.keeper import Keeper
from events.home_schedule import GatewaySchedule, GrantedNights, RecipientSchedule
from events.runtime.clock import Signal
from events.schedule import night_bounds, zone_named
from services.tillsyn import recipient as recipients
from services.tillsyn.recipient import Recipient
from tests.builders import a_consent, a_decision, a_registered_recipient, a_schedule, after
from tests.camera_gateway.builders import GATEWAY, LONG_AGO, ORGANISATION, home, schedule
from tests.events.schedule.builders import FIRST_NIGHT, nights_of_change

ZONES = ("Europe/Stockholm", "America/St_Johns", "Australia/Lord_Howe")
TIMES = (("21:00", "00:30", "01:45", "05:15", "07:00"), ("12:00", "23:30", "02:00", "02:30", "03:00", "11:59"))
"""With an extra slot in a long night, and with times that are skipped and repeated."""
DAY = timedelta(days=1)


@pytest.fixture(params=TIMES, ids=["long", "twice or never"])
def person(request: pytest.FixtureRequest) -> Recipient:
    """Somebody whose decision and schedule cover every night, and who agreed to the extra look of autumn."""
    decision = replace(a_decision(FIRST_NIGHT), at=LONG_AGO)
    times = replace(a_schedule(*request.param, from_night=FIRST_NIGHT), at=LONG_AGO)
    return after(recipients, a_registered_recipient(), decision, a_consent(), times)


@pytest.fixture(params=ZONES)
def kept(request: pytest.FixtureRequest, person: Recipient, tmp_path: Path) -> GatewaySchedule:
    """The document, as a gateway reads it from its disk after a restart."""
    (decision,) = person.decisions
    told = RecipientSchedule(
        recipient=person.recipient,
        version=1,
        zone=request.param,
        granted=(GrantedNights(first_night=decision.from_night, last_night=None, holds_from=decision.holds_from),),
        camera_allowed=True,
        machine_openings=True,
        extra_look_consented=True,
        periods=person.periods,
    )
    document = schedule(home(1, told)).model_dump_json().encode()
    Keeper(tmp_path / "schedule.json", ORGANISATION, GATEWAY, Signal()).offer(document)
    again = Keeper(tmp_path / "schedule.json", ORGANISATION, GATEWAY, Signal())
    again.load()
    assert again.current is not None
    return again.current


def test_the_gateway_does_in_every_night_of_change_what_the_planner_planned(
    kept: GatewaySchedule, person: Recipient
) -> None:
    zone = zone_named(kept.homes[0].recipients[0].zone)
    nights = nights_of_change(zone)
    assert len(nights) >= 2 * 10
    extras = 0
    for change in nights:
        for night in (change - DAY, change, change + DAY):
            planned = person.slots(night, zone)
            begins, _ = night_bounds(night, zone)
            done = [check.slot for check in outstanding(kept, {}, begins) if check.night == night]
            assert sorted(done, key=lambda slot: slot.slot) == sorted(planned, key=lambda slot: slot.slot)
            extras += sum(slot.n > 0 for slot in planned)
            assert planned
    assert extras == (11 if len(person.periods[0].entries) == len(TIMES[0]) else 0)
