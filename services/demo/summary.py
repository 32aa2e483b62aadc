"""What the night came to: one object, the same for the same seed."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from analytics import BOTKYRKA_DERIVED, Effects, VisitOutcome, effects, fold_facts
from events.envelope import Recorded
from events.store import EventStore
from events.types.night import NotSeen
from services.demo.stage import Stage
from services.tillsyn.invariants import RULES, no_silent_miss, read_world

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one night. `slots` = `completed` + all `escalated` + `cancelled` (+ `silent_misses`, if any)."""

    night: str
    seed: int
    recipients: int
    slots: int
    completed: int
    completed_by_visit: int
    escalated: dict[str, int]
    cancelled: int
    second_looks: int
    silent_misses: int
    visits: int
    events: int
    duplicates_ignored: int
    dead_letters: int
    broken_invariants: int
    effects: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """As `tillsyn demo --json` prints it."""
        return asdict(self)


async def summarise(stage: Stage) -> Summary:
    """The figures, from the log and from nothing else (but for what the log rightly does not hold)."""
    store, clock = stage.ledger.store, stage.clock
    log = await whole_log(store)
    night = stage.script.night
    facts = fold_facts(log)
    tonight = [slot for slot in facts.slots if slot.night == night]
    ids = {slot.slot for slot in tonight}
    visits = [visit for visit in facts.visits if visit.slot in ids]
    world = await read_world(store, clock.now())
    breaches = [breach for rule in RULES for breach in rule.check(world) if not breach.late]
    rows = [row for row in world.slot_rows.values() if row.night == night]
    escalated = Counter(row.reason or "unknown" for row in rows if row.status == "escalated")
    effect: Effects = effects(tonight, visits, BOTKYRKA_DERIVED)
    return Summary(
        night=night.isoformat(),
        seed=stage.script.seed,
        recipients=len(stage.script.homes),
        slots=len(rows),
        completed=sum(row.status == "completed" for row in rows),
        completed_by_visit=sum(row.completed_by == "visit" and row.status == "completed" for row in rows),
        escalated=dict(sorted(escalated.items())),
        cancelled=sum(row.status == "cancelled" for row in rows),
        second_looks=sum(isinstance(recorded.event, NotSeen) for recorded in log),
        silent_misses=sum(breach.rule == no_silent_miss.NAME for breach in breaches),
        visits=sum(visit.outcome is VisitOutcome.MADE for visit in visits),
        events=len(log),
        duplicates_ignored=_count(stage, "tillsyn_reports_duplicate_total"),
        dead_letters=_count(stage, "tillsyn_reports_dead_total"),
        broken_invariants=len(breaches),
        effects=effect.headline(),
    )


async def whole_log(store: EventStore) -> list[Recorded]:
    """Every event, in the log's order."""
    log: list[Recorded] = []
    checkpoint = None
    while (page := await store.read_all(checkpoint, PAGE)).events:
        log += page.events
        checkpoint = page.checkpoint
    return log


def _count(stage: Stage, name: str) -> int:
    samples = (sample for family in stage.service.registry.collect() for sample in family.samples)
    return int(sum(sample.value for sample in samples if sample.name == name))
