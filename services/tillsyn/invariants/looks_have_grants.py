"""Each look has a name, a time and a grant, given while consent stood; each answer had a live picture.

A look outside the agreed times is granted as one, so that it is reviewed, and only where consent covers that. Broken:
somebody looked into a home without a right to, answered without having looked, or reviewed what they did themselves.
"""

from collections.abc import Iterable, Iterator

from events.envelope import ActorKind, Recorded
from events.looks.grant import LookPurpose
from events.types.night import (
    AlarmCaller,
    CheckDueReported,
    CompletedBy,
    LookGranted,
    LookReviewed,
    LookServed,
    NotSeen,
    SeenUncertain,
    SlotCompleted,
)
from events.types.recipient import ConsentScope
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.outside_times import SCOPE_OF
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.kinds import NIGHT, RECIPIENT

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every look and every answer in every night."""
    for story in world.nights:
        recipient = world.recipients.get(story.state.recipient) if story.state.recipient else None
        state = NIGHT.empty
        for recorded in story.history:
            for what in _wrong(recorded, state, recipient):
                yield Breach(NAME, story.stream, f"{what} (event {recorded.id})")
            state = NIGHT.evolve(state, recorded.event)


def _wrong(recorded: Recorded, state: nights.Night, recipient: Story[recipients.Recipient] | None) -> Iterator[str]:
    match recorded.event:
        case LookGranted(look=look, by=by, valid_from=at, recipient_version=version):
            if recorded.context.actor.kind is not ActorKind.STAFF or recorded.context.actor.id != str(by):
                yield f"look {look} was granted to {by} by {recorded.context.actor.id}"
            if recipient is None or _as_of(recipient, version).camera_shut(at) is not None:
                yield f"look {look} was granted while the camera had to stay shut"
            yield from _outside_times(recorded.event, state.slots[recorded.event.slot], state, recipient)
        case LookServed(slot=slot, look=look):
            if look not in state.slots[slot].looks:
                yield f"look {look} was served without a grant"
        case SlotCompleted(slot=slot, how=CompletedBy.REMOTE_CHECK, by=by, look=look):
            seen = _seen(state, slot, look)
            if seen is None or seen.by != by or seen.served_at is None:
                yield f"slot {slot} was completed by {by} without a live picture"
        case NotSeen(slot=slot, by=by, look=look) | SeenUncertain(slot=slot, by=by, look=look):
            seen = _seen(state, slot, look)
            if seen is None or seen.by != by or seen.served_at is None:
                yield f"slot {slot} was answered by {by} without a live picture"
        case LookReviewed(slot=slot, look=look, by=by):
            if state.slots[slot].looks[look].by == by or recorded.context.actor.id != str(by):
                yield f"look {look} was reviewed by {by}, who made it or is not who said so"
        case CheckDueReported(slot=slot, quality=quality) if quality is not None:
            if recipient is None or not _ever_allowed_machine_openings(recipient):
                yield f"the gateway opened the camera for slot {slot} without consent to it"
            if recorded.context.time < state.slots[slot].plan.opens_at:
                yield f"the gateway opened the camera for slot {slot} before its window"
        case _:
            pass


def _outside_times(
    granted: LookGranted, slot: nights.Slot, state: nights.Night, recipient: Story[recipients.Recipient] | None
) -> Iterator[str]:
    purpose = state.purpose_of(slot, granted.valid_from)
    if granted.purpose is not purpose:
        yield f"look {granted.look} was granted as {granted.purpose}, and is of {purpose}"
    scope = SCOPE_OF[slot.caller or AlarmCaller.STAFF]
    consented = recipient is not None and _as_of(recipient, granted.recipient_version).consents_to(scope)
    if purpose is LookPurpose.ALARM and not consented:
        yield f"look {granted.look} was granted without consent to {scope}"


def _seen(state: nights.Night, slot_id: object, look: object) -> nights.Look | None:
    """The look that answered a slot: its own, or that of one that fell together with it."""
    due_at = next(slot.plan.due_at for slot in state.slots.values() if slot.id == slot_id)
    together = (slot for slot in state.slots.values() if slot.plan.due_at == due_at)
    return next((found for slot in together for id_, found in slot.looks.items() if id_ == look), None)


def _as_of(recipient: Story[recipients.Recipient], version: int) -> recipients.Recipient:
    return RECIPIENT.fold(recorded.event for recorded in recipient.history[:version])


def _ever_allowed_machine_openings(recipient: Story[recipients.Recipient]) -> bool:
    state = RECIPIENT.empty
    for recorded in recipient.history:
        state = RECIPIENT.evolve(state, recorded.event)
        if state.consents_to(ConsentScope.MACHINE_OPENINGS):
            return True
    return False


RULE = Rule.of(__name__, __doc__, check)
