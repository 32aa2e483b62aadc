"""A night that begins without its list on paper is an alarm for the manager, until the list is there."""

from datetime import date
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.types.alarm import AlarmKind
from events.types.paper import OfflineListArrived, OfflineListFailed
from services.tillsyn.kinds import PAPER
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import MANAGER, clear_alarms, raise_alarm

CAUSE = "offline-list:"


async def paper_follows(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """One alarm a unit and night, however many cars wait for their lists; gone when the last one has arrived.

    It is a plan that is missing: what is to be done when nothing else works.
    """
    match event:
        case OfflineListFailed(unit=unit, night=night):
            await raise_alarm(tx, context, AlarmKind.NO_PLAN, cause_of(unit, night), MANAGER)
        case OfflineListArrived(unit=unit, night=night):
            if not (await tx.load(PAPER, stream_name)).state.failed:
                gone = AlarmKind.NO_PLAN, cause_of(unit, night)
                await clear_alarms(tx, context, "the lists have arrived", gone)
        case _:
            pass


def cause_of(unit: UUID, night: date) -> str:
    """What the alarm is called after: ends with the night."""
    return f"{CAUSE}{unit}:{night}"
