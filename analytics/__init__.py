"""What the log gives in figures: events → facts → effects. Pure: reads the events handed to it, and nothing else.

    facts = fold_facts(log)                                              # Recorded events, in whatever order
    effect = effects(facts.slots, facts.visits, BOTKYRKA_DERIVED)
    effect.saved_hours, effect.avoided_km, effect.saved_sek              # exact; effect.headline() for showing

- `facts/`: one row a slot and one a visit, each naming the events it comes from
- `baseline.py`: what a visit would have taken, with its source
- `effort.py`: minutes and kilometres, exact
- `effects.py`: counterfactual − actual, with the formula and its reasons
"""

from analytics.baseline import (
    BOTKYRKA_DERIVED,
    PROFILES,
    BadBaselineError,
    Baseline,
    UnknownProfileError,
    profile,
)
from analytics.effects import Effects, SlotEffect, effects, effects_by_unit, slot_effects
from analytics.effort import Effort, rounded
from analytics.facts import (
    ConflictingEventsError,
    Facts,
    IncompleteStreamError,
    LookFact,
    SlotFact,
    SlotOutcome,
    VisitFact,
    VisitOutcome,
    fold_facts,
)

__all__ = [
    "BOTKYRKA_DERIVED",
    "PROFILES",
    "BadBaselineError",
    "Baseline",
    "ConflictingEventsError",
    "Effects",
    "Effort",
    "Facts",
    "IncompleteStreamError",
    "LookFact",
    "SlotEffect",
    "SlotFact",
    "SlotOutcome",
    "UnknownProfileError",
    "VisitFact",
    "VisitOutcome",
    "effects",
    "effects_by_unit",
    "fold_facts",
    "profile",
    "rounded",
    "slot_effects",
]
