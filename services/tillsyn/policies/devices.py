"""Devices that are lost: gateways that fall silent, cameras that give nothing. Where an incident holds many, it has the
one alarm, and theirs are cleared for it.
"""

from datetime import date
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.schedule import night_of, zone_named
from events.store import queries
from events.types import home as homely
from events.types import incident as incidents
from events.types.alarm import AlarmKind
from events.types.night import CheckDueReported, EscalationReason, LookServed, PictureMissing
from events.types.unit import GatewayStateChanged
from services.tillsyn import incident as of_unit
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.kinds import ALARM, INCIDENTS, NIGHT, RECIPIENT, UNIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import NIGHT_STAFF, clear_alarms, raise_alarm, take_alarm
from services.tillsyn.recipient.state import Decision

LOST = AlarmKind.DEVICE_LOST
LAST_ATTEMPT = 2
"""A gateway tries twice for a slot."""


async def devices_follow(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """Raise what `event` makes an alarm of; clear what it ends."""
    match event:
        case GatewayStateChanged(gateway=gateway, online=online):
            await _gateway(tx, gateway, online, context)
        case homely.CameraUnlinked(home=home, camera=camera):
            if await checked_on(tx, home, context):
                await raise_alarm(tx, context, LOST, f"camera:{camera}", NIGHT_STAFF, home=home)
        case homely.CameraCommissioned(home=home) | homely.CameraLinked(home=home, commissioned=True):
            await _found(tx, home, "a camera is in use", context)
        case PictureMissing(attempt=attempt, reason=EscalationReason.CAMERA_UNREACHABLE) if attempt >= LAST_ATTEMPT:
            await _unreachable(tx, stream_name, context)
        case CheckDueReported() | LookServed():
            known = await tx.ask(queries.homes_with_lost_cameras)
            if known or _raised_here(tx):
                night = (await tx.load(NIGHT, stream_name)).state
                if night.home is not None:
                    await _found(tx, night.home, "it shows a picture", context)
        case _:
            await _of_incidents(tx, event, context)


async def _of_incidents(tx: Transaction, event: Event, context: Context) -> None:
    match event:
        case incidents.IncidentOpened(incident=id_, gateway=gateway):
            await raise_alarm(tx, context, LOST, f"incident:{id_}", NIGHT_STAFF)
            if gateway is not None:
                await clear_alarms(tx, context, f"incident:{id_}", (LOST, f"gateway:{gateway}"))
        case incidents.IncidentTaken(incident=id_, by=by):
            await take_alarm(tx, context, LOST, f"incident:{id_}", by)
        case incidents.HomeJoined(incident=id_, home=home):
            row = await tx.store.query(queries.home, home)
            devices = [] if row is None else [("gateway", row.gateway), ("camera", row.camera)]
            taken_over = [(LOST, f"{what}:{device}") for what, device in devices if device is not None]
            await clear_alarms(tx, context, f"incident:{id_}", *taken_over)
        case incidents.IncidentClosed(incident=id_):
            await clear_alarms(tx, context, "the incident is closed", (LOST, f"incident:{id_}"))
            for gateway in await tx.store.query(queries.silent_gateways_of, id_):
                await raise_alarm(tx, context, LOST, f"gateway:{gateway}", NIGHT_STAFF)
        case _:
            pass


async def _gateway(tx: Transaction, gateway: UUID, online: bool, context: Context) -> None:
    if online:
        await clear_alarms(tx, context, "it is heard of again", (LOST, f"gateway:{gateway}"))
        return
    in_use = await tx.store.query(queries.homes_of_gateway, gateway)
    lost = (
        await tx.load(INCIDENTS, of_unit.stream_of(context.owner.unit))
    ).state  # what this transaction opens included
    in_one = any(lost.holding(home.id) is not None for home in in_use)
    if in_use and not in_one and await tx.store.query(queries.incident_of_gateway, gateway) is None:
        await raise_alarm(tx, context, LOST, f"gateway:{gateway}", NIGHT_STAFF)


async def _unreachable(tx: Transaction, stream_name: str, context: Context) -> None:
    night = (await tx.load(NIGHT, stream_name)).state
    home = await tx.store.query(queries.home, night.home) if night.home is not None else None
    lost = (await tx.load(INCIDENTS, of_unit.stream_of(context.owner.unit))).state
    if home is None or home.camera is None or lost.holding(home.id) is not None:
        return
    await raise_alarm(tx, context, LOST, f"camera:{home.camera}", NIGHT_STAFF, recipient=night.recipient, home=home.id)


async def _found(tx: Transaction, home: UUID, because: str, context: Context) -> None:
    causes = set((await tx.ask(queries.homes_with_lost_cameras)).get(home, ()))
    if raised := _raised_here(tx):
        row = await tx.store.query(queries.home, home)
        causes |= raised & {f"camera:{row.camera}"} if row is not None else set()
    await clear_alarms(tx, context, because, *((LOST, cause) for cause in sorted(causes)))


def _raised_here(tx: Transaction) -> set[str]:
    """The causes of the lost cameras' alarms that this transaction has raised: no row tells of them yet."""
    alarms = [one for one in tx.loaded(ALARM) if one.decided and one.state.stands and one.state.kind is LOST]
    return {one.state.cause for one in alarms if one.state.cause.startswith("camera:")}


async def checked_on(tx: Transaction, home: UUID, context: Context) -> bool:
    """Whether a decision stands tonight, or for a later night, for somebody who lives in the home."""
    unit = (await tx.load(UNIT, units.stream_of(context.owner.unit))).state
    tonight = night_of(context.time, zone_named(unit.zone))
    for id_ in await tx.store.query(queries.recipients_of_home, home):
        person = (await tx.load(RECIPIENT, recipients.stream_of(id_))).state
        if person.home == home and any(_stands(decision, tonight) for decision in person.decisions):
            return True
    return False


def _stands(decision: Decision, night: date) -> bool:
    return decision.ended_at is None and (decision.to_night is None or night <= decision.to_night)
