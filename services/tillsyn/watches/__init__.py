"""The watches: what no event tells. Each looks at its own time, from SQL alone, and is idle until then."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from events.runtime.clock import Clock
from services.tillsyn.ledger import Ledger
from services.tillsyn.watches.absences import AbsenceWatch
from services.tillsyn.watches.decisions import DecisionWatch
from services.tillsyn.watches.ended_causes import CauseWatch
from services.tillsyn.watches.incidents import IncidentWatch
from services.tillsyn.watches.plans import PlanWatch, concerns_of
from services.tillsyn.watches.staffing import StaffingWatch

__all__ = [
    "AbsenceWatch",
    "CauseWatch",
    "DecisionWatch",
    "IncidentWatch",
    "PlanWatch",
    "StaffingWatch",
    "concerns_of",
    "watches",
]


def watches(
    ledger: Ledger, clock: Clock, settle: timedelta, interval: timedelta
) -> dict[str, Callable[[], Awaitable[None]]]:
    """What the service keeps alive, by name.

    `settle` is how long gateways have to be heard of after a start; `interval` the longest that what other processes do
    stays unseen.
    """
    return {
        "plan watch": PlanWatch(ledger, clock, settle).run,
        "decision watch": DecisionWatch(ledger, clock).run,
        "absence watch": AbsenceWatch(ledger, clock).run,
        "cause watch": CauseWatch(ledger, clock).run,
        "incident watch": IncidentWatch(ledger, clock, interval).run,
        "staffing watch": StaffingWatch(ledger, clock, interval).run,
    }
