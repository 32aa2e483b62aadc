"""What those say who go: that they take it, are there, cannot, need somebody more, or come along."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from events.base import Event
from events.types.visit import (
    VisitAcknowledged,
    VisitArrived,
    VisitDeclined,
    VisitJoined,
    VisitKind,
    VisitNeedsTwo,
)
from services.tillsyn.visit import commands as asked
from services.tillsyn.visit.asking import and_a_second, ask_next, ask_second, starts
from services.tillsyn.visit.errors import (
    ArrivedOutOfTimeError,
    BeforeItsTimeError,
    HeldError,
    NobodyArrivedError,
    NotAskedError,
    NotInTheChainError,
    SecondGoesError,
)
from services.tillsyn.visit.state import Stage, Visit, evolve

TOLD_WITHIN = timedelta(days=1)
"""So long afterwards the arrival of somebody who was sent can be told: no visit takes longer."""


def require_responder(visit: Visit, by: UUID, order: Sequence[UUID] = ()) -> None:
    if by not in visit.chain and by not in visit.asked and by not in order:
        raise NotInTheChainError(f"{by} is no responder of this visit; those are {', '.join(map(str, visit.chain))}")


def acknowledge(visit: Visit, id_: UUID, command: asked.Acknowledge) -> Sequence[Event]:
    require_responder(visit, command.by, command.order)
    if _goes_along(visit, command.by):
        return _join(visit, id_, command)
    if visit.stage is Stage.ARRIVED or (visit.stage is Stage.ACKNOWLEDGED and visit.responder == command.by):
        return []
    taken = VisitAcknowledged(
        visit=id_,
        responder=command.by,
        arrive_by=starts(visit, command.at) + visit.rules.arrive_within,
        by=command.person,
        people=command.people,
    )
    return and_a_second(visit, [taken], command.order, command.at)


def arrive(visit: Visit, id_: UUID, command: asked.Arrive) -> Sequence[Event]:
    require_responder(visit, command.by, command.order)
    along = _goes_along(visit, command.by)
    there_already = along and visit.second is not None and visit.second.act_at is None
    if there_already or (visit.stage is Stage.ARRIVED and not along):
        return []
    return and_a_second(visit, [_arrived(visit, id_, command)], command.order, command.at)


def been_there(visit: Visit, id_: UUID, told: asked.Been) -> list[Event]:
    """The arrival of whoever tells what they found, where it is told only with that.

    A planned visit is told of from its time on, and of one that somebody arrived for. Who was sent goes at once, and
    what they found is taken as it is told.
    """
    planned_for = visit.not_before if visit.kind is VisitKind.PLANNED else None
    if planned_for is not None and told.at < planned_for:
        raise BeforeItsTimeError(
            f"visit {id_} is planned for {planned_for:%Y-%m-%d %H:%MZ}, and it is {told.at:%Y-%m-%d %H:%MZ}; what was "
            "found can be told from then on (needed sooner: raise a concern; not needed: close it with a reason)"
        )
    if visit.there or (planned_for is None and told.arrived_at is None):
        return []
    if told.arrived_at is None:
        raise NobodyArrivedError(
            f"nobody has arrived for visit {id_}; say so at the door, or tell with what was found "
            f"when {told.by} arrived"
        )
    earliest = planned_for or told.at - TOLD_WITHIN
    if not earliest <= told.arrived_at <= told.at:
        raise ArrivedOutOfTimeError(
            f"{told.by} cannot have arrived for visit {id_} at {told.arrived_at:%Y-%m-%d %H:%MZ}; give a time from "
            f"{earliest:%Y-%m-%d %H:%MZ} to {told.at:%Y-%m-%d %H:%MZ}"
        )
    arrive_then = asked.Arrive(told.by, told.arrived_at, told.person, told.people)
    return [_arrived(visit, id_, arrive_then, told.arrived_at)]


def _arrived(visit: Visit, id_: UUID, command: asked.Arrive, told: datetime | None = None) -> VisitArrived:
    return VisitArrived(
        visit=id_,
        responder=command.by,
        complete_by=starts(visit, command.at) + visit.rules.complete_within,
        by=command.person,
        people=command.people,
        second=_goes_along(visit, command.by),
        at=told,
    )


def decline(visit: Visit, id_: UUID, command: asked.Decline) -> Sequence[Event]:
    """The next in line is asked at once. The last cannot decline into nothing: the limit runs, and they are asked again
    when it passes.
    """
    by, at, order = command.by, command.at, command.order
    along = _goes_along(visit, by)
    if by != visit.responder and by not in visit.crews and not along:
        raise NotAskedError(f"{by} is not asked for visit {id_} and has not taken it; asked is {visit.responder}")
    no = VisitDeclined(visit=id_, responder=by, by=command.person or by, reason=command.reason, second=along)
    after = evolve(visit, no)
    if along:
        return [no, *ask_second(after, id_, order, at)]
    if by != visit.responder:
        return and_a_second(visit, [no], order, at)
    following = ask_next(after, id_, order, at)
    if following.responder == by and visit.stage is Stage.ASSIGNED:
        return [] if by in visit.declined else [no]
    return [no, following]


def need_two(visit: Visit, id_: UUID, command: asked.NeedTwo) -> Sequence[Event]:
    require_responder(visit, command.by, command.order)
    if visit.people_needed > 1:
        return ask_second(visit, id_, command.order, command.at)
    more = VisitNeedsTwo(visit=id_, by=command.person or command.by)
    return and_a_second(visit, [more], command.order, command.at)


def join(visit: Visit, id_: UUID, command: asked.Join) -> Sequence[Event]:
    require_responder(visit, command.by, command.order)
    if visit.held_by is not None:
        raise HeldError(f"visit {id_} is held by incident {visit.held_by}; release it there, or acknowledge it")
    if command.by == visit.responder and not visit.taken:
        taken = asked.Acknowledge(command.by, command.at, command.person, command.people, command.order)
        return acknowledge(visit, id_, taken)
    if command.by in visit.crews:
        return []
    if visit.second is not None and visit.second.joined:
        second = visit.second.responder
        raise SecondGoesError(f"{second} goes along to visit {id_} already; {command.by} can when they decline")
    return _join(visit, id_, command)


def _join(visit: Visit, id_: UUID, command: asked.Join | asked.Acknowledge) -> Sequence[Event]:
    if command.by in visit.crews:
        return []
    joined = VisitJoined(
        visit=id_,
        responder=command.by,
        by=command.person or command.by,
        arrive_by=starts(visit, command.at) + visit.rules.arrive_within,
        people=command.people,
    )
    return [joined]


def _goes_along(visit: Visit, by: UUID) -> bool:
    return visit.second is not None and visit.second.responder == by
