"""The effect (*nyttoeffekt*): what the same checks would have taken as visits, minus what they did take.

**Formula**, for each slot and then added up, in person-minutes and in kilometres::

    saved = counterfactual − looking − visits − withheld

- *counterfactual*: one visit of the baseline for each slot that was settled and not cancelled. The decision grants the
  check; without a camera somebody would have gone. A cancelled slot would have been cancelled without a camera too, and
  a slot still open has replaced nothing yet. A slot that was a visit from the start, or became one because the camera
  might not be used, would have been that very visit: its counterfactual is what was recorded, and it saves nothing.
  Two slots of one person that fall together (a clock change can do that) would have been one visit, and count once.
  A manual alarm was no planned visit either: whatever somebody drove for it counts as itself, and it saves nothing.
- *looking*: staff time of every look, by one person, from asking for the picture to the answer, whatever became of the
  slot; a look at two recipients of a home is counted once, at the first's slot. The wait for a second look is not in
  it. Looks drive no kilometres.
- *visits*: every visit that was made, minutes on site × people and kilometres, as recorded; and what was driven for
  one that was not made, or that met nobody at first.
- *withheld*: where a visit was made in the camera's stead, or the slot ended in any other way than by an
  answered look, the baseline's visit minus the recorded ones (never below nothing) is not counted as a gain. The
  recorded minutes are those on site, the baseline's include the road; and a check that was missed has saved nobody's
  time. So an escalated slot saves nothing, and costs what its visit took beyond the baseline, and its looks. A slot
  that was covered by a visit made for another one would have been that visit without a camera too, and is not counted.

**Source.** Counterfactual − actual, counted once, is the rule of SKR's and Inera's benefit calculation (*nyttokalkyl*).
Hours freed are no money until somebody says where they went: `saved_sek` is the value of those hours at the baseline's
wage, not kronor that left a budget. Running costs (cameras, licences, desk) are not in it yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from analytics.baseline import Baseline
from analytics.effort import Effort, rounded, visit_effort
from analytics.facts import SlotFact, SlotOutcome, VisitFact, VisitOutcome

_NOTHING = Effort()
_NO_VISIT_STOOD_FOR = frozenset({SlotOutcome.OPEN, SlotOutcome.CANCELLED, SlotOutcome.COMPLETED_VISIT})
"""A slot for the camera that a visit completed was covered by one that was made anyway."""


@dataclass(frozen=True, slots=True)
class SlotEffect:
    """What one slot adds to the effect: a line that a figure can be followed back to, and on to its events."""

    unit: UUID
    slot: UUID
    visits: tuple[UUID, ...]
    """The visits that were made for it."""
    counted: bool
    """Whether a visit of the baseline is its counterfactual."""
    counterfactual: Effort
    looking: Effort
    visited: Effort
    withheld: Effort

    @property
    def saved(self) -> Effort:
        """Counterfactual − looking − visits − withheld; negative where the camera cost more than the visit."""
        return self.counterfactual - self.looking - self.visited - self.withheld


@dataclass(frozen=True, slots=True)
class Effects:
    """The effect of many slots. All figures are exact; `headline` rounds them for showing."""

    baseline: Baseline
    slots: int = 0
    counted_slots: int = 0
    """Slots whose counterfactual is a visit of the baseline."""
    visits_made: int = 0
    counterfactual: Effort = field(default_factory=Effort)
    """Gross: what visits would have taken."""
    looking: Effort = field(default_factory=Effort)
    visited: Effort = field(default_factory=Effort)
    withheld: Effort = field(default_factory=Effort)

    @property
    def saved(self) -> Effort:
        """Counterfactual − looking − visits − withheld; may be negative."""
        return self.counterfactual - self.looking - self.visited - self.withheld

    @property
    def saved_hours(self) -> Fraction:
        """Person-hours freed: saved person-minutes ÷ 60."""
        return self.saved.hours

    @property
    def avoided_km(self) -> Fraction:
        """Kilometres not driven."""
        return self.saved.kilometres

    @property
    def saved_sek(self) -> Fraction:
        """Kronor: saved hours × kronor an hour + avoided kilometres × kronor a kilometre, of the baseline."""
        return self.saved.sek(self.baseline)

    @property
    def gross_sek(self) -> Fraction:
        """Kronor that visits would have cost."""
        return self.counterfactual.sek(self.baseline)

    @property
    def cost_sek(self) -> Fraction:
        """Kronor that looks and visits did cost."""
        return (self.looking + self.visited).sek(self.baseline)

    @property
    def withheld_sek(self) -> Fraction:
        """Kronor not counted as a gain, though the recorded figures alone would allow it."""
        return self.withheld.sek(self.baseline)

    @property
    def gains(self) -> bool:
        """Whether there is any gain in kronor at all. Nothing and less than nothing are none."""
        return self.saved_sek > 0

    def headline(self) -> dict[str, float]:
        """Hours and kilometres to a tenth, whole kronor: for showing."""
        return {
            "saved_hours": float(rounded(self.saved_hours, 1)),
            "avoided_km": float(rounded(self.avoided_km, 1)),
            "saved_sek": float(rounded(self.saved_sek, 0)),
        }


def effects(slots: Iterable[SlotFact], visits: Iterable[VisitFact], baseline: Baseline) -> Effects:
    """The effect of `slots`, and of the visits made for them, against `baseline`.

    A visit to a slot that is not among `slots` counts as a cost: give all of a period's slots and all of its visits.
    """
    return _total(slot_effects(slots, visits, baseline), baseline)


def effects_by_unit(slots: Iterable[SlotFact], visits: Iterable[VisitFact], baseline: Baseline) -> dict[UUID, Effects]:
    """The effect of each unit, the one that a slot belonged to when its night was planned. They add up to the whole."""
    units: dict[UUID, list[SlotEffect]] = defaultdict(list)
    for line in slot_effects(slots, visits, baseline):
        units[line.unit].append(line)
    return {unit: _total(lines, baseline) for unit, lines in units.items()}


def slot_effects(slots: Iterable[SlotFact], visits: Iterable[VisitFact], baseline: Baseline) -> Iterator[SlotEffect]:
    """One line a slot, and one for each slot that only a visit speaks of."""
    kept = list(slots)
    counted = _counted(kept)
    made: dict[UUID, list[VisitFact]] = defaultdict(list)
    for visit in visits:
        if visit.cost_anything:
            made[visit.slot].append(visit)
    for slot in kept:
        yield _slot_effect(slot, made.pop(slot.slot, []), visit_effort(baseline) if slot.slot in counted else _NOTHING)
    for slot_id, unmatched in made.items():
        yield _cost_alone(slot_id, unmatched)


def _counted(slots: Iterable[SlotFact]) -> set[UUID]:
    """The slots that stand for one visit of the baseline each: settled, meant for the camera, one a person and time."""
    together: dict[tuple[UUID, datetime], UUID] = {}
    for slot in slots:
        if slot.by_camera and slot.outcome not in _NO_VISIT_STOOD_FOR:
            first = together.setdefault((slot.recipient, slot.due_at), slot.slot)
            together[slot.recipient, slot.due_at] = min(first, slot.slot)
    return set(together.values())


def _slot_effect(slot: SlotFact, visits: Sequence[VisitFact], baseline_visit: Effort) -> SlotEffect:
    visited = _visited(visits)
    counterfactual = baseline_visit if slot.by_camera else visited
    by_look_alone = slot.outcome is SlotOutcome.COMPLETED_REMOTE and not visits
    return SlotEffect(
        unit=slot.unit,
        slot=slot.slot,
        visits=_made(visits),
        counted=baseline_visit != _NOTHING,
        counterfactual=counterfactual,
        looking=Effort(slot.looking_seconds / 60),
        visited=visited,
        withheld=_NOTHING if by_look_alone else counterfactual.beyond(visited),
    )


def _cost_alone(slot: UUID, visits: Sequence[VisitFact]) -> SlotEffect:
    return SlotEffect(
        unit=visits[0].unit,
        slot=slot,
        visits=_made(visits),
        counted=False,
        counterfactual=_NOTHING,
        looking=_NOTHING,
        visited=_visited(visits),
        withheld=_NOTHING,
    )


def _made(visits: Iterable[VisitFact]) -> tuple[UUID, ...]:
    return tuple(visit.visit for visit in visits if visit.outcome is VisitOutcome.MADE)


def _visited(visits: Iterable[VisitFact]) -> Effort:
    """What was recorded of visits, what was driven in vain included."""
    taken = (
        Effort(one.person_minutes + one.vain_person_minutes, one.kilometres + one.vain_kilometres) for one in visits
    )
    return sum(taken, _NOTHING)


def _total(lines: Iterable[SlotEffect], baseline: Baseline) -> Effects:
    kept = list(lines)
    return Effects(
        baseline=baseline,
        slots=len(kept),
        counted_slots=sum(line.counted for line in kept),
        visits_made=sum(len(line.visits) for line in kept),
        counterfactual=sum((line.counterfactual for line in kept), _NOTHING),
        looking=sum((line.looking for line in kept), _NOTHING),
        visited=sum((line.visited for line in kept), _NOTHING),
        withheld=sum((line.withheld for line in kept), _NOTHING),
    )
