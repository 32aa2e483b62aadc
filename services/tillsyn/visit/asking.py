"""Who is asked next, and until when: along the line, and its last one again and again, louder each time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from uuid import UUID

from events.base import Event
from events.types.visit import VisitAssigned, VisitKind, VisitLimit, VisitLimitPassed
from services.tillsyn.visit.state import Stage, Visit, evolve

_LIMIT_OF = {
    Stage.ASSIGNED: VisitLimit.ACKNOWLEDGE,
    Stage.ACKNOWLEDGED: VisitLimit.ARRIVE,
    Stage.ARRIVED: VisitLimit.COMPLETE,
}


def starts(visit: Visit, at: datetime) -> datetime:
    """From when limits run: a planned visit's time, if that is still ahead."""
    planned = visit.kind is VisitKind.PLANNED and visit.not_before is not None
    return max(at, visit.not_before) if planned and visit.not_before else at


def ask_next(visit: Visit, id_: UUID, order: Sequence[UUID], at: datetime) -> VisitAssigned:
    """The first in line who was not asked in this round; when all were, the last one, louder."""
    going = visit.second.responder if visit.second else None
    line = [one for one in order or visit.chain if one != going] or list(visit.chain)
    return _asked(visit, id_, line, at)


def ask(visit: Visit, id_: UUID, responder: UUID, at: datetime) -> VisitAssigned:
    """This one by name; louder if they have been asked in this round."""
    return _asked(visit, id_, [responder], at)


def ask_second(visit: Visit, id_: UUID, order: Sequence[UUID], at: datetime) -> list[Event]:
    """Somebody is asked to go along, if there is anybody who does not go already."""
    if not visit.short_of_people:
        return []
    line = [one for one in order or visit.chain if one not in visit.crews and one != visit.responder]
    return [_asked(visit, id_, line, at, second=True)] if line else []


def and_a_second(visit: Visit, events: Iterable[Event], order: Sequence[UUID], at: datetime) -> list[Event]:
    """`events`, and who is asked to go along if more people are needed after them."""
    decided = list(events)
    after = reduce(evolve, decided, visit)
    return decided if after.visit is None else [*decided, *ask_second(after, after.visit, order, at)]


def sweep(visit: Visit, at: datetime, order: Sequence[UUID]) -> Sequence[Event]:
    """What follows from limits that have passed, that of the second responder included."""
    if visit.visit is None or visit.over:
        return []
    events: list[Event] = []
    if visit.act_at is not None and visit.act_at <= at and visit.responder is not None:
        limit = _LIMIT_OF[visit.stage]
        passed = VisitLimitPassed(visit=visit.visit, limit=limit, responder=visit.responder, step=visit.step)
        events = [passed, ask_next(evolve(visit, passed), visit.visit, order, at)]
    return [*events, *_second_passed(reduce(evolve, events, visit), visit.visit, at, order)]


def _second_passed(visit: Visit, id_: UUID, at: datetime, order: Sequence[UUID]) -> list[Event]:
    second = visit.second
    if second is None or second.act_at is None or second.act_at > at:
        return []
    limit = VisitLimit.ARRIVE if second.joined else VisitLimit.ACKNOWLEDGE
    passed = VisitLimitPassed(visit=id_, limit=limit, responder=second.responder, step=visit.step, second=True)
    return and_a_second(visit, [passed], order, at)


def _asked(visit: Visit, id_: UUID, line: Sequence[UUID], at: datetime, *, second: bool = False) -> VisitAssigned:
    fresh = next((one for one in line if one not in visit.asked), None)
    return VisitAssigned(
        visit=id_,
        responder=line[-1] if fresh is None else fresh,
        step=visit.times_asked,
        acknowledge_by=starts(visit, at) + visit.rules.acknowledge_within,
        loudness=visit.loudness + (fresh is None),
        second=second,
    )
