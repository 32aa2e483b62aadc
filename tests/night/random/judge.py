"""Whether a random night kept what must never break: the service's own invariants, and some that stand here anew."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeGuard
from uuid import UUID

from events.base import Event
from events.types.night import (
    AllWellUndone,
    CancelReason,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReopened,
)
from events.types.recipient import AbsenceEnded, AbsenceReported, DeathTakenBack, RecipientDied
from events.types.visit import VisitCalledOff, VisitHastened, VisitKind, VisitRequested
from services.tillsyn.invariants import RULES, World, read_world
from services.tillsyn.kinds import ALARM, HOME, INCIDENTS, NIGHT, NOTICE, PATROL, RECIPIENT, ROLES, SHIFT, UNIT, VISIT
from services.tillsyn.ledger import Kind
from services.tillsyn.recipient import Recipient
from tests.night.random.hours import Hours
from tests.night.random.shut import looks_while_shut
from tests.night.random.town import PEOPLE
from tests.services.tillsyn.rules.test_sealed import Unreadable, with_personal

GONE = (CancelReason.DEATH.value, CancelReason.ABSENT.value)
KINDS: dict[str, Kind[Any]] = {
    "night": NIGHT,
    "recipient": RECIPIENT,
    "home": HOME,
    "visit": VISIT,
    "incident": INCIDENTS,
    "alarm": ALARM,
    "notice": NOTICE,
    "patrol": PATROL,
    "roles": ROLES,
    "shift": SHIFT,
    "unit": UNIT,
}
"""How the streams of each prefix are folded."""


async def breaches(hours: Hours) -> list[str]:
    """What is broken now, in words."""
    world = await read_world(hours.store, hours.clock.now())
    found = [
        f"{breach.rule}: {breach.stream}: {breach.what}"
        for rule in RULES
        for breach in rule.check(world)
        if not (breach.late and hours.pauses)
    ]
    log = sorted((one for history in world.histories.values() for one in history), key=lambda one: one.position)
    return [*found, *looks_while_shut(log), *_settled_twice(world)]


async def breaches_at_the_end(hours: Hours, *, rebuilt: bool) -> list[str]:
    """The same when the night is over, with what can only be said then."""
    world = await read_world(hours.store, hours.clock.now())
    found = [*await breaches(hours), *_silent(world, hours), *_sent_to_nobody(world), *_read_a_personal_field(world)]
    if rebuilt:
        found += [f"row differs: {each}" for each in (await hours.store.rebuild(check=True)).differences]
    return found


def _settled_twice(world: World) -> Iterator[str]:
    for story in world.nights:
        ended = set()
        for event in (recorded.event for recorded in story.history):
            match event:
                case SlotCompleted(slot=slot) | SlotEscalated(slot=slot) | SlotCancelled(slot=slot):
                    if slot in ended:
                        yield f"{story.stream}: slot {slot} ended twice"
                    ended.add(slot)
                case AllWellUndone(slot=slot) | SlotReopened(slot=slot) | SlotReinstated(slot=slot):
                    ended.discard(slot)
                case _:
                    pass


def _silent(world: World, hours: Hours) -> Iterator[str]:
    """Each agreed time of the night has a slot that has ended, unless the clocks leap over it or it is said twice."""
    nights = {story.stream: story.state for story in world.nights}
    for person, entries in zip(PEOPLE, hours.plan.schedules, strict=True):
        state = nights.get(f"night-{person}-{hours.plan.night}")
        due = {slot.plan.due_at for slot in state.slots.values()} if state else set()
        for entry in entries:
            if not any(instant in due for instant in _instants(hours, entry.at)):
                yield f"{person} was to be checked on at {entry.at}, and there is no such slot: {sorted(due)}"
        for slot in state.slots.values() if state else ():
            if slot.open:
                yield f"slot {slot.id} of {slot.plan.due_at} is open in the end"


def _sent_to_nobody(world: World) -> Iterator[str]:
    """Who was never dead or away, though it was said, is sent to again."""
    nights, visits = world.nights, world.visits.values()
    for id_, person in world.recipients.items():
        for back in person.history:
            match back.event:
                case DeathTakenBack():
                    gone = [one for one in person.history if isinstance(one.event, RecipientDied)]
                case AbsenceEnded(absence=absence, announced=False):
                    gone = [each for each in person.history if _says_away(each.event, absence)]
                case _:
                    continue
            said = max((one for one in gone if one.position < back.position), key=lambda one: one.position)
            theirs = [one for story in nights if story.state.recipient == id_ for one in story.history]
            theirs += [one for story in visits if story.state.recipient == id_ for one in story.history]
            off = [one.event for one in theirs if one.context.correlation == said.context.correlation]
            then = [one.event for one in theirs if one.context.correlation == back.context.correlation]
            called_off = [event for event in off if isinstance(event, VisitCalledOff) and event.reason in GONE]
            again = any(_sent(event) for event in then)
            before = [one.event for one in theirs if one.position < said.position]
            sent = {event.visit for event in before if _sent(event)}
            if any(event.visit in sent for event in called_off) and not again and not _gone(person.state, world.now):
                yield f"{id_}: {said.event.wire_type()} called a visit off, {back.event.wire_type()} sent nobody"


def _says_away(event: Event, absence: UUID) -> bool:
    return isinstance(event, AbsenceReported) and event.absence == absence


def _sent(event: Event) -> TypeGuard[VisitRequested | VisitHastened]:
    """Whether somebody is needed now: sent, or hastened that was planned."""
    return isinstance(event, VisitHastened) or (isinstance(event, VisitRequested) and event.kind is VisitKind.SENT)


def _gone(person: Recipient, now: datetime) -> bool:
    """Dead or away for another reason, too."""
    return person.died_at is not None or any(away.starts_at <= now < away.ends_at for away in person.absences.values())


def _instants(hours: Hours, at: time) -> Iterator[datetime]:
    """When a time on the wall is in this night: once or twice; where the clocks leap over it, up to an hour later."""
    day = hours.plan.night + timedelta(days=at.hour < 12)
    wall = datetime.combine(day, at)
    for fold in (0, 1):
        yield wall.replace(tzinfo=hours.zone, fold=fold).astimezone(UTC)
    leapt = wall.replace(tzinfo=hours.zone).astimezone(UTC).astimezone(hours.zone)
    if leapt.replace(tzinfo=None) != wall:
        for n in range(61):
            yield (wall + timedelta(minutes=n)).replace(tzinfo=hours.zone).astimezone(UTC)


def _read_a_personal_field(world: World) -> Iterator[str]:
    """Streams that fold to something else when nobody can read a personal field any more."""
    for stream, history in world.histories.items():
        kind = KINDS.get(stream.partition("-")[0])
        if kind is None:
            continue
        plain = [recorded.event for recorded in history]
        erased = [with_personal(event, Unreadable) for event in plain]
        if kind.fold(plain) != kind.fold(erased):
            yield f"{stream} folds to something else without keys"
