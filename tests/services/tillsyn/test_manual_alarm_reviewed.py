"""Looks outside the agreed times are reviewed by somebody who did not make them."""

import pytest

from events.personal import Sealed
from events.types.night import AlarmCaller, LookReviewed, ReviewVerdict
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.night.errors import NothingToReviewError, OwnLookError
from tests.builders import (
    ANNA,
    BERTIL,
    RECIPIENT,
    UNIT,
)
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    of_type,
    register_manager,
)

REASON = "dottern når henne inte"


@pytest.fixture
async def looked(planned: House) -> House:
    """ANNA has looked on a relative's word."""
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, AlarmCaller.RELATIVE, REASON)
    await planned.night_staff.claim(slot, ANNA)
    await planned.night_staff.look(slot, ANNA, VIEWER_KEY)
    return planned


@pytest.mark.parametrize("role", ["manager", "assessor"])
async def test_a_manager_or_an_assessor_reviews_a_look_once(looked: House, role: str) -> None:
    reviewer = await register_manager(looked, role)
    [look] = await looked.reviews.looks_to_review(UNIT)

    for _ in range(2):
        await looked.reviews.review_look(look.slot, look.id, reviewer, ReviewVerdict.IN_ORDER, "dottern ringde")

    assert await looked.reviews.looks_to_review(UNIT) == []
    [reviewed] = of_type(await looked.log(), LookReviewed)
    assert type(reviewed.note.content) is Sealed
    [row] = await looked.looks()
    assert (row.reviewed_by, row.reviewed_at) == (reviewer, looked.clock.now())
    with pytest.raises(NothingToReviewError):
        await looked.reviews.review_look(look.slot, look.id, reviewer, ReviewVerdict.NOT_IN_ORDER)
    assert await looked.breaches() == []


async def test_night_staff_review_nothing(looked: House) -> None:
    [look] = await looked.reviews.looks_to_review(UNIT)
    with pytest.raises(NotInThisRoleError):
        await looked.reviews.review_look(look.slot, look.id, BERTIL, ReviewVerdict.IN_ORDER)


async def test_a_manager_who_looked_does_not_review_it(planned: House) -> None:
    both = await register_manager(planned, "manager", "night-staff")
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, AlarmCaller.RELATIVE, REASON)
    await planned.night_staff.claim(slot, both)
    await planned.night_staff.look(slot, both, VIEWER_KEY)
    [look] = await planned.reviews.looks_to_review(UNIT)
    with pytest.raises(OwnLookError):
        await planned.reviews.review_look(look.slot, look.id, both, ReviewVerdict.IN_ORDER)
