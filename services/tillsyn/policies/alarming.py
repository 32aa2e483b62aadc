"""Raising, clearing and telling, inside the transaction of the cause."""

from datetime import datetime
from uuid import UUID

from events.envelope import Context
from events.types.alarm import AlarmKind
from events.types.notice import NoticeKind
from events.types.unit import NightRules
from services.tillsyn import alarm as alarms
from services.tillsyn import notice as notices
from services.tillsyn import unit as units
from services.tillsyn.kinds import ALARM, NOTICE, UNIT
from services.tillsyn.ledger import Transaction

NIGHT_STAFF = "night-staff"
PATROL = "patrol"
ASSESSOR = "assessor"
MANAGER = "manager"


async def raise_alarm(
    tx: Transaction,
    context: Context,
    kind: AlarmKind,
    cause: str,
    role: str,
    *,
    recipient: UUID | None = None,
    home: UUID | None = None,
) -> None:
    """Somebody in `role` must act. Nothing follows while an alarm of this kind and cause stands."""
    unit = context.owner.unit
    stream = await tx.load(ALARM, alarms.stream_of(kind, cause))
    rules = await rules_of(tx, unit)
    command = alarms.Raise(kind, cause, unit, role, recipient, home, context.time, rules)
    tx.record(stream, alarms.decide(stream.state, command), context)


async def clear_alarms(tx: Transaction, context: Context, because: str, *which: tuple[AlarmKind, str]) -> None:
    """The causes are gone. Nothing follows of those that no alarm stands for."""
    names = [alarms.stream_of(kind, cause) for kind, cause in which]
    await tx.load_all(ALARM, names)
    for name in names:
        stream = await tx.load(ALARM, name)
        tx.record(stream, alarms.decide(stream.state, alarms.Clear(because)), context)


async def take_alarm(tx: Transaction, context: Context, kind: AlarmKind, cause: str, by: UUID) -> None:
    """`by` has what is behind the alarm: it is theirs, whoever had it. Nothing follows where none stands."""
    stream = await tx.load(ALARM, alarms.stream_of(kind, cause))
    alarm = stream.state
    if not alarm.stands:
        return
    rules = await rules_of(tx, context.owner.unit)
    command: alarms.Command = alarms.Acknowledge(by, context.time, rules)
    if alarm.state is alarms.State.ACKNOWLEDGED and alarm.owner is not None:
        command = alarms.HandOver(alarm.owner, by)
    tx.record(stream, alarms.decide(alarm, command), context)


async def tell(
    tx: Transaction,
    context: Context,
    kind: NoticeKind,
    *roles: str,
    about: UUID,
    recipient: UUID | None = None,
    home: UUID | None = None,
    occasion: datetime | None = None,
) -> None:
    """Everybody of the unit in these roles is to know this; once for each occasion (else now)."""
    for role in roles:
        id_ = notices.notice_id(kind, role, about, occasion or context.time)
        stream = await tx.load(NOTICE, notices.stream_of(id_))
        command = notices.Send(id_, kind, context.owner.unit, role, recipient, home, about)
        tx.record(stream, notices.decide(stream.state, command), context)


async def rules_of(tx: Transaction, unit: UUID) -> NightRules:
    """The rules that a unit has now."""
    return (await tx.load(UNIT, units.stream_of(unit))).state.rules
