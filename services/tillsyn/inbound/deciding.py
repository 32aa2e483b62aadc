"""What a batch of reports means: one transaction for all of them, each decided on what those before it led to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.envelope import Context
from events.schedule import night_of, zone_named
from events.store import Fence
from events.transport.dead_letters import DeadReason
from events.types.check import CameraUnreachable, CheckDue, Heartbeat, NoUsablePicture, SlotReport
from events.types.night import EscalationReason
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn.desk.follow import record_night
from services.tillsyn.gateways import heard
from services.tillsyn.horizon import can_be_planned
from services.tillsyn.inbound.reading import Report, UnreadableMessageError
from services.tillsyn.kinds import NIGHT, UNIT
from services.tillsyn.ledger import Ledger, Transaction


class SlotNotPlannedYetError(Exception):
    """The planner has not planned this slot; the message is tried again later."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to: how many reports led to something, and how many were known already."""

    recorded: int
    duplicates: int


async def decide_batch(ledger: Ledger, reports: Sequence[Report], fence: Fence | None) -> Outcome:
    """Keep what follows from `reports`, all or nothing. SlotNotPlannedYetError if one comes before its plan."""

    async def use_case(tx: Transaction) -> Outcome:
        tx.fence = fence
        fresh = await _not_consumed(tx, reports)
        reported = [report.event for report in fresh if isinstance(report.event, SlotReport)]
        await tx.load_all(NIGHT, [nights.stream_of(event.recipient, event.night) for event in reported])
        recorded = 0
        for report in fresh:
            recorded += await _decide(tx, report)
            await tx.follow()  # as if each had come alone: how they were batched decides nothing
        tx.inbox = [report.id for report in fresh if not isinstance(report.event, Heartbeat)]
        return Outcome(recorded, len(reports) - recorded)

    return await ledger.transact(use_case)


async def _not_consumed(tx: Transaction, reports: Sequence[Report]) -> list[Report]:
    consumed = await tx.store.consumed([report.id for report in reports])
    fresh: dict[UUID, Report] = {}
    for report in reports:
        if report.id not in consumed:
            fresh.setdefault(report.id, report)
    return list(fresh.values())


async def _decide(tx: Transaction, report: Report) -> bool:
    match report.event:
        case Heartbeat() as heartbeat:
            await heard(tx, heartbeat, report.context)
            return True
        case SlotReport() as event:
            stream = await tx.load(NIGHT, nights.stream_of(event.recipient, event.night))
            if event.slot not in stream.state.slots:
                raise await _no_such_slot(tx, event, report.context, stream.state.planned)
            events = nights.decide(stream.state, _command(event, report.context))
            await record_night(tx, stream, events, report.context)
            return bool(events)


async def _no_such_slot(tx: Transaction, event: SlotReport, context: Context, planned: bool) -> Exception:
    """What a report of a slot that is not there comes to: it waits for its plan only where one can still come."""
    if planned:
        return UnreadableMessageError(DeadReason.UNKNOWN_SLOT, f"the night of {event.night} has no slot {event.slot}")
    unit = (await tx.load(UNIT, units.stream_of(context.owner.unit))).state
    tonight = night_of(tx.ledger.clock.now(), zone_named(unit.zone))
    if not can_be_planned(event.night, tonight):
        return UnreadableMessageError(
            DeadReason.UNKNOWN_SLOT, f"the night of {event.night} has no plan, and tonight, {tonight}, it can get none"
        )
    return SlotNotPlannedYetError(f"slot {event.slot} of {event.night} is not planned")


def _command(event: SlotReport, context: Context) -> nights.Command:
    match event:
        case CheckDue(quality=quality):
            return nights.ReportDue(event.slot, event.attempt, quality, context.time)
        case NoUsablePicture(quality=quality):
            reason = EscalationReason.NO_USABLE_PICTURE
            return nights.ReportNoPicture(event.slot, event.attempt, reason, quality.verdict, context.time)
        case CameraUnreachable(trouble=trouble):
            reason = EscalationReason.CAMERA_UNREACHABLE
            return nights.ReportNoPicture(event.slot, event.attempt, reason, trouble.value, context.time)
        case _:
            raise TypeError(f"no command for {event.wire_type()}")
