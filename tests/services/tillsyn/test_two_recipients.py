"""Two recipients with one camera: one opening, two answers, and one person at the desk for both of them."""

import asyncio
from uuid import UUID

import pytest

from events.envelope import Owner
from events.looks.grant import LookPurpose
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.store import ConflictError
from events.types.home import CarerArrived, CarerLeft
from events.types.night import LookFailed, LookGranted, LookServed, SlotClaimed, SlotCompleted
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import NightStaff
from services.tillsyn.desk.looks import CameraShutError, NotOneOpeningError
from services.tillsyn.kinds import HOME as HOME_KIND
from services.tillsyn.ledger import Transaction
from services.tillsyn.looking import GrantRequest
from services.tillsyn.night.errors import LeaseHeldByOtherError, NoLeaseError, NoLivePictureError
from services.tillsyn.refused import RefusedError
from tests.builders import ANNA, BERTIL, CAMERA, HOME, ORGANISATION, PATROL, SLOT, UNIT, secret
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    night_stream,
    of_type,
    register_home,
    register_neighbour,
    register_partner,
    slot_of,
)


class Remembers:
    """A gateway that answers at once, and what it was asked."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.asked: list[GrantRequest] = []

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        self.asked.append(request)
        return SealedPicture(request.grant.look, 1, self.house.clock.now(), b"sealed")


@pytest.fixture
async def partner(house: House) -> UUID:
    """The other of a couple: both are checked on at 02:00, and it is 02:00."""
    await register_home(house)
    partner = await register_partner(house)
    await house.planner.plan_all()
    await house.time("02:00")
    return partner


async def carer(house: House, *, there: bool) -> None:
    """A carer comes into the home, or leaves it."""
    kind = CarerArrived if there else CarerLeft
    tx = Transaction(house.ledger)
    home = await tx.load(HOME_KIND, homes.stream_of(HOME))
    tx.record(home, [kind(home=HOME, by=PATROL, visit=None)], house.entering(Owner(ORGANISATION, UNIT)))
    await tx.commit()


async def claim_both(house: House, partner: UUID, by: UUID = ANNA) -> tuple[UUID, UUID]:
    for slot in (SLOT, slot_of(partner)):
        await house.night_staff.claim(slot, by)
    return SLOT, slot_of(partner)


async def test_one_opening_is_one_look_on_the_wire_and_on_record_in_both_nights(house: House, partner: UUID) -> None:
    camera = Remembers(house)
    desk = NightStaff(house.ledger, camera)
    mine, theirs = await claim_both(house, partner)

    reply = await desk.look(mine, ANNA, VIEWER_KEY, also=[theirs])

    assert isinstance(reply, SealedPicture)
    [asked] = camera.asked
    granted = [of_type(await house.events(night_stream(*who)), LookGranted) for who in ((), (partner,))]
    assert [[(look.look, look.with_slot) for look in night] for night in granted] == [
        [(asked.grant.look, None)],
        [(asked.grant.look, mine)],
    ]
    assert (asked.grant.camera, asked.grant.slot, asked.grant.purpose) == (CAMERA, mine, LookPurpose.SLOT)
    assert len(of_type(await house.events(night_stream(partner)), LookServed)) == 1
    [row] = await house.looks()
    assert (row.id, row.slot) == (asked.grant.look, mine)
    assert await house.breaches() == []


async def test_two_recipients_slots_are_settled_by_two_answers(house: House, partner: UUID) -> None:
    mine, theirs = await claim_both(house, partner)
    await house.night_staff.look(mine, ANNA, VIEWER_KEY, also=[theirs])

    await house.night_staff.all_well(mine, ANNA)
    assert (await house.slot(theirs)).status == "open"
    await house.night_staff.not_seen(theirs, ANNA)

    assert ((await house.slot(mine)).status, (await house.slot(theirs)).second_look_at) != ("open", None)
    assert len(of_type(await house.log(), SlotCompleted)) == 1
    assert await house.breaches() == []


async def test_a_look_at_one_is_no_answer_for_the_other(house: House, partner: UUID) -> None:
    mine, theirs = await claim_both(house, partner)
    await house.night_staff.look(mine, ANNA, VIEWER_KEY)
    with pytest.raises(NoLivePictureError):
        await house.night_staff.all_well(theirs, ANNA)


async def test_one_opening_for_two_needs_a_lease_on_each(house: House, partner: UUID) -> None:
    await house.night_staff.claim(SLOT, ANNA)
    with pytest.raises(NoLeaseError):
        await house.night_staff.look(SLOT, ANNA, VIEWER_KEY, also=[slot_of(partner)])
    assert of_type(await house.log(), LookGranted) == []


async def test_one_opening_shows_one_home(house: House, partner: UUID) -> None:
    neighbour = await register_neighbour(house, 1)
    await house.planner.plan_all()
    for slot in (SLOT, slot_of(neighbour)):
        await house.night_staff.claim(slot, ANNA)
    with pytest.raises(NotOneOpeningError, match="two homes"):
        await house.night_staff.look(SLOT, ANNA, VIEWER_KEY, also=[slot_of(neighbour)])
    assert of_type(await house.log(), LookGranted) == []


async def test_the_others_no_keeps_the_camera_shut_for_both(house: House, partner: UUID) -> None:
    mine, theirs = await claim_both(house, partner)
    await house.tell(recipients.WithdrawConsent(secret("nej")), partner)
    with pytest.raises(RefusedError):
        await house.night_staff.look(mine, ANNA, VIEWER_KEY, also=[theirs])
    assert of_type(await house.log(), LookGranted) == []


# One person at the desk for one home.


async def test_a_colleague_is_refused_the_other_of_the_couple(house: House, partner: UUID) -> None:
    await house.night_staff.claim(SLOT, ANNA)
    with pytest.raises(LeaseHeldByOtherError):
        await house.night_staff.claim(slot_of(partner), BERTIL)
    await house.night_staff.release(SLOT, ANNA)
    await house.night_staff.claim(slot_of(partner), BERTIL)


async def test_a_colleagues_lease_on_the_other_ends_like_any(house: House, partner: UUID) -> None:
    await house.night_staff.claim(SLOT, ANNA)
    await house.time("02:01:30")
    await house.night_staff.claim(slot_of(partner), BERTIL)


async def test_of_two_who_race_for_the_two_of_a_couple_one_is_refused(
    house: House, another: House, partner: UUID
) -> None:
    outcomes = await asyncio.gather(
        house.night_staff.claim(SLOT, ANNA),
        another.night_staff.claim(slot_of(partner), BERTIL),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [LeaseHeldByOtherError]
    assert len(of_type(await house.log(), SlotClaimed)) == 1


async def test_a_claim_that_was_decided_before_a_colleague_claimed_the_other_cannot_be_kept(
    house: House, another: House, partner: UUID
) -> None:
    decided = Transaction(house.ledger)
    await house.night_staff._claim(decided, SLOT, ANNA)
    await another.night_staff.claim(slot_of(partner), BERTIL)
    with pytest.raises(ConflictError) as conflict:
        await decided.commit()
    assert conflict.value.stream == night_stream(partner)


# A carer in the home.


async def test_while_a_carer_is_in_the_home_claims_stand_and_nobody_looks(house: House, partner: UUID) -> None:
    await house.night_staff.claim(SLOT, ANNA)
    await carer(house, there=True)
    with pytest.raises(CameraShutError, match="carer"):
        await house.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await house.night_staff.claim(SLOT, ANNA)

    await carer(house, there=False)

    assert isinstance(await house.night_staff.look(SLOT, ANNA, VIEWER_KEY), SealedPicture)


async def test_a_picture_that_comes_when_a_carer_has_come_is_not_handed_on(house: House, partner: UUID) -> None:
    class CarerComes(Remembers):
        async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
            await carer(self.house, there=True)
            return await super().look(request)

    mine, theirs = await claim_both(house, partner)
    reply = await NightStaff(house.ledger, CarerComes(house)).look(mine, ANNA, VIEWER_KEY, also=[theirs])
    assert isinstance(reply, NoPicture)
    assert reply.fault is LookFault.SUSPENDED
    assert (len(of_type(await house.log(), LookFailed)), of_type(await house.log(), LookServed)) == (2, [])
