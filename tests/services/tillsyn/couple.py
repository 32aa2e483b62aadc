"""Two people in one home with one camera, and what becomes of their slots."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from events.types.night import (
    SlotBecameVisit,
    VisitInstead,
)
from services.tillsyn import recipient as recipients
from tests.builders import (
    HOME,
    NIGHT,
    PARTNER,
    RECIPIENT,
    UNIT,
    a_consent,
    a_schedule,
    an_id,
    secret,
)
from tests.services.tillsyn.house import (
    House,
    night_stream,
    of_type,
    register_home,
)

WITHDRAW = recipients.WithdrawConsent(secret("vill inte"))
NEW_HOME = an_id("new home")
NEW_CAMERA = an_id("new camera")


async def moves_in(house: House, *, consents: bool = True, times: tuple[str, ...] = ("02:00",)) -> None:
    """PARTNER is checked on in the same home from now on."""
    await house.tell(recipients.Register(PARTNER, HOME, UNIT, secret("Sven")), PARTNER)
    if consents:
        await house.tell(a_consent(), PARTNER)
    await house.tell(recipients.GrantDecision(an_id("theirs"), NIGHT, None, 1, house.clock.now()), PARTNER)
    await house.tell(a_schedule(*times), PARTNER)
    await house.planner.plan_all()


def later(nights: int) -> date:
    return NIGHT + timedelta(days=nights)


async def reasons(house: House, recipient: UUID = RECIPIENT) -> list[VisitInstead]:
    """Why slots of tonight became visits."""
    return [event.reason for event in of_type(await house.events(night_stream(recipient)), SlotBecameVisit)]


@pytest.fixture
async def couple(house: House) -> House:
    """Two people in one home with one camera; both have said yes and are due at 02:00."""
    await register_home(house)
    await moves_in(house)
    return house
