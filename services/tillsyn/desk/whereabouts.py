"""What follows at once when a recipient comes, goes, moves or dies: for homes, nights, and whoever is on the way."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.types.home import Stopped
from events.types.night import CancelReason
from events.types.recipient import (
    AbsenceEnded,
    AbsenceReported,
    DeathTakenBack,
    RecipientDied,
    RecipientMoved,
    RecipientRegistered,
)
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.agreements import (
    call_off_visits,
    escalate_what_was_left_out,
    hold_home_against_agreements,
    move_nights,
)
from services.tillsyn.desk.sending_again import send_again, send_again_where_nobody_was_gone
from services.tillsyn.desk.who import NotOfThisUnitError
from services.tillsyn.household import load_household
from services.tillsyn.kinds import HOME, RECIPIENT
from services.tillsyn.ledger import Transaction

A_NIGHT = timedelta(days=1)
"""A slot may have been due, and open, so long before somebody was said to be gone: it was left out for that, too."""
MOVED_AWAY = "nobody who is checked on lives here any more"


async def change_recipient(tx: Transaction, recipient: UUID, command: recipients.Command, context: Context) -> None:
    """Decide and record a change, do what follows at once, and hold the nights of all who live there against it."""
    stream = await tx.load(RECIPIENT, recipients.stream_of(recipient))
    before = stream.state
    events = recipients.decide(before, command)
    tx.record(stream, events, context)
    await _follow(tx, recipient, before, events, context)
    if stream.state.home is not None:
        await hold_home_against_agreements(tx, stream.state.home, context)


async def _follow(
    tx: Transaction, recipient: UUID, before: recipients.Recipient, events: Sequence[Event], context: Context
) -> None:
    for event in events:
        match event:
            case RecipientRegistered(home=home):
                await _move_in(tx, home, recipient, context)
            case RecipientMoved(from_home=old, to_home=new):
                await _moved(tx, recipient, old, new, context)
            case RecipientDied() if before.home is not None:
                await _tell_home(tx, before.home, homes.StopCameras(Stopped.DEATH), context)
                await call_off_visits(tx, recipient, CancelReason.DEATH, context)
            case DeathTakenBack(recipient=id_) if before.died_at is not None:
                late = nights.Returned(frozenset({id_}), before.died_at - A_NIGHT, context.time)
                if not await escalate_what_was_left_out(tx, recipient, late, context):
                    await send_again(tx, recipient, CancelReason.DEATH, _said_dead, context)
            case AbsenceReported(absence=absence, starts_at=start, ends_at=end) if end is None or context.time < end:
                if start <= context.time:
                    await call_off_visits(tx, recipient, CancelReason.ABSENT, context, start)
                elif absence in before.absences:  # said again: it has not begun yet
                    await send_again_where_nobody_was_gone(tx, recipient, context)
            case AbsenceReported(absence=absence, ends_at=end) if end is not None and absence in before.absences:
                # said again: they have been back since then
                corrected = nights.Returned(frozenset({absence}), end, context.time)
                if not await escalate_what_was_left_out(tx, recipient, corrected, context):
                    await send_again_where_nobody_was_gone(tx, recipient, context)
            case _:
                pass
    ended = [event for event in events if isinstance(event, AbsenceEnded)]
    if ended:
        await _back(tx, recipient, before, ended, context)


async def _back(
    tx: Transaction, recipient: UUID, before: recipients.Recipient, ended: Sequence[AbsenceEnded], context: Context
) -> None:
    """They are here, and every absence ends by that: somebody goes once, however many they were."""
    absences = frozenset(event.absence for event in ended)
    since = ended[0].ended_at
    if ended[0].announced:
        late = nights.Returned(absences, since, context.time)
        if not await escalate_what_was_left_out(tx, recipient, late, context):
            await send_again_where_nobody_was_gone(tx, recipient, context)
        return
    begun = min(before.absences[absence].starts_at for absence in absences) - A_NIGHT
    late = nights.Returned(absences, begun, context.time, unannounced=True)
    if not await escalate_what_was_left_out(tx, recipient, late, context):
        await send_again(tx, recipient, CancelReason.ABSENT, partial(_said_away, absences), context)


def _said_away(absences: frozenset[UUID], event: Event) -> bool:
    return isinstance(event, AbsenceReported) and event.absence in absences


def _said_dead(event: Event) -> bool:
    return isinstance(event, RecipientDied)


async def let_go_of_the_dead(tx: Transaction, home: UUID, context: Context) -> None:
    """Who has died lives here no longer, for the home: it may be closed, and others may move in."""
    household = await load_household(tx, home)
    for recipient in household.people.keys() - household.living.keys():
        await _tell_home(tx, home, homes.MoveOut(recipient), context)


async def _moved(tx: Transaction, recipient: UUID, old: UUID, new: UUID, context: Context) -> None:
    await _move_in(tx, new, recipient, context)
    await move_nights(tx, recipient, (await tx.load(HOME, homes.stream_of(new))).state, context)
    await _tell_home(tx, old, homes.MoveOut(recipient), context)
    await let_go_of_the_dead(tx, old, context)
    if not (await load_household(tx, old)).living:
        await _tell_home(tx, old, homes.Close(MOVED_AWAY), context)


async def _move_in(tx: Transaction, home: UUID, recipient: UUID, context: Context) -> None:
    lives_in = (await tx.load(HOME, homes.stream_of(home))).state
    if lives_in.unit is not None and lives_in.unit != context.owner.unit:
        raise NotOfThisUnitError(f"home {home} belongs to unit {lives_in.unit}; recipients live in homes of their unit")
    await let_go_of_the_dead(tx, home, context)
    await _tell_home(tx, home, homes.MoveIn(recipient), context)


async def _tell_home(tx: Transaction, home: UUID, command: homes.Command, context: Context) -> None:
    stream = await tx.load(HOME, homes.stream_of(home))
    tx.record(stream, homes.decide(stream.state, command), context)
