"""Rows of visits."""

from collections.abc import Iterable
from typing import Any

from events.envelope import Recorded
from events.store import Put, RowWrite, Set
from events.types import visit as happened


def visit_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a visit changes."""
    event = recorded.event
    if isinstance(event, happened.VisitRequested):
        return [Put("visits", event.visit, _requested(recorded, event))]
    changes = _changes(recorded)
    return [Set("visits", event.visit, changes)] if changes else []  # type: ignore[attr-defined]


def _requested(recorded: Recorded, event: happened.VisitRequested) -> dict[str, Any]:
    owner = recorded.context.owner
    return {
        "organisation": owner.organisation,
        "unit": owner.unit,
        "slot": event.slot,
        "recipient": event.recipient,
        "home": event.home,
        "night": event.night,
        "kind": event.kind.value,
        "reason": event.reason,
        "stage": "not-asked",
        "step": 0,
        "not_before": event.not_before,
        "requested_at": recorded.context.time,
    }


def _changes(recorded: Recorded) -> dict[str, Any]:
    ended = {"ended_at": recorded.context.time, "act_at": None}
    match recorded.event:
        case happened.VisitAssigned(responder=responder, step=step, acknowledge_by=limit):
            return {"stage": "assigned", "responder": responder, "step": step, "act_at": limit}
        case happened.VisitHastened(reason=reason):
            return {"kind": "sent", "reason": reason}
        case happened.VisitAcknowledged(responder=responder, arrive_by=limit):
            return {"stage": "acknowledged", "responder": responder, "act_at": limit}
        case happened.VisitArrived(responder=responder, complete_by=limit):
            return {"stage": "arrived", "responder": responder, "act_at": limit}
        case happened.VisitCompleted(minutes=minutes, people=people, kilometres=kilometres, found=found):
            made = {"minutes": minutes, "people": people, "kilometres": kilometres, "found": found.value}
            return ended | made | {"stage": "completed"}
        case happened.VisitMoved(home=home):
            return {"home": home}
        case happened.VisitClosed() | happened.VisitCalledOff():
            return ended | {"stage": "closed"}
        case _:
            return {}
