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
        "loudness": 0,
        "not_before": event.not_before,
        "requested_at": recorded.context.time,
        "area": event.area,
        "people_needed": event.people,
        "phone_first": event.phone_first,
    }


_NO_SECOND = {"second_responder": None, "second_act_at": None}


def _changes(recorded: Recorded) -> dict[str, Any]:
    at = recorded.context.time
    match recorded.event:
        case happened.VisitAssigned(second=True, responder=responder, loudness=loudness, acknowledge_by=limit):
            return {"second_responder": responder, "second_act_at": limit, "loudness": loudness}
        case happened.VisitAssigned(responder=responder, step=step, loudness=loudness, acknowledge_by=limit):
            since = {} if loudness else {"asked_at": at}
            now = {"stage": "assigned", "responder": responder, "step": step, "loudness": loudness, "act_at": limit}
            return now | since | {"held_by": None}
        case happened.VisitHastened(reason=reason):
            return {"kind": "sent", "reason": reason}
        case happened.VisitAcknowledged(responder=responder, arrive_by=limit):
            taken = {"stage": "acknowledged", "responder": responder, "act_at": limit}
            return taken | {"acknowledged_at": at, "held_by": None}
        case happened.VisitArrived(responder=responder, second=True):
            return {"second_responder": responder, "second_act_at": None}
        case happened.VisitArrived(responder=responder, complete_by=limit, at=told):
            there = {"stage": "arrived", "responder": responder, "act_at": limit}
            return there | {"arrived_at": told or at, "held_by": None}
        case happened.VisitJoined(responder=responder, arrive_by=limit):
            return {"second_responder": responder, "second_act_at": limit}
        case happened.VisitNeedsTwo():
            return {"people_needed": 2}
        case happened.VisitDeclined(second=True) | happened.VisitLimitPassed(second=True):
            return dict(_NO_SECOND)
        case _:
            return _trouble(recorded)


def _trouble(recorded: Recorded) -> dict[str, Any]:
    ended = {"ended_at": recorded.context.time, "act_at": None, "held_by": None} | _NO_SECOND
    match recorded.event:
        case happened.VisitPhoned(outcome=outcome):
            return {"phoned": outcome.value}
        case happened.VisitFoundNobody(found=found):
            return {"found": found.value}
        case happened.VisitHeld(incident=incident):
            return {"stage": "not-asked", "responder": None, "act_at": None, "held_by": incident} | _NO_SECOND
        case happened.VisitReleased():
            return {"held_by": None}
        case happened.VisitMoved(home=home, area=area):
            return {"home": home, "area": area}
        case happened.VisitCompleted(minutes=minutes, people=people, kilometres=kilometres, found=found):
            made = {"minutes": minutes, "people": people, "kilometres": kilometres, "found": found.value}
            return ended | made | {"stage": "completed"}
        case happened.VisitMadeWith():
            return ended | {"stage": "completed"}
        case happened.VisitClosed() | happened.VisitCalledOff():
            return ended | {"stage": "closed"}
        case _:
            return {}
