"""Each home in an open incident that waits for a decision has a limit that runs; only for such homes is a visit held,
and where nobody has deferred it by name, the limit is no later than the unit's rules give from now.

Nobody is asked about a home in which nothing is left to decide.

Broken: a village is dark, and nobody is asked about it any more, or not before tomorrow; or an incident cannot be
closed, for a decision that nobody needs.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from events.types.incident import HomeDeferred, HomeJoined, HomePhoned
from services.tillsyn.incident import HomeLost, Incidents, Standing
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.visit import Visit

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every home of every open incident, and every visit that is held."""
    waiting: dict[tuple[UUID, UUID], HomeLost] = {}
    for story in world.incidents:
        for incident in story.state.open.values():
            for lost in incident.homes.values():
                if lost.until is None:
                    continue
                waiting[incident.incident, lost.home] = lost
                if world.now > lost.until + GRACE:
                    what = f"home {lost.home} should have been decided about by {lost.until:%F %H:%M:%S} UTC"
                    yield Breach(NAME, story.stream, what)
    yield from _asked_for_nothing(world)
    for visit in world.visits.values():
        state, home = visit.state, visit.state.home
        if state.held_by is None or state.over or home is None:
            continue
        asked = waiting.get((state.held_by, home))
        if asked is None or asked.until is None:
            yield Breach(NAME, visit.stream, f"visit {state.visit} is held and nobody is asked about {home}")
        elif asked.standing is not Standing.DEFERRED and asked.until > _latest(world, home, state) + GRACE:
            what = f"visit {state.visit} is held and nobody is asked about {home} before {asked.until:%F %H:%M:%S} UTC"
            yield Breach(NAME, visit.stream, what)


def _latest(world: World, home: UUID, visit: Visit) -> datetime:
    """The latest that somebody must decide by, as the unit's rules stand or stood when the night was planned."""
    unit = world.homes[home].state.unit if home in world.homes else None
    rules = [visit.rules, *([world.units[unit].rules] if unit in world.units else [])]
    return world.now + max(one.incident_decided_within for one in rules)


def _asked_for_nothing(world: World) -> Iterable[Breach]:
    """Homes that wait though nothing is left to decide: no visit held, no check due, nobody who phoned or deferred."""
    held = {(visit.state.held_by, visit.state.home) for visit in world.visits.values() if not visit.state.over}
    due: dict[UUID, datetime] = {}
    for night in world.nights:
        for slot in night.state.slots.values():
            if slot.for_the_camera and (home := night.state.home) is not None:
                due[home] = min(due.get(home, slot.plan.due_at), slot.plan.due_at)
    for story in world.incidents:
        named = _decided_by_name(story)
        for incident in story.state.open.values():
            for lost in incident.homes.values():
                which = (incident.incident, lost.home)
                if lost.until is None or which in named or which in held:
                    continue
                if lost.home not in due or due[lost.home] > lost.until:
                    yield Breach(NAME, story.stream, f"home {lost.home} waits, and nothing is left to decide about it")


def _decided_by_name(story: Story[Incidents]) -> set[tuple[UUID, UUID]]:
    """Incident and home where somebody has phoned or deferred since it joined: that is waited for."""
    named: set[tuple[UUID, UUID]] = set()
    for recorded in story.history:
        match recorded.event:
            case HomePhoned(incident=incident, home=home) | HomeDeferred(incident=incident, home=home):
                named.add((incident, home))
            case HomeJoined(incident=incident, home=home):
                named.discard((incident, home))
            case _:
                pass
    return named


RULE = Rule.of(__name__, __doc__, check)
