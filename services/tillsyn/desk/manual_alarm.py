"""A manual alarm: a worried relative phones, the nurse wants a look, a device calls."""

from datetime import date, datetime
from uuid import UUID

from events.schedule import SlotKind, night_of, zone_named
from events.store import queries
from events.types.night import AlarmCaller
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import owner_of, record_night
from services.tillsyn.desk.looks import CameraShutError, kept_shut
from services.tillsyn.desk.outside_times import require_alarm_consent
from services.tillsyn.desk.place import NIGHT_STAFF
from services.tillsyn.desk.who import staff_context
from services.tillsyn.household import load_household
from services.tillsyn.kinds import NIGHT, RECIPIENT, UNIT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.recipient.errors import NoSuchRecipientError
from services.tillsyn.refused import RefusedError


class NoDecisionStandsError(RefusedError):
    """Without a decision there is no supervision, on nobody's word."""


class AwayError(RefusedError):
    """The recipient is said to be away: a look would find an empty bed, or somebody who came back unannounced."""


async def raise_alarm(
    tx: Transaction, recipient: UUID, by: UUID, caller: AlarmCaller, reason: str, *, camera: bool
) -> UUID:
    """Add a slot to tonight, planned or not, for the camera or (`camera=False`) for whoever is sent at once; its id.

    One alarm of the same caller that is still waited for is the same alarm, told again: then its id.
    """
    row = await tx.store.query(queries.recipient, recipient)
    if row is None:
        raise NoSuchRecipientError(
            f"no recipient {recipient} is registered; list the recipients to see those there are"
        )
    context = await staff_context(tx, by, NIGHT_STAFF, owner_of(row))
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)).state
    unit = (await tx.load(UNIT, units.stream_of(row.unit))).state
    tonight = night_of(context.time, zone_named(unit.zone))
    _require_decision(person, tonight, context.time)
    if camera:
        _require_here(person, context.time)
        household = await load_household(tx, row.home)
        shut = kept_shut(household, recipient, context.time)
        if shut is not None:
            raise CameraShutError(f"the camera of home {row.home} stays shut: {shut}; send somebody instead")
        require_alarm_consent(household, recipient, caller)
    night = await tx.load(NIGHT, nights.stream_of(recipient, tonight))
    told = await _told_already(tx, night.state, caller, camera=camera)
    if told is not None:
        return told
    command = nights.RaiseManualAlarm(
        slot=tx.ledger.ids.thing(),
        recipient=recipient,
        home=row.home,
        night=tonight,
        rules=unit.rules,
        caller=caller,
        by=by,
        reason=reason,
        camera=camera,
        at=context.time,
    )
    await record_night(tx, night, nights.decide(night.state, command), context)
    return command.slot


async def _told_already(tx: Transaction, night: nights.Night, caller: AlarmCaller, *, camera: bool) -> UUID | None:
    """The slot of an alarm of this caller that waits for a look or, without the camera, for whoever was sent."""
    for slot in night.slots.values():
        if slot.caller is not caller or (slot.kind is SlotKind.REMOTE) is not camera:
            continue
        if slot.open:
            return slot.id
        if not camera and slot.visit is not None:
            visit = (await tx.load(VISIT, visits.stream_of(slot.visit), rely=True)).state
            if not visit.over:
                return slot.id
    return None


def _require_decision(person: recipients.Recipient, tonight: date, now: datetime) -> None:
    decision = person.decision_of(tonight)
    if decision is None or (decision.ended_at is not None and decision.ended_at <= now):
        raise NoDecisionStandsError(
            f"no decision stands for recipient {person.recipient} in the night of {tonight}; grant one, or call 112"
        )


def _require_here(person: recipients.Recipient, now: datetime) -> None:
    for id_, absence in person.absences.items():
        if absence.starts_at <= now < absence.ends_at:
            raise AwayError(
                f"recipient {person.recipient} is away (absence {id_}); if they are back, end it; else send somebody"
            )
