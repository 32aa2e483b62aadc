"""The rows that screens, sweeper and planner use say what the log says.

Broken: a read model went its own way; rebuild it from the log.
"""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from events.looks.grant import LookPurpose
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every slot, look and visit, and rows that nothing in the log accounts for."""
    slots = {slot.id: (story.stream, slot) for story in world.nights for slot in story.state.slots.values()}
    for id_, (stream, slot) in slots.items():
        for what in _slot_differs(world, slot):
            yield Breach(NAME, stream, f"slot {id_}: {what}")
        for look_id, look in slot.looks.items():
            for what in _look_differs(world, look_id, look):
                yield Breach(NAME, stream, f"look {look_id}: {what}")
    for visit_id, visit in world.visits.items():
        for what in _visit_differs(world, visit.state):
            yield Breach(NAME, visit.stream, f"visit {visit_id}: {what}")
    for id_ in world.slot_rows.keys() - slots.keys():
        yield Breach(NAME, "slots", f"row {id_} is of no slot in the log")
    for id_ in world.visit_rows.keys() - world.visits.keys():
        yield Breach(NAME, "visits", f"row {id_} is of no visit in the log")


def _slot_differs(world: World, slot: nights.Slot) -> Iterator[str]:
    row = world.slot_rows.get(slot.id)
    if row is None:
        yield "has no row"
        return
    lease = (slot.lease.by, slot.lease.until) if slot.lease else (None, None)
    said = {
        "status": (row.status, slot.status.value),
        "kind": (row.kind, slot.kind.value),
        "act_at": (row.act_at, slot.escalates_at if slot.open else None),
        "deadline": (row.deadline, slot.deadline),
        "second_look_at": (row.second_look_at, slot.second_look_at),
        "lease": ((row.lease_by, row.lease_until), lease),
        "late_at": (row.late_at, slot.late_at),
        "caller": (row.caller, slot.caller and slot.caller.value),
        "uncertain_by": (row.uncertain_by, slot.uncertain_by),
        "reopened_by": (row.reopened_by, slot.reopened_by),
    }
    yield from _differ(said)


def _look_differs(world: World, id_: UUID, look: nights.Look) -> Iterator[str]:
    row = world.look_rows.get(id_)
    if row is None:
        yield "has no row"
        return
    said = {
        "staff": (row.staff, look.by),
        "served_at": (row.served_at, look.served_at),
        "purpose": (row.purpose or LookPurpose.SLOT, look.purpose),
        "reviewed_by": (row.reviewed_by, look.reviewed and look.reviewed[0]),
    }
    yield from _differ(said)


def _visit_differs(world: World, visit: visits.Visit) -> Iterator[str]:
    row = world.visit_rows.get(visit.visit) if visit.visit else None
    if row is None:
        yield "has no row"
        return
    said = {
        "stage": (row.stage, visit.stage.value),
        "responder": (row.responder, visit.responder),
        "act_at": (row.act_at, visit.act_at),
        "kind": (row.kind, visit.kind.value),
        "home": (row.home, visit.home),
        "step": (row.step, visit.step),
        "loudness": (row.loudness or 0, visit.loudness),
        "people_needed": (row.people_needed or 1, visit.people_needed),
        "phoned": (row.phoned, visit.phoned and visit.phoned.value),
        "held_by": (row.held_by, visit.held_by),
        "second_responder": (row.second_responder, visit.second and visit.second.responder),
        "second_act_at": (row.second_act_at, visit.second and visit.second.act_at),
    }
    yield from _differ(said)


def _differ(said: Mapping[str, tuple[object, object]]) -> Iterator[str]:
    """What of (in the row, in the log) is not the same."""
    yield from (
        f"{name} is {in_row}, the log says {in_log}" for name, (in_row, in_log) in said.items() if in_row != in_log
    )


RULE = Rule.of(__name__, __doc__, check)
