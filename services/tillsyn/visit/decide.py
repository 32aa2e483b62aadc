"""A visit's rules. Until somebody has been there the chain goes on, and its last step repeats.

The rules themselves stand in `asking` (who is next), `going` (those who go) and `ending`.
"""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.types.visit import VisitHeld, VisitHelpCalled, VisitKind, VisitMoved, VisitRequested
from services.tillsyn.visit import commands as asked
from services.tillsyn.visit.asking import ask_next, sweep
from services.tillsyn.visit.ending import (
    call_off,
    close,
    complete,
    find_nobody,
    hasten,
    hold,
    is_planned_for_later,
    make_with,
    phone,
    release,
    tell_driven,
)
from services.tillsyn.visit.errors import NoSuchVisitError, VisitOverError
from services.tillsyn.visit.going import acknowledge, arrive, decline, join, need_two
from services.tillsyn.visit.state import Stage, Visit, evolve


def decide(visit: Visit, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.Request():
            return _request(visit, command)
        case asked.Sweep(at, order):
            return sweep(visit, at, order)
        case asked.TellDriven():
            return tell_driven(visit, _known(visit), command)
    return _decide_running(visit, _running(visit), command)


def _decide_running(visit: Visit, id_: UUID, command: asked.Command) -> Sequence[Event]:
    match command:
        case asked.Acknowledge():
            return acknowledge(visit, id_, command)
        case asked.Arrive():
            return arrive(visit, id_, command)
        case asked.Decline():
            return decline(visit, id_, command)
        case asked.NeedTwo():
            return need_two(visit, id_, command)
        case asked.Join():
            return join(visit, id_, command)
        case asked.Phone():
            return phone(visit, id_, command)
        case asked.CallHelp(by, whom):
            return [] if whom in visit.help else [VisitHelpCalled(visit=id_, by=by, whom=whom)]
        case asked.Complete():
            return complete(visit, id_, command)
        case asked.MakeWith(made, by):
            return make_with(visit, id_, made, by)
        case asked.FindNobody():
            return find_nobody(visit, id_, command)
        case asked.Close(by, reason):
            return close(visit, id_, by, reason)
        case asked.CallOff():
            return call_off(visit, id_, command)
        case asked.Move():
            return _move(visit, id_, command)
        case asked.Hold(incident):
            return hold(visit, id_, incident)
        case asked.Release():
            return release(visit, id_, command)
        case _:
            return []


def _request(visit: Visit, command: asked.Request) -> Sequence[Event]:
    # back early, or escalated after all, or a death that is taken back
    needed_again = visit.over and (visit.kind is VisitKind.PLANNED or visit.called_off or visit.told_death)
    if needed_again or (visit.stage is Stage.NOT_ASKED and visit.held_by is None):
        return _begin(visit, command)
    if command.kind is VisitKind.SENT and not visit.over and is_planned_for_later(visit, command.at):
        return hasten(visit, command.visit, command)
    return []


def _move(visit: Visit, id_: UUID, command: asked.Move) -> Sequence[Event]:
    """Nobody decides in the old home's incident about somebody who lives elsewhere: a held visit is held no longer."""
    if command.home == visit.home or visit.stage is Stage.ARRIVED:
        return []
    moved = VisitMoved(visit=id_, home=command.home, area=command.area)
    if visit.held_by is None or command.at is None:
        return [moved]
    return [moved, ask_next(evolve(visit, moved), id_, command.order, command.at)]


def _begin(visit: Visit, command: asked.Request) -> Sequence[Event]:
    requested = VisitRequested(
        visit=command.visit,
        kind=command.kind,
        reason=command.reason,
        recipient=command.recipient,
        home=command.home,
        night=command.night,
        slot=command.slot,
        not_before=command.not_before,
        chain=command.chain,
        rules=command.rules,
        area=command.area,
        people=command.people,
        phone_first=command.phone_first,
    )
    if command.incident is not None and command.kind is VisitKind.SENT:
        return [requested, VisitHeld(visit=command.visit, incident=command.incident)]
    return [requested, ask_next(evolve(visit, requested), command.visit, command.order, command.at)]


def _known(visit: Visit) -> UUID:
    if visit.visit is None:
        raise NoSuchVisitError("nobody has asked for this visit; list the visits to see those there are")
    return visit.visit


def _running(visit: Visit) -> UUID:
    id_ = _known(visit)
    if visit.over:
        raise VisitOverError(f"visit {id_} is {visit.stage} already")
    return id_
