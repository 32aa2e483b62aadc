"""The desk on a real database: one lease for two who race, no look against a no, one's own unit, sealed words."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from events.envelope import Owner
from events.looks.messages import HEADER_FRAME, HEADER_LOOK, HEADER_TAKEN_AT, LookFault, NoPicture, read_reply
from events.looks.picture import SealedPicture
from events.personal import Sealed
from events.store import ConflictError
from events.types.night import LookFailed, LookGranted, LookServed, SlotClaimed, SlotCompleted, SlotEscalated
from events.types.recipient import ConsentWithdrawn
from events.types.unit import StaffRegistered, UnitRegistered
from events.types.visit import Found, VisitCompleted
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import NightStaff
from services.tillsyn.desk.night_staff import CameraShutError
from services.tillsyn.desk.own_word import NotYourWordError, StillToComeError
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError
from services.tillsyn.kinds import HOME as HOME_KIND
from services.tillsyn.kinds import RECIPIENT as RECIPIENT_KIND
from services.tillsyn.ledger import Transaction
from services.tillsyn.looking import GrantRequest
from services.tillsyn.night.errors import LeaseHeldByOtherError, NotForTheCameraError
from services.tillsyn.refused import RefusedError
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    CHAIN,
    HOME,
    ORGANISATION,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    an_id,
    at,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import AT_DESK, VIEWER_KEY, House, night_stream, of_type, register_neighbour, slot_of

WITHDRAW = recipients.WithdrawConsent(secret("vill inte"))


async def test_of_two_who_race_for_a_slot_one_has_the_lease(planned: House, another: House) -> None:
    await planned.time("02:00")

    outcomes = await asyncio.gather(
        planned.night_staff.claim(SLOT, ANNA), another.night_staff.claim(SLOT, BERTIL), return_exceptions=True
    )

    claims = of_type(await planned.events(night_stream()), SlotClaimed)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [LeaseHeldByOtherError]
    assert [claim.by for claim in claims] == [ANNA if outcomes[0] is None else BERTIL]
    assert (await planned.slot(SLOT)).lease_by == claims[0].by


async def test_ten_clicks_of_two_people_leave_one_answer(planned: House, another: House) -> None:
    await planned.time("02:00")

    async def settle(house: House, by: object) -> None:
        await house.night_staff.claim(SLOT, by)
        await house.night_staff.look(SLOT, by, VIEWER_KEY)
        await house.night_staff.all_well(SLOT, by)

    clicks = [settle(house, by) for _ in range(5) for house, by in ((planned, ANNA), (another, BERTIL))]
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)

    assert all(outcome is None or isinstance(outcome, RefusedError) for outcome in outcomes), outcomes
    assert len(of_type(await planned.events(night_stream()), SlotCompleted)) == 1
    assert await planned.breaches() == []


async def test_a_grant_that_was_decided_before_a_withdrawal_cannot_be_kept_after_it(
    planned: House, another: House
) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    decided = Transaction(planned.ledger)
    await planned.night_staff._grant(decided, SLOT, ANNA, VIEWER_KEY)

    await another.tell(WITHDRAW)

    with pytest.raises(ConflictError):
        await decided.commit()
    assert of_type(await planned.log(), LookGranted) == []


async def test_the_recipients_version_alone_keeps_the_look_out(planned: House, another: House) -> None:
    """A no that touched no night: without `unchanged` nothing would be in the grant's way."""
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    decided = Transaction(planned.ledger)
    await planned.night_staff._grant(decided, SLOT, ANNA, VIEWER_KEY)
    withdrawn = Transaction(another.ledger)
    stream = await withdrawn.load(RECIPIENT_KIND, recipients.stream_of(RECIPIENT))
    owner = Owner(ORGANISATION, UNIT)
    withdrawn.record(stream, recipients.decide(stream.state, WITHDRAW), another.entering(owner))
    await withdrawn.commit()

    with pytest.raises(ConflictError) as conflict:
        await decided.commit()

    assert conflict.value.stream == recipients.stream_of(RECIPIENT)


async def test_the_homes_version_alone_keeps_the_look_out(planned: House, another: House) -> None:
    """A camera that was taken down, and no night touched by it: the grant relied on the home as it was."""
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    decided = Transaction(planned.ledger)
    await planned.night_staff._grant(decided, SLOT, ANNA, VIEWER_KEY)
    unlinked = Transaction(another.ledger)
    stream = await unlinked.load(HOME_KIND, homes.stream_of(HOME))
    events = homes.decide(stream.state, homes.UnlinkCamera("taken down"))
    unlinked.record(stream, events, another.entering(Owner(ORGANISATION, UNIT)))
    await unlinked.commit()

    with pytest.raises(ConflictError) as conflict:
        await decided.commit()

    assert conflict.value.stream == homes.stream_of(HOME)


async def test_looks_and_withdrawals_that_race_never_leave_a_look_after_the_no(planned: House, another: House) -> None:
    neighbours = [await register_neighbour(planned, number) for number in range(8)]
    await planned.planner.plan_all()
    await planned.time("02:00")
    for neighbour in neighbours:
        await planned.night_staff.claim(slot_of(neighbour), ANNA)

    looks = [planned.night_staff.look(slot_of(neighbour), ANNA, VIEWER_KEY) for neighbour in neighbours]
    noes = [another.tell(WITHDRAW, neighbour) for neighbour in neighbours]
    outcomes = await asyncio.gather(*looks, *noes, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(error) for error in refused} <= {CameraShutError, NotForTheCameraError}
    log = await planned.log()
    versions = {recorded.stream: recorded.version for recorded in log if isinstance(recorded.event, ConsentWithdrawn)}
    assert len(versions) == len(neighbours)
    places = {recorded.id: number for number, recorded in enumerate(log)}
    for no in (recorded for recorded in log if isinstance(recorded.event, ConsentWithdrawn)):
        night = night_stream(no.event.recipient)  # type: ignore[attr-defined]
        for look in (recorded for recorded in log if recorded.stream == night):
            if isinstance(look.event, LookGranted):
                assert look.event.recipient_version < no.version
                assert places[look.id] < places[no.id]
    assert await planned.breaches() == []


async def test_staff_of_another_unit_may_neither_claim_nor_send_nor_close(planned: House) -> None:
    stranger, unit = an_id("stranger"), an_id("another unit")
    other = UnitRegistered(unit=unit, organisation=ORGANISATION, name="Söder", zone="UTC", chain=CHAIN)
    await planned.setting_up.register_unit(other)
    await planned.setting_up.register_staff(
        StaffRegistered(staff=stranger, unit=unit, roles=("night-staff", "patrol"), name=secret("Sture"))
    )
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    before = len(await planned.log())

    with pytest.raises(NotOfThisUnitError):
        await planned.night_staff.claim(SLOT, stranger)
    with pytest.raises(NotOfThisUnitError):
        await planned.night_staff.concern(SLOT, stranger)
    with pytest.raises(NotOfThisUnitError):
        await planned.patrol.close(own_visit(SLOT), stranger, "no need")
    with pytest.raises(NotOfThisUnitError):
        await planned.night_staff.look(SLOT, an_id("nobody at all"), VIEWER_KEY)
    assert len(await planned.log()) == before


async def test_a_patrol_may_not_look_and_night_staff_may_not_tell_of_a_visit(planned: House) -> None:
    await planned.time("02:00")
    with pytest.raises(NotInThisRoleError):
        await planned.night_staff.claim(SLOT, PATROL)
    await planned.night_staff.concern(SLOT, ANNA)
    with pytest.raises(NotInThisRoleError):
        await planned.patrol.arrive(own_visit(SLOT), ANNA)


async def test_what_staff_write_lies_sealed_in_the_log(planned: House) -> None:
    words, told, reason = "ligger på golvet", "brutit höften", "vill inte längre"
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA, words)
    await planned.patrol.complete(
        own_visit(SLOT), PATROL, minutes=10, people=1, kilometres=2.0, found=Found.ON_THE_FLOOR, note=told
    )
    await planned.tell(recipients.WithdrawConsent(secret(reason)))

    log = await planned.log()
    notes = [event.note for event in of_type(log, SlotEscalated, VisitCompleted)]
    notes += [event.reason for event in of_type(log, ConsentWithdrawn)]

    assert [type(note.content) for note in notes] == [Sealed] * 3
    text = "".join(recorded.event.model_dump_json() for recorded in log)
    for secret_words in (words, told, reason):
        assert secret_words not in text
        assert json.dumps(secret_words)[1:-1] not in text
    told_by = [recorded for recorded in log if isinstance(recorded.event, SlotEscalated | VisitCompleted)]
    read = [await planned.ledger.keys.reveal(told_by[n].id, "note", notes[n], str) for n in (0, 1)]
    assert read == [words, told]


async def test_a_unit_changes_nothing_of_another_units_people(planned: House) -> None:
    other = an_id("another unit")
    await planned.setting_up.register_unit(
        UnitRegistered(unit=other, organisation=ORGANISATION, name="another", zone="UTC", chain=CHAIN)
    )
    before = await planned.log()

    with pytest.raises(NotOfThisUnitError):
        await planned.care.recipient(RECIPIENT, other, recipients.PauseCamera(None, planned.clock.now()))
    with pytest.raises(NotOfThisUnitError):
        await planned.care.home(HOME, other, homes.UnlinkCamera("ours now"))

    assert await planned.log() == before


class SaysNoMeanwhile:
    """A camera that opens while the person withdraws consent."""

    def __init__(self) -> None:
        self.house: House | None = None

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        assert self.house is not None
        await self.house.tell(WITHDRAW)
        return SealedPicture(request.grant.look, 1, self.house.clock.now(), b"sealed")


async def test_a_picture_that_comes_after_the_no_is_not_handed_on(planned: House) -> None:
    await planned.time("02:00")
    camera = SaysNoMeanwhile()
    camera.house = planned
    desk = NightStaff(planned.ledger, camera)
    await desk.claim(SLOT, ANNA)

    reply = await desk.look(SLOT, ANNA, VIEWER_KEY)

    assert isinstance(reply, NoPicture)
    assert not of_type(await planned.events(night_stream()), LookServed)
    assert len(of_type(await planned.events(night_stream()), LookFailed)) == 1


class SaysTooMuch:
    """A gateway whose answer makes no sense, at length."""

    def __init__(self, answer: NoPicture | SealedPicture) -> None:
        self.answer = answer

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        read_reply({HEADER_LOOK: str(SLOT), HEADER_FRAME: "1", HEADER_TAKEN_AT: "Z" * 1000}, b"x"),
        NoPicture(None, LookFault.GATEWAY_SILENT, "Z" * 1000),
    ],
    ids=["a time that is none", "a long explanation"],
)
async def test_whatever_a_gateway_answers_at_whatever_length_a_look_that_failed_is_on_record(
    planned: House, answer: NoPicture | SealedPicture
) -> None:
    await planned.time("02:00")
    desk = NightStaff(planned.ledger, SaysTooMuch(answer))
    await desk.claim(SLOT, ANNA)

    assert isinstance(await desk.look(SLOT, ANNA, VIEWER_KEY), NoPicture)

    (failed,) = of_type(await planned.events(night_stream()), LookFailed)
    assert failed.fault.startswith("gateway-silent: ")
    assert failed.trouble is not None


async def test_undo_after_a_withdrawal_leaves_a_visit_and_no_slot_for_the_camera(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.tell(WITHDRAW)

    await planned.night_staff.undo(SLOT, ANNA)

    slot = await planned.slot(SLOT)
    assert (slot.status, slot.kind) == ("open", "visit")
    assert await planned.breaches() == []


async def test_staff_say_of_a_recipient_what_they_say_in_their_own_name_and_nothing_that_is_to_come(
    planned: House,
) -> None:
    now = planned.clock.now()
    await planned.tell(recipients.ReportAbsence(ABSENCE, now, None, "hospital", review_at=at("09:00")))
    await planned.tell(recipients.RecordDeath(now, ANNA))
    before = len(await planned.log())
    for colleagues in (
        recipients.ReviewAbsence(ABSENCE, BERTIL, at("10:00"), now),
        recipients.TakeDeathBack(BERTIL, "the wrong person"),
        recipients.HandOverDecision(an_id(f"decision of {RECIPIENT}"), ANNA, BERTIL, "moves"),
    ):
        with pytest.raises(NotYourWordError):
            await planned.tell(colleagues)
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "the wrong person"))
    assert len(await planned.log()) > before
    for to_come in (
        recipients.RecordDeath(now + timedelta(days=400), ANNA),
        replace(a_consent(), given_at=now + timedelta(seconds=1)),
    ):
        with pytest.raises(StillToComeError):
            await planned.tell(to_come)
