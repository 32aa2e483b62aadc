"""Who was on the way when somebody was said to be dead or away, and that was not so: they are asked again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from events.base import Event
from events.envelope import Context, Recorded
from events.store import queries
from events.types.night import CancelReason, EscalationReason
from events.types.visit import Found, VisitCalledOff, VisitCompleted, VisitKind
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk import asking
from services.tillsyn.kinds import RECIPIENT, VISIT
from services.tillsyn.ledger import Transaction

A_NIGHT = timedelta(days=1)
"""What was called off longer ago is of another night: whoever lives there was due to be checked on since."""


async def send_again(
    tx: Transaction, recipient: UUID, because: CancelReason, was_said: Callable[[Event], bool], context: Context
) -> None:
    """Ask anew for the latest visit that ended `because` of what `was_said` of the recipient; nothing if none did."""
    history = await tx.store.read(recipients.stream_of(recipient))
    said = [recorded.context.time for recorded in history if was_said(recorded.event)]
    if said:
        since = min(said)
        await _latest(tx, recipient, lambda e: e.context.time >= since and _ended_for(e.event) is because, context)


async def send_again_where_nobody_was_gone(tx: Transaction, recipient: UUID, context: Context) -> None:
    """Ask anew for the latest visit that was called off when, as is known now, they were alive and at home."""
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state
    since = context.time - A_NIGHT
    await _latest(tx, recipient, lambda off: off.context.time > since and not person.gone(off.context.time), context)


async def _latest(tx: Transaction, recipient: UUID, wrong: Callable[[Recorded], bool], context: Context) -> None:
    for id_ in reversed(await tx.store.query(queries.sent_visits_of, recipient)):
        stream = visits.stream_of(id_)
        told = [recorded for recorded in await tx.store.read(stream) if _ended_for(recorded.event) is not None]
        if told and wrong(told[-1]):
            await _ask(tx, id_, recipient, context)
            return


def _ended_for(event: Event) -> CancelReason | None:
    """For which end of its recipient's being there a visit ended by `event`: called off, or telling of a death."""
    match event:
        case VisitCalledOff(reason=reason):
            return next((because for because in visits.GONE if reason == because.value), None)
        case VisitCompleted(found=Found.FOUND_DEAD):
            return CancelReason.DEATH
        case _:
            return None


async def _ask(tx: Transaction, visit: UUID, recipient: UUID, context: Context) -> None:
    state = (await tx.load(VISIT, visits.stream_of(visit))).state
    home = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state.home
    if not (state.called_off or state.told_death) or home is None or state.night is None or state.slot is None:
        return
    wanted = visits.Request(
        visit=visit,
        kind=VisitKind.SENT,
        reason=EscalationReason.RETURNED.value,
        recipient=recipient,
        home=home,
        night=state.night,
        slot=state.slot,
        not_before=context.time,
        chain=(),
        rules=state.rules,
        at=context.time,
    )
    await asking.request(tx, wanted, context)
