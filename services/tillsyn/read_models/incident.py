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
            row = {"cause": opened.cause.value, "area": opened.area, "gateway": opened.gateway}
            return [Put("incidents", opened.incident, {**owner, **row, "opened_at": opened.opened_at, "loudness": 0})]
        case happened.IncidentWidened(incident=id_, cause=cause, area=area):
            return [Set("incidents", id_, {"cause": cause.value, "area": area})]
        case happened.HomeJoined(incident=id_, home=home) as joined:
            agreed = {"risk_class": joined.risk_class.value, "outage_agreement": joined.outage_agreement.value}
            waiting = {"state": "waiting", "until": joined.decide_by}
            return [Put("incident_homes", (id_, home), {**owner, **agreed, **waiting})]
        case happened.HomeBack(incident=id_, home=home, waits=waits):
            settled = {} if waits else {"state": "back", "until": None}
            return [Set("incident_homes", (id_, home), {"back_at": at, **settled})]
        case happened.HomeSettled(incident=id_, home=home, back=back):
            return [Set("incident_homes", (id_, home), {"state": "back" if back else "waiting", "until": None})]
        case happened.IncidentTaken(incident=id_, by=by):
            return [Set("incidents", id_, {"taken_by": by})]
        case happened.IncidentDisowned(incident=id_):
            return [Set("incidents", id_, {"taken_by": None})]
        case happened.HomePhoned(incident=id_, home=home, by=by, outcome=outcome, decide_by=until):
            state = "phoned" if until is None else "waiting"
            said = {"state": state, "phoned": outcome.value, "decided_by": by, "until": until}
            return [Set("incident_homes", (id_, home), said)]
        case happened.HomeSent(incident=id_, home=home, by=by):
            return [Set("incident_homes", (id_, home), {"state": "sent", "decided_by": by, "until": None})]
        case happened.HomeDeferred(incident=id_, home=home, by=by, until=until):
            return [Set("incident_homes", (id_, home), {"state": "deferred", "decided_by": by, "until": until})]
        case happened.IncidentLimitPassed(incident=id_, homes=homes, loudness=loudness, decide_by=until):
            again = {"state": "waiting", "until": until}
            waiting_on = [Set("incident_homes", (id_, home), again) for home in homes]
            return [Set("incidents", id_, {"loudness": loudness}), *waiting_on]
        case happened.IncidentClosed(incident=id_):
            return [Set("incidents", id_, {"closed_at": at})]
        case _:
            return []
