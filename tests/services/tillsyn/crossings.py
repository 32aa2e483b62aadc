"""What somebody of one unit tries on what is another's; a line for each method of the desk."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from events.envelope import Actor
from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass
from events.types.night import AlarmCaller, ReviewVerdict
from events.types.patrol import PatrolState
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import DEFAULT_RULES, GatewayRegistered, StaffRegistered, UnitRegistered, UnitRulesChanged
from events.types.visit import DeclineReason, Found, Help, PhoneOutcome
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.camera import CameraElsewhereError
from services.tillsyn.desk import Care, Dispatch
from services.tillsyn.desk.staffing import RosterRefusedError
from services.tillsyn.desk.who import NotOfThisUnitError
from services.tillsyn.home.errors import NoSuchCameraError
from services.tillsyn.incident.errors import NoSuchIncidentError, NotInTheIncidentError
from services.tillsyn.refused import RefusedError
from services.tillsyn.shift import Line
from services.tillsyn.shift.errors import NotSignedInError
from services.tillsyn.staff.errors import NotOfThisOrganisationError
from services.tillsyn.visit.errors import NotInTheHomeError
from tests.builders import NIGHT, an_id, at, secret
from tests.services.tillsyn.house import VIEWER_KEY
from tests.services.tillsyn.two_organisations import Side, World, acting


def a_home(home: UUID, unit: UUID) -> homes.Register:
    return homes.Register(home, unit, Personal.of("Storgatan 1", home), RiskClass.MEDIUM, OutageAgreement.VISIT)


Crossing = Callable[[World, Side, Side], Awaitable[Any]]
"""(the world, who tries, whose it is)"""

CROSSINGS: dict[str, Crossing] = {
    "NightStaff.claim": lambda w, me, it: w.house.night_staff.claim(it.slot, me.person),
    "NightStaff.release": lambda w, me, it: w.house.night_staff.release(it.slot, me.person),
    "NightStaff.look": lambda w, me, it: w.house.night_staff.look(it.slot, me.person, VIEWER_KEY),
    "NightStaff.all_well": lambda w, me, it: w.house.night_staff.all_well(it.slot, me.person),
    "NightStaff.undo": lambda w, me, it: w.house.night_staff.undo(it.slot, me.person),
    "NightStaff.not_seen": lambda w, me, it: w.house.night_staff.not_seen(it.slot, me.person),
    "NightStaff.concern": lambda w, me, it: w.house.night_staff.concern(it.slot, me.person, "ligger på golvet"),
    "NightStaff.look, along with one's own": lambda w, me, it: w.house.night_staff.look(
        me.slot, me.person, VIEWER_KEY, (it.slot,)
    ),
    "NightStaff.uncertain": lambda w, me, it: w.house.night_staff.uncertain(it.slot, me.person),
    "NightStaff.reopen": lambda w, me, it: w.house.night_staff.reopen(it.slot, me.person, "second thoughts"),
    "NightStaff.cancel": lambda w, me, it: w.house.night_staff.cancel(it.slot, me.person, "her daughter is there"),
    "NightStaff.alarm": lambda w, me, it: w.house.night_staff.alarm(
        it.recipient, me.person, AlarmCaller.RELATIVE, "a daughter phones"
    ),
    "NightStaff.alarm, without camera": lambda w, me, it: w.house.night_staff.alarm(
        it.recipient, me.person, AlarmCaller.RELATIVE, "a daughter phones", camera=False
    ),
    "Alarms.acknowledge": lambda w, me, it: w.house.alarms.acknowledge(w.alarms[it.unit], me.person),
    "Alarms.hand_over": lambda w, me, it: w.house.alarms.hand_over(w.alarms[it.unit], me.person, it.person),
    "Alarms.hand_over, one's own": lambda w, me, it: w.house.alarms.hand_over(w.alarms[me.unit], me.person, it.person),
    "Notices.read": lambda w, me, it: w.house.notices.read(w.notices[it.unit], me.person),
    "Reviews.review_look": lambda w, me, it: w.house.reviews.review_look(
        *w.looks[it.unit], me.person, ReviewVerdict.IN_ORDER
    ),
    "Incidents.take": lambda w, me, it: w.of_incidents.take(it.unit, w.incidents[it.unit], me.person),
    "Incidents.phone": lambda w, me, it: w.of_incidents.phone(
        it.unit, w.incidents[it.unit], it.lost[0], me.person, PhoneOutcome.ANSWERED_WELL
    ),
    "Incidents.send": lambda w, me, it: w.of_incidents.send(it.unit, w.incidents[it.unit], it.lost[0], me.person),
    "Incidents.defer": lambda w, me, it: w.of_incidents.defer(
        it.unit, w.incidents[it.unit], it.lost[0], me.person, at("03:00"), "later"
    ),
    "Incidents.close": lambda w, me, it: w.of_incidents.close(it.unit, w.incidents[it.unit], me.person, "over"),
    "Installing.begin": lambda w, me, it: w.house.installing.begin(
        it.home, it.camera, me.person, recipient_present=True
    ),
    "Installing.look": lambda w, me, it: w.house.installing.look(it.home, me.person, VIEWER_KEY),
    "Installing.confirm": lambda w, me, it: w.house.installing.confirm(
        it.home, me.person, "123456", recipient_present=True
    ),
    "Installing.break_off": lambda w, me, it: w.house.installing.break_off(it.home, me.person),
    "Dispatch.register": lambda w, me, it: w.dispatch(me.person).register(
        patrols.Register(an_id("a car"), it.unit, "Bil", (), 1)
    ),
    "Dispatch.change_areas": lambda w, me, it: w.dispatch(me.person).change_areas(it.car, ("Söder",)),
    "Dispatch.crew": lambda w, me, it: w.dispatch(me.person).crew(it.car, ()),
    "Dispatch.crew, in one's own car": lambda w, me, it: w.dispatch(me.person).crew(me.car, (it.colleague,)),
    "Dispatch.crew, oneself": lambda w, me, it: w.dispatch().crew(it.car, (me.person,)),
    "Dispatch.say_state": lambda w, me, it: w.dispatch().say_state(it.car, me.person, PatrolState.OFF_THE_ROAD),
    "Patrol.acknowledge": lambda w, me, it: w.house.patrol.acknowledge(it.visit, me.person),
    "Patrol.arrive": lambda w, me, it: w.house.patrol.arrive(it.visit, me.person),
    "Patrol.complete": lambda w, me, it: w.house.patrol.complete(
        it.visit, me.person, minutes=10, people=1, kilometres=1.0, found=Found.ALL_WELL
    ),
    "Patrol.decline": lambda w, me, it: w.house.patrol.decline(it.visit, me.person, DeclineReason.TOO_FAR),
    "Patrol.need_two": lambda w, me, it: w.house.patrol.need_two(it.visit, me.person),
    "Patrol.join": lambda w, me, it: w.house.patrol.join(it.visit, me.person),
    "Patrol.phone": lambda w, me, it: w.house.patrol.phone(it.visit, me.person, PhoneOutcome.ANSWERED_WELL),
    "Patrol.call_help": lambda w, me, it: w.house.patrol.call_help(it.visit, me.person, Help.EMERGENCY),
    "Patrol.driven": lambda w, me, it: w.house.patrol.driven(it.visit, me.person, 3.0),
    "Patrol.enter": lambda w, me, it: w.house.patrol.enter(it.home, me.person),
    "Patrol.leave": lambda w, me, it: w.house.patrol.leave(it.home, me.person, it.person),
    "Patrol.close": lambda w, me, it: w.house.patrol.close(it.visit, me.person, "no need"),
    "Care.change_rules": lambda w, me, it: w.care(me.person).change_rules(
        UnitRulesChanged(unit=it.unit, rules=DEFAULT_RULES.model_copy(update={"looks_a_quarter": 99}))
    ),
    "Care.register_staff": lambda w, me, it: w.care(me.person).register_staff(
        StaffRegistered(staff=an_id("a mole"), unit=it.unit, roles=("manager",), name=secret("Sture"))
    ),
    "Care.register_gateway": lambda w, me, it: w.care(me.person).register_gateway(
        GatewayRegistered(gateway=an_id("a bug"), unit=it.unit, public_key="UABC")
    ),
    "Care.home": lambda w, me, it: w.care(me.person).home(it.home, me.unit, homes.UnlinkCamera("ours now")),
    "Care.home, in its own name": lambda w, me, it: w.care(me.person).home(
        it.home, it.unit, homes.UnlinkCamera("ours now")
    ),
    "Care.recipient": lambda w, me, it: w.care(me.person).recipient(
        it.recipient, me.unit, recipients.WithdrawConsent(secret("no"))
    ),
    "Care.recipient, in its own name": lambda w, me, it: w.care(me.person).recipient(
        it.recipient, it.unit, recipients.WithdrawConsent(secret("no"))
    ),
    "Care.home, a gateway of theirs": lambda w, me, it: w.care(me.person).home(
        me.lost[0], me.unit, homes.LinkCamera(an_id("a camera"), it.gateway)
    ),
    "Care.home, a camera that sees theirs": lambda w, me, it: w.care(me.person).home(
        me.lost[0], me.unit, homes.LinkCamera(an_id("a camera"), me.gateway, (it.recipient,))
    ),
    "Care.home, who is theirs moves in": lambda w, me, it: w.care(me.person).home(
        me.lost[0], me.unit, homes.MoveIn(it.recipient)
    ),
    "Care.home, a new one of theirs": lambda w, me, it: w.care(me.person).home(
        an_id("new home"), me.unit, a_home(an_id("new home"), it.unit)
    ),
    "Care.home, theirs as a new one": lambda w, me, it: w.care(me.person).home(
        an_id("new home"), me.unit, a_home(it.home, me.unit)
    ),
    "Care.recipient, moved into their home": lambda w, me, it: w.care(me.person).recipient(
        me.recipient, me.unit, recipients.Move(it.lost[0], at("02:00"))
    ),
    "Care.recipient, a new one in their home": lambda w, me, it: w.care(me.person).recipient(
        an_id("new"), me.unit, recipients.Register(an_id("new"), it.lost[0], me.unit, secret("Astrid"))
    ),
    "Care.recipient, a new one of theirs": lambda w, me, it: w.care(me.person).recipient(
        an_id("new"), me.unit, recipients.Register(an_id("new"), me.lost[0], it.unit, secret("Astrid"))
    ),
    "Care.recipient, theirs as a new one": lambda w, me, it: w.care(me.person).recipient(
        an_id("new"), me.unit, recipients.Register(it.recipient, me.lost[0], me.unit, secret("Astrid"))
    ),
    "Staffing.grant_role, by the command line": lambda w, me, it: w.staffing.grant_role(
        me.person, it.unit, "manager", acting(me.person, "manager")
    ),
    "Staffing.grant_role": lambda w, me, it: w.staffing.grant_role(me.person, it.unit, "manager", me.person),
    "Staffing.end_role": lambda w, me, it: w.staffing.end_role(it.person, it.unit, "manager", me.person),
    "Staffing.break_glass": lambda w, me, it: w.staffing.break_glass(it.unit, "night-staff", "fire", me.person),
    "Staffing.review_access": lambda w, me, it: w.staffing.review_access(
        w.accesses[it.unit], me.person, ReviewVerdict.IN_ORDER
    ),
    "Staffing.enter_roster": lambda w, me, it: w.staffing.enter_roster(
        it.unit, [(NIGHT, Line(it.colleague, "patrol", at("21:00"), at("07:00")))], me.person
    ),
    "Staffing.remove_shift": lambda w, me, it: w.staffing.remove_shift(w.shifts[it.unit], me.person),
    "Staffing.sign_in": lambda w, me, it: w.staffing.sign_in(it.unit, "night-staff", me.person),
}
"""What somebody tries on a thing that is not theirs. `Class.method`, or that with what is particular after a comma."""

SMUGGLED: dict[str, tuple[Crossing, type[RefusedError]]] = {
    "Incidents.take": (
        lambda w, me, it: w.of_incidents.take(me.unit, w.incidents[it.unit], me.person),
        NoSuchIncidentError,
    ),
    "Incidents.close": (
        lambda w, me, it: w.of_incidents.close(me.unit, w.incidents[it.unit], me.person, "over"),
        NoSuchIncidentError,
    ),
    "Incidents.send": (
        lambda w, me, it: w.of_incidents.send(me.unit, w.incidents[me.unit], it.home, me.person),
        NotInTheIncidentError,
    ),
    "Incidents.phone": (
        lambda w, me, it: w.of_incidents.phone(
            me.unit, w.incidents[me.unit], it.lost[0], me.person, PhoneOutcome.ANSWERED_WELL
        ),
        NotInTheIncidentError,
    ),
    "Installing.begin": (
        lambda w, me, it: w.house.installing.begin(me.home, it.camera, me.person, recipient_present=True),
        NoSuchCameraError,
    ),
    "Care.home": (
        lambda w, me, it: w.care(me.person).home(me.lost[0], me.unit, homes.LinkCamera(it.camera, me.gateway)),
        CameraElsewhereError,
    ),
    "Patrol.complete": (
        lambda w, me, it: w.house.patrol.complete(
            me.visit,
            me.person,
            minutes=10,
            people=1,
            kilometres=1.0,
            found=Found.ALL_WELL,
            also_seen=(it.recipient,),
        ),
        NotInTheHomeError,
    ),
    "Staffing.enter_roster": (
        lambda w, me, it: w.staffing.enter_roster(
            me.unit, [(NIGHT, Line(it.colleague, "patrol", at("21:00"), at("07:00")))], me.person
        ),
        RosterRefusedError,
    ),
    "Staffing.sign_out": (
        lambda w, me, it: w.staffing.sign_out(me.unit, me.person, it.person),
        NotSignedInError,
    ),
}
"""What somebody tries in their own unit with a thing of another's."""

WRONG_ROLE: dict[str, Callable[[World, Side, Actor], Awaitable[Any]]] = {
    "Care.change_rules": lambda w, it, by: Care(w.house.ledger, by).change_rules(
        UnitRulesChanged(unit=it.unit, rules=DEFAULT_RULES.model_copy(update={"looks_a_quarter": 99}))
    ),
    "Care.register_unit": lambda w, it, by: Care(w.house.ledger, by).register_unit(
        UnitRegistered(unit=an_id("mine"), organisation=it.organisation, name="mine", zone="UTC", chain=(it.patrol,))
    ),
    "Care.register_staff": lambda w, it, by: Care(w.house.ledger, by).register_staff(
        StaffRegistered(staff=an_id("a mole"), unit=it.unit, roles=("manager",), name=secret("Sture"))
    ),
    "Care.register_gateway": lambda w, it, by: Care(w.house.ledger, by).register_gateway(
        GatewayRegistered(gateway=an_id("a bug"), unit=it.unit, public_key="UABC")
    ),
    "Care.home": lambda w, it, by: Care(w.house.ledger, by).home(it.home, it.unit, homes.UnlinkCamera("not there")),
    "Care.home, cameras allowed again": lambda w, it, by: Care(w.house.ledger, by).home(
        it.home, it.unit, homes.AllowCameras(UUID(by.id))
    ),
    "Care.home, closed": lambda w, it, by: Care(w.house.ledger, by).home(it.lost[0], it.unit, homes.Close("empty")),
    "Care.recipient": lambda w, it, by: Care(w.house.ledger, by).recipient(
        it.recipient,
        it.unit,
        recipients.GiveConsent(an_id("a yes"), frozenset(ConsentScope), ConsentForm.ORAL, it.patrol),
    ),
    "Care.recipient, a decision": lambda w, it, by: Care(w.house.ledger, by).recipient(
        it.recipient, it.unit, recipients.GrantDecision(an_id("a decision"), NIGHT, None, 2, at("02:00"))
    ),
    "Care.recipient, moved": lambda w, it, by: Care(w.house.ledger, by).recipient(
        it.recipient, it.unit, recipients.Move(it.lost[0], at("02:00"))
    ),
    "Care.recipient, the camera open again": lambda w, it, by: Care(w.house.ledger, by).recipient(
        it.recipient, it.unit, recipients.ResumeCamera()
    ),
    "Dispatch.register": lambda w, it, by: Dispatch(w.house.ledger, by).register(
        patrols.Register(an_id("a car"), it.unit, "Bil", (), 1)
    ),
    "Dispatch.change_areas": lambda w, it, by: Dispatch(w.house.ledger, by).change_areas(it.car, ("Söder",)),
    "Dispatch.crew": lambda w, it, by: Dispatch(w.house.ledger, by).crew(it.car, (it.patrol,)),
    "Staffing.grant_role": lambda w, it, by: w.staffing.grant_role(it.patrol, it.unit, "manager", by),
    "Staffing.end_role": lambda w, it, by: w.staffing.end_role(it.person, it.unit, "manager", by),
    "Staffing.enter_roster": lambda w, it, by: w.staffing.enter_roster(
        it.unit, [(NIGHT, Line(it.colleague, "patrol", at("21:00"), at("07:00")))], by
    ),
    "Staffing.remove_shift": lambda w, it, by: w.staffing.remove_shift(w.shifts[it.unit], by),
}
"""What somebody tries in their own unit that their role does not take."""

READS: dict[str, Callable[[World, Side], Awaitable[Sequence[Any]]]] = {
    "NightStaff.worklist": lambda w, me: w.house.night_staff.worklist(me.unit),
    "Patrol.open_visits": lambda w, me: w.house.patrol.open_visits(me.unit),
    "Staffing.roles": lambda w, me: w.staffing.roles(me.unit),
    "Staffing.accesses_to_review": lambda w, me: w.staffing.accesses_to_review(me.unit),
    "Staffing.roster": lambda w, me: w.staffing.roster(me.unit, NIGHT),
    "Alarms.standing": lambda w, me: w.house.alarms.standing(me.unit),
    "Notices.unread": lambda w, me: w.house.notices.unread(me.unit),
    "Patrol.patrol_list": lambda w, me: w.house.patrol.patrol_list(me.unit, me.car),
    "Dispatch.cars": lambda w, me: w.dispatch(me.person).cars(me.unit),
    "Reviews.looks_to_review": lambda w, me: w.house.reviews.looks_to_review(me.unit),
    "Staffing.at_work": lambda w, me: w.staffing.at_work(me.unit, NIGHT),
}
"""What tells of one unit: its rows are of that unit and no other."""

OF_ITS_OWN: frozenset[str] = frozenset(
    {
        "Care.register_unit",  # makes a unit; an id that is taken stays with whom it is
        "Staffing.sign_out",  # nobody is signed in where they have no role: see the test
        "Load.night_load",  # counts, without ids: see the test
        "Load.suggested",
        "Incidents.open",  # rows that name no unit: see the test
        "Incidents.homes",
        "DeadLetterDesk.replay",  # needs a broker: see the test
        "DeadLetterDesk.drop",
    }
)
"""Tried in a test of their own."""

BORDER = (NotOfThisUnitError, NotOfThisOrganisationError)
"""What the border refuses with."""
