"""Who is told: what somebody in a role must know, and who reads it."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from events.base import Event
from events.looks.grant import LookPurpose
from events.store import queries
from events.types.alarm import AlarmRaised
from events.types.home import CohabitantConsentWithdrawn
from events.types.night import LookGranted
from events.types.notice import NoticeSent
from events.types.recipient import (
    AbsenceEnded,
    AbsenceReported,
    DeathTakenBack,
    DecisionEndWarned,
    RecipientDied,
    RecipientMoved,
)
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.notice import NoSuchNoticeError
from tests.builders import (
    ANNA,
    ASSESSOR,
    CAMERA,
    HOME,
    LOOK,
    NIGHT,
    RECIPIENT,
    SLOT,
    UNIT,
    an_id,
    at,
    secret,
)
from tests.services.tillsyn.happenings import happen, told
from tests.services.tillsyn.house import House, night_stream, of_type, register_neighbour
from tests.services.tillsyn.test_sweeper import sweeping

ACCESS, COHABITANT = an_id("access"), an_id("cohabitant")
About = set[tuple[str, str, UUID]]
WHAT_IS_TOLD: dict[str, tuple[Sequence[Event], About]] = {
    "death": (
        [RecipientDied(recipient=RECIPIENT, at=at("12:00"), told_by=ANNA)],
        {("death", "assessor", RECIPIENT), ("death", "patrol", RECIPIENT)},
    ),
    "death taken back": (
        [DeathTakenBack(recipient=RECIPIENT, by=ANNA, reason=secret("it was the neighbour"))],
        {("death-taken-back", "assessor", RECIPIENT), ("death-taken-back", "patrol", RECIPIENT)},
    ),
    "moved": (
        [RecipientMoved(recipient=RECIPIENT, from_home=HOME, to_home=an_id("new home"), at=at("12:00"))],
        {("moved", "assessor", RECIPIENT), ("moved", "patrol", RECIPIENT)},
    ),
    "decision ends": (
        [DecisionEndWarned(recipient=RECIPIENT, decision=an_id("decision"), last_night=NIGHT)],
        {("decision-ends", "assessor", an_id("decision"))},
    ),
    "returned": (
        [
            AbsenceReported(
                recipient=RECIPIENT,
                absence=ACCESS,
                starts_at=at("12:00"),
                ends_at=at("11:00"),
                reason=secret("hospital"),
            ),
            AbsenceEnded(recipient=RECIPIENT, absence=ACCESS, ended_at=at("12:30"), announced=False),
        ],
        {("returned-unannounced", "night-staff", ACCESS), ("returned-unannounced", "assessor", ACCESS)},
    ),
}


@pytest.mark.parametrize(("events", "expected"), list(WHAT_IS_TOLD.values()), ids=list(WHAT_IS_TOLD))
async def test_who_has_to_know_is_told(planned: House, events: Sequence[Event], expected: About) -> None:
    await happen(planned, f"recipient-{RECIPIENT}", *events)
    assert set(await told(planned)) == expected


async def test_a_withdrawn_consent_is_told_to_the_assessor_each_time(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    assert await told(planned) == [("consent-withdrawn", "assessor", an_id(f"consent of {RECIPIENT}"))]
    no = CohabitantConsentWithdrawn(home=HOME, cohabitant=COHABITANT, consent=an_id("his"), reason=None)
    await happen(planned, f"home-{HOME}", no)
    assert ("consent-withdrawn", "assessor", an_id("his")) in await told(planned)


async def test_a_look_on_somebodys_word_is_told_to_the_manager(planned: House) -> None:
    look = LookGranted(
        slot=SLOT,
        look=LOOK,
        by=ANNA,
        camera=CAMERA,
        valid_from=at("02:00"),
        valid_until=at("02:01"),
        recipient_version=4,
        purpose=LookPurpose.ALARM,
    )
    await happen(planned, night_stream(), look)
    (row,) = await planned.notices.unread(UNIT, "manager")
    assert (row.kind, row.about, row.recipient, row.home) == ("look-to-review", LOOK, RECIPIENT, HOME)


async def test_a_notice_is_read_by_name_by_somebody_in_the_role(staffed: House) -> None:
    await staffed.tell(recipients.WithdrawConsent())
    (row,) = await staffed.notices.unread(UNIT, "assessor")
    with pytest.raises(NotInThisRoleError):
        await staffed.notices.read(row.id, ANNA)
    with pytest.raises(NoSuchNoticeError):
        await staffed.notices.read(an_id("no notice"), ASSESSOR)

    await staffed.notices.read(row.id, ASSESSOR)
    await staffed.notices.read(row.id, ASSESSOR)

    read = await staffed.store.query(queries.notice, row.id)
    assert read is not None
    assert (read.read_by, read.read_at) == (ASSESSOR, staffed.clock.now())
    assert await staffed.notices.unread(UNIT) == []


async def test_a_quiet_night_raises_no_alarm_and_tells_nothing(planned: House) -> None:
    await register_neighbour(planned, 1)
    await planned.planner.plan_all()
    async with sweeping(planned):
        await planned.time("02:00")
        for slot in (row.id for row in await planned.night_staff.worklist(UNIT)):
            await planned.night_staff.claim(slot, ANNA)
            await planned.night_staff.look(slot, ANNA, "")
            await planned.night_staff.all_well(slot, ANNA)
        await planned.time("11:59")
    assert of_type(await planned.log(), AlarmRaised, NoticeSent) == []
