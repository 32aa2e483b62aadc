"""Who was on the way when somebody was said to be dead or away, and that was not so: they are asked again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from events.base import Event
from events.envelope import Context, Recorded
from events.store import queries
from events.types.night import EscalationReason
from events.types.visit import VisitCalledOff, VisitKind
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk import asking
from services.tillsyn.kinds import RECIPIENT, VISIT
from services.tillsyn.ledger import Transaction

A_NIGHT = timedelta(days=1)
"""What was called off longer ago is of another night: whoever lives there was due to be checked on since."""


async def send_again(tx: Transaction, recipient: UUID, was_said: Callable[[Event], bool], context: Context) -> None:
    """Ask anew for the latest visit that what `was_said` of the recipient called off; nothing if it called off none."""
    history = await tx.store.read(recipients.stream_of(recipient))
    said = {recorded.context.correlation for recorded in history if was_said(recorded.event)}
    await _latest(tx, recipient, lambda off: off.context.correlation in said, context)


async def send_again_where_nobody_was_gone(tx: Transaction, recipient: UUID, context: Context) -> None:
    """Ask anew for the latest visit that was called off at a time at which, as is known now, they were alive and in."""
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state
    since = context.time - A_NIGHT
    await _latest(tx, recipient, lambda off: off.context.time > since and not person.gone(off.context.time), context)


async def _latest(tx: Transaction, recipient: UUID, wrong: Callable[[Recorded], bool], context: Context) -> None:
    for id_ in reversed(await tx.store.query(queries.sent_visits_of, recipient)):
        stream = visits.stream_of(id_)
        told = [recorded for recorded in await tx.store.read(stream) if isinstance(recorded.event, VisitCalledOff)]
        if told and wrong(told[-1]):
            await _ask(tx, id_, recipient, context)
            return


async def _ask(tx: Transaction, visit: UUID, recipient: UUID, context: Context) -> None:
    state = (await tx.load(VISIT, visits.stream_of(visit))).state
    home = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state.home
    if not state.called_off or home is None or state.night is None or state.slot is None:
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
