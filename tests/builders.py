"""What tests need, in one line: ids, instants, rules of a unit, and aggregates that have come a certain way.

The night is that of 3 November 2026, in UTC. Its slots are due when `a_night("02:00", …)` says, open 15 minutes
earlier, are late after 30 and have their deadline after 60. ANNA and BERTIL are at the desk; CHAIN is who is sent.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from events.base import Event
from events.personal import Personal
from events.schedule import PlannedSlot, ScheduleEntry, SlotKind, slot_id
from events.types.home import OutageAgreement, RiskClass
from events.types.night import AlarmCaller, EscalationReason, ReviewVerdict
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import NightRules
from events.types.visit import VisitKind
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.night import commands as night_commands

S = TypeVar("S")


def an_id(name: str) -> UUID:
    """The id that goes by this name in tests; the same every time."""
    return uuid5(UUID(int=0), name)


NIGHT = date(2026, 11, 3)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ORGANISATION, UNIT = an_id("organisation"), an_id("unit")
RECIPIENT, HOME = an_id("recipient"), an_id("home")
PARTNER, COHABITANT = an_id("partner"), an_id("cohabitant")
DECISION, CONSENT, ABSENCE = an_id("decision"), an_id("consent"), an_id("absence")
CAMERA, GATEWAY = an_id("camera"), an_id("gateway")
ANNA, BERTIL = an_id("anna"), an_id("bertil")
INSTALLER = an_id("installer")
BOSS, ASSESSOR = an_id("boss"), an_id("assessor")
PATROL, SECOND_PATROL, MANAGER = CHAIN = (an_id("patrol"), an_id("second patrol"), an_id("manager"))
LOOK, OTHER_LOOK = an_id("look"), an_id("other look")
TEST = an_id("commissioning")
VISIT = an_id("visit")
RULES = NightRules()


def at(clock: str) -> datetime:
    """`02:05` or `02:05:30` in the night of 3 November, UTC: from noon on that day, before noon on the next."""
    shown = time.fromisoformat(clock)
    return datetime.combine(NIGHT + timedelta(days=shown.hour < 12), shown, UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def secret(words: str) -> Personal[str]:
    """A personal field in clear, as a command carries it."""
    return Personal.of(words, RECIPIENT)


def folded(decider: Any, state: S, events: Iterable[Event]) -> S:
    """The state after `events`."""
    for event in events:
        state = decider.evolve(state, event)
    return state


def after(decider: Any, state: S, *commands: Any) -> S:
    """The state after `commands`, each decided on what the ones before it left."""
    for command in commands:
        state = folded(decider, state, decider.decide(state, command))
    return state


# Nights. Slots are counted from 0 in the order given.


def nth_slot(n: int) -> UUID:
    """The id of the n-th slot of `a_night`, whatever its time."""
    return slot_id(RECIPIENT, NIGHT, an_id(f"entry {n}"))


SLOT, OTHER_SLOT, THIRD_SLOT = nth_slot(0), nth_slot(1), nth_slot(2)
ALARM = an_id("alarm")
"""The slot of a manual alarm."""


def own_visit(slot: UUID, reopenings: int = 0) -> UUID:
    """The visit that a slot leads to: UUIDv5 of the slot, as DESIGN.md has it; another after each reopening."""
    return uuid5(slot, f"visit {reopenings}" if reopenings else "visit")


def a_planned_slot(
    due: str, n: int = 0, *, kind: SlotKind = SlotKind.REMOTE, opens: int = 15, late: int = 30, deadline: int = 60
) -> PlannedSlot:
    """The n-th slot, due at `due`; windows in minutes from there."""
    due_at = at(due)
    return PlannedSlot(
        slot=nth_slot(n),
        entry=an_id(f"entry {n}"),
        n=0,
        kind=kind,
        opens_at=due_at - minutes(opens),
        due_at=due_at,
        late_at=due_at + minutes(late),
        deadline=due_at + minutes(deadline),
    )


def plan_of(*slots: PlannedSlot, rules: NightRules = RULES) -> night_commands.PlanNight:
    return night_commands.PlanNight(RECIPIENT, HOME, NIGHT, slots, rules)


def a_night_of(*slots: PlannedSlot, rules: NightRules = RULES) -> nights.Night:
    """A night with these slots."""
    return after(nights, nights.EMPTY, plan_of(*slots, rules=rules))


def a_night(*due: str, rules: NightRules = RULES, kind: SlotKind = SlotKind.REMOTE, **windows: int) -> nights.Night:
    """A night with a slot at each time; windows in minutes (`opens`, `late`, `deadline`)."""
    return a_night_of(
        *(a_planned_slot(one, n, kind=kind, **windows) for n, one in enumerate(due or ("02:00",))), rules=rules
    )


def a_claimed_slot(by: UUID = ANNA, since: str = "02:00", *due: str, **night: Any) -> nights.Night:
    """A night whose first slot `by` has claimed."""
    return after(nights, a_night(*due, **night), claim(by, since))


def a_served_look(by: UUID = ANNA, since: str = "02:00", *due: str, **night: Any) -> nights.Night:
    """A night whose first slot `by` has claimed at `since`, and was served a live picture of at once."""
    return after(nights, a_night(*due, **night), *looks(by, since))


def a_second_look_planned(since: str = "02:00", *due: str, **night: Any) -> nights.Night:
    """A night in which ANNA did not see the person at `since`; consent covers the second look."""
    return after(nights, a_served_look(ANNA, since, *due, **night), not_seen(ANNA, since))


def claim(by: UUID, when: str, slot: UUID = SLOT) -> night_commands.Claim:
    return night_commands.Claim(slot, by, at(when))


def grant(by: UUID, when: str, slot: UUID = SLOT, look: UUID = LOOK) -> night_commands.GrantLook:
    return night_commands.GrantLook(slot, look, by, CAMERA, 4, at(when))


def served(when: str, slot: UUID = SLOT, look: UUID = LOOK) -> night_commands.RecordServed:
    return night_commands.RecordServed(slot, look, at(when), 12)


def looks(by: UUID, when: str, slot: UUID = SLOT, look: UUID = LOOK) -> tuple[night_commands.Command, ...]:
    """Claim, grant and a live picture, all at `when`."""
    return claim(by, when, slot), grant(by, when, slot, look), served(when, slot, look)


def all_well(by: UUID, when: str, slot: UUID = SLOT) -> night_commands.SayAllWell:
    return night_commands.SayAllWell(slot, by, at(when))


def not_seen(by: UUID, when: str, slot: UUID = SLOT, *, consented: bool = True) -> night_commands.SayNotSeen:
    return night_commands.SayNotSeen(slot, by, at(when), consented)


def concern(by: UUID, when: str, slot: UUID = SLOT) -> night_commands.RaiseConcern:
    return night_commands.RaiseConcern(slot, by, at(when))


def undo(by: UUID, when: str, slot: UUID = SLOT) -> night_commands.UndoAllWell:
    return night_commands.UndoAllWell(slot, by, at(when))


def uncertain(by: UUID, when: str, slot: UUID = SLOT) -> night_commands.SaySeenUncertain:
    return night_commands.SaySeenUncertain(slot, by, at(when))


def reopen(by: UUID, when: str, slot: UUID = SLOT, *, taken: bool = False) -> night_commands.ReopenSlot:
    """Second thoughts at `when`; `taken` is whether somebody has taken the visit."""
    return night_commands.ReopenSlot(slot, by, "he coughed", at(when), at("11:59:59") + seconds(1), taken)


def alarm(
    when: str, by: UUID = ANNA, caller: AlarmCaller = AlarmCaller.RELATIVE, *, camera: bool = True
) -> night_commands.RaiseManualAlarm:
    """A manual alarm, whose slot is ALARM."""
    place = (RECIPIENT, HOME, NIGHT, RULES)
    return night_commands.RaiseManualAlarm(ALARM, *place, caller, by, "does not answer", camera, at(when))


def review(by: UUID, slot: UUID, look: UUID = LOOK, note: str = "") -> night_commands.ReviewLook:
    return night_commands.ReviewLook(slot, look, by, ReviewVerdict.IN_ORDER, note)


def due(attempt: int, when: str, slot: UUID = SLOT) -> night_commands.ReportDue:
    """The gateway's word that a picture can be had."""
    return night_commands.ReportDue(slot, attempt, None, at(when))


def no_picture(attempt: int, when: str, slot: UUID = SLOT) -> night_commands.ReportNoPicture:
    return night_commands.ReportNoPicture(slot, attempt, EscalationReason.NO_USABLE_PICTURE, "covered", at(when))


def unreachable(attempt: int, when: str, slot: UUID = SLOT) -> night_commands.ReportNoPicture:
    return night_commands.ReportNoPicture(slot, attempt, EscalationReason.CAMERA_UNREACHABLE, "timed-out", at(when))


def sweep(when: str) -> night_commands.Sweep:
    return night_commands.Sweep(at(when))


def apply_to(*slots: UUID, by: night_commands.Restriction, when: str = "01:00") -> night_commands.Apply:
    """Hold the night against one restriction of these slots."""
    return night_commands.Apply(dict.fromkeys(slots, by), at(when))


# Recipients, homes and visits.


def an_entry(clock: str, n: int = 0) -> ScheduleEntry:
    return ScheduleEntry(id=an_id(f"entry {n}"), time=time.fromisoformat(clock))


def a_registered_recipient() -> recipients.Recipient:
    return after(recipients, recipients.EMPTY, recipients.Register(RECIPIENT, HOME, UNIT, secret("Astrid")))


def a_decision(from_night: date = NIGHT, to_night: date | None = None, id_: UUID = DECISION) -> Any:
    return recipients.GrantDecision(id_, from_night, to_night, checks_a_night=3, at=at("12:00"))


def a_handover(id_: UUID = DECISION) -> recipients.HandOverDecision:
    """MANAGER answers for what follows when the decision ends; the assessor says so."""
    return recipients.HandOverDecision(id_, MANAGER, ASSESSOR, "moves to her daughter's")


def a_consent(scope: Iterable[ConsentScope] = tuple(ConsentScope)) -> recipients.GiveConsent:
    return recipients.GiveConsent(CONSENT, frozenset(scope), ConsentForm.WRITTEN, ANNA)


def a_schedule(*times: str, from_night: date = NIGHT) -> recipients.SetSchedule:
    return recipients.SetSchedule(from_night, tuple(an_entry(one, n) for n, one in enumerate(times)), at("12:00"))


def a_recipient(*times: str) -> recipients.Recipient:
    """A recipient with a decision without end, consent to everything, and checks at these times (else 02:00)."""
    return after(recipients, a_registered_recipient(), a_decision(), a_consent(), a_schedule(*(times or ("02:00",))))


def a_registration_of_a_home() -> homes.Register:
    return homes.Register(HOME, UNIT, secret("Storgatan 1"), RiskClass.MEDIUM, OutageAgreement.VISIT)


def a_home(camera: UUID | None = CAMERA) -> homes.Home:
    """A home with this camera linked, or with none."""
    home = after(homes, homes.EMPTY, a_registration_of_a_home())
    return home if camera is None else after(homes, home, homes.LinkCamera(camera, GATEWAY))


def a_camera_test(
    when: str = "14:00", camera: UUID = CAMERA, id_: UUID = TEST, digest: str = "digest of the code"
) -> homes.BeginTest:
    """INSTALLER begins to test a camera at `when`; the code can be read for a quarter of an hour."""
    return homes.BeginTest(camera, id_, INSTALLER, digest, at(when) + minutes(15), at(when), recipient_present=True)


def look_in_test(by: UUID, when: str, look: UUID = LOOK) -> tuple[homes.Command, ...]:
    """A look at the camera in test, and its live picture."""
    until = at(when) + seconds(30)
    return homes.GrantTestLook(look, by, until, at(when)), homes.RecordTestLook(look, at(when))


def read_code(by: UUID, when: str, digest: str = "digest of the code", *, present: bool = True) -> homes.ConfirmTest:
    return homes.ConfirmTest(by, digest, present, at(when))


def a_home_in_use(camera: UUID = CAMERA) -> homes.Home:
    """A home whose camera has passed its test."""
    tested = after(homes, a_home(camera), a_camera_test(camera=camera))
    return after(homes, tested, *look_in_test(ANNA, "14:05"), read_code(ANNA, "14:06"))


def a_request(
    when: str = "02:00",
    kind: VisitKind = VisitKind.SENT,
    not_before: str | None = None,
    chain: tuple[UUID, ...] = CHAIN,
    reason: str = "not-seen",
    **more: Any,
) -> visits.Request:
    """Ask for VISIT at `when`, not to be made before `not_before` (else `when`)."""
    return visits.Request(
        VISIT, kind, reason, RECIPIENT, HOME, NIGHT, SLOT, at(not_before or when), chain, RULES, at(when), **more
    )


def a_visit(when: str = "02:00", chain: tuple[UUID, ...] = CHAIN, **more: Any) -> visits.Visit:
    """A visit sent at `when`."""
    return after(visits, visits.EMPTY, a_request(when, chain=chain, **more))


def a_planned_visit(not_before: str = "02:00", when: str = "20:00") -> visits.Visit:
    """A visit that was asked for at `when`, to be made from `not_before` on."""
    return after(visits, visits.EMPTY, a_request(when, VisitKind.PLANNED, not_before, reason="camera-paused"))
