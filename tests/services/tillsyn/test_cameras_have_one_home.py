"""A camera shows one home, however many ask for it at once."""

import pytest

from events.base import Event
from events.envelope import Context
from events.personal import Personal
from events.types.home import CameraLinked, OutageAgreement, RiskClass
from services.tillsyn import home as homes
from services.tillsyn.camera import CameraElsewhereError
from services.tillsyn.desk import Care
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies import POLICIES
from tests.builders import (
    CAMERA,
    GATEWAY,
    HOME,
    UNIT,
    an_id,
)
from tests.services.tillsyn.house import ASSESSOR, House


async def test_a_camera_shows_one_home(planned: House) -> None:
    elsewhere = an_id("a home elsewhere")
    address = Personal.of("Björkstigen 2", elsewhere)
    risk, outage = RiskClass.LOW, OutageAgreement.VISIT
    await planned.care.home(elsewhere, UNIT, homes.Register(elsewhere, UNIT, address, risk, outage))

    with pytest.raises(CameraElsewhereError):
        await planned.care.home(elsewhere, UNIT, homes.LinkCamera(CAMERA, GATEWAY))

    await planned.care.home(HOME, UNIT, homes.UnlinkCamera("moved"))
    await planned.care.home(elsewhere, UNIT, homes.LinkCamera(CAMERA, GATEWAY))
    with pytest.raises(CameraElsewhereError):
        await planned.care.home(HOME, UNIT, homes.LinkCamera(CAMERA, GATEWAY))
    assert await planned.breaches() == []


async def test_two_homes_that_link_a_camera_at_the_same_instant_do_not_both_have_it(planned: House) -> None:
    elsewhere, camera = an_id("a home elsewhere"), an_id("one camera")
    address = Personal.of("Björkstigen 2", elsewhere)
    await planned.care.home(
        elsewhere, UNIT, homes.Register(elsewhere, UNIT, address, RiskClass.LOW, OutageAgreement.VISIT)
    )
    await planned.care.home(HOME, UNIT, homes.UnlinkCamera("another comes"))

    async def other_home(_tx: Transaction, _stream: str, event: Event, _context: Context) -> None:
        """What happens between a decision and its append: the other home is faster."""
        if isinstance(event, CameraLinked) and event.home == HOME:
            await planned.care.home(elsewhere, UNIT, homes.LinkCamera(camera, GATEWAY))

    ledger = planned.ledger
    slower = Ledger(ledger.store, ledger.keys, ledger.clock, ledger.ids, (*POLICIES, other_home))
    with pytest.raises(CameraElsewhereError):
        await Care(slower, ASSESSOR).home(HOME, UNIT, homes.LinkCamera(camera, GATEWAY))
    assert await planned.breaches() == []
