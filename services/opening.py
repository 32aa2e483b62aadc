"""Opening the log: the one place where a part gets its store, its key ring and its ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from events.keys import KeyRing
from events.runtime.clock import Clock
from events.runtime.ids import Ids, Randomness, system_randomness
from events.store import EventStore
from events.types import REGISTRY
from services.secrets import master_key
from services.settings import DatabaseSettings
from services.tillsyn.ledger import Ledger
from services.tillsyn.policies import POLICIES
from services.tillsyn.read_models import PROJECTIONS


@asynccontextmanager
async def opened_ledger(
    settings: DatabaseSettings, clock: Clock, randomness: Randomness = system_randomness
) -> AsyncIterator[Ledger]:
    """The ledger on the configured database, closed afterwards. `randomness` makes the ids; keys are always random."""
    async with await EventStore.open(
        settings.database, registry=REGISTRY, projections=PROJECTIONS, now=clock.now
    ) as store:
        yield Ledger(store, KeyRing(master_key(settings), store), clock, Ids(clock.now, randomness), POLICIES)
