"""What other parts of the service decide, recorded as they would; and what stands, and was told, after it."""

from typing import Any
from uuid import UUID

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from services.tillsyn.kinds import HOME as HOMES
from services.tillsyn.kinds import NIGHT as NIGHTS
from services.tillsyn.kinds import RECIPIENT as PEOPLE
from services.tillsyn.kinds import VISIT as VISITS
from services.tillsyn.ledger import Kind
from tests.builders import (
    ORGANISATION,
    UNIT,
)
from tests.services.tillsyn.house import House

OTHER: Kind[None] = Kind(None, lambda _, __: None)
FOLDED = {"night-": NIGHTS, "home-": HOMES, "recipient-": PEOPLE, "visit-": VISITS}


async def happen(house: House, stream: str, *events: Event) -> None:
    """What other parts decide, recorded as they would: in a transaction, with all that follows from it."""
    kind: Kind[Any] = next((kind for begins, kind in FOLDED.items() if stream.startswith(begins)), OTHER)
    owner = Owner(ORGANISATION, UNIT)

    async def use_case(tx: Any) -> None:
        context = Context(Actor(ActorKind.SYSTEM, "test", "test"), owner, house.clock.now(), tx.ledger.ids.thing())
        tx.record(await tx.load(kind, stream), events, context)

    await house.ledger.transact(use_case)


async def standing(house: House) -> list[tuple[str, str]]:
    """Kind and cause of every alarm that stands."""
    return [(row.kind, row.cause) for row in await house.alarms.standing(UNIT)]


async def told(house: House) -> list[tuple[str, str, UUID]]:
    """Kind, role and subject of every unread notice."""
    return [(row.kind, row.to_role, row.about) for row in await house.notices.unread(UNIT)]


async def only(house: House) -> queries.AlarmRow:
    (row,) = await house.alarms.standing(UNIT)
    return row
