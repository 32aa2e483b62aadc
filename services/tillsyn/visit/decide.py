"""A visit's rules. Until somebody has been there the chain goes on, and its last step repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.base import Event
from events.personal import Personal, Purpose
from events.types.night import CancelReason
from events.types.unit import NightRules
from events.types.visit import (
    Found,
    VisitAcknowledged,
    VisitArrived,
    VisitAssigned,
    VisitCalledOff,
    VisitClosed,
    VisitCompleted,
    VisitHastened,
    VisitKind,
    VisitLimit,
    VisitLimitPassed,
    VisitMoved,
    VisitRequested,
)
from services.tillsyn.refused import RefusedError, UnknownError
from services.tillsyn.visit.state import Stage, Visit


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody must go: now, or not before a planned visit's time."""

    visit: UUID
    kind: VisitKind
    reason: str
    recipient: UUID
    home: UUID
    night: date
    slot: UUID
    not_before: datetime
    chain: tuple[UUID, ...]
    rules: NightRules
    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A responder takes it."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrive:
    """A responder is at the door."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Complete:
    """A responder is done: minutes on site, people, kilometres, what was found."""

    by: UUID
    minutes: int
    people: int
    kilometres: float
    found: Found
    note: Personal[str] | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """A named person ends the visit without its being made, with a reason."""

    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CallOff:
    """What the visit is for is gone: a planned one's slot is cancelled; a sent one's recipient died or was fetched."""

    reason: str
    because: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The recipient lives elsewhere now."""

    home: UUID
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Ask the next in line if a limit has passed."""

    at: datetime


Command = Request | Acknowledge | Arrive | Complete | Close | CallOff | Move | Sweep


GONE = (CancelReason.DEATH, CancelReason.ABSENT)
"""Why a visit that was sent can be called off: there is nobody to go to."""


class NoSuchVisitError(UnknownError):
    """Nobody has asked for this visit."""


class VisitOverError(RefusedError):
    """The visit has ended already."""


class NotInTheChainError(RefusedError):
    """Only those in the unit's chain of responders can take a visit."""


class NoReasonError(RefusedError):
    """A visit is closed by name and with a reason."""


def decide(visit: Visit, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, Request):
        return _request(visit, command)
    if isinstance(command, Sweep):
        return _sweep(visit, command.at)
    id_ = _running(visit)
    match command:
        case Acknowledge(by, at):
            _require_responder(visit, by)
            taken = visit.stage is Stage.ACKNOWLEDGED and visit.responder == by
            if taken or visit.stage is Stage.ARRIVED:
                return []
            starts = max(at, visit.not_before or at) if visit.kind is VisitKind.PLANNED else at
            return [VisitAcknowledged(visit=id_, responder=by, arrive_by=starts + visit.rules.arrive_within)]
        case Arrive(by, at):
            _require_responder(visit, by)
            if visit.stage is Stage.ARRIVED:
                return []
            return [VisitArrived(visit=id_, responder=by, complete_by=at + visit.rules.complete_within)]
        case Complete(by, minutes, people, kilometres, found, note):
            _require_responder(visit, by)
            done = VisitCompleted(
                visit=id_,
                responder=by,
                minutes=minutes,
                people=people,
                kilometres=kilometres,
                found=found,
                note=note,
            )
            return [done]
        case Close(by, reason):
            if not reason.strip():
                raise NoReasonError(f"visit {id_} is closed with a reason; say why nobody goes")
            sealed_later = Personal.of(reason.strip(), visit.recipient or id_, Purpose.ACCESS_LOG)
            return [VisitClosed(visit=id_, by=by, reason=sealed_later)]
        case CallOff(reason, because):
            meant = (because in GONE or visit.kind is VisitKind.PLANNED) and visit.stage is not Stage.ARRIVED
            return [VisitCalledOff(visit=id_, reason=reason)] if meant else []
        case Move(home):
            return [VisitMoved(visit=id_, home=home)] if visit.home != home else []


def _request(visit: Visit, command: Request) -> Sequence[Event]:
    needed_again = visit.over and visit.kind is VisitKind.PLANNED  # back early, or escalated after all
    if visit.stage is Stage.NOT_ASKED or needed_again:
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
        )
        starts = max(command.at, command.not_before)
        acknowledge_by = starts + command.rules.acknowledge_within
        first = VisitAssigned(visit=command.visit, responder=command.chain[0], step=0, acknowledge_by=acknowledge_by)
        return [requested, first]
    hasten = command.kind is VisitKind.SENT and visit.kind is VisitKind.PLANNED
    if hasten and not visit.over and visit.stage is not Stage.ARRIVED:
        hastened = VisitHastened(visit=command.visit, reason=command.reason)
        return [hastened, _ask(visit, command.visit, visit.step, command.at)]
    return []


def _sweep(visit: Visit, at: datetime) -> Sequence[Event]:
    if visit.visit is None or visit.act_at is None or visit.act_at > at or visit.responder is None:
        return []
    passed = VisitLimitPassed(
        visit=visit.visit, limit=_LIMIT_OF[visit.stage], responder=visit.responder, step=visit.step
    )
    return [passed, _ask(visit, visit.visit, visit.step + 1, at)]


_LIMIT_OF = {
    Stage.ASSIGNED: VisitLimit.ACKNOWLEDGE,
    Stage.ACKNOWLEDGED: VisitLimit.ARRIVE,
    Stage.ARRIVED: VisitLimit.COMPLETE,
}


def _ask(visit: Visit, id_: UUID, step: int, at: datetime) -> VisitAssigned:
    acknowledge_by = at + visit.rules.acknowledge_within
    return VisitAssigned(visit=id_, responder=visit.next_responder(step), step=step, acknowledge_by=acknowledge_by)


def _running(visit: Visit) -> UUID:
    if visit.visit is None:
        raise NoSuchVisitError("nobody has asked for this visit; list the visits to see those there are")
    if visit.over:
        raise VisitOverError(f"visit {visit.visit} is {visit.stage} already")
    return visit.visit


def _require_responder(visit: Visit, by: UUID) -> None:
    if by not in visit.chain:
        raise NotInTheChainError(f"{by} is no responder of this visit; those are {', '.join(map(str, visit.chain))}")
