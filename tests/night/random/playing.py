"""Playing a plan to its end on a fresh database, and what was broken on the way."""

from zlib import crc32

from events.schedule import night_bounds, zone_named
from tests.builders import hours, minutes
from tests.night.random.hours import Hours
from tests.night.random.judge import breaches, breaches_at_the_end
from tests.night.random.plan import Plan
from tests.night.random.town import HandClock, ledger_on
from tests.night.random.verbs import play

REBUILT_OF = 8
"""The read models of one night in so many are made anew from its log, and compared."""


async def broken_in(url: str, plan: Plan) -> list[str]:
    """Play `plan` on the town at `url`: what it broke, with the night's story; nothing if all was kept."""
    noon, end = night_bounds(plan.night, zone_named(plan.zone))
    clock = HandClock(noon + minutes(30))
    async with ledger_on(url, clock) as ledger:
        night = Hours(ledger, clock, plan)
        await night.begin()
        for act in plan.acts:
            await play(night, act)
        found = await breaches(night) if night.sweeper_back is None else []
        await night.morning(end + plan.rules.hard_maximum + hours(1))
        rebuilt = crc32(repr(plan).encode()) % REBUILT_OF == 0
        found += await breaches_at_the_end(night, rebuilt=rebuilt)
    return [*dict.fromkeys(found), *night.told] if found else []
