"""Where lists on paper are made, each lies in its place before the night's first slot opens.

Broken: a night has begun, and if nothing works nobody knows on paper where to go. Units that never had a list are not
judged: they have not asked for any.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from events.envelope import Recorded
from events.schedule import night_bounds, zone_named
from events.types.paper import OfflineListArrived, OfflineListFailed, OfflineListMade
from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")
PREFIX = "paper-"


def check(world: World) -> Iterable[Breach]:
    """Every night's paper, and every night that should have some."""
    for stream, history in world.histories.items():
        if stream.startswith(PREFIX):
            yield from _failures(stream, history)
    yield from _never_made(world)


def _failures(stream: str, history: tuple[Recorded, ...]) -> Iterable[Breach]:
    told: dict[UUID | None, tuple[str, bool]] = {}
    for recorded in history:
        match recorded.event:
            case OfflineListFailed(patrol=patrol, why=why):
                told[patrol] = (why, False)
            case OfflineListArrived(patrol=patrol) if patrol in told:
                told[patrol] = (told[patrol][0], True)
            case _:
                pass
    for patrol, (why, late) in told.items():
        of = f"patrol {patrol}" if patrol else "the unit"
        yield Breach(NAME, stream, f"the list of {of} was not there when the first slot opened: {why}", late)


def _never_made(world: World) -> Iterable[Breach]:
    since: dict[UUID, date] = {}
    for stream, history in world.histories.items():
        for recorded in history if stream.startswith(PREFIX) else ():
            if isinstance(recorded.event, OfflineListMade):
                unit, night = recorded.event.unit, recorded.event.night
                since[unit] = min(night, since.get(unit, night))
    for (unit, night), opens_at in _first_slots(world).items():
        stream = f"{PREFIX}{unit}-{night}"
        if unit in since and night > since[unit] and opens_at <= world.now and stream not in world.histories:
            over = world.now >= night_bounds(night, zone_named(world.units[unit].zone))[1]
            yield Breach(NAME, stream, "the night has begun, and nobody has made a list", late=over)


def _first_slots(world: World) -> dict[tuple[UUID, date], datetime]:
    opening: dict[tuple[UUID, date], list[datetime]] = defaultdict(list)
    for row in world.slot_rows.values():
        if row.caller is None and row.unit in world.units:
            opening[row.unit, row.night].append(row.opens_at)
    return {key: min(times) for key, times in opening.items()}


RULE = Rule.of(__name__, __doc__, check)
