"""A camera in test: it is opened for nobody while somebody who lives there says no, or a carer is in the home."""

import pytest

from events.envelope import Actor, ActorKind
from events.looks.grant import LookPurpose
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.store import queries
from events.types.home import CommissioningLookGranted, OutageAgreement, RiskClass
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care, Installing
from services.tillsyn.desk.entitled import NotEnteredError
from services.tillsyn.desk.looks import CameraShutError
from services.tillsyn.looking import GrantRequest
from tests.builders import (
    ANNA,
    COHABITANT,
    GATEWAY,
    HOME,
    INSTALLER,
    PATROL,
    UNIT,
    a_camera_test,
    a_consent,
    an_id,
    look_in_test,
    read_code,
    secret,
)
from tests.services.tillsyn.house import VIEWER_KEY, House, of_type, register_home

NEW_HOME, NEW_CAMERA = an_id("new home"), an_id("new camera")


async def in_test(house: House) -> None:
    """An untested camera, and an installer who shows a code before it."""
    await register_home(house)
    await house.care.home(HOME, UNIT, homes.UnlinkCamera("replaced"))
    await house.care.home(HOME, UNIT, homes.LinkCamera(NEW_CAMERA, GATEWAY))
    await house.installing.begin(HOME, NEW_CAMERA, INSTALLER, recipient_present=True)


async def test_a_camera_in_test_stays_shut_for_everybodys_no(house: House) -> None:
    await in_test(house)
    await house.tell(recipients.WithdrawConsent())
    before = await house.log()
    with pytest.raises(CameraShutError, match="consent-withdrawn"):
        await house.installing.look(HOME, ANNA, VIEWER_KEY)
    await house.tell(a_consent())
    await house.care.home(HOME, UNIT, homes.CohabitantMovesIn(COHABITANT, secret("Sven")))
    with pytest.raises(CameraShutError, match="cohabitant-not-asked"):
        await house.installing.look(HOME, ANNA, VIEWER_KEY)
    assert of_type((await house.log())[len(before) :], CommissioningLookGranted) == []


async def test_a_camera_in_test_stays_shut_while_a_carer_is_there_and_where_nobody_lives(house: House) -> None:
    await in_test(house)
    await house.care.home(HOME, UNIT, homes.CarerArrives(PATROL))
    with pytest.raises(CameraShutError, match="a carer is in the home"):
        await house.installing.look(HOME, ANNA, VIEWER_KEY)
    empty = homes.Register(NEW_HOME, UNIT, secret("Nygatan 2"), RiskClass.MEDIUM, OutageAgreement.VISIT)
    await house.care.home(NEW_HOME, UNIT, empty)
    await house.care.home(NEW_HOME, UNIT, homes.LinkCamera(an_id("camera of nobody"), GATEWAY))
    await house.installing.begin(NEW_HOME, an_id("camera of nobody"), INSTALLER, recipient_present=True)
    with pytest.raises(CameraShutError, match="no-camera"):
        await house.installing.look(NEW_HOME, ANNA, VIEWER_KEY)


async def test_a_cameras_test_cannot_be_entered_by_one_person_in_the_name_of_two(house: House) -> None:
    """An installer's login alone must not put a camera in use: each step is somebody's own."""
    await in_test(house)
    alone = Care(house.ledger, Actor(ActorKind.STAFF, str(INSTALLER), "installer"))
    steps = (a_camera_test(camera=NEW_CAMERA), *look_in_test(ANNA, "14:05"), read_code(ANNA, "14:06"))
    before = await house.log()
    for step in (*steps, homes.BreakOffTest()):
        with pytest.raises(NotEnteredError, match="tested by an installer on site and a colleague"):
            await alone.home(HOME, UNIT, step)  # type: ignore[arg-type]
    assert await house.log() == before


class OpensDuringANo:
    """A camera that opens while the recipient says no."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        await self.house.tell(recipients.WithdrawConsent())
        return SealedPicture(request.grant.look, 1, self.house.clock.now(), b"sealed")


async def test_a_tests_picture_under_way_when_somebody_says_no_is_not_handed_on(house: House) -> None:
    await in_test(house)
    installing = Installing(house.ledger, OpensDuringANo(house), bytes(32))
    assert isinstance(await installing.look(HOME, ANNA, VIEWER_KEY), NoPicture)


async def test_a_look_in_a_test_stands_among_the_looks(house: House) -> None:
    await in_test(house)
    picture = await house.installing.look(HOME, ANNA, VIEWER_KEY)
    [row] = [row for row in await house.store.query(queries.all_looks) if row.camera == NEW_CAMERA]
    assert isinstance(picture, SealedPicture)
    assert (row.id, row.staff, row.purpose) == (picture.look, ANNA, LookPurpose.COMMISSIONING.value)
    assert (row.granted_at, row.served_at, row.frames) == (house.clock.now(), picture.taken_at, 1)
    await house.planner.plan_all()
    assert await house.breaches() == []
