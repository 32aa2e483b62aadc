"""How a visit ends, and what only looks like an end: done, met nobody, closed by name, called off."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from uuid import UUID

from events.base import Event
from events.personal import Personal, Purpose
from events.types.night import CancelReason, EscalationReason
from events.types.visit import (
    Found,
    PhoneOutcome,
    VisitCalledOff,
    VisitClosed,
    VisitCompleted,
    VisitDriven,
    VisitFoundNobody,
    VisitHastened,
    VisitHeld,
    VisitKind,
    VisitMadeWith,
    VisitPhoned,
    VisitReleased,
    VisitRequested,
)
from services.tillsyn.visit import commands as asked
from services.tillsyn.visit.asking import ask, ask_next
from services.tillsyn.visit.errors import (
    MetNobodyError,
    NoReasonError,
    NotDrivenError,
    NotInTheHomeError,
    OutOfMeasureError,
    TooFewError,
)
from services.tillsyn.visit.going import been_there, require_responder
from services.tillsyn.visit.state import Stage, Visit, evolve

MET_NOBODY = frozenset({Found.NO_ENTRY, Found.NOT_AT_HOME})
"""What does not end a visit: somebody may lie behind the door."""
GONE = frozenset({CancelReason.DEATH, CancelReason.ABSENT})
"""Why a visit that was sent can be called off: there is nobody to go to."""
MOST_MINUTES, MOST_PEOPLE, MOST_KILOMETRES = 24 * 60, 20, 1000
PHONED = "phoned-needs-help"
"""The reason of a planned visit that is needed at once because of what was said on the telephone."""
PERCEIVED = frozenset(
    {EscalationReason.CONCERN.value, EscalationReason.UNCERTAIN.value, EscalationReason.ALARM.value, PHONED}
)
"""Reasons that somebody has who saw the recipient, or heard of them."""


def tells_of_somebody(event: Event) -> bool:
    """Whether the event says that the recipient was seen or heard, and so is not away."""
    match event:
        case VisitRequested(reason=reason) | VisitHastened(reason=reason):
            return reason in PERCEIVED
        case VisitPhoned(outcome=outcome):
            return outcome is not PhoneOutcome.NO_ANSWER
        case _:
            return False


def complete(visit: Visit, id_: UUID, command: asked.Complete) -> Sequence[Event]:
    require_responder(visit, command.by)
    _require_measures(id_, command)
    if command.found in MET_NOBODY:
        raise MetNobodyError(f"a visit that ends in {command.found} goes on; say that nobody was met, or close it")
    if command.people < visit.people_needed and command.note is None:
        raise TooFewError(
            f"visit {id_} takes {visit.people_needed} people and {command.people} were there; "
            "have somebody join, or say in a note why that was enough"
        )
    strangers = set(command.also_seen) - command.lives_here
    if strangers:
        raise NotInTheHomeError(
            f"{', '.join(map(str, strangers))} does not live in home {visit.home}; "
            f"met there can be {', '.join(map(str, sorted(command.lives_here, key=str))) or 'nobody else'}"
        )
    arrived = been_there(visit, id_, command)
    done = VisitCompleted(
        visit=id_,
        responder=command.by,
        minutes=command.minutes,
        people=command.people,
        kilometres=command.kilometres,
        found=command.found,
        note=command.note,
        by=command.person,
        also_seen=tuple(one for one in command.also_seen if one != visit.recipient),
    )
    return [*arrived, done]


def make_with(visit: Visit, id_: UUID, made: UUID, by: UUID) -> Sequence[Event]:
    """Whoever was sent is met already. Others who are there finish their visit themselves; a planned one has a time."""
    others_there = visit.stage is Stage.ARRIVED and by != visit.responder
    if visit.kind is VisitKind.PLANNED or others_there or made == id_:
        return []
    return [VisitMadeWith(visit=id_, made=made, responder=by)]


def find_nobody(visit: Visit, id_: UUID, command: asked.FindNobody) -> Sequence[Event]:
    """The last in line is asked at once what to do: they can send another, find a key, or close it with a reason."""
    require_responder(visit, command.by)
    _require_measures(id_, command)
    if command.found not in MET_NOBODY:
        raise MetNobodyError(f"{command.found} was found by somebody who met somebody; complete the visit")
    if visit.met_nobody.get(command.by) is command.found:  # told again; they have not been there again
        return []
    arrived = been_there(visit, id_, command)
    nobody = VisitFoundNobody(
        visit=id_,
        responder=command.by,
        by=command.person or command.by,
        found=command.found,
        minutes=command.minutes,
        people=command.people,
        kilometres=command.kilometres,
    )
    last = (command.order or visit.chain)[-1]
    after = reduce(evolve, [*arrived, nobody], visit)
    return [*arrived, nobody, ask(after, id_, last, command.at)]


def phone(visit: Visit, id_: UUID, command: asked.Phone) -> Sequence[Event]:
    """A call is kept each time. It never ends a visit by itself; "needs help" makes somebody go at once."""
    phoned = VisitPhoned(visit=id_, by=command.by, outcome=command.outcome)
    if command.outcome is not PhoneOutcome.NEEDS_HELP:
        return [phoned]
    urgent: list[Event] = []
    if visit.held_by is not None:
        urgent.append(VisitReleased(visit=id_, by=command.by))
    if is_planned_for_later(visit, command.at):
        urgent.append(VisitHastened(visit=id_, reason=PHONED))
    if not urgent:
        return [phoned]
    after = reduce(evolve, urgent, visit)
    return [phoned, *urgent, *_ask_at_once(after, id_, command.order, command)]


def is_planned_for_later(visit: Visit, at: datetime) -> bool:
    """Whether it takes a word that it is needed now; who is there at its time needs none."""
    ahead = visit.not_before is not None and at < visit.not_before
    return visit.kind is VisitKind.PLANNED and (visit.stage is not Stage.ARRIVED or ahead)


def hasten(visit: Visit, id_: UUID, command: asked.Request) -> Sequence[Event]:
    hastened = VisitHastened(visit=id_, reason=command.reason)
    return [hastened, *_ask_at_once(evolve(visit, hastened), id_, command.order, command)]


def _ask_at_once(visit: Visit, id_: UUID, order: Sequence[UUID], command: asked.Phone | asked.Request) -> list[Event]:
    if visit.stage is Stage.ARRIVED:  # before its time: they go on, and may tell of it now
        return []
    if visit.stage is Stage.ACKNOWLEDGED and visit.responder is not None:  # who has taken it is asked to go now
        return [ask(visit, id_, visit.responder, command.at)]
    return [ask_next(visit, id_, order, command.at)]


def close(visit: Visit, id_: UUID, by: UUID, reason: str) -> Sequence[Event]:
    if not reason.strip():
        raise NoReasonError(f"visit {id_} is closed with a reason; say why nobody goes")
    sealed_later = Personal.of(reason.strip(), visit.recipient or id_, Purpose.ACCESS_LOG)
    return [VisitClosed(visit=id_, by=by, reason=sealed_later)]


def call_off(visit: Visit, id_: UUID, command: asked.CallOff) -> Sequence[Event]:
    wanted = visit.kind is VisitKind.PLANNED or command.because in GONE
    return [VisitCalledOff(visit=id_, reason=command.reason)] if wanted and visit.stage is not Stage.ARRIVED else []


def hold(visit: Visit, id_: UUID, incident: UUID) -> Sequence[Event]:
    """Held is what was sent and nobody has taken: who is on the way goes on, and a planned visit needs no camera."""
    wanted = visit.kind is VisitKind.SENT and visit.held_by is None
    return [VisitHeld(visit=id_, incident=incident)] if wanted and not visit.taken and not visit.crews else []


def release(visit: Visit, id_: UUID, command: asked.Release) -> Sequence[Event]:
    if visit.held_by is None:
        return []
    released = VisitReleased(visit=id_, by=command.by)
    return [released, ask_next(evolve(visit, released), id_, command.order, command.at)]


def tell_driven(visit: Visit, id_: UUID, command: asked.TellDriven) -> Sequence[Event]:
    made_here = visit.stage is Stage.COMPLETED and visit.met_by in (None, command.by)
    if command.by not in visit.took or made_here:
        raise NotDrivenError(
            f"{command.by} has no kilometres to tell for visit {id_}: those of a visit made are told with it, and "
            f"otherwise by who took it: {', '.join(map(str, sorted(visit.took, key=str))) or 'nobody'}"
        )
    if command.by in visit.driven:
        return []
    if not 0 < command.kilometres <= MOST_KILOMETRES:
        raise OutOfMeasureError(
            f"{command.kilometres} kilometres were not driven for visit {id_}; more than 0 and at most "
            f"{MOST_KILOMETRES} can be told"
        )
    person = command.person or command.by
    return [VisitDriven(visit=id_, responder=command.by, by=person, kilometres=command.kilometres)]


def _require_measures(id_: UUID, command: asked.Been) -> None:
    for what, said, least, most in (
        ("minutes", command.minutes, 0, MOST_MINUTES),
        ("people", command.people, 1, MOST_PEOPLE),
        ("kilometres", command.kilometres, 0, MOST_KILOMETRES),
    ):
        if not least <= said <= most:  # so is a number that is none
            raise OutOfMeasureError(f"visit {id_} cannot have had {said} {what}; give {least} to {most}")
