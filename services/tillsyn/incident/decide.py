"""The rules of an incident: many homes, one cause, and a named person who thinks before two cars go to ninety doors.

Nothing here closes by itself, and nothing is sent by itself. What a home waits for has a limit; when it passes, the
manager is asked, louder each time, until somebody has decided.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from events.base import Event
from events.personal import Personal, Purpose
from events.types import incident as happened
from events.types.incident import Cause
from events.types.visit import PhoneOutcome
from services.tillsyn.incident import commands as asked
from services.tillsyn.incident.errors import (
    DeferredForTooLongError,
    DeferredIntoThePastError,
    HomesWaitError,
    NoReasonError,
    NoSuchIncidentError,
    NotInTheIncidentError,
)
from services.tillsyn.incident.state import HomeLost, Incident, Incidents, Standing

DEFERRED_AT_MOST = timedelta(hours=12)
"""No longer than a night lasts: then the home is somebody else's to decide about."""


def decide(incidents: Incidents, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.Lose():
            return _lose(incidents, command)
        case asked.RunOut(home, decide_by):
            return _run_out(incidents, home, decide_by)
        case asked.ComeBack():
            return _come_back(incidents, command)
        case asked.Ask():
            return _ask(incidents, command)
        case asked.Settle(home):
            return _settle(incidents, home)
        case asked.Take(incident, by):
            taken = _open(incidents, incident).taken_by == by
            return [] if taken else [happened.IncidentTaken(incident=incident, by=by)]
        case asked.Leave(incident, by, to):
            return _leave(incidents, incident, by, to)
        case asked.Phone():
            return _phone(incidents, command)
        case asked.Send(incident, home, by):
            return _send(incidents, incident, home, by)
        case asked.Defer():
            return _defer(incidents, command)
        case asked.Close():
            return _close(incidents, command)
        case asked.Sweep():
            return _sweep(incidents, command)


def _lose(incidents: Incidents, command: asked.Lose) -> Sequence[Event]:
    fresh = [lost for lost in command.homes if incidents.holding(lost.home) is None]
    known = _same_cause(incidents, command)
    if not fresh or (known is None and len(command.homes) < command.rules.incident_from_homes):
        return []
    if known is not None:
        joined = (_joined(known.incident, lost, command, known.homes.get(lost.home)) for lost in fresh)
        return [*_widened(known, command), *joined]
    gateways = {lost.gateway for lost in command.homes}
    opened = happened.IncidentOpened(
        incident=command.incident,
        unit=command.unit,
        cause=_cause(command.cause, len(gateways), _areas(command)),
        area=next(iter(_areas(command))) if len(_areas(command)) == 1 else None,
        gateway=next(iter(gateways)) if len(gateways) == 1 else None,
        opened_at=command.at,
    )
    return [opened, *(_joined(command.incident, lost, command) for lost in fresh)]


def _same_cause(incidents: Incidents, command: asked.Lose) -> Incident | None:
    """The open incident that these homes belong to: of their gateway, of their area, or begun just now.

    What a picture ends and what a heartbeat ends is never one cause.
    """
    gateways, areas = {lost.gateway for lost in command.homes}, _areas(command)
    for one in incidents.open.values():
        if (one.cause is Cause.CAMERAS) != (command.cause is Cause.CAMERAS):
            continue
        if one.gateway is not None and gateways == {one.gateway}:
            return one
        if one.cause is Cause.CAMERAS:
            continue
        if one.cause is Cause.AREA and areas == {one.area}:
            return one
        if command.at - one.opened_at <= command.rules.incident_window:
            return one
    return None


def _widened(known: Incident, command: asked.Lose) -> Sequence[Event]:
    if {lost.gateway for lost in command.homes} == {known.gateway}:
        return []
    areas = _areas(command) | {known.area}
    cause = _cause(command.cause if known.cause is not Cause.BROKER else Cause.BROKER, 2, areas)
    area = known.area if len(areas) == 1 else None
    if (cause, area) == (known.cause, known.area):
        return []
    return [happened.IncidentWidened(incident=known.incident, cause=cause, area=area)]


def _cause(said: Cause, gateways: int, areas: set[str | None]) -> Cause:
    """What several gateways that fall silent together have in common, as far as can be told from here."""
    if said is not Cause.GATEWAY or gateways == 1:
        return said
    return Cause.AREA if len(areas) == 1 and None not in areas else Cause.NETWORK


def _areas(command: asked.Lose) -> set[str | None]:
    return {lost.area for lost in command.homes}


def _joined(incident: UUID, lost: asked.LostHome, command: asked.Lose, before: HomeLost | None = None) -> Event:
    """Lost for the first time, or again: what waits there from `before` is given no more time."""
    within = command.rules.incident_decided_within
    limits = [before.until] if before is not None and before.until is not None else []
    if lost.due_at is not None:
        limits.append(max(lost.due_at, command.at) + within)
    return happened.HomeJoined(
        incident=incident,
        home=lost.home,
        risk_class=lost.risk_class,
        outage_agreement=lost.outage_agreement,
        decide_by=min(limits, default=None),
    )


def _run_out(incidents: Incidents, home: UUID, decide_by: datetime) -> Sequence[Event]:
    """A check that runs out asks for a decision, unless somebody has decided for the time being, or is asked sooner."""
    incident = incidents.holding(home)
    if incident is None:
        return []
    lost = incident.homes[home]
    if lost.standing in (Standing.SENT, Standing.DEFERRED) or (lost.until is not None and lost.until <= decide_by):
        return []
    return [_again(incident, lost, decide_by)]


def _again(incident: Incident, lost: HomeLost, decide_by: datetime) -> Event:
    return happened.HomeJoined(
        incident=incident.incident,
        home=lost.home,
        risk_class=lost.risk_class,
        outage_agreement=lost.outage_agreement,
        decide_by=decide_by,
    )


def _come_back(incidents: Incidents, command: asked.ComeBack) -> Sequence[Event]:
    """What waits there is asked about soon, however long it could have waited in the dark."""
    incident = incidents.holding(command.home)
    if incident is None:
        return []
    until = incident.homes[command.home].until
    sooner = command.held and (until is None or command.decide_by < until)
    back = happened.HomeBack(
        incident=incident.incident,
        home=command.home,
        waits=command.held,
        decide_by=command.decide_by if sooner else None,
    )
    return [back]


def _ask(incidents: Incidents, command: asked.Ask) -> Sequence[Event]:
    incident = _open(incidents, command.incident)
    lost = _home(incidents, command.incident, command.home)
    if lost.waits:
        return []
    if not lost.back:
        return [_again(incident, lost, command.decide_by)]
    return [
        happened.HomeBack(incident=incident.incident, home=lost.home, waits=True, decide_by=command.decide_by),
    ]


def _settle(incidents: Incidents, home: UUID) -> Sequence[Event]:
    waiting = [one for one in incidents.open.values() if home in one.homes and one.homes[home].waits]
    return [happened.HomeSettled(incident=one.incident, home=home, back=one.homes[home].back) for one in waiting]


def _leave(incidents: Incidents, incident: UUID, by: UUID, to: UUID | None) -> Sequence[Event]:
    if incident not in incidents.open or incidents.open[incident].taken_by != by:
        return []
    if to is not None:
        return [happened.IncidentTaken(incident=incident, by=to)]
    return [happened.IncidentDisowned(incident=incident, was=by)]


def _phone(incidents: Incidents, command: asked.Phone) -> Sequence[Event]:
    _home(incidents, command.incident, command.home)
    well = command.outcome is PhoneOutcome.ANSWERED_WELL
    phoned = happened.HomePhoned(
        incident=command.incident,
        home=command.home,
        by=command.by,
        outcome=command.outcome,
        decide_by=None if well else command.at + command.rules.incident_decided_within,
    )
    if command.outcome is PhoneOutcome.NEEDS_HELP:
        return [phoned, happened.HomeSent(incident=command.incident, home=command.home, by=command.by)]
    return [phoned]


def _send(incidents: Incidents, incident: UUID, home: UUID, by: UUID) -> Sequence[Event]:
    if _home(incidents, incident, home).standing is Standing.SENT:
        return []
    return [happened.HomeSent(incident=incident, home=home, by=by)]


def _defer(incidents: Incidents, command: asked.Defer) -> Sequence[Event]:
    _home(incidents, command.incident, command.home)
    if not command.reason.strip():
        raise NoReasonError(f"home {command.home} is deferred with a reason; say why it can wait")
    if command.until <= command.at:
        raise DeferredIntoThePastError(command.until)
    if command.until > command.at + DEFERRED_AT_MOST:
        raise DeferredForTooLongError(command.until, command.at + DEFERRED_AT_MOST)
    deferred = happened.HomeDeferred(
        incident=command.incident,
        home=command.home,
        by=command.by,
        until=command.until,
        reason=Personal.of(command.reason.strip(), command.home, Purpose.ACCESS_LOG),
    )
    return [deferred]


def _close(incidents: Incidents, command: asked.Close) -> Sequence[Event]:
    incident = _open(incidents, command.incident)
    if not command.reason.strip():
        raise NoReasonError(f"incident {command.incident} is closed with a reason; say what it was")
    waiting = sum(lost.waits for lost in incident.homes.values())
    if waiting or command.held:
        raise HomesWaitError(command.incident, waiting, command.held)
    reason = Personal.of(command.reason.strip(), command.by, Purpose.ACCESS_LOG)
    return [happened.IncidentClosed(incident=command.incident, by=command.by, reason=reason)]


def _sweep(incidents: Incidents, command: asked.Sweep) -> Sequence[Event]:
    return [
        happened.IncidentLimitPassed(
            incident=one.incident,
            homes=overdue,
            asked=command.manager,
            loudness=one.loudness + 1,
            decide_by=command.at + command.rules.incident_decided_within,
        )
        for one in incidents.open.values()
        if (overdue := _overdue(one, command.at))
    ]


def _overdue(incident: Incident, at: datetime) -> tuple[UUID, ...]:
    return tuple(lost.home for lost in incident.homes.values() if lost.until is not None and lost.until <= at)


def _open(incidents: Incidents, incident: UUID) -> Incident:
    found = incidents.open.get(incident)
    if found is None:
        raise NoSuchIncidentError(incident)
    return found


def _home(incidents: Incidents, incident: UUID, home: UUID) -> HomeLost:
    found = _open(incidents, incident).homes.get(home)
    if found is None:
        raise NotInTheIncidentError(incident, home)
    return found
