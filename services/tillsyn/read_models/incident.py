"""Rows of incidents and of the homes in them."""

from collections.abc import Iterable

from events.envelope import Recorded
from events.store import Put, RowWrite, Set
from events.types import incident as happened


def incident_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of an incident changes."""
    owner = {"organisation": recorded.context.owner.organisation, "unit": recorded.context.owner.unit}
    at = recorded.context.time
    match recorded.event:
        case happened.IncidentOpened() as opened:
            row = {"cause": opened.cause.value, "area": opened.area, "gateway": opened.gateway, "opened_at": at}
            return [Put("incidents", opened.incident, {**owner, **row, "step": 0, "loudness": 0})]
        case happened.IncidentWidened(incident=id_, cause=cause, area=area):
            return [Set("incidents", id_, {"cause": cause.value, "area": area})]
        case happened.HomeJoined(incident=id_, home=home) as joined:
            agreed = {"risk_class": joined.risk_class.value, "outage_agreement": joined.outage_agreement.value}
            return [Put("incident_homes", (id_, home), {**owner, **agreed, "state": "waiting"})]
        case happened.HomeBack(incident=id_, home=home):
            return [Set("incident_homes", (id_, home), {"back_at": at})]
        case happened.IncidentTaken(incident=id_, by=by):
            return [Set("incidents", id_, {"taken_by": by})]
        case happened.IncidentDisowned(incident=id_, decide_by=until):
            return [Set("incidents", id_, {"taken_by": None, "act_at": until})]
        case happened.HomePhoned(incident=id_, home=home, by=by, outcome=outcome):
            return [Set("incident_homes", (id_, home), {"phoned": outcome.value, "decided_by": by})]
        case happened.HomeSent(incident=id_, home=home, by=by):
            return [Set("incident_homes", (id_, home), {"state": "sent", "decided_by": by, "until": None})]
        case happened.HomeDeferred(incident=id_, home=home, by=by, until=until):
            return [Set("incident_homes", (id_, home), {"state": "deferred", "decided_by": by, "until": until})]
        case happened.IncidentLimitPassed(incident=id_, step=step, loudness=loudness):
            return [Set("incidents", id_, {"step": step, "loudness": loudness})]
        case happened.IncidentClosed(incident=id_):
            return [Set("incidents", id_, {"act_at": None, "closed_at": at})]
        case _:
            return []
