"""Somebody else is faster: a second process acts when all is decided in the first, right before its append."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from events.envelope import Recorded
from events.store import Append, EventStore
from tests.services.tillsyn.house import House

Act = Callable[[], Awaitable[object]]


class _Overtaken:
    """The store as one process has it; before its first append a rival acts."""

    def __init__(self, store: EventStore, rival: Act) -> None:
        self._store = store
        self._rival: Act | None = rival

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, append: Append) -> tuple[Recorded, ...]:
        rival, self._rival = self._rival, None
        if rival is not None:
            await rival()
        return await self._store.append(append)


async def meanwhile(house: House, act: Act, rival: Act) -> None:
    """`act` in the process of `house`, with `rival`, in another process, between its decision and its append."""
    house.ledger.store = cast(EventStore, _Overtaken(house.store, rival))
    try:
        await act()
    finally:
        house.ledger.store = house.store
