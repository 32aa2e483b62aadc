"""Asking somebody to go: who would be asked now, and what others (nights, agreements, incidents) want of visits.

The line is worked out each time that somebody is asked, from patrols and home as they stand. None of this settles a
slot: that is `follow.record_visit`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.home import OutageAgreement
from events.types.night import CancelReason, EscalationReason
from events.types.patrol import PatrolState
from events.types.visit import VisitKind
from services.tillsyn import incident as incidents
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.kinds import INCIDENTS, UNIT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.patrol import PatrolView, asking_order, everybody

HELD_IN_AN_INCIDENT = frozenset(
    reason.value
    for reason in (
        EscalationReason.CAMERA_UNREACHABLE,
        EscalationReason.NO_USABLE_PICTURE,
        EscalationReason.NOBODY_LOOKED,
    )
)
OUTAGES = frozenset({EscalationReason.CAMERA_UNREACHABLE.value})
"""Reasons that a power or network failure gives: what was agreed for an outage is about these."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who would be asked now, in this order; all who may take it; and where the home lies."""

    order: tuple[UUID, ...]
    everybody: tuple[UUID, ...]
    area: str | None


async def line_for(
    tx: Transaction, unit: UUID, home: UUID | None, now: datetime, people: int = 1, *, later: bool = False
) -> Line:
    """The line for a home. With `later` it is for a time still ahead: as if every car were on duty and free."""
    chain = (await tx.load(UNIT, units.stream_of(unit))).state.chain
    row = await tx.store.query(queries.home, home) if home is not None else None
    area = row.area if row is not None else None
    views = [_view(patrol) for patrol in await tx.store.query(queries.patrols_of_unit, unit, now)]
    asked = [view.as_on_duty() for view in views] if later else views
    return Line(asking_order(area, people, asked, chain), everybody(views, chain), area)


async def line_of(tx: Transaction, visit: visits.Visit, context: Context) -> Line:
    """The line for a visit as it stands."""
    ahead = visit.kind is VisitKind.PLANNED and visit.not_before is not None and visit.not_before > context.time
    return await line_for(tx, context.owner.unit, visit.home, context.time, visit.people_needed, later=ahead)


async def request(tx: Transaction, wanted: visits.Request, context: Context) -> None:
    """Ask for a visit: `wanted` without its line, which is worked out here, as is whether to telephone first."""
    ahead = wanted.kind is VisitKind.PLANNED and wanted.not_before > wanted.at
    line = await line_for(tx, context.owner.unit, wanted.home, wanted.at, wanted.people, later=ahead)
    home = await tx.store.query(queries.home, wanted.home)
    agreed = home is not None and home.outage_agreement == OutageAgreement.PHONE_FIRST.value
    phone_first = wanted.phone_first or (agreed and wanted.reason in OUTAGES)
    incident = await _held_by(tx, wanted, context)
    asked = replace(
        wanted,
        chain=line.everybody,
        order=line.order,
        area=line.area,
        phone_first=phone_first,
        incident=incident,
    )
    visit = await tx.load(VISIT, visits.stream_of(wanted.visit))
    tx.record(visit, visits.decide(visit.state, asked), context)


async def _held_by(tx: Transaction, wanted: visits.Request, context: Context) -> UUID | None:
    """The incident that the visit waits in, and with it a decision about its home; None: somebody is asked at once.

    Only what a lost camera leads to is held. Who was seen to need somebody, or was not seen, is sent to.
    """
    if wanted.kind is not VisitKind.SENT or wanted.reason not in HELD_IN_AN_INCIDENT:
        return None
    stream = await tx.load(INCIDENTS, incidents.stream_of(context.owner.unit), rely=True)
    incident = stream.state.holding(wanted.home)
    if incident is None or incident.homes[wanted.home].standing is incidents.Standing.SENT:
        return None
    decide_by = wanted.at + wanted.rules.incident_decided_within
    tx.record(stream, incidents.decide(stream.state, incidents.RunOut(wanted.home, decide_by)), context)
    return incident.incident


async def call_off(
    tx: Transaction, visit_id: UUID, reason: str, context: Context, because: CancelReason | None = None
) -> None:
    """Nobody is to go any more: of visits sent only where `because` says that there is nobody to go to."""
    visit = await tx.load(VISIT, visits.stream_of(visit_id))
    if visit.state.visit is not None and not visit.state.over:
        tx.record(visit, visits.decide(visit.state, visits.CallOff(reason, because)), context)


async def release_visit(tx: Transaction, visit_id: UUID, by: UUID, context: Context) -> None:
    """A named person sends somebody after all."""
    visit = await tx.load(VISIT, visits.stream_of(visit_id))
    if visit.state.visit is not None and not visit.state.over:
        line = await line_of(tx, visit.state, context)
        tx.record(visit, visits.decide(visit.state, visits.Release(by, context.time, line.order)), context)


def _view(row: queries.PatrolRow) -> PatrolView:
    return PatrolView(row.id, row.areas, row.place, len(row.crew), PatrolState(row.state))
