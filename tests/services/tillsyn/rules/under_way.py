"""A visit under way, for the rules of visits that go otherwise: asked, taken, there, and what is told of it."""

from events.types.visit import (
    DeclineReason,
    Found,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import (
    Acknowledge,
    Arrive,
    Complete,
    FindNobody,
)
from tests.builders import (
    PATROL,
    a_visit,
    after,
    an_id,
    at,
)

STUCK = DeclineReason.STUCK
INCIDENT = an_id("incident")
WIFE = an_id("wife")
TAKEN = after(visits, a_visit("02:00"), Acknowledge(PATROL, at("02:02")))
THERE = after(visits, TAKEN, Arrive(PATROL, at("02:20")))
NOBODY = FindNobody(PATROL, 5, 1, 2.5, Found.NO_ENTRY, at("02:30"))


def done(by: object = PATROL, people: int = 1, **more: object) -> Complete:
    return Complete(by, 10, people, 2.5, Found.ALL_WELL, at("02:30"), **more)  # type: ignore[arg-type]
