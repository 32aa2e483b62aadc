"""While a decision stands, tonight is planned: what the schedule asks for has a slot.

Broken: a recipient with a decision and a schedule has a night that nobody planned, and nothing will be noticed.
Judged twice: by the planner's own rules, and by the watch's, which know nothing of them.
"""

from collections.abc import Iterable

from events.schedule import night_of, zone_named
from services.tillsyn import night as nights
from services.tillsyn.invariants.world import Breach, Rule, World
from services.tillsyn.watches.plan_concerns import must_be_planned

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Tonight, for every recipient."""
    planned = {story.stream: set(story.state.slots) for story in world.nights}
    for story in world.recipients.values():
        recipient = story.state
        unit = world.units.get(recipient.unit) if recipient.unit else None
        if unit is None or recipient.recipient is None:
            continue
        zone = zone_named(unit.zone)
        tonight = night_of(world.now, zone)
        wanted = {slot.slot for slot in recipient.slots(tonight, zone)}
        missing = wanted - planned.get(nights.stream_of(recipient.recipient, tonight), set())
        if missing:
            yield Breach(NAME, story.stream, f"{len(missing)} slots of the night of {tonight} are not planned")
        has_slots = bool(planned.get(nights.stream_of(recipient.recipient, tonight)))
        if not missing and not has_slots and must_be_planned(recipient, tonight, zone, world.now):
            yield Breach(NAME, story.stream, f"times are agreed, and the night of {tonight} has no slots")


RULE = Rule.of(__name__, __doc__, check)
