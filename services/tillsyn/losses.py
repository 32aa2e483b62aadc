"""Homes that can no longer be reached, and those that are back: from gateways and cameras to the unit's incidents."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause
from events.types.night import EscalationReason
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn.held import checks_due, visits_held
from services.tillsyn.kinds import INCIDENTS, NIGHT, UNIT
from services.tillsyn.ledger import Stream, Transaction

MOST_CAMERAS_BY_CHANCE = 2
"""So many homes of one gateway may lose their cameras in one night before it is taken for one cause."""


async def gateway_lost(tx: Transaction, gateway: UUID, context: Context, cause: Cause, silent_after: timedelta) -> None:
    """The gateway fell silent: its homes, and those of others that fell silent just now, may be an incident."""
    unit = await tx.load(UNIT, units.stream_of(context.owner.unit))
    since = context.time - silent_after - unit.state.rules.incident_window
    together = {gateway, *await tx.store.query(queries.silent_since, context.owner.unit, since)}
    await _lose(tx, await tx.store.query(queries.homes_lost_with, together), cause, context)


async def gateway_back(tx: Transaction, gateway: UUID, context: Context) -> None:
    """The gateway is heard of again: its homes are back."""
    stream = await _incidents(tx, context)
    if not stream.state.open:
        return
    for row in await tx.store.query(queries.homes_of_gateway, gateway):
        await home_back(tx, row.id, context, Cause.GATEWAY)


async def camera_lost(tx: Transaction, home: UUID, context: Context) -> None:
    """The gateway cannot reach the home's camera: with several of its homes that is one cause."""
    row = await tx.store.query(queries.home, home)
    if row is None or row.gateway is None:
        return
    behind = await tx.store.query(queries.homes_lost_with, [row.gateway])
    unreachable = await _unreachable(tx, row.gateway, {one.home for one in behind})
    if len(unreachable) <= MOST_CAMERAS_BY_CHANCE:
        return
    await _lose(tx, [one for one in behind if one.home in unreachable], Cause.CAMERAS, context)


async def _unreachable(tx: Transaction, gateway: UUID, behind: Collection[UUID]) -> set[UUID]:
    """Those of the homes behind a gateway whose camera cannot be reached, with what this transaction was told."""
    loaded = {stream.name: stream.state for stream in tx.loaded(NIGHT)}
    rows = await tx.store.query(queries.unreachable_behind, gateway)
    told = {home for home, recipient, night in rows if nights.stream_of(recipient, night) not in loaded}
    return told | {
        night.home
        for night in loaded.values()
        if night.home is not None and night.home in behind
        if any(slot.open and slot.trouble is EscalationReason.CAMERA_UNREACHABLE for slot in night.slots.values())
    }


async def home_back(tx: Transaction, home: UUID, context: Context, told_by: Cause) -> None:
    """The home can be reached: told by a heartbeat for what was lost with its gateway, else by a picture."""
    stream = await _incidents(tx, context)
    incident = stream.state.holding(home)
    if incident is None or (incident.cause is Cause.CAMERAS) != (told_by is Cause.CAMERAS):
        return
    held = await visits_held(tx, home, [incident.incident])
    rules = (await tx.load(UNIT, units.stream_of(context.owner.unit))).state.rules
    decide_by = context.time + rules.incident_decided_within
    await checks_due(tx, home, decide_by)  # relied on: what runs out meanwhile is held, and makes the home wait
    command = incidents.ComeBack(home, bool(held), decide_by)
    tx.record(stream, incidents.decide(stream.state, command), context)


async def _lose(tx: Transaction, rows: Collection[queries.LostHomeRow], cause: Cause, context: Context) -> None:
    stream = await _incidents(tx, context)
    unit = await tx.load(UNIT, units.stream_of(context.owner.unit))
    homes = [
        incidents.LostHome(
            row.home,
            row.gateway,
            row.area,
            RiskClass(row.risk_class),
            OutageAgreement(row.outage_agreement),
            row.due_at,
        )
        for row in rows
    ]
    command = incidents.Lose(
        incident=tx.ledger.ids.thing(),
        unit=context.owner.unit,
        cause=cause,
        homes=tuple(homes),
        rules=unit.state.rules,
        at=context.time,
    )
    tx.record(stream, incidents.decide(stream.state, command), context)


async def _incidents(tx: Transaction, context: Context) -> Stream[incidents.Incidents]:
    return await tx.load(INCIDENTS, incidents.stream_of(context.owner.unit))
