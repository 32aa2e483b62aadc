"""Staffing: roles that end, emergency access, rosters, coming and going, a night without staff."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from events.base import Event
from events.envelope import ActorKind, Context, Owner, Recorded
from events.schedule import slot_id
from events.store import ConflictError, queries
from events.types.alarm import AlarmDisowned, AlarmHandedOver, AlarmKind
from events.types.incident import Cause, IncidentDisowned, IncidentOpened, IncidentTaken
from events.types.night import ReviewVerdict, SlotCancelled, SlotClaimed, SlotReleased
from events.types.shift import RosterSource, SignedIn, SignedOut, Unstaffed
from events.types.staff import BreakGlassOpened, BreakGlassReviewed, StaffRoleGranted
from events.types.unit import StaffRegistered, UnitRegistered
from events.types.visit import VisitAssigned, VisitDeclined
from services.tillsyn import alarm as alarms
from services.tillsyn import incident as incidents
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Incidents, Load, Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.night_staff import CameraShutError
from services.tillsyn.desk.staffing import RosterRefusedError
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError, RoleExpiredError, acting_context
from services.tillsyn.kinds import ALARM as ALARMS
from services.tillsyn.ledger import Kind, Transaction
from services.tillsyn.night.errors import NotForTheCameraError
from services.tillsyn.refused import RefusedError
from services.tillsyn.shift import Line
from services.tillsyn.shift.errors import NotForTheRosterError, NotSignedInError, ShiftEndsBeforeItBeginsError
from services.tillsyn.staff.errors import HasTheRoleError, NoEmergencyReasonError, NotOfThisOrganisationError
from services.tillsyn.watches.staffing import StaffingWatch
from tests.builders import (
    ANNA,
    BERTIL,
    CHAIN,
    GATEWAY,
    NIGHT,
    ORGANISATION,
    PATROL,
    RULES,
    SECOND_PATROL,
    SLOT,
    UNIT,
    an_id,
    at,
    minutes,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import VIEWER_KEY, House, of_type, register_home, register_neighbour, slot_of

GREETA, STURE, INCIDENT = an_id("greeta"), an_id("sture"), an_id("incident")
CAUSE = f"gateway:{GATEWAY}"
ALARM = alarms.alarm_id(AlarmKind.DEVICE_LOST, CAUSE, 0)
OF_THE_INCIDENT = alarms.alarm_id(AlarmKind.DEVICE_LOST, f"incident:{INCIDENT}", 0)
SOUTH = an_id("south")
OPENED = IncidentOpened(
    incident=INCIDENT, unit=UNIT, cause=Cause.NETWORK, area=None, gateway=None, opened_at=at("00:30")
)
FACTS: Kind[None] = Kind(None, lambda state, _: state)


@pytest.fixture
async def staffing(planned: House) -> Staffing:
    """The house with a manager, GREETA, and a second unit of the organisation where STURE is night staff."""
    care = planned.setting_up
    await care.register_unit(
        UnitRegistered(unit=SOUTH, organisation=ORGANISATION, name="Söder", zone="UTC", chain=CHAIN)
    )
    for staff, unit, role in ((GREETA, UNIT, "manager"), (STURE, SOUTH, "night-staff")):
        await care.register_staff(StaffRegistered(staff=staff, unit=unit, roles=(role,), name=secret("Sture")))
    return Staffing(planned.ledger)


@pytest.fixture
def watch(planned: House) -> StaffingWatch:
    return StaffingWatch(planned.ledger, planned.clock, minutes(10))


async def given(house: House, stream: str, *events: Event) -> None:
    """What another part of the service has recorded."""

    async def use_case(tx: Transaction) -> None:
        context = Context(INSTALLER, Owner(ORGANISATION, UNIT), house.clock.now(), house.ledger.ids.thing())
        tx.record(await tx.load(FACTS, stream), events, context)

    await house.ledger.transact(use_case)


async def an_alarm(house: House, owner: UUID) -> None:
    """The gateway is lost, and `owner` has the alarm."""

    async def use_case(tx: Transaction) -> None:
        context = Context(INSTALLER, Owner(ORGANISATION, UNIT), house.clock.now(), house.ledger.ids.thing())
        stream = await tx.load(ALARMS, alarms.stream_of(AlarmKind.DEVICE_LOST, CAUSE))
        at_once = {"recipient": None, "home": None, "at": context.time, "rules": RULES}
        raised = alarms.Raise(AlarmKind.DEVICE_LOST, CAUSE, UNIT, "night-staff", **at_once)  # type: ignore[arg-type]
        for command in (raised, alarms.Acknowledge(owner, context.time, RULES)):
            tx.record(stream, alarms.decide(stream.state, command), context)

    await house.ledger.transact(use_case)


async def an_incident(house: House, owner: UUID) -> None:
    """Many homes are lost, and `owner` has taken the incident."""
    await given(house, incidents.stream_of(UNIT), OPENED, IncidentTaken(incident=INCIDENT, by=owner))


async def unchanged(house: House, before: list[Recorded]) -> None:
    assert [event.id for event in await house.log()] == [event.id for event in before]


# Roles


async def test_somebody_of_another_unit_works_here_once_a_manager_has_given_the_role(
    planned: House, staffing: Staffing
) -> None:
    await planned.time("02:00")
    with pytest.raises(NotOfThisUnitError, match=str(UNIT)):
        await planned.night_staff.claim(SLOT, STURE)

    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("07:00"), agency=True)
    await planned.night_staff.claim(SLOT, STURE)

    assert (await planned.slot(SLOT)).lease_by == STURE
    (granted,) = [event for event in await planned.log() if isinstance(event.event, StaffRoleGranted)]
    assert (granted.context.actor.id, granted.context.actor.role) == (str(GREETA), "manager")


async def test_a_role_ends_by_itself_and_says_when(planned: House, staffing: Staffing) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("02:00"), agency=True)
    await planned.time("01:59")
    await planned.night_staff.claim(SLOT, STURE)
    await planned.time("02:00")
    before = await planned.log()

    with pytest.raises(RoleExpiredError, match=r"night-staff.*2026-11-04 02:00Z"):
        await planned.night_staff.claim(SLOT, STURE)
    await unchanged(planned, before)


async def test_a_role_does_not_hold_before_it_begins(planned: House, staffing: Staffing) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, holds_from=at("03:00"), until=at("05:00"))
    await planned.time("02:00")
    with pytest.raises(RoleExpiredError, match="only from 2026-11-04 03:00Z"):
        await planned.night_staff.claim(SLOT, STURE)


async def test_a_role_that_has_ended_stands_in_the_way_of_no_other(planned: House, staffing: Staffing) -> None:
    await staffing.grant_role(GREETA, UNIT, "night-staff", GREETA, until=at("01:00"))
    await given(planned, incidents.stream_of(UNIT), OPENED)
    await planned.time("01:30")

    await Incidents(planned.ledger).take(UNIT, INCIDENT, GREETA)
    await planned.night_staff.cancel(SLOT, GREETA, "her daughter is with her")

    acted = [recorded for recorded in await planned.log() if isinstance(recorded.event, IncidentTaken | SlotCancelled)]
    assert [recorded.context.actor.role for recorded in acted] == ["manager", "manager"]


async def test_a_role_that_was_ended_is_over_at_once(planned: House, staffing: Staffing) -> None:
    await staffing.end_role(ANNA, UNIT, "night-staff", GREETA)
    await planned.time("02:00")
    with pytest.raises(NotOfThisUnitError):
        await planned.night_staff.claim(SLOT, ANNA)


async def test_a_command_decided_before_the_role_was_ended_cannot_be_kept_after_it(
    planned: House, another: House, staffing: Staffing
) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    decided = Transaction(planned.ledger)
    await planned.night_staff._grant(decided, SLOT, ANNA, VIEWER_KEY)

    await Staffing(another.ledger).end_role(ANNA, UNIT, "night-staff", GREETA)

    with pytest.raises(ConflictError) as conflict:
        await decided.commit()
    assert conflict.value.stream == f"roles-{ANNA}"


async def test_only_a_manager_of_that_unit_gives_and_ends_roles(planned: House, staffing: Staffing) -> None:
    before = await planned.log()
    with pytest.raises(NotInThisRoleError):
        await staffing.grant_role(STURE, UNIT, "night-staff", ANNA)
    with pytest.raises(NotOfThisUnitError):
        await staffing.grant_role(ANNA, SOUTH, "night-staff", GREETA)
    with pytest.raises(NotOfThisUnitError):
        await staffing.end_role(ANNA, UNIT, "night-staff", STURE)
    await unchanged(planned, before)


# Emergency access


async def test_who_takes_a_role_in_an_emergency_acts_under_its_name_for_an_hour(
    planned: House, staffing: Staffing
) -> None:
    await planned.time("01:30")
    await staffing.break_glass(UNIT, "night-staff", "Anna har fallit ihop", STURE)
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, STURE)
    await planned.night_staff.look(SLOT, STURE, VIEWER_KEY)
    await planned.night_staff.all_well(SLOT, STURE)
    await planned.time("02:30")
    with pytest.raises(NotOfThisUnitError):
        await planned.night_staff.concern(SLOT, STURE)

    acted = [recorded for recorded in await planned.log() if recorded.context.actor.id == str(STURE)]
    assert {recorded.context.actor.role for recorded in acted} == {"break-glass:night-staff"}
    assert len(of_type(acted, BreakGlassOpened)) == 1
    assert (await planned.slot(SLOT)).status == "completed"
    assert await planned.breaches() == []


async def test_who_has_no_other_role_acts_in_any_that_they_took_in_an_emergency(
    planned: House, staffing: Staffing
) -> None:
    await staffing.break_glass(UNIT, "night-staff", "Anna har fallit ihop", STURE)
    owner, tx = Owner(ORGANISATION, UNIT), Transaction(planned.ledger)
    context = await acting_context(tx, STURE, ("manager", "night-staff"), owner)
    assert context.actor.role == "break-glass:night-staff"
    with pytest.raises(NotOfThisUnitError):
        await acting_context(tx, STURE, ("manager", "patrol"), owner)


async def test_emergency_access_opens_no_camera_against_a_no(planned: House, staffing: Staffing) -> None:
    await planned.time("02:00")
    await staffing.break_glass(UNIT, "night-staff", "Anna har fallit ihop", STURE)
    await planned.night_staff.claim(SLOT, STURE)
    await planned.tell(recipients.WithdrawConsent(secret("vill inte")))
    with pytest.raises((CameraShutError, NotForTheCameraError)):
        await planned.night_staff.look(SLOT, STURE, VIEWER_KEY)


async def test_it_is_refused_without_reason_need_or_place_in_the_organisation(
    planned: House, staffing: Staffing
) -> None:
    elsewhere, unit, stranger = an_id("elsewhere"), an_id("unit elsewhere"), an_id("a stranger")
    await planned.setting_up.register_unit(
        UnitRegistered(unit=unit, organisation=elsewhere, name="Nabo", zone="UTC", chain=CHAIN)
    )
    employed = StaffRegistered(staff=stranger, unit=unit, roles=("night-staff",), name=secret("Nils"))
    await planned.setting_up.register_staff(employed)
    await staffing.end_role(BERTIL, UNIT, "night-staff", GREETA)
    before = await planned.log()

    for by, reason, rule in (
        (STURE, " ", NoEmergencyReasonError),
        (ANNA, "fire", HasTheRoleError),
        (stranger, "fire", NotOfThisOrganisationError),
        (an_id("nobody"), "fire", NotOfThisOrganisationError),
        (BERTIL, "fire", NotOfThisOrganisationError),  # works here no longer
    ):
        with pytest.raises(rule):
            await staffing.break_glass(UNIT, "night-staff", reason, by)
    await unchanged(planned, before)


async def test_it_stays_listed_until_another_manager_has_reviewed_it(planned: House, staffing: Staffing) -> None:
    access = await staffing.break_glass(UNIT, "night-staff", "Anna har fallit ihop", STURE)
    assert await staffing.break_glass(UNIT, "night-staff", "igen", STURE) == access
    await staffing.grant_role(STURE, UNIT, "manager", GREETA)
    assert [row.id for row in await staffing.accesses_to_review(UNIT)] == [access]

    for by in (STURE, ANNA):
        with pytest.raises(RefusedError):
            await staffing.review_access(access, by, ReviewVerdict.IN_ORDER)
    await staffing.review_access(access, GREETA, ReviewVerdict.NOT_IN_ORDER, "behövdes inte")
    await staffing.review_access(access, GREETA, ReviewVerdict.NOT_IN_ORDER, "behövdes inte")

    assert await staffing.accesses_to_review(UNIT) == []
    assert len(of_type(await planned.log(), BreakGlassReviewed)) == 1


async def test_what_is_written_about_an_emergency_lies_sealed(planned: House, staffing: Staffing) -> None:
    access = await staffing.break_glass(UNIT, "night-staff", "ihopfallen", STURE)
    await staffing.review_access(access, GREETA, ReviewVerdict.IN_ORDER, "rimligt")
    text = "".join(recorded.event.model_dump_json() for recorded in await planned.log())
    assert "ihopfallen" not in text
    assert "rimligt" not in text


# Rosters


def a_line(staff: UUID, starts: str = "21:00", ends: str = "07:00", role: str = "night-staff") -> Line:
    return Line(staff, role, at(starts), at(ends))


async def test_a_roster_is_entered_whole_and_once(planned: House, staffing: Staffing) -> None:
    lines = [(NIGHT, a_line(ANNA)), (NIGHT, a_line(BERTIL, "22:00"))]
    assert await staffing.enter_roster(UNIT, lines, GREETA, dry_run=True) == 2
    assert await staffing.roster(UNIT, NIGHT) == []
    assert await staffing.enter_roster(UNIT, lines, GREETA, RosterSource.IMPORTED) == 2
    assert await staffing.enter_roster(UNIT, lines, GREETA) == 0

    rows = await staffing.roster(UNIT, NIGHT)
    assert [(row.staff, row.source) for row in rows] == [(ANNA, "imported"), (BERTIL, "imported")]
    await staffing.remove_shift(rows[0].id, GREETA)
    assert [row.staff for row in await staffing.roster(UNIT, NIGHT)] == [BERTIL]


async def test_every_line_that_cannot_be_is_told_and_none_is_entered(planned: House, staffing: Staffing) -> None:
    before = await planned.log()
    lines = [a_line(ANNA), a_line(STURE), a_line(BERTIL, "07:00", "06:00")]
    with pytest.raises(RosterRefusedError) as refused:
        await staffing.enter_roster(UNIT, [(NIGHT, line) for line in lines], GREETA)
    faults = [(number, type(fault)) for number, fault in refused.value.faults]
    assert faults == [(1, NotForTheRosterError), (2, ShiftEndsBeforeItBeginsError)]
    await unchanged(planned, before)


# Coming and going


async def test_who_claims_is_signed_in_once_a_night(planned: House, staffing: Staffing) -> None:
    neighbour = await register_neighbour(planned, 1)
    await planned.planner.plan_all()
    await planned.time("02:00")
    for slot in (SLOT, slot_id(neighbour, NIGHT, an_id("entry 0"))):
        await planned.night_staff.claim(slot, ANNA)
    assert of_type(await planned.log(), SignedIn) == [SignedIn(unit=UNIT, night=NIGHT, staff=ANNA, role="night-staff")]


async def test_signing_in_takes_the_role(planned: House, staffing: Staffing) -> None:
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    with pytest.raises(NotInThisRoleError):
        await staffing.sign_in(UNIT, "patrol", ANNA)
    with pytest.raises(NotOfThisUnitError):
        await staffing.sign_in(UNIT, "night-staff", STURE)
    assert [row.staff for row in await staffing.at_work(UNIT, NIGHT)] == [ANNA]


async def test_the_end_of_a_shift_hands_over_by_name(planned: House, staffing: Staffing) -> None:
    await planned.time("02:00")
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await an_incident(planned, ANNA)

    await staffing.sign_out(UNIT, ANNA, BERTIL)
    await staffing.sign_out(UNIT, ANNA, BERTIL)

    log = await planned.log()
    assert of_type(log, SignedOut) == [SignedOut(unit=UNIT, night=NIGHT, staff=ANNA, to=BERTIL)]
    both = {ALARM, OF_THE_INCIDENT}
    assert {(told.alarm, told.by, told.to) for told in of_type(log, AlarmHandedOver)} == {
        (alarm, ANNA, BERTIL) for alarm in both
    }
    assert [taken.by for taken in of_type(log, IncidentTaken)] == [ANNA, BERTIL]
    assert of_type(log, SlotReleased) == [SlotReleased(slot=SLOT, by=ANNA)]
    await planned.night_staff.claim(SLOT, BERTIL)


async def test_without_a_name_it_goes_unowned_and_is_loud_at_once(planned: House, staffing: Staffing) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await an_incident(planned, ANNA)

    await staffing.sign_out(UNIT, ANNA)

    log, now = await planned.log(), planned.clock.now()
    assert {(told.alarm, told.was, told.answer_by) for told in of_type(log, AlarmDisowned)} == {
        (alarm, ANNA, now + minutes(5)) for alarm in (ALARM, OF_THE_INCIDENT)
    }
    assert of_type(log, IncidentDisowned) == [IncidentDisowned(incident=INCIDENT, was=ANNA)]
    assert (await planned.slot(SLOT)).lease_by is None
    owned = await planned.store.query(queries.owned_by, UNIT, ANNA, now)
    assert owned == queries.OwnedRows([], [], [], [])


async def test_a_visit_on_its_way_goes_to_the_next_in_line_when_the_shift_ends(
    planned: House, staffing: Staffing
) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.patrol.acknowledge(own_visit(SLOT), PATROL)

    await staffing.sign_out(UNIT, PATROL)

    asked = of_type(await planned.events(f"visit-{own_visit(SLOT)}"), VisitDeclined, VisitAssigned)
    assert [event.responder for event in asked] == [PATROL, PATROL, SECOND_PATROL]
    assert (await planned.visit(own_visit(SLOT))).responder == SECOND_PATROL


async def test_nobody_is_taken_from_a_look_when_the_night_before_ends(
    house: House,
) -> None:
    """Signed in at eleven, in the night that ends at noon; at 12:29 they claim in the next."""
    await register_home(house, "12:30", from_night=NIGHT - timedelta(days=1))
    staffing, slot = Staffing(house.ledger), slot_of(night=NIGHT + timedelta(days=1))
    await house.time("11:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await house.planner.plan_all()
    await house.time("12:29", days=1)
    await house.night_staff.claim(slot, ANNA)
    await house.night_staff.look(slot, ANNA, VIEWER_KEY)
    await house.time("12:30", days=1)
    await StaffingWatch(house.ledger, house.clock, minutes(10)).watch()
    assert [gone.night for gone in of_type(await house.log(), SignedOut)] == [NIGHT]
    await house.night_staff.all_well(slot, ANNA)


async def test_who_goes_home_goes_from_every_night_and_hands_over_once(house: House) -> None:
    await register_home(house, "12:30", from_night=NIGHT - timedelta(days=1))
    staffing, slot = Staffing(house.ledger), slot_of(night=NIGHT + timedelta(days=1))
    await house.time("11:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await house.planner.plan_all()
    await house.time("12:29", days=1)
    await house.night_staff.claim(slot, ANNA)
    await staffing.sign_in(UNIT, "night-staff", BERTIL)
    await an_alarm(house, ANNA)

    await staffing.sign_out(UNIT, ANNA, BERTIL)

    log = await house.log()
    assert [gone.night for gone in of_type(log, SignedOut)] == [NIGHT + timedelta(days=1), NIGHT]
    assert (await house.slot(slot)).lease_by is None
    assert [(event.by, event.to) for event in of_type(log, AlarmHandedOver)] == [(ANNA, BERTIL)]
    assert of_type(log, AlarmDisowned) == []


async def test_nothing_is_handed_to_somebody_whose_role_has_ended(planned: House, staffing: Staffing) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("02:00"))
    await planned.time("01:55")
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("02:01")
    before = await planned.log()
    with pytest.raises(RoleExpiredError):
        await staffing.sign_out(UNIT, ANNA, STURE)
    with pytest.raises(NotSignedInError):
        await staffing.sign_out(UNIT, ANNA, BERTIL)
    await unchanged(planned, before)
    await staffing.sign_out(UNIT, STURE, ANNA)  # but who has no role any more may hand over


# A night without staff


async def test_nobody_signed_in_half_an_hour_before_the_first_slot_is_told_once(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:29")
    assert await watch.watch() == at("01:30")
    assert of_type(await planned.log(), Unstaffed) == []
    await planned.time("01:30")
    await watch.watch()
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == [Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("02:00"))]


async def test_somebody_there_in_time_and_nobody_is_alarmed(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:29")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("01:31")
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == []


async def test_when_everybody_has_gone_with_slots_to_come_it_is_told_again(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:40")
    await watch.watch()
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await watch.watch()
    await staffing.sign_out(UNIT, ANNA)
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 2


async def test_a_patrol_alone_is_nobody_while_a_camera_is_to_be_looked_through(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.sign_in(UNIT, "patrol", PATROL)
    await planned.time("01:31")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_a_patrol_is_enough_for_a_night_of_visits(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.tell(recipients.WithdrawConsent(secret("vill inte")))
    await staffing.sign_in(UNIT, "patrol", PATROL)
    await planned.time("01:31")
    await watch.watch()
    assert of_type(await planned.log(), Unstaffed) == []


async def test_two_watches_say_it_once(
    planned: House, another: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await planned.time("01:31")
    other = StaffingWatch(another.ledger, another.clock, minutes(10))
    await asyncio.gather(watch.watch(), other.watch())
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_a_shift_that_ended_by_the_roster_without_a_word_leaves_nothing_owned(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA, ends="02:00"))], GREETA)
    await planned.time("01:59")
    await planned.night_staff.claim(SLOT, ANNA)
    await an_alarm(planned, ANNA)
    await planned.time("02:29")
    assert await watch.watch() == at("02:30")
    assert of_type(await planned.log(), SignedOut) == []
    await planned.time("02:30")
    await watch.watch()

    log = await planned.log()
    (gone,) = [recorded for recorded in log if isinstance(recorded.event, SignedOut)]
    assert gone.context.actor.kind is ActorKind.SYSTEM
    assert len(of_type(log, AlarmDisowned)) == 1


async def test_who_works_on_after_the_end_of_their_shift_is_not_thrown_out_again(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA, ends="01:20"))], GREETA)
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.time("01:50")
    await watch.watch()
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.time("02:30")
    await watch.watch()
    log = await planned.log()
    assert len(of_type(log, SignedOut)) == 1
    assert len(of_type(log, SignedIn)) == 2
    assert len(of_type(log, SlotClaimed)) == 1


async def test_without_a_roster_a_shift_ends_with_the_night(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await planned.clock.run(at("11:59") + minutes(30))
    await watch.watch()
    assert of_type(await planned.log(), SignedOut) == []
    await planned.clock.run(at("11:59") + timedelta(minutes=31))
    await watch.watch()
    assert len(of_type(await planned.log(), SignedOut)) == 1


async def test_a_role_that_ended_without_a_word_leaves_nothing_owned_and_nobody_there(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("00:45"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await an_alarm(planned, STURE)
    await planned.time("01:14")
    assert await watch.watch() == at("01:15")
    assert of_type(await planned.log(), SignedOut) == []
    await planned.time("01:15")
    await watch.watch()
    assert len(of_type(await planned.log(), AlarmDisowned)) == 1
    await planned.time("01:30")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_who_is_signed_in_in_a_role_that_has_ended_is_nobody_who_is_there(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("01:35"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await planned.time("01:34")
    assert await watch.watch() == at("01:35")
    assert of_type(await planned.log(), Unstaffed) == []
    await planned.time("01:35")
    await watch.watch()
    assert len(of_type(await planned.log(), Unstaffed)) == 1


async def test_who_has_lost_their_role_by_name_is_signed_out(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await an_alarm(planned, STURE)
    await staffing.end_role(STURE, UNIT, "night-staff", GREETA)
    await planned.time("01:35")
    await watch.watch()
    log = await planned.log()
    assert len(of_type(log, Unstaffed)) == 1
    assert len(of_type(log, AlarmDisowned)) == 1


async def test_who_takes_the_role_in_an_emergency_when_it_ended_is_there_for_as_long_as_that(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    await staffing.grant_role(STURE, UNIT, "night-staff", GREETA, until=at("00:45"), agency=True)
    await staffing.sign_in(UNIT, "night-staff", STURE)
    await planned.time("00:50")
    await staffing.break_glass(UNIT, "night-staff", "nobody else is here", STURE)
    await planned.time("01:40")
    await watch.watch()
    assert of_type(await planned.log(), SignedOut) == []


async def test_the_running_watch_wakes_when_the_limit_passes(
    planned: House, staffing: Staffing, watch: StaffingWatch
) -> None:
    async def known_to_the_clock() -> None:
        await planned.clock.sleep_until(planned.clock.now())
        await watch.run()

    running = asyncio.create_task(known_to_the_clock())
    await asyncio.sleep(0)
    await planned.time("01:31")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    (told,) = [recorded for recorded in await planned.log() if isinstance(recorded.event, Unstaffed)]
    assert told.context.time == at("01:30")


# Load


async def test_the_load_of_a_night_counts_staff_by_roster_and_by_who_is_there(
    planned: House, staffing: Staffing
) -> None:
    load = Load(planned.ledger)
    assert [quarter.over for quarter in (await load.night_load(UNIT, NIGHT)).due] == [1]

    await staffing.enter_roster(UNIT, [(NIGHT, a_line(ANNA)), (NIGHT, a_line(BERTIL, ends="02:00"))], GREETA)
    night = await load.night_load(UNIT, NIGHT)
    assert [(quarter.start, quarter.slots, quarter.capacity) for quarter in night.due] == [(at("02:00"), 1, 10)]
    assert night.staff(at("01:45")) == 2
    assert await load.suggested(UNIT, NIGHT) == {SLOT: at("02:00")}

    await planned.time("01:00")
    await staffing.sign_in(UNIT, "night-staff", ANNA)
    await staffing.sign_out(UNIT, ANNA)
    assert (await load.night_load(UNIT, NIGHT)).staff(at("01:45")) == 1
