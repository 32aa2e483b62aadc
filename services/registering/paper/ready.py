"""Lists that nothing stands against, ready to be entered."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from events.store import queries
from services.registering.description import Description
from services.registering.differences import differences
from services.registering.entering import enter_steps
from services.registering.gateways import gateway_keys, write_gateways
from services.registering.paper.references import ImportedMeanwhileError, References
from services.registering.paper.values import folded
from services.settings import TillsynSettings
from services.tillsyn.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Ready:
    """What the lists describe, and by which numbers each thing is known."""

    description: Description
    references: References
    registered: bool
    """Whether the unit was on record when the lists were held against it."""

    async def enter(self, settings: TillsynSettings, ledger: Ledger, on_step: Callable[[], None]) -> list[Path]:
        """Enter it, held against the log once more; the gateways' files.

        First by which numbers things are known, in one transaction, then each step in one of its own: what is cut off
        in the middle is taken up by entering the same lists again.
        """
        if not self.registered:
            await _require_still_unknown(self.description.unit.name, ledger)
        keys = gateway_keys(self.description, settings.data, make=True)
        steps = await differences(self.description, ledger, keys)
        await self.references.enter(self.description.unit.organisation)
        await enter_steps(steps, ledger, on_step)
        return write_gateways(self.description, settings, keep=True)


async def _require_still_unknown(name: str, ledger: Ledger) -> None:
    known = await ledger.store.query(queries.all_units)
    if any(folded(unit.name) == folded(name) for unit in known):
        raise ImportedMeanwhileError(f"unit {name!r} was registered meanwhile; nothing was entered: try again")
