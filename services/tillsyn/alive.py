"""Proof of life: each loop that must not die leaves an instant in the database, and ``/alive`` shows them all.

A watchdog outside the system judges them by age; the service's own time is in the answer, so that its clock need not
agree with ours.
"""

from datetime import datetime
from typing import Final

from events.store import Append, Put, queries
from services.tillsyn.ledger import Ledger

SWEEPER: Final = "sweeper"
PLANNER: Final = "planner"
PROVEN: Final = (SWEEPER, PLANNER)
"""Who leaves proofs."""


async def prove_life(ledger: Ledger, name: str, process: str, at: datetime) -> None:
    """Put it on record that `name`, in this process, went through everything it watches at `at`."""
    await ledger.store.append(Append(rows=(Put("alive", name, {"at": at, "process": process}),)))


async def proofs_of_life(ledger: Ledger) -> dict[str, str | None]:
    """The newest proofs, whoever left them, and the time now: ISO 8601, in UTC."""
    told: dict[str, str | None] = {"now": ledger.clock.now().isoformat()}
    for name in PROVEN:
        proof = await ledger.store.query(queries.proof_of_life, name)
        told[name] = None if proof is None else proof.isoformat()
    return told
