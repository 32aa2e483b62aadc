"""The story of one unit's night, read from the streams that it stands in."""

from datetime import date
from uuid import UUID

from events.schedule import night_bounds, zone_named
from events.store import EventStore, queries
from services.telling.tell import Line, Names, Telling, tell
from services.telling.words import Language


async def story_of(
    store: EventStore, night: date, unit: UUID, zone_name: str, language: Language, names: Names
) -> list[Line]:
    """What happened in the unit from noon to noon, in order of time; what was decided at one instant in the log's."""
    zone = zone_named(zone_name)
    since, until = night_bounds(night, zone)
    streams = await store.query(queries.streams_of_night, night, unit, since, until)
    log = [recorded for stream in streams for recorded in await store.read(stream)]
    log.sort(key=lambda recorded: (recorded.context.time, recorded.position))
    return list(tell(log, Telling(zone, names, language), since, until))
