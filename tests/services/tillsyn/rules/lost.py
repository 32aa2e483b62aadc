"""Homes that are lost, and what somebody decides about them, each in a line."""

from collections.abc import Sequence
from datetime import datetime

from events.base import Event
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause
from events.types.visit import PhoneOutcome
from services.tillsyn import incident as incidents
from services.tillsyn.incident import (
    ComeBack,
    Defer,
    Incidents,
    Lose,
    LostHome,
    Phone,
    Send,
    Sweep,
)
from tests.builders import ANNA, MANAGER, RULES, UNIT, after, an_id, at

INCIDENT, ANOTHER = an_id("incident"), an_id("another incident")
NORTH = "north"


def a_lost_home(
    n: int,
    due: str | None = "02:00",
    *,
    gateway: str = "gateway",
    area: str | None = NORTH,
    risk: RiskClass = RiskClass.MEDIUM,
    agreed: OutageAgreement = OutageAgreement.VISIT,
) -> LostHome:
    return LostHome(an_id(f"home {n}"), an_id(gateway), area, risk, agreed, at(due) if due else None)


def lose(*homes: LostHome, when: str = "01:00", cause: Cause = Cause.GATEWAY, incident: object = INCIDENT) -> Lose:
    return Lose(incident, UNIT, cause, homes, RULES, at(when))  # type: ignore[arg-type]


def an_incident(*homes: LostHome, when: str = "01:00") -> Incidents:
    """An incident with these homes, else with two."""
    return after(incidents, incidents.EMPTY, lose(*(homes or (a_lost_home(0), a_lost_home(1))), when=when))


def phone(n: int, outcome: PhoneOutcome, when: str = "01:05") -> Phone:
    return Phone(INCIDENT, an_id(f"home {n}"), ANNA, outcome, RULES, at(when))


def send(n: int) -> Send:
    return Send(INCIDENT, an_id(f"home {n}"), ANNA)


def defer(n: int, until: str, when: str = "01:05", reason: str = "the neighbour is there") -> Defer:
    return Defer(INCIDENT, an_id(f"home {n}"), ANNA, at(until), reason, at(when))


def back(n: int, when: str = "02:05", *, held: bool = False) -> ComeBack:
    return ComeBack(an_id(f"home {n}"), held, at(when) + RULES.incident_decided_within)


def sweep(when: str) -> Sweep:
    return Sweep(MANAGER, RULES, at(when))


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def until(state: Incidents, n: int) -> datetime | None:
    return state.open[INCIDENT].homes[an_id(f"home {n}")].until
