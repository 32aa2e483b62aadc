"""An alarm that is not cleared has a limit that runs, and what has to be an alarm is one.

Broken: something is wrong and nobody will hear of it again; or nobody looked, nobody is on the way, nobody was told.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from events.types.night import SlotEscalated
from events.types.visit import VisitAcknowledged, VisitArrived, VisitHeld
from services.tillsyn import alarm as alarms
from services.tillsyn import night as nights
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.policies.alarms import OF_A_SLOT

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")
_SETTLED = (VisitAcknowledged, VisitArrived, VisitHeld)
"""From then on somebody has the visit: a responder, or whoever decides in the incident."""


def check(world: World) -> Iterable[Breach]:
    """Every alarm that stands, its row, and every escalation that nobody has taken on."""
    for story in world.alarms.values():
        yield from _fading(world, story)
    latest = {story.state.alarm for story in world.alarms.values()}
    for id_, row in world.alarm_rows.items():
        if row.act_at is not None and id_ not in latest:
            yield Breach(NAME, "alarms", f"row {id_} stands, and the log has a later alarm of its cause, or none")
    for night in world.nights:
        yield from _untold(world, night)


def _fading(world: World, story: Story[alarms.Alarm]) -> Iterator[Breach]:
    alarm = story.state
    if not alarm.stands or alarm.alarm is None:
        return
    if alarm.act_at is None or world.now > alarm.act_at + GRACE:
        yield Breach(NAME, story.stream, f"alarm {alarm.alarm} is {alarm.state}, and its limit {alarm.act_at} is past")
    row = world.alarm_rows.get(alarm.alarm)
    if row is None or (row.state, row.owner, row.act_at) != (alarm.state.value, alarm.owner, alarm.act_at):
        yield Breach(NAME, story.stream, f"alarm {alarm.alarm} is {alarm.state}, and its row says something else")


def _untold(world: World, night: Story[nights.Night]) -> Iterator[Breach]:
    for event in (recorded.event for recorded in night.history):
        if not isinstance(event, SlotEscalated) or event.reason not in OF_A_SLOT:
            continue
        visit = world.visits.get(event.visit)
        if visit is None or visit.state.over or any(isinstance(each.event, _SETTLED) for each in visit.history):
            continue
        alarm = world.alarms.get(alarms.stream_of(OF_A_SLOT[event.reason], f"slot:{event.slot}"))
        if alarm is None or not alarm.state.stands:
            yield Breach(NAME, night.stream, f"slot {event.slot}: {event.reason}, nobody is on the way, and no alarm")


RULE = Rule.of(__name__, __doc__, check)
