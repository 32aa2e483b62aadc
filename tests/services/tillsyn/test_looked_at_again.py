"""Looked at again and again: a check is three looks, and what is over needs consent to more, and a review."""

import pytest

from events.looks.grant import LookPurpose
from events.types.night import LookGranted
from services.tillsyn.desk.outside_times import LookedEnoughError
from tests.builders import ANNA, SLOT, UNIT, a_consent
from tests.services.tillsyn.house import VIEWER_KEY, House, of_type


async def looked_at_three_times(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    for _ in range(3):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)


async def test_who_agreed_to_the_agreed_looks_alone_is_looked_at_three_times_a_check_and_no_more(
    planned: House,
) -> None:
    await planned.tell(a_consent(frozenset()))
    await looked_at_three_times(planned)
    told = 'say "not seen" or "uncertain", or send somebody'
    with pytest.raises(LookedEnoughError, match=told):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.night_staff.undo(SLOT, ANNA)
    await planned.night_staff.claim(SLOT, ANNA)
    with pytest.raises(LookedEnoughError, match=told):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    assert len(of_type(await planned.log(), LookGranted)) == 3
    await planned.night_staff.concern(SLOT, ANNA)
    assert (await planned.slot(SLOT)).status == "escalated"
    assert await planned.breaches() == []


async def test_a_fourth_look_at_who_agreed_to_alarm_looks_as_well_waits_for_review(planned: House) -> None:
    await looked_at_three_times(planned)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    purposes = [look.purpose for look in of_type(await planned.log(), LookGranted)]
    assert purposes == [LookPurpose.SLOT] * 3 + [LookPurpose.ALARM]
    assert len(await planned.reviews.looks_to_review(UNIT)) == 1
    assert await planned.breaches() == []
