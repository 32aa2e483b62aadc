"""Facts: one row a slot and one a visit, folded from the log, each naming the events that it comes from.

- `slot.py`, `look.py`, `visit.py`: what a fact holds
- `slots.py`, `looks.py`, `visits.py`: how the events of one stream make it
- `log.py`: from the whole log, in whatever order and however often it is delivered
"""

from analytics.facts.log import ConflictingEventsError, Facts, IncompleteStreamError, fold_facts
from analytics.facts.look import LookFact
from analytics.facts.slot import SlotFact, SlotOutcome
from analytics.facts.visit import VisitFact, VisitOutcome

__all__ = [
    "ConflictingEventsError",
    "Facts",
    "IncompleteStreamError",
    "LookFact",
    "SlotFact",
    "SlotOutcome",
    "VisitFact",
    "VisitOutcome",
    "fold_facts",
]
