"""The state of a unit's incidents, folded from their events. Incidents that were closed are not kept in mind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.types import incident as happened
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause


class Standing(StrEnum):
    """What was decided about a home in an incident."""

    WAITING = "waiting"
    PHONED = "phoned"
    SENT = "sent"
    DEFERRED = "deferred"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class HomeLost:
    """One home in an incident. `until` is when it must be decided about; None while it need not be."""

    home: UUID
    risk_class: RiskClass
    outage_agreement: OutageAgreement
    until: datetime | None
    standing: Standing = Standing.WAITING
    back: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody must decide about it, now or when its time has come."""
        return self.until is not None


@dataclass(frozen=True, slots=True)
class Incident:
    """One open incident. `manager_asked` counts how often the last in the chain was asked: how loud it is."""

    incident: UUID
    cause: Cause
    area: str | None
    gateway: UUID | None
    opened_at: datetime
    homes: Mapping[UUID, HomeLost] = field(default_factory=dict)
    taken_by: UUID | None = None
    loudness: int = 0


@dataclass(frozen=True, slots=True)
class Incidents:
    """The open incidents of a unit."""

    open: Mapping[UUID, Incident] = field(default_factory=dict)

    def holding(self, home: UUID) -> Incident | None:
        """The incident that this home is lost to; None when it can be reached."""
        return next((one for one, lost in self._lost(home) if not lost.back), None)

    def _lost(self, home: UUID) -> Iterator[tuple[Incident, HomeLost]]:
        for one in self.open.values():
            if home in one.homes:
                yield one, one.homes[home]


_RISKS = (RiskClass.HIGH, RiskClass.MEDIUM, RiskClass.LOW)
_AGREEMENTS = (OutageAgreement.VISIT, OutageAgreement.PHONE_FIRST, OutageAgreement.WAIT_UNTIL_MORNING)


def urgency(lost: HomeLost) -> tuple[int, int, bool, str, str]:
    """What a list of homes is sorted by: high risk first, then what was agreed, then whose check waits longest."""
    risk, agreement = _RISKS.index(lost.risk_class), _AGREEMENTS.index(lost.outage_agreement)
    return risk, agreement, lost.until is None, lost.until.isoformat() if lost.until else "", str(lost.home)


EMPTY = Incidents()


def stream_of(unit: UUID) -> str:
    """The stream of a unit's incidents: one for all of them, so that two can never be opened for one cause."""
    return f"incident-{unit}"


def evolve(incidents: Incidents, event: Event) -> Incidents:
    """The incidents after `event`. Events of other streams change nothing."""
    match event:
        case happened.IncidentOpened(incident=id_):
            opened = Incident(id_, event.cause, event.area, event.gateway, event.opened_at)
            return Incidents({**incidents.open, id_: opened})
        case happened.IncidentClosed(incident=id_):
            return Incidents({other: one for other, one in incidents.open.items() if other != id_})
        case (
            happened.IncidentWidened(incident=id_)
            | happened.IncidentTaken(incident=id_)
            | happened.IncidentDisowned(incident=id_)
            | happened.IncidentLimitPassed(incident=id_)
            | happened.HomeJoined(incident=id_)
            | happened.HomeBack(incident=id_)
            | happened.HomeSettled(incident=id_)
            | happened.HomePhoned(incident=id_)
            | happened.HomeSent(incident=id_)
            | happened.HomeDeferred(incident=id_)
        ):
            return Incidents({**incidents.open, id_: _after(incidents.open[id_], event)})
        case _:
            return incidents


def _after(incident: Incident, event: Event) -> Incident:
    match event:
        case happened.IncidentWidened(cause=cause, area=area):
            return replace(incident, cause=cause, area=area)
        case happened.IncidentTaken(by=by):
            return replace(incident, taken_by=by)
        case happened.IncidentDisowned():
            return replace(incident, taken_by=None)
        case happened.IncidentLimitPassed(homes=homes, loudness=loudness, decide_by=until):
            asked = {id_: replace(incident.homes[id_], standing=Standing.WAITING, until=until) for id_ in homes}
            return replace(incident, loudness=loudness, homes={**incident.homes, **asked})
        case happened.HomeJoined() as joined:
            lost = HomeLost(joined.home, joined.risk_class, joined.outage_agreement, joined.decide_by)
            return _with(incident, lost)
        case happened.HomeBack(home=home, waits=waits, decide_by=sooner):
            lost = replace(incident.homes[home], back=True)
            if sooner is not None:
                lost = replace(lost, standing=Standing.WAITING, until=sooner)
            return _with(incident, lost if waits else replace(lost, standing=Standing.BACK, until=None))
        case happened.HomeSettled(home=home, back=back):
            standing = Standing.BACK if back else Standing.WAITING
            return _with(incident, replace(incident.homes[home], standing=standing, until=None))
        case happened.HomePhoned(home=home, decide_by=until):
            standing = Standing.PHONED if until is None else Standing.WAITING
            return _with(incident, replace(incident.homes[home], standing=standing, until=until))
        case happened.HomeSent(home=home):
            return _with(incident, replace(incident.homes[home], standing=Standing.SENT, until=None))
        case happened.HomeDeferred(home=home, until=until):
            return _with(incident, replace(incident.homes[home], standing=Standing.DEFERRED, until=until))
        case _:
            return incident


def _with(incident: Incident, lost: HomeLost) -> Incident:
    return replace(incident, homes={**incident.homes, lost.home: lost})
