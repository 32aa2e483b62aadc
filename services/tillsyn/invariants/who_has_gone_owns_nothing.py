"""Who has signed out has no slot, alarm, incident or visit of the unit.

Broken: somebody at home is the one who has it, and nobody at work is asked about it before a limit has passed.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from events.types.alarm import AlarmAcknowledged
from events.types.incident import IncidentTaken
from events.types.night import SlotClaimed
from events.types.visit import VisitAcknowledged
from services.tillsyn import staff
from services.tillsyn import visit as visits
from services.tillsyn.invariants.world import Breach, Rule, Story, World

NAME = __name__.rpartition(".")[2].replace("_", " ")
_TAKEN = (SlotClaimed, VisitAcknowledged, AlarmAcknowledged, IncidentTaken)


def check(world: World) -> Iterable[Breach]:
    """Everything that has an owner."""
    gone = _gone(world)
    for story, what, owner in _owned(world):
        unit = story.history[-1].context.owner.unit
        if (unit, owner) in gone and _at_work(story, owner):
            yield Breach(NAME, story.stream, f"{what} belongs to {owner}, who has signed out")


def _gone(world: World) -> set[tuple[UUID, UUID]]:
    """Unit and member of staff of everybody who has signed out there, in any night, and not come again."""
    shifts = [(one.state.unit, one.state) for one in world.shifts if one.state.unit is not None]
    there = {(unit, member) for unit, shift in shifts for member in shift.signed_in}
    return {(unit, member) for unit, shift in shifts for member in shift.gone} - there


def _owned(world: World) -> Iterator[tuple[Story[Any], str, UUID]]:
    for night in world.nights:
        for slot in night.state.slots.values():
            if slot.open and slot.lease is not None and slot.lease.live(world.now):
                yield night, f"slot {slot.id}", slot.lease.by
    for visit in world.visits.values():
        if visit.state.stage is visits.Stage.ACKNOWLEDGED and visit.state.responder is not None:
            yield visit, f"visit {visit.state.visit}", visit.state.responder
    for alarm in world.alarms.values():
        if alarm.state.stands and alarm.state.owner is not None:
            yield alarm, f"alarm {alarm.state.alarm}", alarm.state.owner
    for unit in world.incidents:
        for incident in unit.state.open.values():
            if incident.taken_by is not None:
                yield unit, f"incident {incident.incident}", incident.taken_by


def _at_work(story: Story[Any], owner: UUID) -> bool:
    """Whether they took it in a role in which taking is being at work: a manager at home may have an alarm."""
    took = [one.context.actor for one in story.history if isinstance(one.event, _TAKEN)]
    roles = [staff.plain_role(actor.role) for actor in took if actor.id == str(owner)]
    return not roles or roles[-1] in staff.AT_WORK


RULE = Rule.of(__name__, __doc__, check)
