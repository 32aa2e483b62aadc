"""Decisions: granted, ended, followed by another or handed over; and which of them somebody has to be told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.types.recipient import DecisionEnded, DecisionEndWarned, DecisionGranted, DecisionHandedOver
from events.types.unit import NightRules
from services.tillsyn.recipient import commands as asked
from services.tillsyn.recipient.errors import (
    DecisionOverError,
    EndsBeforeItBeginsError,
    NoDecisionError,
    NoReasonError,
    NoSuccessorError,
    NoSuchDecisionError,
)
from services.tillsyn.recipient.state import Decision, Recipient

ONE_DAY = timedelta(days=1)


def decide_decision(
    recipient: Recipient,
    id_: UUID,
    command: asked.GrantDecision | asked.EndDecision | asked.WarnOfEnd | asked.HandOverDecision,
) -> Sequence[Event]:
    """The events that follow from what was decided."""
    match command:
        case asked.GrantDecision():
            return _grant(recipient, id_, command)
        case asked.EndDecision():
            return _end(recipient, id_, command)
        case asked.WarnOfEnd(decision, last_night):
            known = _known(recipient, decision)
            if known.decision in recipient.warned:
                return []
            return [DecisionEndWarned(recipient=id_, decision=decision, last_night=last_night)]
        case asked.HandOverDecision(decision, to, by, reason):
            known = _known(recipient, decision)
            if not reason.strip():
                raise NoReasonError(f"decision {known.decision} is handed over with a reason; say what follows it")
            if recipient.handed_over.get(decision) == to:
                return []
            said = Personal.of(reason.strip(), id_)
            return [DecisionHandedOver(recipient=id_, decision=decision, to=to, by=by, reason=said)]


class DecisionConcern(StrEnum):
    """What somebody has to do about a decision."""

    ENDS_SOON = "ends-soon"
    """It ends within the unit's notice, and no successor stands: its assessor is to be told."""
    ENDED = "ended-without-handover"
    """It has ended, no successor stands, and nobody answers for the nights that follow."""


@dataclass(frozen=True, slots=True)
class ConcernedDecision:
    """A decision that somebody has to do something about; `last_night` is the last that it covers."""

    decision: UUID
    last_night: date
    concern: DecisionConcern


def decision_concerns(recipient: Recipient, tonight: date, rules: NightRules) -> list[ConcernedDecision]:
    """The decisions that end, or have ended, with nothing to follow, as of the night of `tonight`.

    One that ends soon is named until `WarnOfEnd` is on record; one that has ended until a successor is granted or
    `HandOverDecision` names who answers. Of somebody who is dead none is.
    """
    if recipient.died_at is not None:
        return []
    found: list[ConcernedDecision] = []
    for decision in recipient.decisions:
        last = decision.last_night
        if last is None or recipient.successor_of(decision) is not None or decision.decision in recipient.handed_over:
            continue
        if last < tonight:
            found.append(ConcernedDecision(decision.decision, last, DecisionConcern.ENDED))
        elif last - tonight <= rules.decision_warned_before and decision.decision not in recipient.warned:
            found.append(ConcernedDecision(decision.decision, last, DecisionConcern.ENDS_SOON))
    return found


def _grant(recipient: Recipient, id_: UUID, command: asked.GrantDecision) -> Sequence[Event]:
    known = next((decision for decision in recipient.decisions if decision.decision == command.decision), None)
    if known is not None and known.ended_at is not None:
        raise DecisionOverError(f"decision {known.decision} was ended; grant a new one, with an id of its own")
    if command.to_night is not None and command.to_night < command.from_night:
        raise EndsBeforeItBeginsError(f"the decision would end on {command.to_night}, before {command.from_night}")
    return [
        DecisionGranted(
            recipient=id_,
            decision=command.decision,
            from_night=command.from_night,
            to_night=command.to_night,
            checks_a_night=command.checks_a_night,
            holds_from=command.at,
        )
    ]


def _end(recipient: Recipient, id_: UUID, command: asked.EndDecision) -> Sequence[Event]:
    standing = _to_end(recipient, command)
    if standing.ended_at is not None and standing.ended_at <= command.from_instant:
        return []
    _require_followed(recipient, standing, command.from_instant)
    return [
        DecisionEnded(
            recipient=id_,
            decision=standing.decision,
            from_instant=command.from_instant,
            reason=Personal.of(command.reason, id_),
        )
    ]


def _require_followed(recipient: Recipient, standing: Decision, instant: datetime) -> None:
    ended = standing.ending(instant)
    if recipient.successor_of(ended) is None and standing.decision not in recipient.handed_over:
        raise NoSuccessorError(
            f"decision {standing.decision} would end at {instant:%F %H:%M} UTC with nothing to follow; grant its "
            "successor, or hand it over to somebody by name"
        )


def _to_end(recipient: Recipient, command: asked.EndDecision) -> Decision:
    """The decision that is meant: the one named, else the one that the instant's night stands under."""
    if command.decision is not None:
        named = [decision for decision in recipient.decisions if decision.decision == command.decision]
    else:
        day = command.from_instant.date()
        under = [recipient.decision_of(night) for night in (day - ONE_DAY, day)]
        named = [decision for decision in under if decision is not None] or list(recipient.decisions[-1:])
    if not named:
        raise NoDecisionError("no decision stands for this recipient; there is nothing to end")
    return named[0]


def _known(recipient: Recipient, decision: UUID) -> Decision:
    known = next((each for each in recipient.decisions if each.decision == decision), None)
    if known is None:
        raise NoSuchDecisionError(f"the recipient has no decision {decision}")
    return known
